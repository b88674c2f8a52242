use super::support::*;
use crate::idempotency::{self, Claim, Held, NewClaim};
use crate::teams::{self, NewTeam, invitations};
use crate::tokens::{self, NewToken};
use crate::{Role, StoreError, personal_tokens};

const KEY: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

fn claim(db: &impl crate::Database, request: &str, resource: &str, at: (&str, &str)) -> Claim {
    let new = NewClaim {
        key: KEY,
        fingerprint: request,
        resource_id: resource,
        lease_until: at.1,
        kept_since: "2026-01-01T00:00:00.000Z",
    };
    now(idempotency::claim(db, &alice(), &new, at.0)).unwrap()
}

fn held(resource: &str, attempt: i64) -> Held {
    Held {
        key: KEY.into(),
        resource_id: resource.into(),
        attempt,
    }
}

#[test]
fn the_first_works_and_the_others_wait_or_are_refused() {
    let db = database();
    assert_eq!(claim(&db, "f", "r1", (T0, T2)), Claim::Held(held("r1", 1)));
    assert_eq!(claim(&db, "f", "r2", (T1, T3)), Claim::Running);
    assert_eq!(claim(&db, "other", "r2", (T1, T3)), Claim::Reused);
    now(idempotency::answer(
        &db,
        &alice(),
        &held("r1", 1),
        201,
        Some("sealed"),
    ))
    .unwrap();
    let answered = Claim::Answered {
        resource_id: "r1".into(),
        status: 201,
        sealed: Some("sealed".into()),
    };
    assert_eq!(claim(&db, "f", "r3", (T3, T3)), answered);
    assert_eq!(claim(&db, "other", "r3", (T3, T3)), Claim::Reused);
    // Bob's keys are his own.
    let new = NewClaim {
        key: KEY,
        fingerprint: "f",
        resource_id: "r9",
        lease_until: T2,
        kept_since: T0,
    };
    let bobs = now(idempotency::claim(&db, &bob(), &new, T1));
    assert_eq!(bobs, Ok(Claim::Held(held("r9", 1))));
}

#[test]
fn what_broke_off_is_taken_up_under_the_same_id() {
    let db = database();
    claim(&db, "f", "r1", (T0, T1));
    assert_eq!(claim(&db, "other", "r2", (T2, T3)), Claim::Reused);
    assert_eq!(claim(&db, "f", "r2", (T2, T3)), Claim::Held(held("r1", 2)));
    // The first comes back late: its answer is not the one that counts.
    now(idempotency::answer(
        &db,
        &alice(),
        &held("r1", 1),
        201,
        Some("first"),
    ))
    .unwrap();
    now(idempotency::forget(&db, &alice(), &held("r1", 1))).unwrap();
    assert_eq!(claim(&db, "f", "r3", (T2, T3)), Claim::Running);
    // The second fails in the midst of it: nobody waits for its lease.
    now(idempotency::give_up(&db, &alice(), &held("r1", 2), T2)).unwrap();
    assert_eq!(claim(&db, "f", "r3", (T2, T3)), Claim::Held(held("r1", 3)));
    now(idempotency::answer(
        &db,
        &alice(),
        &held("r1", 3),
        200,
        None,
    ))
    .unwrap();
    let follows = Claim::Answered {
        resource_id: "r1".into(),
        status: 200,
        sealed: None,
    };
    assert_eq!(claim(&db, "f", "r4", (T3, T3)), follows);
}

#[test]
fn a_refused_request_frees_its_key_and_an_old_one_is_forgotten() {
    let db = database();
    claim(&db, "f", "r1", (T0, T1));
    now(idempotency::forget(&db, &alice(), &held("r1", 1))).unwrap();
    assert_eq!(claim(&db, "g", "r2", (T0, T1)), Claim::Held(held("r2", 1)));
    now(idempotency::answer(
        &db,
        &alice(),
        &held("r2", 1),
        201,
        None,
    ))
    .unwrap();
    // Older than what is kept, though nobody swept yet.
    let new = NewClaim {
        key: KEY,
        fingerprint: "f",
        resource_id: "r3",
        lease_until: T3,
        kept_since: T1,
    };
    let again = now(idempotency::claim(&db, &alice(), &new, T2));
    assert_eq!(again, Ok(Claim::Held(held("r3", 1))));
    now(idempotency::sweep(&db, T2, 10)).unwrap();
    assert_eq!(claim(&db, "f", "r4", (T2, T3)), Claim::Running);
    now(idempotency::sweep(&db, T3, 10)).unwrap();
    let later = "2026-11-23T02:09:00.000Z";
    assert_eq!(
        claim(&db, "f", "r4", (T3, later)),
        Claim::Held(held("r4", 1))
    );
}

/// A token whose maker was not answered is made again: another secret, one row.
#[test]
fn a_token_is_made_once_under_its_id() {
    let db = database();
    let personal = |hash: &'static str| personal_tokens::NewPersonalToken {
        id: "t",
        name: "laptop",
        token_hash: hash,
        last4: "abcd",
        scopes: "projects:read",
        expires_at: T3,
    };
    for hash in ["h1", "h2"] {
        now(personal_tokens::insert(&db, &alice(), &personal(hash), T0)).unwrap();
    }
    assert_eq!(now(personal_tokens::list(&db, &alice())).unwrap().len(), 1);
    assert_eq!(now(personal_tokens::find(&db, "h1")), Ok(None));
    assert!(now(personal_tokens::find(&db, "h2")).unwrap().is_some());
    // Somebody else's id, or one in use, is not taken over.
    let taken = |result: Result<_, StoreError>| matches!(result, Err(StoreError::Conflict { .. }));
    assert!(taken(
        now(personal_tokens::insert(&db, &bob(), &personal("h3"), T0)).map(drop)
    ));
    now(personal_tokens::note_use(&db, "t", T1)).unwrap();
    assert!(taken(
        now(personal_tokens::insert(&db, &alice(), &personal("h4"), T1)).map(drop)
    ));

    now(live(&db, &alice(), "live", "things")).unwrap();
    let endpoint = |hash: &'static str| NewToken {
        id: "e",
        project_id: "live",
        name: "default",
        token_hash: hash,
        last4: "0123",
    };
    for hash in ["e1", "e2"] {
        now(tokens::insert(&db, &alice(), &endpoint(hash), T0)).unwrap();
    }
    assert_eq!(now(tokens::list(&db, &alice(), "live")).unwrap().len(), 1);
}

/// The same of a team, and of an invitation to it.
#[test]
fn a_team_and_an_invitation_are_made_once_under_their_id() {
    let db = database();
    for slug in ["crew", "crew-2"] {
        let new = NewTeam {
            id: "team",
            name: "Crew",
            slugs: &[slug.to_owned()],
        };
        let made = now(teams::create(&db, &alice(), &new, T0)).unwrap();
        assert_eq!((made.slug.as_str(), made.role), ("crew", Role::Owner));
        // Nobody takes a team over by its id.
        assert!(now(teams::create(&db, &bob(), &new, T0)).is_err());
    }
    let invite = |who: &crate::Principal, hash: &'static str, expires_at: &str| {
        let new = invitations::NewInvitation {
            id: "i",
            team_id: "team",
            email: "bob@example.com",
            role: Role::Editor,
            token_hash: hash,
            expires_at,
            // One is taken, so there is room for this one alone.
            seats: Some(2),
        };
        now(invitations::insert(&db, who, &new, T0))
    };
    for (hash, expires_at) in [("h1", T2), ("h2", T3)] {
        invite(&alice(), hash, expires_at).unwrap();
    }
    let open = now(invitations::list(&db, &alice(), "team", T0)).unwrap();
    let expires: Vec<&str> = open.iter().map(|it| it.expires_at.as_str()).collect();
    assert_eq!(expires, [T3]);
    assert!(now(invitations::offer(&db, &bob(), "h1", T1)).is_err());
    now(invitations::accept(&db, &bob(), "h2", T1)).unwrap();
    // What somebody has taken is not made again, nor what another admin has made.
    assert!(invite(&alice(), "h3", T3).is_err());
    assert!(now(invitations::offer(&db, &alice(), "h3", T1)).is_err());
}
