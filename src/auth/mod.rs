//! Who asks. One extractor makes the [`Principal`]; nothing else does.

pub(crate) mod built_in;
mod configuration;
mod key_set;
mod personal;
pub(crate) mod scopes;
mod signature;

use std::rc::Rc;

use mcpengine_identity::{Identity, Refused, Unverified};
use mcpengine_store::users::{self, SignIn, User};
use mcpengine_store::{Principal, StoreError};
use mcpengine_vault::token::bearer;
use serde_json::json;
use worker::Request;

pub(crate) use configuration::Authentication;

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::http::header;

use scopes::Access;

/// The principal of a request to the API: whoever the token in `Authorization`
/// is about. The account is made on the first request.
///
/// # Errors
/// `origin_not_allowed` (403) for a request that another site's page makes;
/// `unauthenticated`, `token_expired`, `invalid_token` (401); `account_deleted`
/// (403); `sign_in_unavailable` (503) while the issuer's keys cannot be had;
/// `insufficient_scope`, `session_required` (403) for a personal access token that
/// the route's `access` does not let in.
pub(crate) async fn principal(
    app: &Rc<App>,
    request: &Request,
    access: Access,
) -> Result<Principal, ApiError> {
    check_origin(app, request)?;
    let authorization = header(request.headers(), "authorization").unwrap_or_default();
    let token = bearer(&authorization)
        .ok_or_else(|| ApiError::new(401, "unauthenticated", "Sign in to use the studio"))?;
    if personal::looks_like_one(token) {
        return Ok(Principal::user(personal::owner(app, token, access).await?));
    }
    let identity = verify(app, token).await?;
    let user = account(app, &identity).await?;
    if user.deleted_at.is_some() {
        return Err(account_deleted());
    }
    Ok(Principal::user(user.id))
}

fn account_deleted() -> ApiError {
    ApiError::new(403, "account_deleted", "This account was deleted")
}

/// 1. form and header; 2. the key; 3. the signature; 4. the claims.
async fn verify(app: &Rc<App>, token: &str) -> Result<Identity, ApiError> {
    let token = Unverified::read(token).map_err(|error| refused(&error))?;
    let key = key_set::find(app, &token).await?;
    if !signature::verify(&key, token.signed(), token.signature()).await {
        let message = "The token's signature is not the issuer's";
        return Err(refused(&Refused::new("signature", message)));
    }
    let seconds = i64::try_from(clock::now_millis() / 1_000).unwrap_or(i64::MAX);
    token
        .claims(&app.config.authentication.policy, seconds)
        .map_err(|error| refused(&error))
}

async fn account(app: &App, identity: &Identity) -> Result<User, ApiError> {
    let now = clock::now();
    // What was made before there was a sign-in stays with the local account.
    if app.config.authentication.is_built_in() && identity.subject == built_in::LOCAL {
        let known = users::get(&app.db, &Principal::user(users::LOCAL_USER_ID)).await;
        return match known {
            Err(StoreError::NotFound(_)) => Ok(users::ensure_local(&app.db, &now).await?),
            known => Ok(known?),
        };
    }
    let sign_in = SignIn {
        id: &clock::new_id()?,
        issuer: &identity.issuer,
        subject: &identity.subject,
        email: identity.email.as_deref(),
        name: identity.name.as_deref(),
    };
    Ok(users::sign_in(&app.db, &sign_in, &now).await?)
}

fn refused(refused: &Refused) -> ApiError {
    let code = if refused.reason == "expired" {
        "token_expired"
    } else {
        "invalid_token"
    };
    ApiError::new(401, code, refused.message).with_details(json!({ "reason": refused.reason }))
}

/// Browsers name the page that makes a request. One from elsewhere must not use
/// the studio that happens to run on this machine, whatever the method, unless the
/// operator lists its origin.
fn check_origin(app: &App, request: &Request) -> Result<(), ApiError> {
    let Some(origin) = header(request.headers(), "origin") else {
        return Ok(());
    };
    let host = url::Url::parse(&origin)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    match host {
        Some(host) if app.config.studio_hosts.contains(&host) => Ok(()),
        _ if app.config.cors_origins.contains(&origin) => Ok(()),
        _ => Err(ApiError::new(
            403,
            "origin_not_allowed",
            "The request comes from a page of another site",
        )),
    }
}
