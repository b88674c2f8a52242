use std::rc::Rc;

use mcpengine_api::GenerateRequest;
use mcpengine_plan::{Edit, ServerMode, ServerPlan, ToolOverride};
use mcpengine_store::jobs::{JobKind, Lease};
use mcpengine_store::projects::{Project, ProjectPatch};
use mcpengine_store::{Principal, Role};
use mcpengine_tiers::Action;
use worker::{Request, Response};

use crate::app::App;
use crate::edits;
use crate::error::{ApiError, shown};
use crate::http::read_json;
use crate::jobs::generate_job::{self, Input};
use crate::jobs::input::JobInput;
use crate::jobs::{self, Job};
use crate::limits;
use crate::project_plan;
use crate::routes::projects;

/// 1. The fields, else 400; 2. the project, else 404; its analysis, else 409
///    `not_analyzed`; 3. with the overrides at least one tool, else 409 `no_tools`;
/// 4. one use of the tier's rate, else 429; 5. the overrides become edits, else 409
///    `edit_conflict`; 6. the job's stream.
pub(crate) async fn generate(
    app: Rc<App>,
    principal: Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: GenerateRequest = read_json(request).await?;
    let mut project = projects::load_as(&app, &principal, &body.project_id, Role::Editor).await?;
    let Some(analysis) = project.analysis.clone() else {
        return Err(ApiError::conflict(
            "not_analyzed",
            project_plan::not_analyzed().message,
        ));
    };
    let mut plan = project_plan::load(&app, &principal, &project).await?;
    let overrides = overrides(&plan, &body)?;
    // A large plan and its copy do not fit into the isolate side by side.
    if !overrides.is_empty() {
        plan = mcpengine_plan::apply(&plan, &overrides).0;
    }
    if !plan.tools.iter().any(|tool| tool.enabled) {
        return Err(ApiError::conflict(
            "no_tools",
            "No tool is enabled. Enable at least one and generate again",
        ));
    }
    let held = limits::holder(&app, &principal, Some(&project.id)).await?;
    let one = limits::take(&app, held, Action::Generate).await?;
    let lease = create(&app, &principal, &mut project, overrides, &one.job_id).await;
    let lease = one.unless_failed(&app, lease).await?;
    let job = Job::new(app, principal, JobKind::Generate, lease, project.id);
    let first = generate_job::progress("", 0, job.id(), &job.project_id);
    let input = Input {
        plan,
        analysis_id: analysis.id,
        revision: project.revision,
    };
    one.told(jobs::run(job, &first, move |job| {
        generate_job::run(job, input)
    })?)
}

/// The edits, and then the job's row.
async fn create(
    app: &App,
    principal: &Principal,
    project: &mut Project,
    overrides: Vec<Edit>,
    job_id: &str,
) -> Result<Lease, ApiError> {
    if !overrides.is_empty() {
        project.revision =
            edits::append(app, principal, project, overrides, &ProjectPatch::default()).await?;
    }
    let job = (JobKind::Generate, job_id);
    jobs::create(app, principal, job, &project.id, &JobInput::Generate).await
}

/// The overrides as edits of the plan as it is now. A key that the plan does not
/// have is a mistake of the caller, and no conflict.
fn overrides(plan: &ServerPlan, body: &GenerateRequest) -> Result<Vec<Edit>, ApiError> {
    let known = |key: &str| plan.tools.iter().any(|tool| tool.key == key);
    if let Some(tool) = body.tools.iter().find(|tool| !known(&tool.key)) {
        let message = format!("The plan has no tool {}", shown(&tool.key));
        return Err(ApiError::bad_request("unknown_tool", message));
    }
    let tools: Vec<ToolOverride> = body.tools.iter().cloned().map(from_wire).collect();
    let mut edits = mcpengine_plan::overrides(plan, &tools);
    edits.extend(disabled_schemes(plan, body)?);
    let mode = body.mode.map(|mode| match mode {
        mcpengine_api::ServerMode::Direct => ServerMode::Direct,
        mcpengine_api::ServerMode::Dynamic => ServerMode::Dynamic,
    });
    edits.extend(mode.and_then(|mode| mcpengine_plan::mode_edit(plan, mode)));
    Ok(edits)
}

fn from_wire(tool: mcpengine_api::ToolOverride) -> ToolOverride {
    ToolOverride {
        key: tool.key,
        name: tool.name,
        title: tool.title,
        description: tool.description,
        group: tool.group,
        enabled: tool.enabled,
    }
}

fn disabled_schemes(plan: &ServerPlan, body: &GenerateRequest) -> Result<Vec<Edit>, ApiError> {
    let ids = body
        .auth
        .as_ref()
        .map(|auth| auth.disabled_schemes.as_slice())
        .unwrap_or_default();
    ids.iter()
        .map(|id| {
            if !plan.auth.schemes.iter().any(|scheme| scheme.id == *id) {
                return Err(ApiError::bad_request(
                    "unknown_scheme",
                    format!("The plan has no scheme {}", shown(id)),
                ));
            }
            Ok(Edit {
                key: String::new(),
                path: vec!["auth".to_owned(), id.clone(), "enabled".to_owned()],
                value: false.into(),
                prev: true.into(),
            })
        })
        .collect()
}
