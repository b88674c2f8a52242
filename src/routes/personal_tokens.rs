use mcpengine_api::{
    CreatePersonalToken, PersonalToken, PersonalTokenList, PersonalTokenSummary, TokenScope,
};
use mcpengine_store::Principal;
use mcpengine_store::audit::Action;
use mcpengine_store::personal_tokens::{self, NewPersonalToken};
use mcpengine_vault::token::{self, PERSONAL_PREFIX};
use worker::{Request, Response};

use crate::app::App;
use crate::auth::scopes;
use crate::clock;
use crate::error::ApiError;
use crate::http::{json_response, read_json};

const DEFAULT_DAYS: u32 = 90;
const DAYS: std::ops::RangeInclusive<u32> = 1..=366;
const DAY_MILLIS: u64 = 24 * 60 * 60 * 1_000;

pub(crate) async fn list_personal_tokens(
    app: &App,
    principal: &Principal,
) -> Result<Response, ApiError> {
    let rows = personal_tokens::list(&app.db, principal).await?;
    let tokens = rows.into_iter().map(summary).collect();
    json_response(200, &PersonalTokenList { tokens })
}

/// 1. Scopes and life, else 400 `invalid_scopes`, `invalid_lifetime`; 2. the name,
///    else 400; 3. room for another, else 409 `too_many_tokens`. The answer is the
///    one place that holds the token.
pub(crate) async fn create_personal_token(
    app: &App,
    principal: &Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: CreatePersonalToken = read_json(request).await?;
    let days = body.expires_in_days.unwrap_or(DEFAULT_DAYS);
    if body.scopes.is_empty() {
        let message = "scopes names what the token may do, one thing at least";
        return Err(ApiError::bad_request("invalid_scopes", message));
    }
    if !DAYS.contains(&days) {
        let message = "expiresInDays is from 1 to 366";
        return Err(ApiError::bad_request("invalid_lifetime", message));
    }
    let token = token::mint(PERSONAL_PREFIX, clock::random()?);
    let new = NewPersonalToken {
        id: &app.resource_id()?,
        name: body.name.trim(),
        token_hash: &token.hash,
        last4: &token.last4,
        scopes: &scopes::to_text(&body.scopes),
        expires_at: &clock::rfc3339(clock::now_millis() + u64::from(days) * DAY_MILLIS),
    };
    let db = app.noted(principal, Action::PersonalTokenCreated, new.id, None, None)?;
    let row = personal_tokens::insert(&db, principal, &new, &clock::now()).await?;
    let shown = PersonalToken {
        token: token.expose().to_owned(),
        summary: summary(row),
    };
    json_response(201, &shown)
}

/// Its token, else 404 `token_not_found`. It is refused from the next request on.
pub(crate) async fn revoke_personal_token(
    app: &App,
    principal: &Principal,
    token_id: &str,
) -> Result<Response, ApiError> {
    let db = app.noted(
        principal,
        Action::PersonalTokenRevoked,
        token_id,
        None,
        None,
    )?;
    personal_tokens::revoke(&db, principal, token_id, &clock::now()).await?;
    Ok(Response::builder().with_status(204).empty())
}

pub(super) fn summary(row: personal_tokens::PersonalToken) -> PersonalTokenSummary {
    let scopes: Vec<TokenScope> = scopes::of_text(&row.scopes);
    PersonalTokenSummary {
        id: row.id,
        name: row.name,
        last4: row.last4,
        scopes,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    }
}
