//! Every call of every flow fails once, before its effect or after it: what is
//! left is never half of a step, and doing the flow again completes it.

use super::support::*;
use crate::deployments::{self, DeploymentStatus};
use crate::jobs::{self, Ending, JobKind, JobState, NewJob};
use crate::keys;
use crate::projects::{self, ProjectStatus};
use crate::testing::{Fault, Faulty, MemoryObjects, SqliteDatabase};
use crate::usage::Spent;
use crate::{Database, ObjectStore, StoreError, delete_prefixes, hosting, slugs};

const SPENT: Spent = Spent {
    tokens: None,
    duration_ms: None,
};

/// One attempt to have `p` live at `things`, as the edge does it. Each attempt
/// has its own ids; `n` names them.
async fn attempt(
    db: &impl Database,
    objects: &impl ObjectStore,
    n: usize,
    at: (&str, &str),
) -> Result<(), StoreError> {
    let who = alice();
    let input = serde_json::json!({});
    let job_id = format!("analyze-{n}");
    let job = NewJob {
        id: &job_id,
        project_id: Some("p"),
        kind: JobKind::Analyze,
        input: &input,
        lease_until: at.1,
    };
    let lease = jobs::create(db, &who, &job, at.0).await?.lease();
    objects
        .put(&spec("p").key, b"{}".to_vec(), "application/json")
        .await?;
    objects
        .put(
            &keys::plan("p", "analysis-1"),
            b"{}".to_vec(),
            "application/json",
        )
        .await?;
    // Where the project is there from an attempt whose answer was lost, this is
    // a second analysis of it.
    analyzed(db, &who, "p", "things").await?;
    let (event, _) = jobs::place(&job_id, 1, "{}".into());
    jobs::finish(db, &who, &lease, Ending::Done, SPENT, &event, at.0).await?;

    let bundle = bundle("p", "p-bundle", "analysis-1");
    objects
        .put(&bundle.key, b"{}".to_vec(), "application/json")
        .await?;
    let generated = projects::Generated {
        project_id: "p",
        bundle,
        revision: 0,
    };
    projects::set_generated(db, &who, &generated, at.0).await?;

    let id = format!("d{n}");
    let (_, job) = begin(db, &who, "p", &id, at).await?;
    slugs::claim(db, &who, "p", &["things".to_owned()], at.0).await?;
    deployments::set_building(db, &who, &id).await?;
    objects
        .put(&keys::modules("p", &id), b"{}".to_vec(), "application/json")
        .await?;
    go_live(db, &who, "p", &id, at.0).await?;
    let (event, _) = jobs::place(&job.id, 1, "{}".into());
    let lease = job.lease();
    jobs::finish(db, &who, &lease, Ending::Done, SPENT, &event, at.0).await?;
    Ok(())
}

/// What must hold at every moment.
fn check_invariants(db: &SqliteDatabase, objects: &MemoryObjects, context: &str) {
    let stored: Vec<String> = objects
        .inventory()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    let has = |key: &str| stored.iter().any(|stored| stored == key);
    if let Some(server) = now(hosting::resolve(db, "things")).unwrap() {
        assert!(
            has(&server.modules_key),
            "{context}: the name points to nothing"
        );
    }
    let project = match now(projects::get(db, &alice(), "p")) {
        Ok(project) => project,
        Err(StoreError::NotFound(_)) => {
            for table in ["projects", "tools", "deployments", "slugs"] {
                assert_eq!(count(db, table), 0, "{context}: {table} without a project");
            }
            return;
        }
        Err(error) => panic!("{context}: {error}"),
    };
    assert_ne!(project.status, ProjectStatus::Draft, "{context}");
    assert!(has(&project.spec.unwrap().key) && has(&project.analysis.unwrap().plan_key));
    assert_eq!(project.tool_count, count(db, "tools"), "{context}");
    if let Some(bundle) = &project.bundle {
        assert!(has(&bundle.key), "{context}");
    }
    assert_eq!(
        project.bundle.is_some(),
        project.status != ProjectStatus::Analyzed,
        "{context}"
    );
    assert_eq!(
        project.server.is_some(),
        project.status == ProjectStatus::Deployed,
        "{context}"
    );
    let deployments = now(deployments::list(db, &alice(), "p")).unwrap();
    for deployment in &deployments {
        // A deployment without its job would never be failed by anybody.
        now(jobs::get(db, &alice(), &deployment.job_id)).unwrap();
        let live = deployment.status == DeploymentStatus::Live;
        assert!(
            !live || has(deployment.modules_key.as_deref().unwrap()),
            "{context}"
        );
    }
    let unfinished = now(crate::sweep::expired_jobs(db, T3, 100)).unwrap();
    for job in unfinished {
        assert_eq!(job.state, JobState::Running);
        let events = now(jobs::events_after(db, &alice(), &job.id, 0, 10)).unwrap();
        assert_eq!(
            events,
            Vec::new(),
            "{context}: a terminal event of a running job"
        );
    }
}

fn world() -> (Faulty<SqliteDatabase>, Faulty<MemoryObjects>) {
    (
        Faulty::new(database()),
        Faulty::new(MemoryObjects::default()),
    )
}

#[test]
fn every_failing_call_leaves_whole_steps_and_a_second_attempt_completes() {
    let (db, objects) = world();
    now(attempt(&db, &objects, 1, (T0, T1))).unwrap();
    let calls = (db.heal(), objects.heal());
    assert_eq!(
        calls,
        (9, 4),
        "calls of the flow to the database and to the objects"
    );
    for (on_objects, total) in [(false, calls.0), (true, calls.1)] {
        for call in 0..total {
            for fault in [Fault::BeforeEffect, Fault::LostAnswer] {
                let context = format!("objects {on_objects}, call {call}, {fault:?}");
                let (db, objects) = world();
                if on_objects {
                    objects.fail_call(call, fault);
                } else {
                    db.fail_call(call, fault);
                }
                let error = now(attempt(&db, &objects, 1, (T0, T1))).unwrap_err();
                assert_eq!(code(&error), "unavailable", "{context}");
                check_invariants(db.inner(), objects.inner(), &context);
                db.heal();
                objects.heal();
                // The lease of the first attempt has run out by then.
                now(attempt(&db, &objects, 2, (T2, T3)))
                    .unwrap_or_else(|error| panic!("{context}: {error}"));
                check_invariants(db.inner(), objects.inner(), &context);
                let server = now(hosting::resolve(db.inner(), "things"))
                    .unwrap()
                    .unwrap();
                assert_eq!(server.deployment_id, "d2", "{context}");
            }
        }
    }
}

#[test]
fn a_deletion_that_failed_is_repeated_without_harm() {
    for fault in [Fault::BeforeEffect, Fault::LostAnswer] {
        let (db, objects) = world();
        now(attempt(&db, &objects, 1, (T0, T1))).unwrap();
        db.fail_call(0, fault);
        let error = now(projects::delete(&db, &alice(), "p", T2)).unwrap_err();
        assert_eq!(code(&error), "unavailable");
        db.heal();
        match now(projects::delete(&db, &alice(), "p", T2)) {
            Ok(_) => assert_eq!(fault, Fault::BeforeEffect),
            Err(error) => {
                assert_eq!(
                    (fault, error),
                    (Fault::LostAnswer, StoreError::NotFound("project"))
                );
            }
        }
        assert_eq!(now(hosting::resolve(db.inner(), "things")), Ok(None));
        let prefixes = keys::project_prefixes("p");
        objects.fail_call(1, fault);
        assert!(now(delete_prefixes(&objects, &prefixes)).is_err());
        objects.heal();
        now(delete_prefixes(&objects, &prefixes)).unwrap();
        assert_eq!(objects.inner().inventory(), Vec::new());
    }
}
