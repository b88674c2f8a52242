//! A plan in, the TypeScript project out.

use std::rc::Rc;

use mcpengine_api::{BundleFile, Event, ServerBundle};
use mcpengine_codegen::{Project as Generated, ProjectOptions};
use mcpengine_plan::{AuthScheme, ServerPlan, UpstreamServer};
use mcpengine_store::projects::{self, BundleMeta};
use mcpengine_store::{ObjectStore, keys};
use mcpengine_typescript::SourceFile;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock;
use crate::error::ApiError;
use crate::jobs::{Job, Terminal};
use crate::project_plan;

/// The bundle's object: the project's files, and what hosting them needs of the
/// plan that they were made from.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredBundle {
    pub(crate) bundle: ServerBundle,
    pub(crate) upstream: Upstream,
    /// What has to be set for every tool to work; bundles of before do not say it.
    #[serde(default)]
    pub(crate) install_env: Vec<String>,
}

/// Whom the generated server calls, and how it signs in there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Upstream {
    pub(crate) service: String,
    /// Base URLs; the first is the default.
    pub(crate) servers: Vec<UpstreamServer>,
    /// Base URLs of single operations.
    pub(crate) operation_servers: Vec<UpstreamServer>,
    pub(crate) schemes: Vec<AuthScheme>,
    /// How many tools the server lists.
    pub(crate) tools: u32,
}

/// What is to be generated.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) plan: ServerPlan,
    pub(crate) analysis_id: String,
    /// The number of edits in `plan`.
    pub(crate) revision: i64,
}

impl Input {
    /// Of a later attempt: the project's plan as it is now.
    pub(crate) async fn load(job: &Job) -> Result<Self, ApiError> {
        let project = projects::get(&job.app.db, &job.principal, &job.project_id).await?;
        let plan = project_plan::load(&job.app, &job.principal, &project).await?;
        let analysis = project.analysis.ok_or_else(project_plan::not_analyzed)?;
        Ok(Self {
            plan,
            analysis_id: analysis.id,
            revision: project.revision,
        })
    }
}

/// How much of the project may wait to be written to the job's log.
const UNSAVED_BYTES: usize = 1 << 20;

/// 1. Files from the plan; each is announced once it parses;
/// 2. the bundle's object, then the row that points to it.
pub(crate) async fn run(job: Rc<Job>, input: Input) -> Result<Terminal, ApiError> {
    let upstream = upstream(&input.plan);
    let generated = mcpengine_codegen::generate(&input.plan, &ProjectOptions::default());
    // A large plan and its project do not fit into the isolate side by side.
    drop(input.plan);
    let mut unsaved = 0;
    let count = generated.files.len().max(1);
    for (index, file) in generated.files.iter().enumerate() {
        check(&file.path, &file.content)?;
        let percent = u8::try_from(5 + index * 85 / count).unwrap_or(90);
        job.emit(&progress(&file.path, percent, job.id(), &job.project_id))?;
        job.emit(&Event::GenerateFileReady {
            path: file.path.clone(),
            content: file.content.clone(),
        })?;
        unsaved += file.content.len();
        if unsaved > UNSAVED_BYTES {
            job.save().await?;
            unsaved = 0;
        }
    }
    let install_env = generated.install_env.clone();
    let stored = StoredBundle {
        bundle: bundle(generated)?,
        upstream,
        install_env,
    };
    let key = keys::bundle(&job.project_id, &stored.bundle.id);
    let bytes = job.app.objects.put_json(&key, &stored).await?;
    let meta = BundleMeta {
        id: stored.bundle.id.clone(),
        key: key.clone(),
        files: u32::try_from(stored.bundle.files.len()).unwrap_or(u32::MAX),
        bytes,
        analysis_id: input.analysis_id,
    };
    let generated = projects::Generated {
        project_id: &job.project_id,
        bundle: meta,
        revision: input.revision,
    };
    let now = clock::now();
    if let Err(error) = projects::set_generated(&job.app.db, &job.principal, &generated, &now).await
    {
        if let Err(error) = job.app.objects.delete(&[key]).await {
            crate::log::error!("the bundle of a failed generation stays behind: {error}");
        }
        return Err(error.into());
    }
    Ok(Event::GenerateComplete {
        bundle: stored.bundle,
    }
    .into())
}

/// The event `generate:progress`.
pub(crate) fn progress(file: &str, percent: u8, job: &str, project: &str) -> Event {
    Event::GenerateProgress {
        file: file.to_owned(),
        percent,
        job_id: job.to_owned(),
        project_id: project.to_owned(),
    }
}

/// No file leaves that its compiler would refuse.
fn check(path: &str, content: &str) -> Result<(), ApiError> {
    if !path.ends_with(".ts") {
        return Ok(());
    }
    let source = SourceFile {
        path: path.to_owned(),
        text: content.to_owned(),
    };
    mcpengine_typescript::check(&source).map_err(|errors| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        ApiError::internal(&format!("generated {path} does not parse: {first}"))
    })
}

fn bundle(generated: Generated) -> Result<ServerBundle, ApiError> {
    let json = |path: &str| -> Result<Value, ApiError> {
        let file = generated.files.iter().find(|file| file.path == path);
        Ok(serde_json::from_str(
            file.map_or("null", |file| &file.content),
        )?)
    };
    Ok(ServerBundle {
        id: clock::new_id()?,
        package_json: json("package.json")?,
        ts_config: json("tsconfig.json")?,
        entry_point: "src/server.ts".to_owned(),
        files: generated
            .files
            .into_iter()
            .map(|file| BundleFile {
                path: file.path,
                content: file.content,
            })
            .collect(),
    })
}

fn upstream(plan: &ServerPlan) -> Upstream {
    let mut operation_servers: Vec<UpstreamServer> = Vec::new();
    for server in plan
        .tools
        .iter()
        .filter_map(|tool| tool.request.server.as_ref())
    {
        if !operation_servers.contains(server) {
            operation_servers.push(server.clone());
        }
    }
    Upstream {
        service: plan.service.name.clone(),
        servers: plan.servers.clone(),
        operation_servers,
        schemes: plan.auth.schemes.clone(),
        tools: u32::try_from(mcpengine_plan::listed_count(plan)).unwrap_or(u32::MAX),
    }
}
