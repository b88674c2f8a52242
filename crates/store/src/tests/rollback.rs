//! Back to an earlier version, stop and start.

use super::support::*;
use crate::deployments::{self, Activation, Deployment, DeploymentStatus};
use crate::projects::{self, ProjectStatus};
use crate::testing::{Fault, Faulty, SqliteDatabase};
use crate::{Database, StoreError, hosting, slugs};

/// The project `p` at `things` with versions `p-v1` and `d2`, of which `d2` is live.
fn two_versions() -> SqliteDatabase {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    now(begin(&db, &alice(), "p", "d2", (T1, T2))).unwrap();
    now(go_live(&db, &alice(), "p", "d2", T1)).unwrap();
    db
}

fn activate(db: &impl Database, id: &str, at: &str) -> Result<Deployment, StoreError> {
    let version = Activation {
        deployment_id: id,
        url: "http://things.localhost:9999",
        endpoint: "http://localhost:9999/s/things/mcp",
    };
    now(deployments::activate(db, &alice(), &version, at))
}

fn answers(db: &SqliteDatabase) -> Option<String> {
    now(hosting::resolve(db, "things"))
        .unwrap()
        .map(|server| server.deployment_id)
}

fn states(db: &SqliteDatabase) -> Vec<(String, DeploymentStatus, Option<String>)> {
    let all = now(deployments::list(db, &alice(), "p")).unwrap();
    all.into_iter()
        .map(|version| (version.id, version.status, version.stopped_at))
        .collect()
}

#[test]
fn an_earlier_version_is_live_again_and_the_live_one_stops() {
    let db = two_versions();
    let before = now(deployments::get(&db, &alice(), "p-v1")).unwrap();
    let back = activate(&db, "p-v1", T2).unwrap();
    let expected = Deployment {
        status: DeploymentStatus::Live,
        stopped_at: None,
        url: Some("http://things.localhost:9999".into()),
        endpoint: Some("http://localhost:9999/s/things/mcp".into()),
        ..before
    };
    assert_eq!(back, expected);
    assert_eq!(answers(&db).as_deref(), Some("p-v1"));
    let expected = [
        ("d2", DeploymentStatus::Stopped, Some(T2)),
        ("p-v1", DeploymentStatus::Live, None),
    ];
    let expected = expected.map(|(id, status, at)| (id.to_owned(), status, at.map(str::to_owned)));
    assert_eq!(states(&db), expected);
    let after = dump(&db);
    assert_eq!(activate(&db, "p-v1", T3), Ok(back));
    assert_eq!(dump(&db), after, "once more changes nothing");
    // And forward again.
    activate(&db, "d2", T3).unwrap();
    assert_eq!(answers(&db).as_deref(), Some("d2"));
    let project = now(projects::get(&db, &alice(), "p")).unwrap();
    assert_eq!(project.status, ProjectStatus::Deployed);
    assert_eq!(project.server.unwrap().deployment_id, "d2");
}

#[test]
fn what_is_not_complete_is_never_made_live() {
    let db = two_versions();
    for (id, prepare, expected) in [
        ("pending", "", "version_in_progress"),
        (
            "building",
            "UPDATE deployments SET status = 'building' WHERE id = 'building'",
            "version_in_progress",
        ),
        (
            "failed",
            "UPDATE deployments SET status = 'failed' WHERE id = 'failed'",
            "version_failed",
        ),
        (
            "no-modules",
            "UPDATE deployments SET status = 'stopped' WHERE id = 'no-modules'",
            "version_failed",
        ),
        (
            "npm",
            "UPDATE deployments SET status = 'stopped', target = 'npm', modules_key = 'm' \
             WHERE id = 'npm'",
            "version_not_hosted",
        ),
        (
            "npm-live",
            "UPDATE deployments SET status = 'live', target = 'npm' WHERE id = 'npm-live'",
            "version_not_hosted",
        ),
    ] {
        now(begin(&db, &alice(), "p", id, (T2, T3))).unwrap();
        if !prepare.is_empty() {
            db.raw(prepare).unwrap();
        }
        let before = dump(&db);
        let error = activate(&db, id, T3).unwrap_err();
        assert_eq!(code(&error), expected, "{id}");
        let version = now(deployments::get(&db, &alice(), id)).unwrap();
        assert_eq!(deployments::check_kept(&version), Err(error), "{id}");
        assert_eq!(dump(&db), before, "{id}");
        assert_eq!(answers(&db).as_deref(), Some("d2"), "{id}");
        db.raw("UPDATE deployments SET status = 'failed' WHERE status IN ('pending', 'building')")
            .unwrap();
    }
    assert_eq!(
        activate(&db, "nothing", T3),
        Err(StoreError::NotFound("deployment"))
    );
    db.raw("UPDATE slugs SET deployment_id = NULL, released_at = '2026-11-23T02:00:00.000Z'")
        .unwrap();
    let error = activate(&db, "p-v1", T3).unwrap_err();
    assert_eq!(code(&error), "slug_missing");
}

#[test]
fn a_version_in_the_making_goes_live_after_a_rollback() {
    let db = two_versions();
    now(begin(&db, &alice(), "p", "d3", (T2, T3))).unwrap();
    activate(&db, "p-v1", T2).unwrap();
    assert_eq!(answers(&db).as_deref(), Some("p-v1"));
    now(go_live(&db, &alice(), "p", "d3", T3)).unwrap();
    assert_eq!(answers(&db).as_deref(), Some("d3"));
    let live: Vec<_> = states(&db)
        .into_iter()
        .filter(|(_, status, _)| *status == DeploymentStatus::Live)
        .collect();
    assert_eq!(live.len(), 1);
}

#[test]
fn a_stopped_server_starts_with_what_was_live_last() {
    let db = two_versions();
    let last = || now(deployments::last_live(&db, &alice(), "p")).map(|version| version.id);
    assert_eq!(last().as_deref(), Ok("d2"));
    activate(&db, "p-v1", T2).unwrap();
    assert_eq!(last().as_deref(), Ok("p-v1"), "the live one");
    now(deployments::stop(&db, &alice(), "p", T3)).unwrap();
    assert_eq!(answers(&db), None);
    assert_eq!(last().as_deref(), Ok("p-v1"), "not the newest");
    activate(&db, "p-v1", T3).unwrap();
    assert_eq!(answers(&db).as_deref(), Some("p-v1"));
    assert_eq!(
        now(slugs::of_project(&db, &alice(), "p")),
        Ok(Some("things".to_owned()))
    );
}

#[test]
fn what_never_was_live_cannot_start() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap();
    now(deployments::fail(&db, &alice(), "d1", T0)).unwrap();
    let error = now(deployments::last_live(&db, &alice(), "p")).unwrap_err();
    assert_eq!(code(&error), "never_live");
    assert_eq!(
        now(deployments::last_live(&db, &alice(), "q")),
        Err(StoreError::NotFound("project"))
    );
}

#[test]
fn only_a_server_that_was_stopped_is_called_so() {
    let db = two_versions();
    let stopped = |slug: &str| now(hosting::is_stopped(&db, slug)).unwrap();
    assert!(!stopped("things"), "it is live");
    now(deployments::stop(&db, &alice(), "p", T2)).unwrap();
    assert!(stopped("things"));
    assert!(!stopped("nothing") && !stopped("' OR 1=1 --"));
    now(generated(&db, &alice(), "q", "others")).unwrap();
    now(slugs::claim(&db, &alice(), "q", &["others".to_owned()], T2)).unwrap();
    assert!(!stopped("others"), "it never was live");
    now(projects::delete(&db, &alice(), "p", T3)).unwrap();
    assert!(!stopped("things"), "it is gone");
}

#[test]
fn a_switch_that_fails_takes_no_effect_or_all() {
    for (fault, expected) in [(Fault::BeforeEffect, "d2"), (Fault::LostAnswer, "p-v1")] {
        let db = Faulty::new(two_versions());
        db.fail_call(0, fault);
        let error = activate(&db, "p-v1", T2).unwrap_err();
        assert_eq!(code(&error), "unavailable");
        assert_eq!(answers(db.inner()).as_deref(), Some(expected), "{fault:?}");
        let live = states(db.inner())
            .into_iter()
            .filter(|(_, status, _)| *status == DeploymentStatus::Live)
            .count();
        assert_eq!(live, 1, "{fault:?}");
        db.heal();
        activate(&db, "p-v1", T3).unwrap();
        assert_eq!(answers(db.inner()).as_deref(), Some("p-v1"), "{fault:?}");
    }
}
