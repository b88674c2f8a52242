//! Versions that are scripts of Cloudflare's API.

use super::support::*;
use crate::deployments::{self, GoLive};
use crate::{StoreError, hosting, keys};

const WORKER: &str = "dispatch/servers/mcpe-d2";

#[test]
fn a_script_is_known_from_before_it_is_made_until_it_is_gone() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    let workers = || now(deployments::workers(&db, &alice(), "p")).unwrap();
    assert_eq!(workers(), Vec::<String>::new());

    now(begin(&db, &alice(), "p", "d2", (T1, T2))).unwrap();
    let row = now(deployments::set_worker(&db, &alice(), "d2", WORKER)).unwrap();
    assert_eq!(row.worker_id.as_deref(), Some(WORKER));
    assert_eq!(workers(), [WORKER]);
    // What is live has none, and gets none.
    let error = now(deployments::set_worker(&db, &alice(), "p-v1", "x")).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Conflict {
                code: "deployment_ended",
                ..
            }
        ),
        "{error}"
    );

    // Forgotten only once it failed.
    now(deployments::forget_worker(&db, &alice(), "d2")).unwrap();
    assert_eq!(workers(), [WORKER]);
    now(deployments::fail(&db, &alice(), "d2", T1)).unwrap();
    assert_eq!(workers(), [WORKER]);
    now(deployments::forget_worker(&db, &alice(), "d2")).unwrap();
    assert_eq!(workers(), Vec::<String>::new());
}

#[test]
fn the_gateway_is_told_where_the_live_version_is() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    let worker = || {
        let server = now(hosting::resolve(&db, "things")).unwrap();
        server.expect("a live server").worker_id
    };
    assert_eq!(worker(), None);
    now(begin(&db, &alice(), "p", "d2", (T1, T2))).unwrap();
    now(deployments::set_worker(&db, &alice(), "d2", WORKER)).unwrap();
    assert_eq!(worker(), None);
    let modules = keys::modules("p", "d2");
    let live = GoLive {
        deployment_id: "d2",
        url: "http://things.localhost:8787",
        endpoint: Some("http://localhost:8787/s/things/mcp"),
        modules_key: Some(&modules),
        artifact: None,
        worker_id: Some(WORKER),
    };
    now(deployments::go_live(&db, &alice(), &live, T1)).unwrap();
    assert_eq!(worker().as_deref(), Some(WORKER));
}

#[test]
fn a_worker_of_the_user_s_own_account_stays_when_the_project_goes() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    now(begin(&db, &alice(), "p", "d1", (T0, T1))).unwrap();
    now(deployments::set_worker(&db, &alice(), "d1", WORKER)).unwrap();
    db.raw("UPDATE deployments SET target = 'cloudflare'")
        .unwrap();
    let workers = now(deployments::workers(&db, &alice(), "p")).unwrap();
    assert_eq!(workers, Vec::<String>::new());
}
