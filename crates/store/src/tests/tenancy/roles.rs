//! What each role in a team may do with the team and its projects, call by call.

use super::{Recorder, all, world};
use crate::testing::SqliteDatabase;
use crate::tests::support::*;
use crate::{Principal, Role};

/// Who may make a call.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Need {
    /// A member in this role, or above it.
    At(Role),
    /// Who started the job, whatever their role.
    Worker,
    /// It concerns one's own account, or a token: teams change nothing.
    Anybody,
}

use Need::{Anybody, At, Worker};

/// Reads, and what cannot be here: a viewer is the least of members.
const READS: &[&str] = &[
    "projects::get",
    "tools::list",
    "edits::list",
    "slugs::of_project",
    "jobs::get",
    "jobs::last_seq",
    "jobs::events_after",
    "calls::metrics",
    "calls::recent",
    "deployments::get",
    "deployments::list",
    "teams::get",
    "members::list",
    "tiers::of_project",
    "tiers::of_team",
    "billing::team",
];
const MANAGES: &[&str] = &[
    "projects::delete",
    "deployments::workers",
    "projects::to_team",
    "projects::to_self",
    "teams::rename",
    "members::set_role",
    "members::remove",
    "invitations::insert",
    "invitations::list",
    "invitations::revoke",
];
const OWNS: &[&str] = &["teams::delete", "members::transfer"];
const WORKS: &[&str] = &[
    "jobs::take_over",
    "jobs::heartbeat",
    "jobs::try_again",
    "jobs::append_events",
    "jobs::finish",
];
const OWN: &[&str] = &[
    "billing::own",
    "billing::owned_teams",
    "audit::list",
    "idempotency::claim",
    "idempotency::answer",
    "idempotency::forget",
    "idempotency::give_up",
    "ended::hand_on_teams",
    "personal_tokens::insert",
    "personal_tokens::list",
    "personal_tokens::revoke",
    "users::get",
    "users::sealing_name",
    "users::check_end",
    "users::delete",
    "projects::create",
    "projects::list",
    "usage::days",
    "usage::made_since",
    "tiers::servers",
    "slugs::is_available",
    "teams::create",
    "teams::list",
    "invitations::offer",
    "invitations::accept",
    "tiers::of_user",
    "tiers::all",
];

fn need(name: &str) -> Need {
    for (names, need) in [
        (READS, At(Role::Viewer)),
        (MANAGES, At(Role::Admin)),
        (OWNS, At(Role::Owner)),
        (WORKS, Worker),
        (OWN, Anybody),
    ] {
        if names.contains(&name) {
            return need;
        }
    }
    // Whatever is not listed changes a project.
    At(Role::Editor)
}

/// [`world`], with every project in the team and Bob in it with this role.
fn team(role: Option<Role>) -> SqliteDatabase {
    let db = world();
    if let Some(role) = role {
        let role = role.as_str();
        db.raw(&format!(
            "INSERT INTO team_members (team_id, user_id, role, created_at) \
             VALUES ('crew', '{BOB}', 'viewer', '{T0}')"
        ))
        .unwrap();
        if role == "owner" {
            db.raw("UPDATE team_members SET role = 'admin' WHERE role = 'owner'")
                .unwrap();
        }
        db.raw(&format!(
            "UPDATE team_members SET role = '{role}' WHERE user_id = '{BOB}'"
        ))
        .unwrap();
    }
    db.raw("UPDATE projects SET team_id = 'crew'").unwrap();
    db
}

/// As [`team`], ready for a call: a team that has projects cannot be deleted.
fn ready(name: &str, role: Option<Role>) -> SqliteDatabase {
    let db = team(role);
    if name == "teams::delete" {
        db.raw("UPDATE projects SET team_id = NULL").unwrap();
    }
    db
}

/// The role that a call asks for, and the one just below it: roles are in an order,
/// and each statement asks for all from one on.
fn around(need: Need) -> Vec<Role> {
    match need {
        At(Role::Viewer) => vec![Role::Viewer],
        At(Role::Editor) => vec![Role::Viewer, Role::Editor],
        At(Role::Admin) => vec![Role::Editor, Role::Admin],
        At(Role::Owner) => vec![Role::Admin, Role::Owner],
        Worker => vec![Role::Owner],
        Anybody => Vec::new(),
    }
}

/// Done without an error although nothing is: what is asked for is so already, or a
/// log must not stop a deployment.
const QUIET: &[&str] = &[
    "deployments::activate",
    "deployments::append_logs",
    "deployments::forget_worker",
];

#[test]
fn every_role_does_what_it_may_and_no_more() {
    let bob = Principal::user(BOB);
    for (name, _, call) in all() {
        for role in around(need(name)) {
            let recorder = Recorder {
                db: ready(name, Some(role)),
                expected: BOB,
            };
            let before = dump(&recorder.db);
            let answer = call(&recorder, &bob);
            let after = dump(&recorder.db);
            let allowed = need(name) == At(role);
            if allowed {
                assert!(answer.is_ok(), "{name} as {role:?}: {answer:?}");
                continue;
            }
            assert_eq!(after, before, "{name} as {role:?} changed something");
            if !QUIET.contains(&name) {
                assert!(answer.is_err(), "{name} as {role:?}: {answer:?}");
            }
        }
    }
}

/// Who made a team's project has no more than their role: with none, nothing.
#[test]
fn who_left_the_team_is_a_stranger_to_what_they_made() {
    let alice = Principal::user(ALICE);
    for (name, _, call) in all() {
        let recorder = Recorder {
            db: team(None),
            expected: ALICE,
        };
        recorder
            .db
            .raw(&format!(
                "DELETE FROM team_members WHERE user_id = '{ALICE}'"
            ))
            .unwrap();
        let before = dump(&recorder.db);
        let answer = call(&recorder, &alice);
        match need(name) {
            // A job that runs in their name is ended by whoever works on it.
            Anybody | Worker => {}
            At(_) => {
                let seen = answer.as_deref().unwrap_or_default();
                assert!(matches!(seen, "" | "[]" | "0"), "{name}: {answer:?}");
                assert_eq!(dump(&recorder.db), before, "{name}");
            }
        }
    }
}

/// The owner of the team does all that the owner of a project does.
#[test]
fn the_teams_owner_may_do_everything() {
    for (name, _, call) in all() {
        let recorder = Recorder {
            db: ready(name, None),
            expected: ALICE,
        };
        let answer = call(&recorder, &Principal::user(ALICE));
        assert!(answer.is_ok(), "{name}: {answer:?}");
    }
}
