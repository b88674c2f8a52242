//! Who asks. One extractor makes the [`Principal`]; nothing else does.

use std::cell::Cell;

use mcpengine_store::{Principal, users};
use worker::Request;

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::http::header;

thread_local! {
    /// Whether this isolate has seen to the local user's row.
    static LOCAL_USER_IS_THERE: Cell<bool> = const { Cell::new(false) };
}

/// The principal of a request to the API.
///
/// # Errors
/// `origin_not_allowed` for a request that another site's page makes, and
/// `unauthenticated` outside development, where no identity can be verified yet.
pub(crate) async fn principal(app: &App, request: &Request) -> Result<Principal, ApiError> {
    check_origin(app, request)?;
    if app.config.is_development() {
        if !LOCAL_USER_IS_THERE.get() {
            users::ensure_local(&app.db, &clock::now()).await?;
            LOCAL_USER_IS_THERE.set(true);
        }
        return Ok(Principal::user(users::LOCAL_USER_ID));
    }
    Err(ApiError::new(
        401,
        "unauthenticated",
        "Sign in to use the studio",
    ))
}

/// Browsers name the page that makes a request. One from elsewhere must not use
/// the studio that happens to run on this machine, whatever the method.
fn check_origin(app: &App, request: &Request) -> Result<(), ApiError> {
    let Some(origin) = header(request.headers(), "origin") else {
        return Ok(());
    };
    let host = url::Url::parse(&origin)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    match host {
        Some(host) if app.config.studio_hosts.contains(&host) => Ok(()),
        _ => Err(ApiError::new(
            403,
            "origin_not_allowed",
            "The request comes from a page of another site",
        )),
    }
}
