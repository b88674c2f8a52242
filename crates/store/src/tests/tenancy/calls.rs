//! Every function that takes a principal, with arguments that work for Alice.

use mcpengine_tiers::Action;
use serde_json::json;

use super::Recorder;
use crate::tests::support::*;
use crate::{
    Principal, StoreError, api_keys, audit, billing, calls, deployments, edits, ended, idempotency,
    jobs, personal_tokens, projects, slugs, tiers, tokens, tools, usage, users,
};

/// Calls with arguments that succeed for Alice. The project `live` is live at
/// `things`; `busy` has a deployment in the making whose job runs until `T1`.
pub(super) type Call = fn(&Recorder, &Principal) -> Result<String, StoreError>;

/// A call whose answer is told as text.
macro_rules! call {
    (|$db:ident, $who:ident| $call:expr) => {
        |$db, $who| now($call).map(|value| format!("{value:?}"))
    };
}

/// What Bob gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Foreign {
    NotFound,
    /// The answer that an account without anything gets.
    Sees(&'static str),
    /// Something of his own; Alice's rows stay as they were.
    Own,
    /// What a token lets anybody do who has it.
    ByToken,
}

pub(super) use call;

use Foreign::{NotFound, Own, Sees};

const BUSY_LEASE: fn() -> jobs::Lease = || jobs::Lease {
    job_id: "busy-v1-job".into(),
    attempt: 1,
};

pub(super) const CLAIM: idempotency::NewClaim<'static> = idempotency::NewClaim {
    key: "key-1",
    fingerprint: "fingerprint-1",
    resource_id: "resource-1",
    lease_until: T1,
    kept_since: "2026-01-01T00:00:00.000Z",
};

fn held() -> idempotency::Held {
    idempotency::Held {
        key: "key-1".into(),
        resource_id: "resource-1".into(),
        attempt: 1,
    }
}

pub(super) const CALLS: &[(&str, Foreign, Call)] = &[
    (
        "billing::own",
        Sees(
            "OwnPlan { tier: \"free\", email: Some(\"bob@example.com\"), customer_id: None, \
             subscription: None }",
        ),
        call!(|db, who| billing::own(db, who)),
    ),
    (
        "billing::owned_teams",
        Sees("[]"),
        call!(|db, who| billing::owned_teams(db, who)),
    ),
    (
        "billing::team",
        NotFound,
        call!(|db, who| billing::team(db, who, "crew")),
    ),
    (
        "ended::hand_on_teams",
        Sees("[]"),
        call!(|db, who| ended::hand_on_teams(db, who)),
    ),
    (
        "personal_tokens::insert",
        Own,
        call!(|db, who| async {
            let token = personal_tokens::NewPersonalToken {
                id: "personal-2",
                name: "other",
                token_hash: "personal-hash-2",
                last4: "8901",
                scopes: "projects:read",
                expires_at: T3,
            };
            personal_tokens::insert(db, who, &token, T0).await?;
            users::get(db, who).await
        }),
    ),
    (
        "personal_tokens::list",
        Sees("[]"),
        call!(|db, who| personal_tokens::list(db, who)),
    ),
    (
        "personal_tokens::revoke",
        NotFound,
        call!(|db, who| personal_tokens::revoke(db, who, "personal-1", T2)),
    ),
    ("users::get", Own, call!(|db, who| users::get(db, who))),
    (
        "users::sealing_name",
        Own,
        call!(|db, who| users::sealing_name(db, who, "salt")),
    ),
    (
        "users::check_end",
        Sees("()"),
        call!(|db, who| async {
            match users::check_end(db, who).await {
                Ok(()) | Err(StoreError::Conflict { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        }),
    ),
    // Alice has projects: those go first.
    (
        "users::delete",
        Own,
        call!(|db, who| async {
            match users::delete(db, who, T2).await {
                Ok(()) | Err(StoreError::Conflict { .. }) => users::get(db, who).await,
                Err(error) => Err(error),
            }
        }),
    ),
    (
        "projects::create",
        Own,
        call!(|db, who| async {
            let slugs = ["fresh".to_owned()];
            let new = projects::NewProject {
                id: "fresh",
                team_id: None,
                name: "Fresh",
                slugs: &slugs,
                description: None,
                spec_url: None,
            };
            projects::create(db, who, &new, T2).await
        }),
    ),
    (
        "projects::get",
        NotFound,
        call!(|db, who| projects::get(db, who, "live")),
    ),
    (
        "projects::list",
        Sees("Page { projects: [], next_cursor: None }"),
        call!(|db, who| projects::list(db, who, projects::Whose::All, 10, None)),
    ),
    (
        "projects::update",
        NotFound,
        call!(|db, who| async {
            let patch = projects::ProjectPatch {
                name: Some("Taken".into()),
                ..Default::default()
            };
            projects::update(db, who, "live", &patch, T2).await
        }),
    ),
    (
        "projects::delete",
        NotFound,
        call!(|db, who| projects::delete(db, who, "live", T2)),
    ),
    (
        "projects::set_analyzed",
        NotFound,
        call!(|db, who| async {
            let tools = [tool(7)];
            let analyzed = projects::Analyzed {
                project_id: "live",
                create: None,
                spec: spec("live"),
                spec_url: None,
                analysis: analysis("live", "analysis-2"),
                tools: &new_tools("other", &tools),
            };
            projects::set_analyzed(db, who, &analyzed, T2).await
        }),
    ),
    (
        "projects::set_generated",
        NotFound,
        call!(|db, who| async {
            let bundle = bundle("live", "bundle-2", "analysis-1");
            let generated = projects::Generated {
                project_id: "live",
                bundle,
                revision: 0,
            };
            projects::set_generated(db, who, &generated, T2).await
        }),
    ),
    (
        "projects::set_tested",
        NotFound,
        call!(|db, who| projects::set_tested(db, who, "busy", "busy-bundle", T2)),
    ),
    (
        "tools::replace_all",
        NotFound,
        call!(|db, who| async {
            let tools = [tool(8)];
            tools::replace_all(db, who, "live", &new_tools("other", &tools), T2).await
        }),
    ),
    (
        "tools::list",
        NotFound,
        call!(|db, who| tools::list(db, who, "live")),
    ),
    (
        "edits::append",
        NotFound,
        call!(|db, who| async {
            let edit = edits::NewEdit {
                key: "GET /things/0".into(),
                path: vec!["title".into()],
                value: json!("Mine"),
                prev: json!("Get thing 0"),
            };
            edits::append(db, who, "live", 1, &[edit], None, T2).await
        }),
    ),
    (
        "edits::append_with",
        NotFound,
        call!(|db, who| async {
            let patch = projects::ProjectPatch {
                name: Some("Taken".into()),
                ..Default::default()
            };
            edits::append_with(db, who, "live", 1, &[], None, &patch, T2).await
        }),
    ),
    (
        "audit::list",
        Sees("Page { entries: [], next_cursor: None }"),
        call!(|db, who| audit::list(db, who, 10, None)),
    ),
    (
        "idempotency::claim",
        Own,
        call!(|db, who| idempotency::claim(db, who, &CLAIM, T2)),
    ),
    (
        "idempotency::answer",
        Sees("()"),
        call!(|db, who| async { idempotency::answer(db, who, &held(), 201, Some("sealed")).await }),
    ),
    (
        "idempotency::forget",
        Sees("()"),
        call!(|db, who| async { idempotency::forget(db, who, &held()).await }),
    ),
    (
        "idempotency::give_up",
        Sees("()"),
        call!(|db, who| async { idempotency::give_up(db, who, &held(), T1).await }),
    ),
    (
        "edits::list",
        NotFound,
        call!(|db, who| edits::list(db, who, "live", 0)),
    ),
    (
        "api_keys::put",
        NotFound,
        call!(|db, who| async {
            let key = api_keys::NewApiKey {
                id: "key-2",
                name: "KEY",
                envelope: "v1.x",
                last4: None,
            };
            api_keys::put(db, who, "live", &[key], T2).await
        }),
    ),
    (
        "api_keys::list",
        NotFound,
        call!(|db, who| api_keys::list(db, who, "live")),
    ),
    (
        "api_keys::envelopes",
        NotFound,
        call!(|db, who| api_keys::envelopes(db, who, "live")),
    ),
    (
        "api_keys::delete",
        NotFound,
        call!(|db, who| api_keys::delete(db, who, "live", "KEY")),
    ),
    (
        "tokens::insert",
        NotFound,
        call!(|db, who| async {
            let token = tokens::NewToken {
                id: "token-2",
                project_id: "live",
                name: "second",
                token_hash: "hash-2",
                last4: "ffff",
            };
            tokens::insert(db, who, &token, T2).await
        }),
    ),
    (
        "tokens::list",
        NotFound,
        call!(|db, who| tokens::list(db, who, "live")),
    ),
    (
        "tokens::revoke",
        NotFound,
        call!(|db, who| tokens::revoke(db, who, "live", "token-1", T2)),
    ),
    (
        "deployments::set_worker",
        NotFound,
        call!(|db, who| deployments::set_worker(db, who, "busy-v1", "dispatch/servers/x")),
    ),
    (
        "deployments::forget_worker",
        NotFound,
        call!(|db, who| deployments::forget_worker(db, who, "busy-v1")),
    ),
    (
        "deployments::workers",
        NotFound,
        call!(|db, who| deployments::workers(db, who, "live")),
    ),
    (
        "usage::days",
        Sees("[]"),
        call!(|db, who| usage::days(db, who, None, T0)),
    ),
    (
        "usage::made_since",
        Sees("0"),
        call!(|db, who| usage::made_since(db, who, Some("crew"), Action::Deploy, T0)),
    ),
    (
        "tiers::of_project",
        NotFound,
        call!(|db, who| tiers::of_project(db, who, "live")),
    ),
    (
        "tiers::of_team",
        NotFound,
        call!(|db, who| tiers::of_team(db, who, "crew")),
    ),
    (
        "tiers::of_user",
        Own,
        call!(|db, who| tiers::of_user(db, who)),
    ),
    ("tiers::all", Own, call!(|db, who| tiers::all(db, who))),
    (
        "tiers::servers",
        Sees("0"),
        call!(|db, who| tiers::servers(db, who, None)),
    ),
    (
        "slugs::claim",
        NotFound,
        call!(|db, who| async { slugs::claim(db, who, "busy", &["busy".to_owned()], T2).await }),
    ),
    (
        "slugs::of_project",
        NotFound,
        call!(|db, who| slugs::of_project(db, who, "live")),
    ),
    // Alice cannot claim it either: it is in use.
    (
        "slugs::is_available",
        Sees("false"),
        call!(|db, who| slugs::is_available(db, who, "things", T2)),
    ),
    (
        "jobs::create",
        NotFound,
        call!(|db, who| async {
            let input = json!({});
            let job = jobs::NewJob {
                id: "job-2",
                project_id: Some("live"),
                kind: jobs::JobKind::Generate,
                input: &input,
                lease_until: T3,
            };
            jobs::create(db, who, &job, T2).await
        }),
    ),
    (
        "jobs::get",
        NotFound,
        call!(|db, who| jobs::get(db, who, "busy-v1-job")),
    ),
    (
        "jobs::take_over",
        NotFound,
        call!(|db, who| jobs::take_over(db, who, "busy-v1-job", T3, T2)),
    ),
    (
        "jobs::heartbeat",
        NotFound,
        call!(|db, who| async { jobs::heartbeat(db, who, &BUSY_LEASE(), T3).await }),
    ),
    (
        "jobs::last_seq",
        Sees("0"),
        call!(|db, who| jobs::last_seq(db, who, "busy-v1-job")),
    ),
    (
        "jobs::try_again",
        NotFound,
        call!(|db, who| async { jobs::try_again(db, who, &BUSY_LEASE(), T3).await }),
    ),
    (
        "jobs::request_cancel",
        NotFound,
        call!(|db, who| jobs::request_cancel(db, who, "busy-v1-job", T2)),
    ),
    (
        "jobs::append_events",
        NotFound,
        call!(|db, who| async {
            let (event, _) = jobs::place("busy-v1-job", 2, "{}".into());
            jobs::append_events(db, who, &BUSY_LEASE(), &[event]).await
        }),
    ),
    (
        "jobs::finish",
        NotFound,
        call!(|db, who| async {
            let (event, _) = jobs::place("busy-v1-job", 2, "{}".into());
            jobs::finish(
                db,
                who,
                &BUSY_LEASE(),
                jobs::Ending::Failed,
                usage::Spent::default(),
                &event,
                T2,
            )
            .await
        }),
    ),
    (
        "jobs::events_after",
        Sees("[]"),
        call!(|db, who| jobs::events_after(db, who, "busy-v1-job", 0, 10)),
    ),
    (
        "calls::set_tools",
        NotFound,
        call!(|db, who| async {
            calls::set_tools(db, who, "live-v1", &["other".to_owned()]).await
        }),
    ),
    (
        "calls::metrics",
        NotFound,
        call!(|db, who| calls::metrics(db, who, "live-v1", T0)),
    ),
    (
        "calls::recent",
        NotFound,
        call!(|db, who| calls::recent(db, who, "live-v1", None, 10)),
    ),
    (
        "deployments::begin",
        NotFound,
        call!(|db, who| begin(db, who, "live", "live-v2", (T2, T3))),
    ),
    (
        "deployments::get",
        NotFound,
        call!(|db, who| deployments::get(db, who, "live-v1")),
    ),
    (
        "deployments::list",
        NotFound,
        call!(|db, who| deployments::list(db, who, "live")),
    ),
    (
        "deployments::set_building",
        NotFound,
        call!(|db, who| deployments::set_building(db, who, "busy-v1")),
    ),
    (
        "deployments::append_logs",
        NotFound,
        call!(|db, who| async {
            deployments::append_logs(db, who, "busy-v1", &["line".to_owned()]).await
        }),
    ),
    (
        "deployments::fail",
        NotFound,
        call!(|db, who| deployments::fail(db, who, "busy-v1", T2)),
    ),
    (
        "deployments::go_live",
        NotFound,
        call!(|db, who| go_live(db, who, "busy", "busy-v1", T2)),
    ),
    (
        "deployments::activate",
        NotFound,
        call!(|db, who| async {
            let version = deployments::Activation {
                deployment_id: "live-v1",
                url: "u",
                endpoint: "e",
            };
            deployments::activate(db, who, &version, T2).await
        }),
    ),
    (
        "deployments::last_live",
        NotFound,
        call!(|db, who| deployments::last_live(db, who, "live")),
    ),
    (
        "deployments::stop",
        NotFound,
        call!(|db, who| deployments::stop(db, who, "live", T2)),
    ),
];
