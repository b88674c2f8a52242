use super::support::*;
use crate::limits::MAX_ACTIVE_TOKENS;
use crate::personal_tokens::{self, NewPersonalToken};

fn new(id: &str) -> NewPersonalToken<'_> {
    NewPersonalToken {
        id,
        name: "laptop",
        token_hash: id,
        last4: "abcd",
        scopes: "projects:read",
        expires_at: T3,
    }
}

#[test]
fn a_token_is_found_by_its_hash_in_every_state() {
    let db = database();
    let made = now(personal_tokens::insert(&db, &alice(), &new("t1"), T0)).unwrap();
    assert_eq!(
        (made.created_at.as_str(), made.expires_at.as_str()),
        (T0, T3)
    );
    assert_eq!(now(personal_tokens::list(&db, &alice())), Ok(vec![made]));
    let found = now(personal_tokens::find(&db, "t1")).unwrap().unwrap();
    let expected = personal_tokens::Presented {
        id: "t1".into(),
        user_id: ALICE.into(),
        scopes: "projects:read".into(),
        expires_at: T3.into(),
        revoked_at: None,
        last_used_at: None,
        user_deleted_at: None,
    };
    assert_eq!(found, expected);
    now(personal_tokens::note_use(&db, "t1", T1)).unwrap();
    now(personal_tokens::note_use(&db, "t1", T0)).unwrap();
    now(personal_tokens::revoke(&db, &alice(), "t1", T2)).unwrap();
    now(personal_tokens::revoke(&db, &alice(), "t1", T3)).unwrap();
    db.raw(&format!(
        "UPDATE users SET deleted_at = '{T2}' WHERE id = '{ALICE}'"
    ))
    .unwrap();
    let found = now(personal_tokens::find(&db, "t1")).unwrap().unwrap();
    let ended = personal_tokens::Presented {
        revoked_at: Some(T2.into()),
        last_used_at: Some(T1.into()),
        user_deleted_at: Some(T2.into()),
        ..expected
    };
    assert_eq!(found, ended);
    assert_eq!(now(personal_tokens::find(&db, "t2")), Ok(None));
}

#[test]
fn a_person_has_so_many_tokens_that_work() {
    let db = database();
    let ids: Vec<String> = (0..=MAX_ACTIVE_TOKENS).map(|id| format!("t{id}")).collect();
    let (last, rest) = ids.split_last().unwrap();
    for id in rest {
        now(personal_tokens::insert(&db, &alice(), &new(id), T0)).unwrap();
    }
    let error = now(personal_tokens::insert(&db, &alice(), &new(last), T0)).unwrap_err();
    assert_eq!(code(&error), "too_many_tokens");
    // Bob's are his own, and those that have expired or are revoked make room.
    now(personal_tokens::insert(&db, &bob(), &new("bobs"), T0)).unwrap();
    now(personal_tokens::revoke(&db, &alice(), "t0", T0)).unwrap();
    now(personal_tokens::insert(&db, &alice(), &new(last), T0)).unwrap();
    let later = NewPersonalToken {
        expires_at: "2026-12-23T02:00:00.000Z",
        ..new("later")
    };
    now(personal_tokens::insert(&db, &alice(), &later, T3)).unwrap();
}

#[test]
fn names_and_times_have_their_form() {
    let db = database();
    for token in [
        NewPersonalToken {
            name: " ",
            ..new("t1")
        },
        NewPersonalToken {
            name: "a\nb",
            ..new("t1")
        },
        NewPersonalToken {
            expires_at: "tomorrow",
            ..new("t1")
        },
    ] {
        let error = now(personal_tokens::insert(&db, &alice(), &token, T0)).unwrap_err();
        assert!(matches!(
            code(&error),
            "invalid_token_name" | "invalid_time"
        ));
    }
}
