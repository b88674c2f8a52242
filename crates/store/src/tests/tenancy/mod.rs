//! One user never sees or changes what is another's, function by function.

use mcpengine_tiers::Action;
use serde_json::json;

mod calls;
mod roles;
mod team_calls;

use calls::{
    CALLS, Call,
    Foreign::{self, ByToken, NotFound, Own, Sees},
};
use team_calls::TEAM_CALLS;

use super::billing::history as billing_events;
use super::directory::history as directory_history;
use super::support::*;
use crate::directory::NewIds;
use crate::testing::SqliteDatabase;
use crate::webhook_events::{Delivery, Source};
use crate::{
    Database, Outcome, Param, Principal, Role, Statement, StoreError, api_keys, audit, billing,
    calls as recorded, deployments, directory, edits, ended, hosting, idempotency, jobs,
    personal_tokens, projects, rotation, slugs, sweep, teams, tiers, tokens, usage, webhook_events,
};

/// Alice's account with one row at least in every table that hers can be in.
fn world() -> SqliteDatabase {
    let db = database();
    now(fill(&db, &alice())).unwrap();
    db
}

async fn fill(db: &impl Database, who: &Principal) -> Result<(), StoreError> {
    live(db, who, "live", "things").await?;
    generated(db, who, "busy", "busy").await?;
    let (_, job) = begin(db, who, "busy", "busy-v1", (T0, T1)).await?;
    slugs::claim(db, who, "busy", &["busy-things".to_owned()], T0).await?;
    let (event, _) = jobs::place(&job.id, 1, "{}".into());
    jobs::append_events(db, who, &job.lease(), &[event]).await?;
    let edit = edits::NewEdit {
        key: "GET /things/0".into(),
        path: vec!["name".into()],
        value: json!("thing"),
        prev: json!("get_thing_0"),
    };
    edits::append(db, who, "live", 0, &[edit], None, T0).await?;
    let key = api_keys::NewApiKey {
        id: "key-1",
        name: "KEY",
        envelope: "v1.sealed",
        last4: Some("9876"),
    };
    api_keys::put(db, who, "live", &[key], T0).await?;
    let token = tokens::NewToken {
        id: "token-1",
        project_id: "live",
        name: "default",
        token_hash: "hash-1",
        last4: "0123",
    };
    tokens::insert(db, who, &token, T0).await?;
    let token = personal_tokens::NewPersonalToken {
        id: "personal-1",
        name: "laptop",
        token_hash: "personal-hash-1",
        last4: "4567",
        scopes: "projects:read",
        expires_at: T3,
    };
    personal_tokens::insert(db, who, &token, T0).await?;
    idempotency::claim(db, who, &calls::CLAIM, T0).await?;
    recorded::set_tools(db, who, "live-v1", &["get_thing_0".to_owned()]).await?;
    let call = recorded::Call {
        deployment_id: "live-v1",
        at: T0,
        method: recorded::TOOLS_CALL,
        tool: "get_thing_0",
        outcome: recorded::Outcome::ToolError,
        duration_ms: 7,
        bytes_out: 100,
        error: Some("no such thing"),
    };
    recorded::record(db, &[call]).await?;
    fill_team(db, who).await
}

/// The team `crew`, with Carol in it and an invitation that is open.
async fn fill_team(db: &impl Database, who: &Principal) -> Result<(), StoreError> {
    let team = teams::NewTeam {
        id: "crew",
        name: "Crew",
        slugs: &["crew".to_owned()],
    };
    teams::create(db, who, &team, T0).await?;
    for (id, hash) in [("ask-1", "ask-hash-1"), ("ask-2", "ask-hash-2")] {
        invite(db, who, id, hash).await?;
    }
    let carol = Principal::user(CAROL);
    teams::invitations::accept(db, &carol, "ask-hash-2", T1).await?;
    Ok(())
}

async fn invite(
    db: &impl Database,
    who: &Principal,
    id: &str,
    token_hash: &str,
) -> Result<teams::invitations::Invitation, StoreError> {
    let new = teams::invitations::NewInvitation {
        id,
        team_id: "crew",
        email: "carol@example.com",
        role: Role::Editor,
        token_hash,
        expires_at: T3,
        seats: Some(5),
    };
    teams::invitations::insert(db, who, &new, T0).await
}

/// Every call that takes a principal.
fn all() -> impl Iterator<Item = (&'static str, Foreign, Call)> {
    CALLS.iter().chain(TEAM_CALLS).copied()
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
            assert_eq!(
                scope,
                Some(&Param::from(self.expected)),
                "{}",
                statement.sql
            );
            // A statement that another one beside it happens to guard needs its own.
            let scoped = ["user_id = ?1", "user_id <> ?1", "users WHERE id = ?1"];
            assert!(
                scoped.iter().any(|scope| statement.sql.contains(scope)),
                "{}",
                statement.sql
            );
        }
        self.db.batch(statements).await
    }
}

#[test]
fn every_call_works_for_the_owner() {
    for (name, _, call) in all() {
        let recorder = Recorder {
            db: world(),
            expected: ALICE,
        };
        if let Err(error) = call(&recorder, &alice()) {
            panic!("{name} fails for its owner: {error}");
        }
    }
}

#[test]
fn no_call_sees_or_changes_what_is_anothers() {
    for (name, foreign, call) in all() {
        let recorder = Recorder {
            db: world(),
            expected: BOB,
        };
        let before = dump(&recorder.db);
        let answer = call(&recorder, &bob());
        let after = dump(&recorder.db);
        match foreign {
            NotFound => {
                assert!(
                    matches!(answer, Err(StoreError::NotFound(_))),
                    "{name}: {answer:?}"
                );
                assert_eq!(after, before, "{name}");
            }
            Sees(expected) => {
                assert_eq!(answer.as_deref(), Ok(expected), "{name}");
                assert_eq!(after, before, "{name}");
            }
            // Whoever holds the token may.
            ByToken => assert!(answer.is_ok(), "{name}: {answer:?}"),
            Own => {
                let answer = answer.unwrap();
                assert!(!answer.contains(ALICE), "{name}: {answer}");
                let others = before.iter().filter(|line| !line.contains(BOB));
                for line in others {
                    assert!(
                        after.contains(line),
                        "{name} changed a row of another user: {line}"
                    );
                }
                for line in after.iter().filter(|line| !before.contains(line)) {
                    assert!(
                        line.contains(BOB) && !line.contains("live"),
                        "{name}: {line}"
                    );
                }
            }
        }
    }
}

/// 32 bytes of 7.
const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

/// Explains every statement; a table that is read from end to end is a cost that
/// grows with all users' data.
#[derive(Debug)]
struct Explainer {
    db: SqliteDatabase,
    scans: std::cell::RefCell<Vec<String>>,
}

impl Database for Explainer {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        for statement in &statements {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let params = statement.params.clone();
            let plan = self
                .db
                .batch(vec![Statement {
                    sql: sql.into(),
                    params,
                }])
                .await?;
            for step in plan.iter().flat_map(|outcome| &outcome.rows) {
                let step = step["detail"].as_str().unwrap();
                let bound = ["json_each", "CONSTANT ROW", "SCAN rows", "(subquery"];
                // A new parent row looks for children that wait for it, which there are
                // only while a constraint is broken (SQLite, "Foreign Key Support" 3).
                let waits = step.strip_prefix("SCAN ").is_some_and(|table| {
                    statement.sql.starts_with("INSERT")
                        && !statement.sql.contains(&format!("FROM {table} WHERE"))
                });
                let is_bound = waits || bound.iter().any(|own| step.contains(own));
                if step.starts_with("SCAN") && !is_bound {
                    self.scans
                        .borrow_mut()
                        .push(format!("{step}: {}", statement.sql));
                }
            }
        }
        self.db.batch(statements).await
    }
}

/// What is asked at each request that makes something, and forgotten after a while.
async fn of_every_request(db: &impl Database) -> Result<(), StoreError> {
    idempotency::claim(db, &alice(), &calls::CLAIM, T2).await?;
    idempotency::sweep(db, T2, 10).await?;
    audit::list(db, &alice(), 10, None).await?;
    audit::sweep(db, T0, 10).await
}

/// What webhooks and billing do, once each.
async fn webhooks(db: &impl Database) -> Result<(), StoreError> {
    for event in billing_events().iter().take(3) {
        billing::receive(db, event, T2).await?;
    }
    assert_eq!(billing::unsettled(db, i64::MAX, 10).await?, Vec::new());
    billing::own(db, &alice()).await?;
    billing::owned_teams(db, &alice()).await?;
    billing::team(db, &alice(), "none").await.unwrap_err();
    for (id, told, at) in directory_history() {
        let delivery = Delivery {
            source: Source::Clerk,
            id,
            kind: "test",
        };
        let ids = [format!("p-{id}"), format!("c-{id}"), format!("t-{id}")];
        let [person, creator, team] = &ids;
        let ids = NewIds {
            person,
            creator,
            team,
        };
        directory::apply(db, &delivery, told, ids, at, T2).await?;
    }
    webhook_events::prune(db, T2).await.map(drop)
}

#[test]
fn no_statement_reads_a_whole_table() {
    let db = Explainer {
        db: database(),
        scans: std::cell::RefCell::default(),
    };
    now(fill(&db, &alice())).unwrap();
    now(hosting::resolve(&db, "things")).unwrap();
    now(hosting::is_stopped(&db, "things")).unwrap();
    let found = now(hosting::resolve_with_token(&db, "things", "hash-1")).unwrap();
    let (_, token) = found.unwrap();
    now(hosting::note_use(&db, &token.unwrap(), T1)).unwrap();
    now(hosting::envelopes(&db, "live", "live-v1")).unwrap();
    now(personal_tokens::find(&db, "personal-hash-1")).unwrap();
    now(personal_tokens::note_use(&db, "personal-1", T1)).unwrap();
    now(personal_tokens::list(&db, &alice())).unwrap();
    now(personal_tokens::revoke(&db, &alice(), "personal-1", T1)).unwrap();
    now(sweep::expired_jobs(&db, T2, 10)).unwrap();
    now(of_every_request(&db)).unwrap();
    let ring = mcpengine_vault::Keyring::new("k1", &[("k1", KEY)]).unwrap();
    now(rotation::step(&db, &ring, || Ok([0; 12]), T2)).unwrap();
    now(projects::list(
        &db,
        &alice(),
        projects::Whose::All,
        10,
        None,
    ))
    .unwrap();
    now(slugs::is_available(&db, &alice(), "things", T2)).unwrap();
    for team in [None, Some("crew")] {
        now(usage::days(&db, &alice(), team, T0)).unwrap();
        now(usage::made_since(&db, &alice(), team, Action::Deploy, T0)).unwrap();
        now(tiers::servers(&db, &alice(), team)).unwrap();
    }
    now(tiers::of_project(&db, &alice(), "live")).unwrap();
    now(tiers::all(&db, &alice())).unwrap();
    now(deployments::list(&db, &alice(), "live")).unwrap();
    now(jobs::events_after(&db, &alice(), "busy-v1-job", 0, 10)).unwrap();
    now(deployments::stop(&db, &alice(), "live", T2)).unwrap();
    let version = now(deployments::last_live(&db, &alice(), "live")).unwrap();
    let version = deployments::Activation {
        deployment_id: &version.id,
        url: "u",
        endpoint: "e",
    };
    now(deployments::activate(&db, &alice(), &version, T2)).unwrap();
    now(tokens::list(&db, &alice(), "live")).unwrap();
    now(teams::list(&db, &alice())).unwrap();
    now(teams::members::list(&db, &alice(), "crew")).unwrap();
    now(teams::invitations::list(&db, &alice(), "crew", T1)).unwrap();
    now(teams::invitations::offer(&db, &alice(), "ask-hash-1", T1)).unwrap();
    now(teams::members::transfer(&db, &alice(), "crew", CAROL)).unwrap();
    now(teams::members::remove(&db, &alice(), "crew", ALICE)).unwrap();
    now(teams::delete(&db, &Principal::user(CAROL), "crew")).unwrap();
    now(recorded::metrics(&db, &alice(), "live-v1", T0)).unwrap();
    now(recorded::recent(&db, &alice(), "live-v1", None, 10)).unwrap();
    now(recorded::recent(&db, &alice(), "live-v1", Some(0), 10)).unwrap();
    now(projects::delete(&db, &alice(), "live", T2)).unwrap();
    now(webhooks(&db)).unwrap();
    now(the_deleted(&db)).unwrap();
    assert_eq!(db.scans.into_inner(), Vec::<String>::new());
}

async fn the_deleted(db: &impl Database) -> Result<(), StoreError> {
    ended::users(db, 20).await?;
    ended::teams(db, 20).await?;
    ended::subscriptions_of_user(db, ALICE).await?;
    ended::subscriptions_of_team(db, "crew").await?;
    ended::hand_on_teams(db, &alice()).await.map(drop)
}

/// A new function on a user's data fails here until it is listed above.
#[test]
fn every_function_that_takes_a_principal_is_listed() {
    let sources = [
        ("users", include_str!("../../users.rs")),
        ("projects", include_str!("../../projects/mod.rs")),
        ("projects", include_str!("../../projects/steps.rs")),
        ("projects", include_str!("../../projects/transfer.rs")),
        ("teams", include_str!("../../teams/mod.rs")),
        ("members", include_str!("../../teams/members.rs")),
        ("invitations", include_str!("../../teams/invitations.rs")),
        ("tools", include_str!("../../tools.rs")),
        ("edits", include_str!("../../edits.rs")),
        ("ended", include_str!("../../ended.rs")),
        ("api_keys", include_str!("../../api_keys.rs")),
        ("audit", include_str!("../../audit.rs")),
        ("calls", include_str!("../../calls/read.rs")),
        ("calls", include_str!("../../calls/record.rs")),
        ("billing", include_str!("../../billing/mod.rs")),
        ("tokens", include_str!("../../tokens.rs")),
        ("personal_tokens", include_str!("../../personal_tokens.rs")),
        ("idempotency", include_str!("../../idempotency.rs")),
        ("usage", include_str!("../../usage.rs")),
        ("tiers", include_str!("../../tiers.rs")),
        ("slugs", include_str!("../../slugs.rs")),
        ("jobs", include_str!("../../jobs/mod.rs")),
        ("jobs", include_str!("../../jobs/events.rs")),
        ("deployments", include_str!("../../deployments/mod.rs")),
        ("deployments", include_str!("../../deployments/begin.rs")),
        ("deployments", include_str!("../../deployments/live.rs")),
        ("deployments", include_str!("../../deployments/workers.rs")),
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
    let mut listed: Vec<String> = all().map(|(name, _, _)| name.to_owned()).collect();
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
        "api_keys.rs",
        "audit.rs",
        "billing",
        "calls",
        "decode.rs",
        "deployments",
        "directory",
        "edits.rs",
        "ended.rs",
        "error.rs",
        "hosting.rs",
        "idempotency.rs",
        "jobs",
        "keys.rs",
        "lib.rs",
        "limits.rs",
        "migrations.rs",
        "personal_tokens.rs",
        "port.rs",
        "principal.rs",
        "projects",
        "rotation.rs",
        "slugs.rs",
        "sweep.rs",
        "teams",
        "testing",
        "tests",
        "tiers.rs",
        "time.rs",
        "tokens.rs",
        "tools.rs",
        "usage.rs",
        "users.rs",
        "webhook_events.rs",
    ];
    for module in modules {
        assert!(
            known.contains(&module.as_str()),
            "add {module} to the tenancy tests"
        );
    }
}
