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

#[test]
fn an_account_that_ends_leaves_a_row_without_a_person() {
    let db = database();
    now(live(&db, &alice(), "live", "things")).unwrap();
    let key = crate::api_keys::NewApiKey {
        id: "key-1",
        name: "KEY",
        envelope: "v1.k.sealed",
        last4: None,
    };
    let named = now(users::sealing_name(&db, &alice(), "salt")).unwrap();
    assert_eq!(named, format!("{ALICE}.salt"));
    now(crate::api_keys::put(&db, &alice(), "live", &[key], T1)).unwrap();
    // The first salt stays, whatever comes later.
    assert_eq!(
        now(users::sealing_name(&db, &alice(), "other")).unwrap(),
        named
    );
    let envelopes = now(crate::api_keys::envelopes(&db, &alice(), "live")).unwrap();
    assert_eq!(envelopes[0].sealed_for, named);

    let before = dump(&db);
    let error = now(users::delete(&db, &alice(), T2)).unwrap_err();
    assert_eq!(code(&error), "has_projects");
    assert_eq!(dump(&db), before);
    assert_eq!(now(users::check_end(&db, &alice())), Ok(()));
    // A team's project stays with the team, without what Alice sealed for it.
    db.raw(&format!(
        "INSERT INTO teams (id, name, slug, owner_id, created_at) \
         VALUES ('crew', 'Crew', 'crew', '{BOB}', '{T0}')"
    ))
    .unwrap();
    for (user, role) in [(BOB, "owner"), (ALICE, "admin")] {
        db.raw(&format!(
            "INSERT INTO team_members (team_id, user_id, role, created_at) \
             VALUES ('crew', '{user}', '{role}', '{T0}')"
        ))
        .unwrap();
    }
    db.raw("UPDATE projects SET team_id = 'crew'").unwrap();
    let error = now(users::delete(&db, &bob(), T2)).unwrap_err();
    assert_eq!(code(&error), "owns_teams");
    assert_eq!(
        code(&now(users::check_end(&db, &bob())).unwrap_err()),
        "owns_teams"
    );
    now(users::delete(&db, &alice(), T2)).unwrap();
    now(users::delete(&db, &alice(), T3)).unwrap();
    let user = now(users::get(&db, &alice())).unwrap();
    assert_eq!(
        (
            user.known_email(),
            user.name.as_deref(),
            user.deleted_at.as_deref()
        ),
        (None, None, Some(T2))
    );
    assert_eq!(count(&db, "api_keys"), 0);
    assert_eq!(count(&db, "team_members"), 1);
    assert_eq!(count(&db, "projects"), 1);
    // A copy of the envelope is for a name that cannot be found out any more.
    assert_eq!(
        now(users::sealing_name(&db, &alice(), "new")).unwrap(),
        format!("{ALICE}.")
    );
}

/// Who sealed something before there were salts goes on as before.
#[test]
fn older_credentials_stay_readable() {
    let db = database();
    now(live(&db, &alice(), "live", "things")).unwrap();
    let key = crate::api_keys::NewApiKey {
        id: "key-1",
        name: "KEY",
        envelope: "v1.k.sealed",
        last4: None,
    };
    now(crate::api_keys::put(&db, &alice(), "live", &[key], T1)).unwrap();
    assert_eq!(
        now(users::sealing_name(&db, &alice(), "salt")).unwrap(),
        ALICE
    );
    let envelopes = now(crate::api_keys::envelopes(&db, &alice(), "live")).unwrap();
    assert_eq!(envelopes[0].sealed_for, ALICE);
}

/// What is paid for goes on until it is ended where it is paid.
#[test]
fn a_subscription_that_is_in_force_has_to_end_before_the_account() {
    let db = database();
    db.raw(&format!(
        "INSERT INTO subscriptions (id, user_id, standing, started_at, history, revision) \
         VALUES ('sub_1', '{ALICE}', 1, '{T0}', '[]', 1)"
    ))
    .unwrap();
    let before = dump(&db);
    for error in [
        now(users::check_end(&db, &alice())).unwrap_err(),
        now(users::delete(&db, &alice(), T2)).unwrap_err(),
    ] {
        assert_eq!(code(&error), "subscribed");
    }
    assert_eq!(dump(&db), before);
    db.raw("UPDATE subscriptions SET standing = 2").unwrap();
    assert_eq!(now(users::check_end(&db, &alice())), Ok(()));
    now(users::delete(&db, &alice(), T2)).unwrap();
}
