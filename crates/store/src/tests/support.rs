//! Two users, and projects of the first at every stage.

use std::future::Future;
use std::task::{Context, Poll, Waker};

use mcpengine_plan::{Annotations, RequestRecipe, ResponseKind, ResponseRecipe, Tool};
use serde_json::{Value, json};

use crate::deployments::{self, Access, DeploymentConfig, GoLive, NewDeployment, Target};
use crate::jobs::{self, JobKind, NewJob};
use crate::keys::{self, SpecFormat};
use crate::projects::{
    AnalysisMeta, Analyzed, BundleMeta, Generated, NewProject, Project, SpecMeta, set_analyzed,
    set_generated,
};
use crate::testing::SqliteDatabase;
use crate::tools::NewTool;
use crate::usage::Spent;
use crate::{Database, Principal, StoreError, slugs};

pub(super) const ALICE: &str = "00000000-0000-4000-8000-00000000000a";
pub(super) const BOB: &str = "00000000-0000-4000-8000-00000000000b";
pub(super) const CAROL: &str = "00000000-0000-4000-8000-00000000000c";
pub(super) const T0: &str = "2026-11-23T02:00:00.000Z";
/// End of leases that were taken at [`T0`].
pub(super) const T1: &str = "2026-11-23T02:01:00.000Z";
pub(super) const T2: &str = "2026-11-23T02:02:00.000Z";
pub(super) const T3: &str = "2026-11-23T02:03:00.000Z";

/// Nothing here waits, so one poll with a waker that does nothing is enough.
pub(super) fn now<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a test double waited"),
    }
}

pub(super) fn alice() -> Principal {
    Principal::user(ALICE)
}

pub(super) fn bob() -> Principal {
    Principal::user(BOB)
}

pub(super) fn database() -> SqliteDatabase {
    let db = SqliteDatabase::new().unwrap();
    for (id, name) in [(ALICE, "alice"), (BOB, "bob"), (CAROL, "carol")] {
        db.raw(&format!(
            "INSERT INTO users (id, clerk_id, email, name, created_at, updated_at) \
             VALUES ('{id}', '{name}', '{name}@example.com', '{name}', '{T0}', '{T0}')"
        ))
        .unwrap();
    }
    db
}

/// Every row of every table, as JSON text.
pub(super) fn dump(db: &SqliteDatabase) -> Vec<String> {
    let tables = db
        .raw("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .unwrap();
    let mut lines = Vec::new();
    for table in tables {
        let name = table["name"].as_str().unwrap();
        for row in db
            .raw(&format!("SELECT * FROM {name} ORDER BY 1, 2"))
            .unwrap()
        {
            lines.push(format!("{name} {}", Value::Object(row)));
        }
    }
    lines
}

pub(super) fn count(db: &SqliteDatabase, table: &str) -> i64 {
    let rows = db
        .raw(&format!("SELECT COUNT(*) AS n FROM {table}"))
        .unwrap();
    rows[0]["n"].as_f64().unwrap() as i64
}

pub(super) fn code(error: &StoreError) -> &'static str {
    match error {
        StoreError::NotFound(_) => "not_found",
        StoreError::Denied(_) => "denied",
        StoreError::Conflict { code, .. } | StoreError::Invalid { code, .. } => code,
        StoreError::TooLarge { .. } => "too_large",
        StoreError::Unavailable(_) => "unavailable",
        StoreError::Corrupt(_) => "corrupt",
    }
}

pub(super) fn tool(number: usize) -> Tool {
    Tool {
        key: format!("GET /things/{number}"),
        name: format!("get_thing_{number}"),
        title: format!("Get thing {number}"),
        description: format!("Returns thing {number}. It's \"quoted\" \u{1F680}."),
        group: "things".into(),
        enabled: number % 3 != 2,
        disabled_because: None,
        deprecated: number % 5 == 4,
        input_schema: json!({"type": "object", "properties": {"b": {}, "a": {}}}).into(),
        output_schema: number
            .is_multiple_of(2)
            .then(|| json!({"type": "object"}).into()),
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

pub(super) fn new_tools<'a>(project: &str, tools: &'a [Tool]) -> Vec<NewTool<'a>> {
    tools
        .iter()
        .enumerate()
        .map(|(index, tool)| NewTool {
            id: format!("{project}-tool-{index}"),
            tool,
        })
        .collect()
}

pub(super) fn spec(project: &str) -> SpecMeta {
    let sha256 = "ab".repeat(32);
    SpecMeta {
        key: keys::spec(project, &sha256, SpecFormat::Json),
        format: SpecFormat::Json,
        sha256,
        bytes: 1234,
    }
}

pub(super) fn analysis(project: &str, id: &str) -> AnalysisMeta {
    AnalysisMeta {
        id: id.into(),
        plan_key: keys::plan(project, id),
        analysis_key: keys::analysis(project, id),
        service: "Things".into(),
        version: "1.0.0".into(),
    }
}

pub(super) fn bundle(project: &str, id: &str, analysis_id: &str) -> BundleMeta {
    BundleMeta {
        id: id.into(),
        key: keys::bundle(project, id),
        files: 12,
        bytes: 34_567,
        analysis_id: analysis_id.into(),
    }
}

pub(super) fn config() -> DeploymentConfig {
    DeploymentConfig {
        base_url: "https://api.example.com/v1".into(),
        variables: [("THINGS_REGION".to_owned(), "eu".to_owned())].into(),
        allowed_hosts: vec!["api.example.com".into()],
        auth_schemes: Vec::new(),
        tools: 2,
        cloudflare: None,
    }
}

/// A new project with its analysis, in one step.
pub(super) async fn analyzed(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    slug: &str,
) -> Result<Project, StoreError> {
    let tools: Vec<Tool> = (0..3).map(tool).collect();
    let slugs = [slug.to_owned()];
    let create = NewProject {
        team_id: None,
        id,
        name: "Things",
        slugs: &slugs,
        description: None,
        spec_url: None,
    };
    let analyzed = Analyzed {
        project_id: id,
        create: Some(create),
        spec: spec(id),
        spec_url: Some("https://example.com/openapi.json"),
        analysis: analysis(id, "analysis-1"),
        tools: &new_tools(id, &tools),
    };
    set_analyzed(db, principal, &analyzed, T0).await
}

pub(super) async fn generated(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    slug: &str,
) -> Result<Project, StoreError> {
    analyzed(db, principal, id, slug).await?;
    let bundle = bundle(id, &format!("{id}-bundle"), "analysis-1");
    set_generated(
        db,
        principal,
        &Generated {
            project_id: id,
            bundle,
            revision: 0,
        },
        T0,
    )
    .await
}

pub(super) async fn begin(
    db: &impl Database,
    principal: &Principal,
    project: &str,
    deployment: &str,
    at: (&str, &str),
) -> Result<(deployments::Deployment, jobs::Job), StoreError> {
    let job_id = format!("{deployment}-job");
    let input = json!({"deploymentId": deployment});
    let job = NewJob {
        id: &job_id,
        project_id: Some(project),
        kind: JobKind::Deploy,
        input: &input,
        lease_until: at.1,
    };
    let config = config();
    let new = NewDeployment {
        id: deployment,
        project_id: project,
        target: Target::Mcpengine,
        access: Access::Token,
        config: &config,
        server_limit: None,
    };
    deployments::begin(db, principal, &new, &job, at.0).await
}

pub(super) async fn go_live(
    db: &impl Database,
    principal: &Principal,
    project: &str,
    deployment: &str,
    at: &str,
) -> Result<deployments::Deployment, StoreError> {
    let modules = keys::modules(project, deployment);
    let live = GoLive {
        deployment_id: deployment,
        url: "http://things.localhost:8787",
        endpoint: Some("http://localhost:8787/s/things/mcp"),
        modules_key: Some(&modules),
        artifact: None,
        worker_id: None,
    };
    deployments::go_live(db, principal, &live, at).await
}

/// A project that is live at `slug`, its deploy job finished.
pub(super) async fn live(
    db: &impl Database,
    principal: &Principal,
    project: &str,
    slug: &str,
) -> Result<(), StoreError> {
    generated(db, principal, project, slug).await?;
    let deployment = format!("{project}-v1");
    let (_, job) = begin(db, principal, project, &deployment, (T0, T1)).await?;
    slugs::claim(db, principal, project, &[slug.to_owned()], T0).await?;
    deployments::set_building(db, principal, &deployment).await?;
    go_live(db, principal, project, &deployment, T0).await?;
    let (event, _) = jobs::place(&job.id, 1, r#"{"type":"deploy:live"}"#.into());
    let end = jobs::Ending::Done;
    jobs::finish(
        db,
        principal,
        &job.lease(),
        end,
        Spent::default(),
        &event,
        T0,
    )
    .await?;
    Ok(())
}
