//! Edits of a plan: checked against the plan that people see, then appended.

use mcpengine_plan::Edit;
use mcpengine_store::projects::{Project, ProjectPatch};
use mcpengine_store::{Principal, edits};
use serde_json::json;

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::project_plan;

pub(crate) fn from_wire(edits: Vec<mcpengine_api::Edit>) -> Vec<Edit> {
    edits
        .into_iter()
        .map(|edit| Edit {
            key: edit.key,
            path: edit.path,
            value: edit.value,
            prev: edit.prev,
        })
        .collect()
}

pub(crate) fn to_rows(edits: Vec<Edit>) -> Vec<edits::NewEdit> {
    edits
        .into_iter()
        .map(|edit| edits::NewEdit {
            key: edit.key,
            path: edit.path,
            value: edit.value,
            prev: edit.prev,
        })
        .collect()
}

/// Appends the edits and makes the change of the project, all or nothing, and
/// returns the revision after them.
///
/// # Errors
/// `edit_conflict` (409) for the first edit that does not fit the plan as it is
/// now, `revision_changed` (409) where somebody else was faster.
pub(crate) async fn append(
    app: &App,
    principal: &Principal,
    project: &Project,
    given: Vec<Edit>,
    patch: &ProjectPatch,
) -> Result<i64, ApiError> {
    let plan = project_plan::load(app, principal, project).await?;
    let (edited, conflicts) = mcpengine_plan::apply(&plan, &given);
    if let Some(conflict) = conflicts.first() {
        return Err(
            ApiError::conflict("edit_conflict", conflict.message.clone())
                .with_details(json!({ "key": conflict.edit.key, "path": conflict.edit.path })),
        );
    }
    let rows = to_rows(given);
    let enabled = edited.tools.iter().filter(|tool| tool.enabled).count();
    let enabled = i64::try_from(enabled).ok();
    let now = clock::now();
    Ok(edits::append_with(
        &app.db,
        principal,
        &project.id,
        project.revision,
        &rows,
        enabled,
        patch,
        &now,
    )
    .await?)
}
