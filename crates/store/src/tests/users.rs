use super::support::*;
use crate::users::{self, SignIn, external_id};

const ISSUER: &str = "https://issuer.example.com";

fn ada() -> SignIn<'static> {
    SignIn {
        id: "new-1",
        issuer: ISSUER,
        subject: "user_1",
        email: Some("ada@example.com"),
        name: Some("Ada"),
    }
}

#[test]
fn an_account_is_made_once() {
    let db = database();
    let user = now(users::sign_in(&db, &ada(), T0)).unwrap();
    let expected = users::User {
        id: "new-1".into(),
        clerk_id: "https://issuer.example.com|user_1".into(),
        email: "ada@example.com".into(),
        name: Some("Ada".into()),
        tier: "free".into(),
        created_at: T0.into(),
        deleted_at: None,
    };
    assert_eq!(user, expected);
    assert_eq!(user.known_email(), Some("ada@example.com"));
    let before = dump(&db);
    let later = SignIn {
        id: "new-2",
        email: Some("other@example.com"),
        ..ada()
    };
    assert_eq!(now(users::sign_in(&db, &later, T1)), Ok(user));
    assert_eq!(dump(&db), before);
}

#[test]
fn the_same_subject_of_another_issuer_is_another_account() {
    let db = database();
    now(users::sign_in(&db, &ada(), T0)).unwrap();
    let other = SignIn {
        id: "new-2",
        issuer: "https://other.example.com",
        ..ada()
    };
    let user = now(users::sign_in(&db, &other, T1)).unwrap();
    assert_eq!(user.id, "new-2");
    // Nor does it get the address that somebody else has.
    assert_eq!(user.known_email(), None);
    assert_eq!(external_id("a", "b"), "a|b");
}

#[test]
fn nobody_becomes_who_is_there_already_by_saying_so() {
    let db = database();
    now(users::ensure_local(&db, T0)).unwrap();
    for (id, subject, email) in [
        ("x1", "local", None),
        ("x2", ALICE, Some("alice@example.com")),
        ("x3", "alice", Some("local@localhost")),
    ] {
        let who = SignIn {
            id,
            subject,
            email,
            name: None,
            ..ada()
        };
        let user = now(users::sign_in(&db, &who, T0)).unwrap();
        assert_eq!((user.id.as_str(), user.known_email()), (id, None));
    }
}

#[test]
fn an_account_that_is_gone_is_not_made_anew() {
    let db = database();
    now(users::sign_in(&db, &ada(), T0)).unwrap();
    db.raw(&format!(
        "UPDATE users SET deleted_at = '{T1}' WHERE id = 'new-1'"
    ))
    .unwrap();
    let again = SignIn {
        id: "new-2",
        ..ada()
    };
    let user = now(users::sign_in(&db, &again, T2)).unwrap();
    assert_eq!(
        (user.id.as_str(), user.deleted_at.as_deref()),
        ("new-1", Some(T1))
    );
}
