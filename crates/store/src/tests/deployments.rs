use super::support::*;
use crate::deployments::{self, Access, Artifact, Deployment, DeploymentStatus, GoLive, Target};
use crate::limits::MAX_LOG_BYTES;
use crate::projects::{self, ProjectStatus};
use crate::testing::SqliteDatabase;
use crate::{api_keys, hosting, jobs, slugs};

fn claim(db: &SqliteDatabase, slug: &str) {
    now(slugs::claim(db, &alice(), "p", &[slug.to_owned()], T0)).unwrap();
}

fn statuses(db: &SqliteDatabase) -> Vec<(String, DeploymentStatus)> {
    let all = now(deployments::list(db, &alice(), "p")).unwrap();
    all.into_iter()
        .map(|deployment| (deployment.version, deployment.status))
        .collect()
}

#[test]
fn a_deployment_and_its_job_are_made_together() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    let (deployment, job) = now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap();
    let expected = Deployment {
        id: "d1".into(),
        project_id: "p".into(),
        user_id: ALICE.into(),
        job_id: "d1-job".into(),
        bundle_id: "p-bundle".into(),
        target: Target::Mcpengine,
        status: DeploymentStatus::Pending,
        access: Access::Token,
        url: None,
        endpoint: None,
        worker_id: None,
        version: "1".into(),
        modules_key: None,
        artifact: None,
        config: config(),
        logs: Vec::new(),
        created_at: T0.into(),
        stopped_at: None,
    };
    assert_eq!(deployment, expected);
    assert_eq!(
        (job.id.as_str(), job.project_id.as_deref()),
        ("d1-job", Some("p"))
    );
    let before = dump(&db);
    let error = now(begin(&db, &alice(), "p", "d2", (T0, T1))).unwrap_err();
    assert_eq!(code(&error), "deploy_running");
    assert_eq!(dump(&db), before);
}

#[test]
fn nothing_is_deployed_before_it_is_generated() {
    let db = database();
    now(analyzed(&db, &alice(), "p", "things")).unwrap();
    let before = dump(&db);
    let error = now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap_err();
    assert_eq!(code(&error), "not_generated");
    assert_eq!(dump(&db), before);
}

#[test]
fn an_abandoned_deployment_makes_way_and_stays_failed() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap();
    now(deployments::set_building(&db, &alice(), "d1")).unwrap();
    let (second, _) = now(begin(&db, &alice(), "p", "d2", (T2, T3))).unwrap();
    assert_eq!(second.version, "2");
    claim(&db, "things");
    let late = now(go_live(&db, &alice(), "p", "d1", T2)).unwrap_err();
    assert_eq!(code(&late), "deployment_ended");
    let late = now(deployments::set_building(&db, &alice(), "d1")).unwrap_err();
    assert_eq!(code(&late), "deployment_ended");
    let expected = [
        ("2", DeploymentStatus::Pending),
        ("1", DeploymentStatus::Failed),
    ];
    assert_eq!(
        statuses(&db),
        expected.map(|(version, status)| (version.to_owned(), status))
    );
    assert_eq!(now(hosting::resolve(&db, "things")), Ok(None));
}

#[test]
fn a_failed_deployment_makes_way_while_its_job_still_runs() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap();
    let failed = now(deployments::fail(&db, &alice(), "d1", T0)).unwrap();
    assert_eq!(failed.stopped_at.as_deref(), Some(T0));
    assert_eq!(now(deployments::fail(&db, &alice(), "d1", T1)), Ok(failed));
    assert!(now(begin(&db, &alice(), "p", "d2", (T0, T1))).is_ok());
}

#[test]
fn going_live_switches_the_name_and_stops_the_version_before() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    let first = now(hosting::resolve(&db, "things")).unwrap().unwrap();
    let expected = hosting::LiveServer {
        slug: "things".into(),
        project_id: "p".into(),
        user_id: ALICE.into(),
        deployment_id: "p-v1".into(),
        version: "1".into(),
        access: Access::Token,
        modules_key: "bundles/p/p-v1/modules.json".into(),
        worker_id: None,
        config: config(),
    };
    assert_eq!(first, expected);
    now(begin(&db, &alice(), "p", "d2", (T1, T2))).unwrap();
    // The first version answers until the very switch.
    assert_eq!(now(hosting::resolve(&db, "things")), Ok(Some(first)));
    let second = now(go_live(&db, &alice(), "p", "d2", T2)).unwrap();
    assert_eq!(second.status, DeploymentStatus::Live);
    let after = dump(&db);
    assert_eq!(now(go_live(&db, &alice(), "p", "d2", T3)), Ok(second));
    assert_eq!(dump(&db), after, "going live again changes nothing");
    let server = now(hosting::resolve(&db, "things")).unwrap().unwrap();
    assert_eq!(
        (server.deployment_id.as_str(), server.version.as_str()),
        ("d2", "2")
    );
    let expected = [
        ("2", DeploymentStatus::Live),
        ("1", DeploymentStatus::Stopped),
    ];
    assert_eq!(
        statuses(&db),
        expected.map(|(version, status)| (version.to_owned(), status))
    );
    let stopped = now(deployments::get(&db, &alice(), "p-v1")).unwrap();
    assert_eq!(stopped.stopped_at.as_deref(), Some(T2));
    let project = now(projects::get(&db, &alice(), "p")).unwrap();
    assert_eq!(project.status, ProjectStatus::Deployed);
    assert_eq!(project.server.unwrap().deployment_id, "d2");
    let back = now(go_live(&db, &alice(), "p", "p-v1", T3)).unwrap_err();
    assert_eq!(code(&back), "deployment_ended");
}

#[test]
fn nothing_goes_live_without_a_name_or_without_modules() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap();
    let before = dump(&db);
    let error = now(go_live(&db, &alice(), "p", "d1", T0)).unwrap_err();
    assert_eq!(code(&error), "slug_missing");
    assert_eq!(dump(&db), before);
    claim(&db, "things");
    let before = dump(&db);
    let incomplete = GoLive {
        deployment_id: "d1",
        url: "u",
        endpoint: Some("e"),
        modules_key: None,
        artifact: None,
        worker_id: None,
    };
    let error = now(deployments::go_live(&db, &alice(), &incomplete, T0)).unwrap_err();
    assert_eq!(code(&error), "constraint");
    assert_eq!(dump(&db), before);
}

#[test]
fn a_version_of_older_code_goes_live_without_claiming_the_newer_is() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap();
    claim(&db, "things");
    let bundle = bundle("p", "bundle-2", "analysis-1");
    let generated = projects::Generated {
        project_id: "p",
        bundle,
        revision: 0,
    };
    now(projects::set_generated(&db, &alice(), &generated, T1)).unwrap();
    now(go_live(&db, &alice(), "p", "d1", T1)).unwrap();
    let project = now(projects::get(&db, &alice(), "p")).unwrap();
    assert_eq!(project.status, ProjectStatus::Generated);
    assert!(project.server.is_some());
}

/// An archive beside a server: neither takes the other's place, an archive makes
/// no project deployed, and stopping the server leaves the archive.
#[test]
fn what_is_taken_away_is_beside_what_is_hosted() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    let artifact = Artifact {
        key: "bundles/p/d1/things.zip".into(),
        name: "things.zip".into(),
        media_type: "application/zip".into(),
        bytes: 1_234,
        sha256: "ab".into(),
    };
    let take_away = |id: &str, at: (&str, &str)| {
        now(begin(&db, &alice(), "p", id, at)).unwrap();
        db.raw(&format!(
            "UPDATE deployments SET target = 'download' WHERE id = '{id}'"
        ))
        .unwrap();
        let live = GoLive {
            deployment_id: id,
            url: "http://localhost:8787/api/deployments/d1/artifact",
            endpoint: None,
            modules_key: None,
            artifact: Some(&artifact),
            worker_id: None,
        };
        let live = now(deployments::go_live(&db, &alice(), &live, at.0)).unwrap();
        assert_eq!(live.artifact.as_ref(), Some(&artifact));
        assert_eq!((live.endpoint, live.status), (None, DeploymentStatus::Live));
    };
    take_away("d1", (T0, T1));
    let project = now(projects::get(&db, &alice(), "p")).unwrap();
    assert_eq!(project.status, ProjectStatus::Generated);
    claim(&db, "things");
    now(begin(&db, &alice(), "p", "d2", (T1, T2))).unwrap();
    now(go_live(&db, &alice(), "p", "d2", T1)).unwrap();
    take_away("d3", (T2, T3));
    let states = |expected: [DeploymentStatus; 3]| {
        let found: Vec<_> = statuses(&db)
            .into_iter()
            .map(|(_, status)| status)
            .collect();
        assert_eq!(found, expected);
    };
    let (live, stopped) = (DeploymentStatus::Live, DeploymentStatus::Stopped);
    states([live, live, stopped]);
    now(deployments::stop(&db, &alice(), "p", T3)).unwrap();
    states([live, stopped, stopped]);
    assert_eq!(now(hosting::resolve(&db, "things")), Ok(None));
}

#[test]
fn a_stopped_server_answers_no_more_and_keeps_its_name() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    let server = now(hosting::resolve(&db, "things")).unwrap().unwrap();
    let key = api_keys::NewApiKey {
        id: "k",
        name: "KEY",
        envelope: "v1.x",
        last4: None,
    };
    now(api_keys::put(&db, &alice(), "p", &[key], T0)).unwrap();
    assert_eq!(
        now(hosting::envelopes(&db, "p", &server.deployment_id))
            .unwrap()
            .len(),
        1
    );
    now(deployments::stop(&db, &alice(), "p", T1)).unwrap();
    let after = dump(&db);
    now(deployments::stop(&db, &alice(), "p", T2)).unwrap();
    assert_eq!(dump(&db), after);
    assert_eq!(now(hosting::resolve(&db, "things")), Ok(None));
    assert_eq!(
        now(hosting::envelopes(&db, "p", &server.deployment_id)),
        Ok(Vec::new())
    );
    assert_eq!(
        now(slugs::of_project(&db, &alice(), "p")),
        Ok(Some("things".to_owned()))
    );
    assert_eq!(now(projects::get(&db, &alice(), "p")).unwrap().server, None);
}

#[test]
fn log_lines_are_kept_as_written_up_to_the_limit() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap();
    let lines = [
        "",
        "\"quoted\", [brackets]",
        "emoji \u{1F680}\n\u{2028}",
        "'; DROP TABLE users",
    ];
    let append = |lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        now(deployments::append_logs(&db, &alice(), "d1", &lines)).unwrap();
        now(deployments::get(&db, &alice(), "d1")).unwrap().logs
    };
    assert_eq!(append(&[]), Vec::<String>::new());
    assert_eq!(append(&lines[..1]), lines[..1]);
    assert_eq!(append(&lines[1..]), lines);
    let half = "x".repeat(MAX_LOG_BYTES / 2);
    assert_eq!(append(&[&half]).len(), 5);
    assert_eq!(append(&[&half]).len(), 5, "dropped");
    assert_eq!(append(&["small"]).len(), 6);
    assert_eq!(
        append(&[&"x".repeat(MAX_LOG_BYTES * 2)]).len(),
        6,
        "dropped"
    );
}

#[test]
fn the_schema_itself_refuses_two_at_a_time() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    let (_, job) = now(begin(&db, &alice(), "p", "d2", (T1, T2))).unwrap();
    assert_eq!(job.state, jobs::JobState::Running);
    assert!(
        db.raw("UPDATE deployments SET status = 'pending' WHERE id = 'p-v1'")
            .is_err()
    );
    let second = "UPDATE deployments SET status = 'live', modules_key = 'm' WHERE id = 'd2'";
    assert!(db.raw(second).is_err());
}
