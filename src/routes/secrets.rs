use mcpengine_api::{SecretList, SecretSummary};
use mcpengine_store::audit::Action;
use mcpengine_store::{Principal, Role, api_keys};
use worker::Response;

use crate::app::App;
use crate::error::ApiError;
use crate::http::json_response;
use crate::routes::projects::load_as;

/// Names and last characters; the secrets themselves are shown to nobody.
pub(crate) async fn list_secrets(
    app: &App,
    principal: &Principal,
    project_id: &str,
) -> Result<Response, ApiError> {
    load_as(app, principal, project_id, Role::Editor).await?;
    let rows = api_keys::list(&app.db, principal, project_id).await?;
    let secrets = rows.into_iter().map(summary).collect();
    json_response(200, &SecretList { secrets })
}

pub(super) fn summary(row: api_keys::ApiKeyName) -> SecretSummary {
    SecretSummary {
        name: row.name,
        last4: row.last4,
        created_at: row.created_at,
    }
}

/// 1. The project, else 404 `project_not_found`; 2. its credential, else 404
///    `credential_not_found`. The live server is without it from the next call on.
pub(crate) async fn delete_secret(
    app: &App,
    principal: &Principal,
    project_id: &str,
    name: &str,
) -> Result<Response, ApiError> {
    load_as(app, principal, project_id, Role::Editor).await?;
    let db = app.noted(
        principal,
        Action::SecretDeleted,
        name,
        Some(project_id),
        None,
    )?;
    api_keys::delete(&db, principal, project_id, name).await?;
    Ok(Response::builder().with_status(204).empty())
}
