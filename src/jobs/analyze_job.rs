//! A description in, a plan with its tools out.

use std::rc::Rc;

use mcpengine_api::{AnalysisResult, AnalysisStep, Event, ToolSummary};
use mcpengine_openapi::Limits;
use mcpengine_plan::{PlanOptions, ServerPlan};
use mcpengine_store::keys::SpecFormat;
use mcpengine_store::projects::{self, AnalysisMeta, Analyzed, NewProject, SpecMeta};
use mcpengine_store::tools::NewTool;
use mcpengine_store::{ObjectStore, keys, slugs};

use crate::adapters::fetch;
use crate::clock;
use crate::error::ApiError;
use crate::jobs::{Job, Terminal};
use crate::project_plan;

/// Where the description comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Document(Vec<u8>),
    Url(String),
}

/// What is to be analysed, and into which project.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) source: Source,
    /// The job's project does not exist yet: the analysis makes it.
    pub(crate) new_project: bool,
}

/// 1. `fetching`: the document, where an address was given;
/// 2. `reading`: the document into operations, else the reader's refusal;
/// 3. `planning`: operations into tools, one `analysis:tool_found` each;
/// 4. `saving`: objects first, then the rows that point to them, in one batch.
pub(crate) async fn run(job: Rc<Job>, input: Input) -> Result<Terminal, ApiError> {
    let (document, source_url) = match input.source {
        Source::Document(document) => (document, None),
        Source::Url(url) => {
            job.progress(AnalysisStep::Fetching, 5)?;
            let fetched = fetch::document(&job.app.config, &url, Limits::WORKER.bytes).await?;
            (fetched.bytes, Some(fetched.url))
        }
    };
    job.progress(AnalysisStep::Reading, 20)?;
    let format = format_of(&document);
    let (api, mut diagnostics) = mcpengine_openapi::read(&document, &Limits::WORKER)?;
    job.progress(AnalysisStep::Planning, 45)?;
    let options = PlanOptions {
        source_url: source_url.clone(),
    };
    let (plan, more) = mcpengine_plan::plan(&api, &options);
    diagnostics.extend(more);
    let id = clock::new_id()?;
    let result = result(
        &id,
        &job.project_id,
        mcpengine_plan::report(&api, &plan, &diagnostics),
    )?;
    drop(api);
    let edited = if input.new_project {
        plan.clone()
    } else {
        project_plan::with_edits(&job.app, &job.principal, &job.project_id, &plan).await?
    };
    for tool in &edited.tools {
        job.emit(&Event::AnalysisToolFound {
            tool: summary(tool),
        })?;
    }
    job.progress(AnalysisStep::Saving, 80)?;
    let saving = Saving {
        id,
        document,
        format,
        source_url,
        plan,
        edited,
        result: &result,
    };
    save(&job, input.new_project, saving).await?;
    Ok(Event::AnalysisComplete { result }.into())
}

impl Job {
    fn progress(&self, step: AnalysisStep, percent: u8) -> Result<(), ApiError> {
        self.emit(&progress(step, percent, self.id(), &self.project_id))
    }
}

/// The event `analysis:progress`.
pub(crate) fn progress(step: AnalysisStep, percent: u8, job: &str, project: &str) -> Event {
    Event::AnalysisProgress {
        step,
        percent,
        job_id: job.to_owned(),
        project_id: project.to_owned(),
    }
}

/// The API's result is the engine's report without the tools, which have a
/// route of their own.
fn result(
    id: &str,
    project_id: &str,
    report: mcpengine_plan::Report,
) -> Result<AnalysisResult, ApiError> {
    let mut value = serde_json::to_value(report.summary)?;
    if let Some(object) = value.as_object_mut() {
        object.insert("id".to_owned(), id.into());
        object.insert("projectId".to_owned(), project_id.into());
    }
    Ok(serde_json::from_value(value)?)
}

fn summary(tool: &mcpengine_plan::Tool) -> ToolSummary {
    ToolSummary {
        name: tool.name.clone(),
        title: tool.title.clone(),
        description: tool.description.clone(),
        group: tool.group.clone(),
        method: tool.request.method.clone(),
        path: tool.request.path.clone(),
        enabled: tool.enabled,
    }
}

fn format_of(document: &[u8]) -> SpecFormat {
    match document.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => SpecFormat::Json,
        _ => SpecFormat::Yaml,
    }
}

struct Saving<'a> {
    id: String,
    document: Vec<u8>,
    format: SpecFormat,
    source_url: Option<String>,
    /// The engine's.
    plan: ServerPlan,
    /// With the project's edits.
    edited: ServerPlan,
    result: &'a AnalysisResult,
}

/// Objects first, so that no row points to what is not there; if the rows are
/// refused, the objects go again.
async fn save(job: &Job, new_project: bool, saving: Saving<'_>) -> Result<(), ApiError> {
    let project = job.project_id.as_str();
    let objects = &job.app.objects;
    let sha256 = crate::digest::sha256_hex(&saving.document);
    let spec = SpecMeta {
        key: keys::spec(project, &sha256, saving.format),
        format: saving.format,
        sha256,
        bytes: saving.document.len() as u64,
    };
    let analysis = AnalysisMeta {
        plan_key: keys::plan(project, &saving.id),
        analysis_key: keys::analysis(project, &saving.id),
        service: saving.plan.service.name.clone(),
        version: saving.plan.service.version.clone(),
        id: saving.id.clone(),
    };
    let written = [analysis.plan_key.clone(), analysis.analysis_key.clone()];
    let plan = serde_json::to_vec(&saving.plan)?;
    let result = serde_json::to_vec(saving.result)?;
    let rows = async {
        objects
            .put(&spec.key, saving.document, saving.format.content_type())
            .await?;
        objects
            .put(&analysis.plan_key, plan, "application/json")
            .await?;
        objects
            .put(&analysis.analysis_key, result, "application/json")
            .await?;
        job.save().await?;
        save_rows(
            job,
            new_project,
            spec,
            analysis,
            &saving.edited,
            saving.source_url,
        )
        .await
    }
    .await;
    if rows.is_err() {
        let gone = if new_project {
            mcpengine_store::delete_prefixes(objects, &keys::project_prefixes(project)).await
        } else {
            objects.delete(&written).await
        };
        if let Err(error) = gone {
            worker::console_error!("objects of a failed analysis stay behind: {error}");
        }
    }
    rows
}

async fn save_rows(
    job: &Job,
    new_project: bool,
    spec: SpecMeta,
    analysis: AnalysisMeta,
    edited: &ServerPlan,
    source_url: Option<String>,
) -> Result<(), ApiError> {
    let tools = edited
        .tools
        .iter()
        .map(|tool| {
            Ok(NewTool {
                id: clock::new_id()?,
                tool,
            })
        })
        .collect::<Result<Vec<_>, ApiError>>()?;
    let suffix = crate::digest::hex(&clock::random::<4>()?);
    let slugs = slugs::candidates(&edited.service.slug, &suffix);
    let name: String = edited.service.name.chars().take(100).collect();
    let create = new_project.then_some(NewProject {
        id: &job.project_id,
        name: &name,
        slugs: &slugs,
        description: None,
        spec_url: source_url.as_deref(),
    });
    let analyzed = Analyzed {
        project_id: &job.project_id,
        create,
        spec,
        spec_url: source_url.as_deref(),
        analysis,
        tools: &tools,
    };
    projects::set_analyzed(&job.app.db, &job.principal, &analyzed, &clock::now()).await?;
    Ok(())
}
