//! A project's plan as people see it: the engine's, read back from its object,
//! with the project's edits applied; and how they go on over a new version.

use std::collections::HashSet;

use mcpengine_plan::{Edit, PlanChanges, ServerMode, ServerPlan};
use mcpengine_store::projects::{self, Project};
use mcpengine_store::{ObjectStore, Principal, edits};
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::clock;
use crate::edits::to_rows;
use crate::error::ApiError;

/// Entries of a summary of changes: it goes with every answer that has the
/// analysis.
const MOST_ENTRIES: usize = 100;

/// The edited plan of an analysed project.
///
/// # Errors
/// `not_analyzed` (404) before the first analysis.
pub(crate) async fn load(
    app: &App,
    principal: &Principal,
    project: &Project,
) -> Result<ServerPlan, ApiError> {
    let analysis = project.analysis.as_ref().ok_or_else(not_analyzed)?;
    let bytes = object(app, &analysis.plan_key).await?;
    let plan: ServerPlan = serde_json::from_slice(&bytes)?;
    drop(bytes);
    with_edits(app, principal, &project.id, plan).await
}

/// `plan` with the project's edits. An edit that no longer fits (its tool is
/// gone, or has changed underneath) is passed over; it stays in the log.
async fn with_edits(
    app: &App,
    principal: &Principal,
    project_id: &str,
    plan: ServerPlan,
) -> Result<ServerPlan, ApiError> {
    let log = log(app, principal, project_id).await?;
    if log.is_empty() {
        return Ok(plan);
    }
    Ok(mcpengine_plan::apply(&plan, &log).0)
}

/// The mode of the project's plan, which had `planned` before its edits. The plan
/// itself is not read.
pub(crate) async fn mode(
    app: &App,
    principal: &Principal,
    project_id: &str,
    planned: ServerMode,
) -> Result<ServerMode, ApiError> {
    let log = log(app, principal, project_id).await?;
    Ok(mcpengine_plan::edited_mode(planned, &log))
}

/// The mode as the HTTP API writes it.
pub(crate) fn mode_to_wire(mode: ServerMode) -> mcpengine_api::ServerMode {
    match mode {
        ServerMode::Direct => mcpengine_api::ServerMode::Direct,
        ServerMode::Dynamic => mcpengine_api::ServerMode::Dynamic,
    }
}

async fn log(app: &App, principal: &Principal, project_id: &str) -> Result<Vec<Edit>, ApiError> {
    let rows = edits::list(&app.db, principal, project_id, 0).await?;
    let log = rows.into_iter().map(|row| Edit {
        key: row.key,
        path: row.path,
        value: row.value,
        prev: row.prev,
    });
    Ok(log.collect())
}

/// A new plan of a project that has been analysed before, with the project's
/// edits, and what it changes. Edits of operations whose placeholders only have
/// other names are appended under their new keys; done twice, they say the same.
///
/// # Errors
/// `revision_changed` (409) where somebody edits the project meanwhile.
pub(crate) async fn carry(
    app: &App,
    principal: &Principal,
    project_id: &str,
    plan: ServerPlan,
) -> Result<(ServerPlan, Option<PlanChanges>), ApiError> {
    let project = projects::get(&app.db, principal, project_id).await?;
    let Some(before) = before::<ServerPlan>(app, &project).await? else {
        return Ok((with_edits(app, principal, project_id, plan).await?, None));
    };
    let log = log(app, principal, project_id).await?;
    let difference = mcpengine_plan::diff(&before, &plan);
    let carried = mcpengine_plan::carry(&log, &before, plan);
    drop(before);
    if !carried.append.is_empty() {
        let rows = to_rows(carried.append);
        let (revision, now) = (project.revision, clock::now());
        edits::append(&app.db, principal, project_id, revision, &rows, None, &now).await?;
    }
    let (kept, conflicts) = (carried.kept, &carried.conflicts);
    let changes = PlanChanges::new(&difference, kept, conflicts, MOST_ENTRIES);
    Ok((carried.plan, Some(changes)))
}

/// Keys of the tools that the engine had on in the analysis before.
pub(crate) async fn enabled_before(
    app: &App,
    principal: &Principal,
    project_id: &str,
) -> Result<HashSet<String>, ApiError> {
    /// A plan without its schemas: the description is in memory as well.
    #[derive(serde::Deserialize)]
    struct Slim {
        tools: Vec<SlimTool>,
    }
    #[derive(serde::Deserialize)]
    struct SlimTool {
        key: String,
        enabled: bool,
    }
    let project = projects::get(&app.db, principal, project_id).await?;
    let slim: Option<Slim> = before(app, &project).await?;
    let tools = slim.map(|slim| slim.tools).unwrap_or_default();
    let enabled = tools.into_iter().filter(|tool| tool.enabled);
    Ok(enabled.map(|tool| tool.key).collect())
}

/// The plan of the analysis before, as the engine made it. `None` before the
/// first; also where it cannot be read, because a new analysis mends that.
async fn before<Plan: DeserializeOwned>(
    app: &App,
    project: &Project,
) -> Result<Option<Plan>, ApiError> {
    let Some(analysis) = &project.analysis else {
        return Ok(None);
    };
    let Some(bytes) = app.objects.get(&analysis.plan_key).await? else {
        crate::log::error!("the object {} is missing", analysis.plan_key);
        return Ok(None);
    };
    match serde_json::from_slice(&bytes) {
        Ok(plan) => Ok(Some(plan)),
        Err(error) => {
            crate::log::error!("the plan {} cannot be read: {error}", analysis.plan_key);
            Ok(None)
        }
    }
}

/// An object that a row points to.
///
/// # Errors
/// `internal`: a row never points to what is not there.
pub(crate) async fn object(app: &App, key: &str) -> Result<Vec<u8>, ApiError> {
    app.objects
        .get(key)
        .await?
        .ok_or_else(|| ApiError::internal(&format!("the object {key} is missing")))
}

pub(crate) fn not_analyzed() -> ApiError {
    ApiError::not_found(
        "not_analyzed",
        "The project has no analysis yet. Send its description to /api/analyze",
    )
}
