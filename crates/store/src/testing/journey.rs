//! One project from its document to its deletion, through every module, on any
//! database: each answer is checked.

use mcpengine_plan::{Annotations, RequestRecipe, ResponseKind, ResponseRecipe, Tool};
use serde_json::json;

use super::contract::principal;
use crate::deployments::{
    self, Access, Activation, DeploymentConfig, DeploymentStatus, GoLive, NewDeployment, Target,
};
use crate::jobs::{self, Ending, Job, JobKind, JobState, NewJob};
use crate::keys::{self, SpecFormat};
use crate::projects::{
    self, AnalysisMeta, Analyzed, BundleMeta, Generated, NewProject, ProjectStatus, SpecMeta,
};
use crate::tools::NewTool;
use crate::usage::Spent;
use crate::{Database, StoreError, api_keys, calls, edits, hosting, slugs, tokens, tools, users};

const NOW: &str = "2026-11-23T02:00:00.000Z";
const LEASE: &str = "2026-11-23T02:01:00.000Z";
const PROJECT: &str = "contract-project";
const DEPLOYMENT: &str = "contract-deployment";

macro_rules! expect {
    ($condition:expr) => {
        if !$condition {
            return Err(StoreError::Corrupt(format!(
                "not so: {}",
                stringify!($condition)
            )));
        }
    };
}

pub(super) async fn run(db: &impl Database) -> Result<(), StoreError> {
    users::ensure_local(db, NOW).await?;
    let again = users::ensure_local(db, LEASE).await?;
    expect!(again.created_at == NOW && again.clerk_id == "local");
    analyze(db).await?;
    edit_and_generate(db).await?;
    deploy(db).await?;
    restart(db).await?;
    serve(db).await?;
    count_calls(db).await?;
    delete(db).await
}

async fn analyze(db: &impl Database) -> Result<(), StoreError> {
    let who = principal();
    let input = json!({"specUrl": "https://example.com/openapi.json"});
    let job = NewJob {
        id: "contract-analyze",
        project_id: Some(PROJECT),
        kind: JobKind::Analyze,
        input: &input,
        lease_until: LEASE,
    };
    let lease = jobs::create(db, &who, &job, NOW).await?.lease();
    let plan: Vec<Tool> = (0..40).map(tool).collect();
    let new_tools: Vec<NewTool<'_>> = plan
        .iter()
        .enumerate()
        .map(|(index, tool)| NewTool {
            id: format!("contract-tool-{index}"),
            tool,
        })
        .collect();
    let slugs = ["things".to_owned()];
    let analyzed = analysis(&slugs, &new_tools);
    let project = projects::set_analyzed(db, &who, &analyzed, NOW).await?;
    expect!(project.status == ProjectStatus::Analyzed);
    expect!((project.tool_count, project.enabled_tool_count) == (40, 20));
    let (event, object) = jobs::place(
        "contract-analyze",
        1,
        r#"{"type":"analysis:complete"}"#.into(),
    );
    expect!(object.is_none());
    let done = jobs::finish(
        db,
        &who,
        &lease,
        Ending::Done,
        Spent::default(),
        &event,
        NOW,
    )
    .await?;
    expect!(done.state == JobState::Done);
    expect!(jobs::events_after(db, &who, "contract-analyze", 0, 10).await? == [event]);
    let rows = tools::list(db, &who, PROJECT).await?;
    expect!(
        rows.iter()
            .map(|row| row.name.as_str())
            .eq(plan.iter().map(|tool| tool.name.as_str()))
    );
    expect!(
        rows.first()
            .is_some_and(|row| row.input_schema == json!({"type": "object"}))
    );
    Ok(())
}

fn analysis<'a>(slugs: &'a [String], tools: &'a [NewTool<'a>]) -> Analyzed<'a> {
    Analyzed {
        project_id: PROJECT,
        create: Some(NewProject {
            id: PROJECT,
            team_id: None,
            name: "Things",
            slugs,
            description: None,
            spec_url: None,
        }),
        spec: SpecMeta {
            key: keys::spec(PROJECT, "00", SpecFormat::Json),
            format: SpecFormat::Json,
            sha256: "00".into(),
            bytes: 2,
        },
        spec_url: Some("https://example.com/openapi.json"),
        analysis: AnalysisMeta {
            id: "contract-analysis".into(),
            plan_key: keys::plan(PROJECT, "contract-analysis"),
            analysis_key: keys::analysis(PROJECT, "contract-analysis"),
            service: "Things".into(),
            version: "1".into(),
        },
        tools,
    }
}

async fn edit_and_generate(db: &impl Database) -> Result<(), StoreError> {
    let who = principal();
    let new: Vec<edits::NewEdit> = (0..45)
        .map(|number| edits::NewEdit {
            key: "GET /things/0".into(),
            path: vec!["title".into()],
            value: json!(number),
            prev: json!(null),
        })
        .collect();
    expect!(edits::append(db, &who, PROJECT, 0, &new, Some(19), NOW).await? == 45);
    let conflict = edits::append(db, &who, PROJECT, 0, &new, Some(18), NOW).await;
    expect!(matches!(
        conflict,
        Err(StoreError::Conflict {
            code: "revision_changed",
            ..
        })
    ));
    let rows = edits::list(db, &who, PROJECT, 40).await?;
    expect!(rows.iter().map(|row| row.revision).eq(41..=45));
    let generated = Generated {
        project_id: PROJECT,
        bundle: BundleMeta {
            id: "contract-bundle".into(),
            key: keys::bundle(PROJECT, "contract-bundle"),
            files: 9,
            bytes: 10_000,
            analysis_id: "contract-analysis".into(),
        },
        revision: 45,
    };
    let project = projects::set_generated(db, &who, &generated, NOW).await?;
    expect!(project.status == ProjectStatus::Generated && project.bundle_revision == Some(45));
    expect!(project.enabled_tool_count == 19);
    Ok(())
}

async fn begin(db: &impl Database) -> Result<Job, StoreError> {
    let who = principal();
    let input = json!({});
    let job = NewJob {
        id: "contract-deploy",
        project_id: Some(PROJECT),
        kind: JobKind::Deploy,
        input: &input,
        lease_until: LEASE,
    };
    let config = DeploymentConfig::default();
    let new = NewDeployment {
        id: DEPLOYMENT,
        project_id: PROJECT,
        target: Target::Mcpengine,
        access: Access::Token,
        config: &config,
        server_limit: Some(1),
    };
    let (deployment, job_row) = deployments::begin(db, &who, &new, &job, NOW).await?;
    expect!(deployment.version == "1" && deployment.status == DeploymentStatus::Pending);
    let second = NewDeployment {
        id: "contract-second",
        ..new
    };
    let second_job = NewJob {
        id: "contract-second-job",
        ..job
    };
    let conflict = deployments::begin(db, &who, &second, &second_job, NOW).await;
    expect!(matches!(
        conflict,
        Err(StoreError::Conflict {
            code: "deploy_running",
            ..
        })
    ));
    Ok(job_row)
}

async fn deploy(db: &impl Database) -> Result<(), StoreError> {
    let who = principal();
    let job = begin(db).await?;
    let names = ["contract-things".to_owned(), "contract-things-2".to_owned()];
    expect!(slugs::claim(db, &who, PROJECT, &names, NOW).await? == "contract-things");
    deployments::set_building(db, &who, DEPLOYMENT).await?;
    for line in ["compiled \"it\"", "uploaded"] {
        deployments::append_logs(db, &who, DEPLOYMENT, &[line.to_owned()]).await?;
    }
    let modules = keys::modules(PROJECT, DEPLOYMENT);
    let live = GoLive {
        deployment_id: DEPLOYMENT,
        url: "https://contract-things.example",
        endpoint: Some("https://contract-things.example/mcp"),
        modules_key: Some(&modules),
        artifact: None,
        worker_id: None,
    };
    let deployment = deployments::go_live(db, &who, &live, NOW).await?;
    expect!(deployment.logs == ["compiled \"it\"", "uploaded"]);
    let (event, _) = jobs::place("contract-deploy", 1, "{}".into());
    jobs::finish(
        db,
        &who,
        &job.lease(),
        Ending::Done,
        Spent::default(),
        &event,
        NOW,
    )
    .await?;
    let project = projects::get(db, &who, PROJECT).await?;
    expect!(project.status == ProjectStatus::Deployed);
    expect!(
        project
            .server
            .is_some_and(|server| server.slug == "contract-things")
    );
    Ok(())
}

async fn restart(db: &impl Database) -> Result<(), StoreError> {
    let who = principal();
    deployments::stop(db, &who, PROJECT, NOW).await?;
    expect!(hosting::resolve(db, "contract-things").await?.is_none());
    expect!(hosting::is_stopped(db, "contract-things").await?);
    let last = deployments::last_live(db, &who, PROJECT).await?;
    expect!(last.id == DEPLOYMENT && last.status == DeploymentStatus::Stopped);
    let version = Activation {
        deployment_id: DEPLOYMENT,
        url: "https://contract-things.example",
        endpoint: "https://contract-things.example/mcp",
    };
    let live = deployments::activate(db, &who, &version, NOW).await?;
    expect!(live.status == DeploymentStatus::Live && live.stopped_at.is_none());
    expect!(!hosting::is_stopped(db, "contract-things").await?);
    Ok(())
}

async fn serve(db: &impl Database) -> Result<(), StoreError> {
    let who = principal();
    let Some(server) = hosting::resolve(db, "contract-things").await? else {
        return Err(StoreError::NotFound("server"));
    };
    expect!(server.deployment_id == DEPLOYMENT && server.access == Access::Token);
    let key = |envelope: &'static str| api_keys::NewApiKey {
        id: "contract-key",
        name: "KEY",
        envelope,
        last4: None,
    };
    api_keys::put(db, &who, PROJECT, &[key("v1.first")], NOW).await?;
    api_keys::put(db, &who, PROJECT, &[key("v1.second")], NOW).await?;
    let envelopes = hosting::envelopes(db, PROJECT, &server.deployment_id).await?;
    expect!(
        envelopes
            .iter()
            .map(|key| key.envelope.as_str())
            .eq(["v1.second"])
    );
    expect!(
        hosting::envelopes(db, "other", &server.deployment_id)
            .await?
            .is_empty()
    );
    let token = tokens::NewToken {
        id: "contract-token",
        project_id: PROJECT,
        name: "default",
        token_hash: "contract-hash",
        last4: "cafe",
    };
    tokens::insert(db, &who, &token, NOW).await?;
    let found = hosting::resolve_with_token(db, "contract-things", "contract-hash").await?;
    let Some((found, Some(valid))) = found else {
        return Err(StoreError::NotFound("token"));
    };
    expect!(found == server);
    hosting::note_use(db, &valid, NOW).await?;
    let listed = tokens::list(db, &who, PROJECT).await?;
    expect!(
        listed
            .iter()
            .all(|token| token.last_used_at.as_deref() == Some(NOW))
    );
    let other = hosting::resolve_with_token(db, "contract-others", "contract-hash").await?;
    expect!(other.is_none());
    tokens::revoke(db, &who, PROJECT, "contract-token", NOW).await?;
    let revoked = hosting::resolve_with_token(db, "contract-things", "contract-hash").await?;
    expect!(revoked.is_some_and(|(_, token)| token.is_none()));
    Ok(())
}

/// Two calls of one hour are one row of counters and two of the latest calls.
async fn count_calls(db: &impl Database) -> Result<(), StoreError> {
    let who = principal();
    let names = ["first", "second"].map(str::to_owned);
    calls::set_tools(db, &who, DEPLOYMENT, &names).await?;
    let call = |tool: &'static str, outcome, error| calls::Call {
        deployment_id: DEPLOYMENT,
        at: NOW,
        method: calls::TOOLS_CALL,
        tool,
        outcome,
        duration_ms: 40,
        bytes_out: 1_000,
        error,
    };
    let succeeded = call("second", calls::Outcome::Ok, None);
    let failed = call("second", calls::Outcome::ToolError, Some("no luck"));
    calls::record(db, &[succeeded, failed]).await?;
    calls::record(db, &[call("third", calls::Outcome::Ok, None)]).await?;
    let metrics = calls::metrics(db, &who, DEPLOYMENT, NOW).await?;
    let found = metrics.tools.iter().map(|tool| {
        let sums = &tool.sums;
        let p95 = sums.durations.percentile(95);
        let error = tool.last_error.as_deref();
        (
            tool.name.as_str(),
            sums.calls,
            sums.errors,
            sums.bytes_out,
            p95,
            error,
        )
    });
    expect!(found.eq([
        ("second", 2, 1, 2_000, Some(40), Some("no luck")),
        (calls::UNKNOWN_TOOL, 1, 0, 1_000, Some(40), None),
    ]));
    expect!(metrics.total.calls == 3 && metrics.hours.len() == 1);
    let newest = calls::recent(db, &who, DEPLOYMENT, None, 2).await?;
    expect!(newest.iter().map(|call| call.seq).eq([3, 2]));
    let later = calls::recent(db, &who, DEPLOYMENT, Some(1), 10).await?;
    expect!(later.iter().map(|call| call.seq).eq([2, 3]));
    Ok(())
}

async fn delete(db: &impl Database) -> Result<(), StoreError> {
    let who = principal();
    let page = projects::list(db, &who, projects::Whose::All, 10, None).await?;
    expect!(page.projects.len() == 1 && page.next_cursor.is_none());
    let deleted = projects::delete(db, &who, PROJECT, NOW).await?;
    expect!(deleted.object_prefixes == keys::project_prefixes(PROJECT));
    expect!(hosting::resolve(db, "contract-things").await?.is_none());
    expect!(
        projects::list(db, &who, projects::Whose::All, 10, None)
            .await?
            .projects
            .is_empty()
    );
    let gone = deployments::get(db, &who, DEPLOYMENT).await;
    expect!(gone == Err(StoreError::NotFound("deployment")));
    Ok(())
}

fn tool(number: usize) -> Tool {
    Tool {
        key: format!("GET /things/{number}"),
        name: format!("get_thing_{number}"),
        title: format!("Get thing {number}"),
        description: format!("Returns thing {number}."),
        group: "things".into(),
        enabled: number.is_multiple_of(2),
        disabled_because: None,
        deprecated: false,
        input_schema: json!({"type": "object"}).into(),
        output_schema: None,
        annotations: Annotations {
            read_only_hint: true,
            destructive_hint: false,
            idempotent_hint: true,
            open_world_hint: true,
        },
        request: RequestRecipe {
            method: "GET".into(),
            path: format!("/things/{number}"),
            server: None,
            parameters: Vec::new(),
            body: None,
            accept: vec!["application/json".into()],
            headers: Vec::new(),
        },
        response: ResponseRecipe {
            kind: ResponseKind::Json,
            wrap: false,
        },
        pagination: None,
        auth: Vec::new(),
    }
}
