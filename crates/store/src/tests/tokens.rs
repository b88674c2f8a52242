use super::support::*;
use crate::limits::{MAX_ACTIVE_TOKENS, MAX_TOKEN_NAME_CHARS};
use crate::testing::SqliteDatabase;
use crate::tokens::{self, EndpointToken, NewToken};
use crate::{StoreError, hosting};

fn insert(
    db: &SqliteDatabase,
    id: &str,
    name: &str,
    at: &str,
) -> Result<EndpointToken, StoreError> {
    let hash = format!("hash-{id}");
    let token = NewToken {
        id,
        project_id: "p",
        name,
        token_hash: &hash,
        last4: "cafe",
    };
    now(tokens::insert(db, &alice(), &token, at))
}

fn world() -> SqliteDatabase {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    db
}

fn ids(db: &SqliteDatabase) -> Vec<String> {
    let all = now(tokens::list(db, &alice(), "p")).unwrap();
    all.into_iter().map(|token| token.id).collect()
}

#[test]
fn a_revoked_token_opens_nothing_and_the_others_still_do() {
    let db = world();
    let first = insert(&db, "t1", "laptop", T0).unwrap();
    let expected = EndpointToken {
        id: "t1".into(),
        name: "laptop".into(),
        last4: "cafe".into(),
        created_at: T0.into(),
        last_used_at: None,
        revoked_at: None,
    };
    assert_eq!(first, expected);
    insert(&db, "t2", "laptop", T1).unwrap();
    now(tokens::revoke(&db, &alice(), "p", "t2", T2)).unwrap();
    let opens = |hash: &str| {
        let found = now(hosting::resolve_with_token(&db, "things", hash)).unwrap();
        found.unwrap().1.is_some()
    };
    assert_eq!((opens("hash-t1"), opens("hash-t2")), (true, false));
    let after = dump(&db);
    now(tokens::revoke(&db, &alice(), "p", "t2", T3)).unwrap();
    assert_eq!(dump(&db), after, "the first time is kept");
    assert_eq!(
        now(tokens::revoke(&db, &alice(), "p", "t9", T3)),
        Err(StoreError::NotFound("token"))
    );
    // What works comes first, newest first.
    insert(&db, "t3", "server", T2).unwrap();
    assert_eq!(ids(&db), ["t3", "t1", "t2"]);
}

#[test]
fn a_name_is_one_line_of_some_length() {
    let db = world();
    let long = "ü".repeat(MAX_TOKEN_NAME_CHARS);
    assert!(insert(&db, "t1", &long, T0).is_ok());
    for name in ["", "  ", "a\nb", "a\u{0}", &format!("{long}x")] {
        let error = insert(&db, "t2", name, T0).unwrap_err();
        assert_eq!(code(&error), "invalid_token_name", "{name:?}");
    }
    assert_eq!(ids(&db), ["t1"]);
}

#[test]
fn a_project_has_so_many_tokens_that_work() {
    let db = world();
    for number in 0..MAX_ACTIVE_TOKENS {
        insert(&db, &format!("t{number}"), "t", T0).unwrap();
    }
    let error = insert(&db, "more", "t", T0).unwrap_err();
    assert_eq!(code(&error), "too_many_tokens");
    now(tokens::revoke(&db, &alice(), "p", "t0", T1)).unwrap();
    insert(&db, "more", "t", T1).unwrap();
    assert_eq!(ids(&db).len(), MAX_ACTIVE_TOKENS as usize + 1);
}

#[test]
fn use_is_noted_once_an_hour() {
    let db = world();
    insert(&db, "t1", "t", T0).unwrap();
    let found = || {
        let found = now(hosting::resolve_with_token(&db, "things", "hash-t1")).unwrap();
        found.unwrap().1.unwrap()
    };
    let (later, next_hour) = ("2026-11-23T02:59:59.999Z", "2026-11-23T03:00:00.000Z");
    assert!(found().is_use_due(T0));
    now(hosting::note_use(&db, &found(), T0)).unwrap();
    assert!(!found().is_use_due(later));
    assert!(found().is_use_due(next_hour));
    now(hosting::note_use(&db, &found(), next_hour)).unwrap();
    // Two requests that raced: the later time stays.
    now(hosting::note_use(&db, &found(), later)).unwrap();
    let listed = now(tokens::list(&db, &alice(), "p")).unwrap();
    assert_eq!(listed[0].last_used_at.as_deref(), Some(next_hour));
    assert!(
        !found().is_use_due(T0),
        "a clock that went back writes nothing"
    );
}

#[test]
fn a_token_opens_its_own_project_s_server_only() {
    let db = world();
    now(live(&db, &alice(), "q", "others")).unwrap();
    insert(&db, "t1", "t", T0).unwrap();
    let found = |slug: &str, hash: &str| now(hosting::resolve_with_token(&db, slug, hash)).unwrap();
    let (server, token) = found("things", "hash-t1").unwrap();
    assert_eq!(now(hosting::resolve(&db, "things")), Ok(Some(server)));
    assert_eq!(token.unwrap().id, "t1");
    assert_eq!(found("things", "hash-t2").unwrap().1, None);
    assert_eq!(found("others", "hash-t1").unwrap().1, None);
    assert_eq!(found("nobody", "hash-t1"), None);
    assert_eq!(found("No Name", "hash-t1"), None);
}
