use mcpengine_api::{CreateToken, EndpointToken, TokenList, TokenSummary};
use mcpengine_store::audit::Action;
use mcpengine_store::{Principal, Role, tokens};
use worker::{Request, Response};

use crate::app::App;
use crate::clock;
use crate::endpoint_token::{self, Minted};
use crate::error::ApiError;
use crate::http::{json_response, read_json_or_default};
use crate::routes::projects::load_as;

/// Of a token whose maker gave it no name.
const DEFAULT_NAME: &str = "token";

pub(crate) async fn list_tokens(
    app: &App,
    principal: &Principal,
    project_id: &str,
) -> Result<Response, ApiError> {
    load_as(app, principal, project_id, Role::Editor).await?;
    let rows = tokens::list(&app.db, principal, project_id).await?;
    let tokens = rows.into_iter().map(summary).collect();
    json_response(200, &TokenList { tokens })
}

/// 1. The name, else 400; 2. the project, else 404; 3. room for another, else
///    409 `too_many_tokens`. The answer is the one place that holds the token.
pub(crate) async fn create_token(
    app: &App,
    principal: &Principal,
    project_id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: CreateToken = read_json_or_default(request).await?;
    let name = body.name.unwrap_or_else(|| DEFAULT_NAME.to_owned());
    load_as(app, principal, project_id, Role::Editor).await?;
    let Minted { token, row } =
        endpoint_token::mint(app, principal, project_id, name.trim()).await?;
    let shown = EndpointToken {
        id: row.id,
        name: row.name,
        token: token.expose().to_owned(),
        last4: row.last4,
        created_at: row.created_at,
    };
    json_response(201, &shown)
}

/// 1. The project, else 404 `project_not_found`; 2. its token, else 404
///    `token_not_found`. It is refused from the next request on.
pub(crate) async fn revoke_token(
    app: &App,
    principal: &Principal,
    project_id: &str,
    token_id: &str,
) -> Result<Response, ApiError> {
    load_as(app, principal, project_id, Role::Editor).await?;
    let (action, project) = (Action::EndpointTokenRevoked, Some(project_id));
    let db = app.noted(principal, action, token_id, project, None)?;
    tokens::revoke(&db, principal, project_id, token_id, &clock::now()).await?;
    Ok(Response::builder().with_status(204).empty())
}

pub(super) fn summary(row: tokens::EndpointToken) -> TokenSummary {
    TokenSummary {
        id: row.id,
        name: row.name,
        last4: row.last4,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    }
}
