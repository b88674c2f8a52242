//! A project's plan as people see it: the engine's, read back from its object,
//! with the project's edits applied.

use mcpengine_plan::{Edit, ServerMode, ServerPlan};
use mcpengine_store::projects::Project;
use mcpengine_store::{ObjectStore, Principal, edits};

use crate::app::App;
use crate::error::ApiError;

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
    with_edits(app, principal, &project.id, plan).await
}

/// `plan` with the project's edits. An edit that no longer fits (its tool is
/// gone, or has changed underneath) is passed over; it stays in the log.
pub(crate) async fn with_edits(
    app: &App,
    principal: &Principal,
    project_id: &str,
    plan: ServerPlan,
) -> Result<ServerPlan, ApiError> {
    let edits = edits_of(app, principal, project_id).await?;
    if edits.is_empty() {
        return Ok(plan);
    }
    Ok(mcpengine_plan::apply(&plan, &edits).0)
}

/// The mode of the project's plan, which had `planned` before its edits. The plan
/// itself is not read.
pub(crate) async fn mode(
    app: &App,
    principal: &Principal,
    project_id: &str,
    planned: ServerMode,
) -> Result<ServerMode, ApiError> {
    let edits = edits_of(app, principal, project_id).await?;
    Ok(mcpengine_plan::edited_mode(planned, &edits))
}

async fn edits_of(
    app: &App,
    principal: &Principal,
    project_id: &str,
) -> Result<Vec<Edit>, ApiError> {
    let rows = edits::list(&app.db, principal, project_id, 0).await?;
    Ok(rows
        .into_iter()
        .map(|row| Edit {
            key: row.key,
            path: row.path,
            value: row.value,
            prev: row.prev,
        })
        .collect())
}

/// The mode as the HTTP API writes it.
pub(crate) fn mode_to_wire(mode: ServerMode) -> mcpengine_api::ServerMode {
    match mode {
        ServerMode::Direct => mcpengine_api::ServerMode::Direct,
        ServerMode::Dynamic => mcpengine_api::ServerMode::Dynamic,
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
