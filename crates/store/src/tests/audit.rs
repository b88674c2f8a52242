use super::support::*;
use crate::audit::{self, Action, Actor, NewEntry};
use crate::{Database, StoreError, api_keys, deployments, personal_tokens, projects, tokens};

fn entry<'a>(id: &'a str, action: Action, object_id: &'a str) -> NewEntry<'a> {
    NewEntry {
        id,
        action,
        object_id,
        project_id: Some("live"),
        detail: None,
        actor: &Actor::Session,
        request_id: Some("request-1"),
    }
}

fn actions(db: &impl Database) -> Vec<String> {
    let page = now(audit::list(db, &alice(), 100, None)).unwrap();
    page.entries.into_iter().map(|entry| entry.action).collect()
}

fn personal(id: &str) -> personal_tokens::NewPersonalToken<'_> {
    personal_tokens::NewPersonalToken {
        id,
        name: "laptop",
        token_hash: id,
        last4: "abcd",
        scopes: "projects:read",
        expires_at: T3,
    }
}

/// What can be done to the project `live` of Alice, by anybody, and what came of it.
#[expect(clippy::too_many_lines, reason = "a few lines for each action")]
fn acts(
    db: &crate::testing::SqliteDatabase,
    who: &crate::Principal,
) -> Vec<(Action, Result<(), StoreError>)> {
    let note = |id, action, object| {
        let entry = entry(id, action, object);
        audit::noted(db, who, &entry, T2).unwrap()
    };
    let token = tokens::NewToken {
        id: "e1",
        project_id: "live",
        name: "default",
        token_hash: "e1",
        last4: "0123",
    };
    let key = api_keys::NewApiKey {
        id: "key-1",
        name: "KEY",
        envelope: "v1.sealed",
        last4: None,
    };
    vec![
        (
            Action::EndpointTokenCreated,
            now(tokens::insert(
                &note("1", Action::EndpointTokenCreated, "e1"),
                who,
                &token,
                T1,
            ))
            .map(drop),
        ),
        (
            Action::EndpointTokenRevoked,
            now(tokens::revoke(
                &note("2", Action::EndpointTokenRevoked, "e1"),
                who,
                "live",
                "e1",
                T1,
            )),
        ),
        (
            Action::SecretDeleted,
            now(async {
                api_keys::put(db, who, "live", &[key], T1).await?;
                api_keys::delete(&note("3", Action::SecretDeleted, "KEY"), who, "live", "KEY").await
            }),
        ),
        (
            Action::ServerStopped,
            now(deployments::stop(
                &note("4", Action::ServerStopped, "live"),
                who,
                "live",
                T2,
            ))
            .map(drop),
        ),
        (
            Action::ProjectDeleted,
            now(projects::delete(
                &note("5", Action::ProjectDeleted, "live"),
                who,
                "live",
                T2,
            ))
            .map(drop),
        ),
    ]
}

/// Each action leaves one entry where it has its effect, and none where it is
/// refused: what is Alice's, Bob does not touch.
#[test]
fn an_entry_is_there_with_its_effect_and_not_without() {
    let db = database();
    now(live(&db, &alice(), "live", "things")).unwrap();
    let mut expected: Vec<&str> = Vec::new();
    for who in [bob(), alice()] {
        let results = acts(&db, &who);
        for (action, result) in results {
            assert_eq!(result.is_ok(), who == alice(), "{action:?}: {result:?}");
            if who == alice() {
                expected.insert(0, action.as_str());
            }
        }
        assert_eq!(now(audit::list(&db, &bob(), 10, None)).unwrap().entries, []);
        assert_eq!(actions(&db), expected);
    }
}

#[test]
fn one_call_leaves_one_entry_and_a_failed_batch_none() {
    let db = database();
    let entry = |id| entry(id, Action::PersonalTokenCreated, "t");
    let noted = audit::noted(&db, &alice(), &entry("1"), T1).unwrap();
    now(personal_tokens::insert(
        &noted,
        &alice(),
        &personal("t"),
        T1,
    ))
    .unwrap();
    now(personal_tokens::list(&noted, &alice())).unwrap();
    assert_eq!(actions(&db), ["personal_token.created"]);
    // The entry's own failure is the effect's: neither is there.
    let again = audit::noted(&db, &alice(), &entry("1"), T1).unwrap();
    assert!(now(personal_tokens::revoke(&again, &alice(), "t", T2)).is_err());
    let tokens = now(personal_tokens::list(&db, &alice())).unwrap();
    assert_eq!(
        tokens.first().map(|token| token.revoked_at.clone()),
        Some(None)
    );
}

#[test]
fn entries_come_in_pages_and_are_forgotten() {
    let db = database();
    now(personal_tokens::insert(&db, &alice(), &personal("t"), T0)).unwrap();
    for number in 0..5 {
        let id = format!("entry-{number}");
        let entry = entry(&id, Action::PersonalTokenRevoked, "t");
        let at = if number < 2 { T0 } else { T1 };
        let noted = audit::noted(&db, &alice(), &entry, at).unwrap();
        now(personal_tokens::revoke(&noted, &alice(), "t", at)).unwrap();
    }
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let page = now(audit::list(&db, &alice(), 2, cursor.as_deref())).unwrap();
        ids.extend(page.entries.into_iter().map(|entry| entry.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(ids, ["entry-4", "entry-3", "entry-2", "entry-1", "entry-0"]);
    assert!(now(audit::list(&db, &alice(), 2, Some("x"))).is_err());
    now(audit::sweep(&db, T1, 1)).unwrap();
    assert_eq!(actions(&db).len(), 4);
    now(audit::sweep(&db, T1, 10)).unwrap();
    assert_eq!(actions(&db).len(), 3);
}

/// Its effect is elsewhere, so it is written when that is there.
#[test]
fn what_takes_effect_elsewhere_is_written_alone_and_only_of_ones_own() {
    let db = database();
    super::teams::crew(&db);
    let write = |who: &crate::Principal, id: &'static str, object: &str| {
        let entry = NewEntry {
            project_id: None,
            detail: Some("team"),
            ..entry(id, Action::CheckoutStarted, object)
        };
        now(audit::noted(&db, who, &entry, T2).unwrap().write()).unwrap();
    };
    write(&alice(), "1", "crew");
    write(&alice(), "2", ALICE);
    // Bob is in the team, and does not pay for it.
    write(&bob(), "3", "crew");
    write(&bob(), "4", ALICE);
    let entries = now(audit::list(&db, &alice(), 10, None)).unwrap().entries;
    let told: Vec<_> = entries
        .iter()
        .map(|it| (it.action.as_str(), it.object_id.as_str()))
        .collect();
    assert_eq!(
        told,
        [("checkout.started", ALICE), ("checkout.started", "crew")]
    );
    assert_eq!(now(audit::list(&db, &bob(), 10, None)).unwrap().entries, []);
}
