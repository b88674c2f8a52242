//! The authorization endpoint (RFC 6749 §3.1 with RFC 7636): the sign-in page.
//! `prompt=none` takes the local account without asking.

use std::collections::BTreeMap;

use url::Url;
use worker::{Request, Response};

use super::grant::{Code, seal_for};
use super::token::read_form;
use super::{Account, CLIENT_ID};
use crate::app::App;
use crate::error::ApiError;
use crate::http::set_header;

const PAGE: &str = include_str!("sign-in.html");
/// Where the front end takes the code.
const CALLBACK: &str = "/auth/callback";

/// A request for a code that is in order.
struct Asked {
    redirect_uri: Url,
    state: Option<String>,
    challenge: String,
    nonce: Option<String>,
    silent: bool,
}

/// # Errors
/// `invalid_authorization_request` (400). What is wrong is shown and not sent to
/// `redirect_uri`: only an address of the studio's own gets a code.
fn read(app: &App, url: &Url) -> Result<Asked, ApiError> {
    let mut query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    let invalid = |message: &str| ApiError::bad_request("invalid_authorization_request", message);
    let redirect_uri = query
        .get("redirect_uri")
        .and_then(|text| Url::parse(text).ok())
        .filter(|target| {
            let host = target.host_str().unwrap_or_default().to_owned();
            let own = app.config.studio_hosts.contains(&host);
            own && matches!(target.scheme(), "http" | "https") && target.path() == CALLBACK
        })
        .ok_or_else(|| invalid("redirect_uri is not /auth/callback of this studio"))?;
    let is = |name: &str, value: &str| query.get(name).is_some_and(|given| given == value);
    if !is("client_id", CLIENT_ID) || !is("response_type", "code") {
        return Err(invalid("client_id or response_type is not the studio's"));
    }
    if !is("code_challenge_method", "S256") {
        return Err(invalid("code_challenge_method is not S256"));
    }
    let silent = is("prompt", "none");
    let challenge = query
        .remove("code_challenge")
        .filter(|challenge| challenge.len() == 43)
        .ok_or_else(|| invalid("code_challenge is not a SHA-256 in base64url"))?;
    Ok(Asked {
        redirect_uri,
        state: query.remove("state"),
        challenge,
        nonce: query.remove("nonce"),
        silent,
    })
}

/// The page, or the way back for who must not be asked.
pub(super) fn ask(app: &App, request: &Request) -> Result<Response, ApiError> {
    let asked = read(app, &request.url()?)?;
    if asked.silent {
        return back(app, asked, &Account::local());
    }
    let mut response = Response::from_html(PAGE)?;
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'",
        ),
        ("cache-control", "no-store"),
        // Not `no-referrer`: the form would be sent with `Origin: null`.
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
    ] {
        set_header(&mut response, name, value)?;
    }
    Ok(response)
}

/// The page's form: `account` names another account than the local one.
pub(super) async fn answer(app: &App, request: &mut Request) -> Result<Response, ApiError> {
    let asked = read(app, &request.url()?)?;
    let form = read_form(request).await?;
    let account = form
        .get("account")
        .and_then(|name| Account::named(name))
        .unwrap_or_else(Account::local);
    back(app, asked, &account)
}

fn back(app: &App, asked: Asked, account: &Account) -> Result<Response, ApiError> {
    let mut target = asked.redirect_uri;
    let code = Code {
        redirect_uri: target.as_str().to_owned(),
        challenge: asked.challenge,
        nonce: asked.nonce,
    };
    let code = seal_for(app, account, Some(code))?;
    let mut query = target.query_pairs_mut();
    query.append_pair("code", &code);
    if let Some(state) = &asked.state {
        query.append_pair("state", state);
    }
    drop(query);
    let mut response = Response::builder().with_status(303).empty();
    set_header(&mut response, "location", target.as_str())?;
    set_header(&mut response, "cache-control", "no-store")?;
    Ok(response)
}
