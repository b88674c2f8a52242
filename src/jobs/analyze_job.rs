//! A description in, a plan with its tools out.

mod input;

use std::collections::HashSet;
use std::rc::Rc;

use futures_util::future::join;
use mcpengine_api::{AnalysisResult, AnalysisStep, Event, PlanChanges, ToolSummary};
use mcpengine_openapi::{ApiDescription, Arena, Diagnostic, Dialect, Limits, SourceFile};
use mcpengine_plan::{PlanOptions, ServerPlan};
use mcpengine_store::keys::SpecFormat;
use mcpengine_store::projects::{self, AnalysisMeta, Analyzed, NewProject, SpecMeta};
use mcpengine_store::tools::NewTool;
use mcpengine_store::{ObjectStore, keys, slugs};

pub(crate) use input::{Input, Kept, NamedFile, Source};

use crate::adapters::fetch;
use crate::clock;
use crate::error::ApiError;
use crate::jobs::{Job, Terminal};
use crate::project_plan;

/// 1. `fetching`: the document, where an address was given;
/// 2. `reading`: the document into operations, else the reader's refusal, also of
///    a description without any;
/// 3. `planning`: operations into tools, one `analysis:tool_found` each;
/// 4. `saving`: objects first, then the rows that point to them, in one batch.
///
/// What is refused or fails leaves nothing behind.
pub(crate) async fn run(job: Rc<Job>, input: Input) -> Result<Terminal, ApiError> {
    input.keep(&job).await;
    let (new_project, team_id) = (input.new_project, input.team_id);
    let id = clock::new_id()?;
    let (given, source_url) = match input.source {
        Source::Document(document) => (Given::One(document), None),
        Source::Files(files) => (Given::Several(files), None),
        Source::Url(url) => {
            job.progress(AnalysisStep::Fetching, 5)?;
            let fetched = fetch::document(&job.app.config, &url, Limits::WORKER.bytes);
            let fetched = job.unless_stopped(fetched).await??;
            (Given::One(fetched.bytes), Some(fetched.url))
        }
    };
    // Before anything is written: what is refused has nothing to take away.
    let keep = if new_project {
        HashSet::new()
    } else {
        project_plan::enabled_before(&job.app, &job.principal, &job.project_id).await?
    };
    let options = PlanOptions {
        source_url: source_url.clone(),
        keep,
        ..PlanOptions::default()
    };
    let understood = understand(&job, &id, &given, &options)?;
    let (document, format) = given.into_object(understood.dialect)?;
    let written = Written::new(&job.project_id, &id, &document, format).await?;
    let goal = Goal {
        source_url: source_url.as_deref(),
        new_project,
        team_id: team_id.as_deref(),
    };
    let outcome = analyze(&job, &written, document, understood, goal).await;
    if let Err(error) = &outcome {
        // Deleted while we worked: whoever deleted it could not see our objects.
        let is_ours = new_project || error.code == "project_not_found";
        written.remove(&job, is_ours).await;
    }
    outcome.map(|result| Event::AnalysisComplete { result }.into())
}

/// The project that the analysis is for.
#[derive(Clone, Copy)]
struct Goal<'a> {
    /// Where the description was fetched from, if it was.
    source_url: Option<&'a str>,
    new_project: bool,
    team_id: Option<&'a str>,
}

/// A description, read and planned.
struct Understood {
    dialect: Dialect,
    plan: ServerPlan,
    result: AnalysisResult,
}

/// What was given, as it is read and stored.
enum Given {
    One(Vec<u8>),
    Several(Vec<NamedFile>),
}

impl Given {
    fn read<'a>(
        &'a self,
        arena: &'a Arena,
    ) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), ApiError> {
        let read = match self {
            Given::One(document) => mcpengine_openapi::read(arena, document, &Limits::WORKER),
            Given::Several(files) => {
                let files: Vec<SourceFile<'_>> = files
                    .iter()
                    .map(|file| SourceFile {
                        name: &file.name,
                        bytes: &file.bytes,
                    })
                    .collect();
                mcpengine_openapi::read_files(arena, &files, &Limits::WORKER)
            }
        };
        Ok(read?)
    }

    /// The object to store: the document as it was given, or the list of its files
    /// (`[{name, content}]`).
    fn into_object(self, dialect: Dialect) -> Result<(Vec<u8>, SpecFormat), ApiError> {
        Ok(match self {
            Given::One(document) => {
                let format = format_of(&document, dialect);
                (document, format)
            }
            Given::Several(files) => (serde_json::to_vec(&files)?, SpecFormat::Json),
        })
    }
}

async fn analyze(
    job: &Job,
    written: &Written,
    document: Vec<u8>,
    understood: Understood,
    goal: Goal<'_>,
) -> Result<AnalysisResult, ApiError> {
    let Understood {
        plan, mut result, ..
    } = understood;
    let (objects, spec) = (&job.app.objects, &written.spec);
    let content_type = spec.format.content_type();
    // Side by side, because each takes as long as the object is large; and both to
    // the end, because whoever takes them away again must find them.
    let (document, stored) = join(
        objects.put(&spec.key, document, content_type),
        objects.put_json(&written.plan_key, &plan),
    )
    .await;
    document?;
    stored?;
    let (plan, changes) = if goal.new_project {
        (plan, None)
    } else {
        project_plan::carry(&job.app, &job.principal, &job.project_id, plan).await?
    };
    result.changes = changes.map(changes_to_wire).transpose()?;
    objects.put_json(&written.analysis_key, &result).await?;
    result.mode = project_plan::mode_to_wire(plan.mode);
    for tool in &plan.tools {
        job.emit(&Event::AnalysisToolFound { tool: found(tool) })?;
    }
    job.progress(AnalysisStep::Saving, 80)?;
    job.save().await?;
    save_rows(job, written, &plan, goal).await?;
    Ok(result)
}

/// Reads and plans. What the reader holds borrows the document and is gone when
/// this returns: a large document and all that is made of it do not fit into the
/// isolate side by side.
fn understand(
    job: &Job,
    id: &str,
    given: &Given,
    options: &PlanOptions,
) -> Result<Understood, ApiError> {
    job.progress(AnalysisStep::Reading, 20)?;
    let start = clock::now_millis();
    let arena = Arena::new();
    let (api, mut diagnostics) = given.read(&arena)?;
    mcpengine_openapi::require_operations(&diagnostics)?;
    let read = clock::now_millis();
    job.progress(AnalysisStep::Planning, 45)?;
    let (plan, more) = mcpengine_plan::plan(&api, options);
    // Cloudflare's clock stands still while code runs: there this says 0.
    let (reading, planning) = (read - start, clock::now_millis() - read);
    crate::log::note!(
        "job {}: read in {reading} ms, planned in {planning} ms",
        job.id()
    );
    diagnostics.extend(more);
    let summary = mcpengine_plan::summary(&api, &plan, &diagnostics);
    Ok(Understood {
        dialect: api.dialect,
        result: result(id, &job.project_id, &summary)?,
        plan,
    })
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

/// The API's result is the engine's summary; the tools have a route of their own.
fn result(
    id: &str,
    project_id: &str,
    summary: &mcpengine_plan::ReportSummary,
) -> Result<AnalysisResult, ApiError> {
    let mut value = serde_json::to_value(summary)?;
    if let Some(object) = value.as_object_mut() {
        object.insert("id".to_owned(), id.into());
        object.insert("projectId".to_owned(), project_id.into());
    }
    Ok(serde_json::from_value(value)?)
}

fn changes_to_wire(changes: mcpengine_plan::PlanChanges) -> Result<Box<PlanChanges>, ApiError> {
    Ok(serde_json::from_value(serde_json::to_value(changes)?)?)
}

fn found(tool: &mcpengine_plan::Tool) -> ToolSummary {
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

fn format_of(document: &[u8], dialect: Dialect) -> SpecFormat {
    match document.iter().find(|byte| !byte.is_ascii_whitespace()) {
        _ if dialect == Dialect::Prose => SpecFormat::Text,
        Some(b'{' | b'[') => SpecFormat::Json,
        _ => SpecFormat::Yaml,
    }
}

/// The objects of an analysis.
struct Written {
    id: String,
    spec: SpecMeta,
    plan_key: String,
    analysis_key: String,
}

impl Written {
    async fn new(
        project: &str,
        id: &str,
        document: &[u8],
        format: SpecFormat,
    ) -> Result<Self, ApiError> {
        let sha256 = crate::digest::sha256_hex(document).await?;
        Ok(Self {
            id: id.to_owned(),
            spec: SpecMeta {
                key: keys::spec(project, &sha256, format),
                format,
                sha256,
                bytes: document.len() as u64,
            },
            plan_key: keys::plan(project, id),
            analysis_key: keys::analysis(project, id),
        })
    }

    /// Takes the objects away again. The document itself may be that of the
    /// analysis before: it goes only where the project has no other.
    async fn remove(&self, job: &Job, is_ours: bool) {
        let mut keys = vec![self.plan_key.clone(), self.analysis_key.clone()];
        if is_ours {
            keys.push(self.spec.key.clone());
        }
        if let Err(error) = job.app.objects.delete(&keys).await {
            crate::log::error!("objects of a failed analysis stay behind: {error}");
        }
    }
}

async fn save_rows(
    job: &Job,
    written: &Written,
    edited: &ServerPlan,
    goal: Goal<'_>,
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
    let create = goal.new_project.then_some(NewProject {
        id: &job.project_id,
        team_id: goal.team_id,
        name: &name,
        slugs: &slugs,
        description: None,
        spec_url: goal.source_url,
    });
    let analyzed = Analyzed {
        project_id: &job.project_id,
        create,
        spec: written.spec.clone(),
        spec_url: goal.source_url,
        analysis: AnalysisMeta {
            id: written.id.clone(),
            plan_key: written.plan_key.clone(),
            analysis_key: written.analysis_key.clone(),
            service: edited.service.name.clone(),
            version: edited.service.version.clone(),
        },
        tools: &tools,
    };
    projects::set_analyzed(&job.app.db, &job.principal, &analyzed, &clock::now()).await?;
    Ok(())
}
