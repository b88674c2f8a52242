//! One user never sees or changes what is another's, function by function.

use serde_json::json;

use super::support::*;
use crate::testing::SqliteDatabase;
use crate::{
    Database, Outcome, Param, Principal, Statement, StoreError, api_keys, deployments, edits, jobs,
    projects, slugs, tokens, tools, usage, users,
};

/// Calls with arguments that succeed for Alice. The project `live` is live at
/// `things`; `busy` has a deployment in the making whose job runs until `T1`.
type Call = fn(&Recorder, &Principal) -> Result<String, StoreError>;

macro_rules! call {
    (|$db:ident, $who:ident| $call:expr) => {
        |$db, $who| now($call).map(|value| format!("{value:?}"))
    };
}

/// What Bob gets.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Foreign {
    NotFound,
    /// The answer that an account without anything gets.
    Sees(&'static str),
    /// Something of his own; Alice's rows stay as they were.
    Own,
}

use Foreign::{NotFound, Own, Sees};

const BUSY_LEASE: fn() -> jobs::Lease =
    || jobs::Lease { job_id: "busy-v1-job".into(), attempt: 1 };

const CALLS: &[(&str, Foreign, Call)] = &[
    ("users::get", Own, call!(|db, who| users::get(db, who))),
    ("projects::create", Own, call!(|db, who| async {
        let slugs = ["fresh".to_owned()];
        let new = projects::NewProject {
            id: "fresh", name: "Fresh", slugs: &slugs, description: None, spec_url: None,
        };
        projects::create(db, who, &new, T2).await
    })),
    ("projects::get", NotFound, call!(|db, who| projects::get(db, who, "live"))),
    ("projects::list", Sees("Page { projects: [], next_cursor: None }"),
        call!(|db, who| projects::list(db, who, 10, None))),
    ("projects::update", NotFound, call!(|db, who| async {
        let patch = projects::ProjectPatch { name: Some("Taken".into()), description: None };
        projects::update(db, who, "live", &patch, T2).await
    })),
    ("projects::delete", NotFound, call!(|db, who| projects::delete(db, who, "live", T2))),
    ("projects::set_analyzed", NotFound, call!(|db, who| async {
        let tools = [tool(7)];
        let analyzed = projects::Analyzed {
            project_id: "live", create: None, spec: spec("live"), spec_url: None,
            analysis: analysis("live", "analysis-2"), tools: &new_tools("other", &tools),
        };
        projects::set_analyzed(db, who, &analyzed, T2).await
    })),
    ("projects::set_generated", NotFound, call!(|db, who| async {
        let bundle = bundle("live", "bundle-2", "analysis-1");
        let generated = projects::Generated { project_id: "live", bundle, revision: 0 };
        projects::set_generated(db, who, &generated, T2).await
    })),
    ("projects::set_tested", NotFound,
        call!(|db, who| projects::set_tested(db, who, "busy", "busy-bundle", T2))),
    ("tools::replace_all", NotFound, call!(|db, who| async {
        let tools = [tool(8)];
        tools::replace_all(db, who, "live", &new_tools("other", &tools), T2).await
    })),
    ("tools::list", NotFound, call!(|db, who| tools::list(db, who, "live"))),
    ("edits::append", NotFound, call!(|db, who| async {
        let edit = edits::NewEdit {
            key: "GET /things/0".into(), path: vec!["title".into()],
            value: json!("Mine"), prev: json!("Get thing 0"),
        };
        edits::append(db, who, "live", 1, &[edit], None, T2).await
    })),
    ("edits::list", NotFound, call!(|db, who| edits::list(db, who, "live", 0))),
    ("api_keys::put", NotFound, call!(|db, who| async {
        let key = api_keys::NewApiKey { id: "key-2", name: "KEY", envelope: "v1.x", last4: None };
        api_keys::put(db, who, "live", &[key], T2).await
    })),
    ("api_keys::list", NotFound, call!(|db, who| api_keys::list(db, who, "live"))),
    ("api_keys::envelopes", NotFound, call!(|db, who| api_keys::envelopes(db, who, "live"))),
    ("api_keys::delete", NotFound, call!(|db, who| api_keys::delete(db, who, "live", "KEY"))),
    ("tokens::insert", NotFound, call!(|db, who| async {
        let token = tokens::NewToken {
            id: "token-2", project_id: "live", name: "second", token_hash: "hash-2", last4: "ffff",
        };
        tokens::insert(db, who, &token, T2).await
    })),
    ("tokens::list", NotFound, call!(|db, who| tokens::list(db, who, "live"))),
    ("tokens::revoke", NotFound, call!(|db, who| tokens::revoke(db, who, "live", "token-1", T2))),
    ("usage::record", Own, call!(|db, who| async {
        let usage = usage::Usage {
            id: "usage-2", action: jobs::JobKind::Deploy, project_id: Some("live"),
            tokens_used: None, duration_ms: Some(5),
        };
        usage::record(db, who, &usage, T2).await
    })),
    ("usage::count_since", Sees("0"),
        call!(|db, who| usage::count_since(db, who, jobs::JobKind::Analyze, T0))),
    ("slugs::claim", NotFound,
        call!(|db, who| async { slugs::claim(db, who, "busy", &["busy".to_owned()], T2).await })),
    ("slugs::of_project", NotFound, call!(|db, who| slugs::of_project(db, who, "live"))),
    // Alice cannot claim it either: it is in use.
    ("slugs::is_available", Sees("false"),
        call!(|db, who| slugs::is_available(db, who, "things", T2))),
    ("jobs::create", NotFound, call!(|db, who| async {
        let input = json!({});
        let job = jobs::NewJob {
            id: "job-2", project_id: Some("live"), kind: jobs::JobKind::Generate,
            input: &input, lease_until: T3,
        };
        jobs::create(db, who, &job, T2).await
    })),
    ("jobs::get", NotFound, call!(|db, who| jobs::get(db, who, "busy-v1-job"))),
    ("jobs::take_over", NotFound,
        call!(|db, who| jobs::take_over(db, who, "busy-v1-job", T3, T2))),
    ("jobs::heartbeat", NotFound,
        call!(|db, who| async { jobs::heartbeat(db, who, &BUSY_LEASE(), T3).await })),
    ("jobs::append_events", NotFound, call!(|db, who| async {
        let (event, _) = jobs::place("busy-v1-job", 2, "{}".into());
        jobs::append_events(db, who, &BUSY_LEASE(), &[event]).await
    })),
    ("jobs::finish", NotFound, call!(|db, who| async {
        let (event, _) = jobs::place("busy-v1-job", 2, "{}".into());
        jobs::finish(db, who, &BUSY_LEASE(), jobs::Ending::Failed, None, &event, T2).await
    })),
    ("jobs::events_after", Sees("[]"),
        call!(|db, who| jobs::events_after(db, who, "busy-v1-job", 0, 10))),
    ("deployments::begin", NotFound,
        call!(|db, who| begin(db, who, "live", "live-v2", (T2, T3)))),
    ("deployments::get", NotFound, call!(|db, who| deployments::get(db, who, "live-v1"))),
    ("deployments::list", NotFound, call!(|db, who| deployments::list(db, who, "live"))),
    ("deployments::set_building", NotFound,
        call!(|db, who| deployments::set_building(db, who, "busy-v1"))),
    ("deployments::append_logs", NotFound, call!(|db, who| async {
        deployments::append_logs(db, who, "busy-v1", &["line".to_owned()]).await
    })),
    ("deployments::fail", NotFound, call!(|db, who| deployments::fail(db, who, "busy-v1", T2))),
    ("deployments::go_live", NotFound,
        call!(|db, who| go_live(db, who, "busy", "busy-v1", T2))),
    ("deployments::stop", NotFound, call!(|db, who| deployments::stop(db, who, "live", T2))),
];

/// Alice's account with one row at least in every table that hers can be in.
fn world() -> SqliteDatabase {
    let db = database();
    let alice = alice();
    now(async {
        live(&db, &alice, "live", "things").await?;
        generated(&db, &alice, "busy", "busy").await?;
        let (_, job) = begin(&db, &alice, "busy", "busy-v1", (T0, T1)).await?;
        slugs::claim(&db, &alice, "busy", &["busy-things".to_owned()], T0).await?;
        let (event, _) = jobs::place(&job.id, 1, "{}".into());
        jobs::append_events(&db, &alice, &job.lease(), &[event]).await?;
        let edit = edits::NewEdit {
            key: "GET /things/0".into(),
            path: vec!["name".into()],
            value: json!("thing"),
            prev: json!("get_thing_0"),
        };
        edits::append(&db, &alice, "live", 0, &[edit], None, T0).await?;
        let key = api_keys::NewApiKey {
            id: "key-1",
            name: "KEY",
            envelope: "v1.sealed",
            last4: Some("9876"),
        };
        api_keys::put(&db, &alice, "live", &[key], T0).await?;
        let token = tokens::NewToken {
            id: "token-1",
            project_id: "live",
            name: "default",
            token_hash: "hash-1",
            last4: "0123",
        };
        tokens::insert(&db, &alice, &token, T0).await?;
        let usage = usage::Usage {
            id: "usage-1",
            action: jobs::JobKind::Analyze,
            project_id: Some("live"),
            tokens_used: Some(10),
            duration_ms: Some(20),
        };
        usage::record(&db, &alice, &usage, T0).await
    })
    .unwrap();
    db
}

/// Checks that every statement carries its principal's scope.
#[derive(Debug)]
struct Recorder {
    db: SqliteDatabase,
    expected: &'static str,
}

impl Database for Recorder {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        for statement in &statements {
            let scope = statement.params.first();
            assert_eq!(scope, Some(&Param::from(self.expected)), "{}", statement.sql);
            assert!(statement.sql.contains("?1"), "{}", statement.sql);
        }
        self.db.batch(statements).await
    }
}

#[test]
fn every_call_works_for_the_owner() {
    for (name, _, call) in CALLS {
        let recorder = Recorder { db: world(), expected: ALICE };
        if let Err(error) = call(&recorder, &alice()) {
            panic!("{name} fails for its owner: {error}");
        }
    }
}

#[test]
fn no_call_sees_or_changes_what_is_anothers() {
    for (name, foreign, call) in CALLS {
        let recorder = Recorder { db: world(), expected: BOB };
        let before = dump(&recorder.db);
        let answer = call(&recorder, &bob());
        let after = dump(&recorder.db);
        match foreign {
            NotFound => {
                assert!(matches!(answer, Err(StoreError::NotFound(_))), "{name}: {answer:?}");
                assert_eq!(after, before, "{name}");
            }
            Sees(expected) => {
                assert_eq!(answer.as_deref(), Ok(*expected), "{name}");
                assert_eq!(after, before, "{name}");
            }
            Own => {
                let answer = answer.unwrap();
                assert!(!answer.contains(ALICE), "{name}: {answer}");
                let kept: Vec<&String> =
                    after.iter().filter(|line| before.contains(line)).collect();
                assert_eq!(kept.len(), before.len(), "{name} changed a row of another user");
                for line in after.iter().filter(|line| !before.contains(line)) {
                    assert!(line.contains(BOB) && !line.contains("live"), "{name}: {line}");
                }
            }
        }
    }
}

/// A new function on a user's data fails here until it is listed above.
#[test]
fn every_function_that_takes_a_principal_is_listed() {
    let sources = [
        ("users", include_str!("../users.rs")),
        ("projects", include_str!("../projects/mod.rs")),
        ("projects", include_str!("../projects/steps.rs")),
        ("tools", include_str!("../tools.rs")),
        ("edits", include_str!("../edits.rs")),
        ("api_keys", include_str!("../api_keys.rs")),
        ("tokens", include_str!("../tokens.rs")),
        ("usage", include_str!("../usage.rs")),
        ("slugs", include_str!("../slugs.rs")),
        ("jobs", include_str!("../jobs.rs")),
        ("deployments", include_str!("../deployments/mod.rs")),
        ("deployments", include_str!("../deployments/begin.rs")),
        ("deployments", include_str!("../deployments/live.rs")),
    ];
    let mut found = Vec::new();
    for (module, source) in sources {
        for function in source.split("\npub async fn ").skip(1) {
            let (name, rest) = function.split_once('(').unwrap();
            let (arguments, _) = rest.split_once("->").unwrap();
            if arguments.contains("&Principal") {
                found.push(format!("{module}::{name}"));
            }
        }
    }
    found.sort();
    let mut listed: Vec<String> = CALLS.iter().map(|(name, _, _)| (*name).to_owned()).collect();
    listed.sort();
    assert_eq!(found, listed);
}

/// Modules that read or write without a principal are these, and no others.
#[test]
fn modules_without_a_principal_are_known() {
    let modules: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let known = [
        "api_keys.rs", "decode.rs", "deployments", "edits.rs", "error.rs", "hosting.rs", "jobs.rs",
        "keys.rs", "lib.rs", "limits.rs", "migrations.rs", "port.rs", "principal.rs", "projects",
        "slugs.rs", "sweep.rs", "testing", "tests", "time.rs", "tokens.rs", "tools.rs", "usage.rs",
        "users.rs",
    ];
    for module in modules {
        assert!(known.contains(&module.as_str()), "add {module} to the tenancy tests");
    }
}
