//! The front end: static assets, with the headers that guard a page.

use base64::Engine as _;
use worker::{Fetcher, Request, Response};

use crate::app::App;
use crate::bindings;
use crate::clock;
use crate::error::ApiError;
use crate::http::{header, set_header};

/// What the build writes where a page's nonce goes (`cspNonce` in
/// frontend/vite.config.ts).
const NONCE_PLACE: &str = "MCPENGINE_NONCE";

/// Files of the build, whose names have their digest.
const BUILT: &str = "/assets/";
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Pages run scripts that carry the answer's own nonce, and what those load (CSP3
/// §8.2); they talk to the studio and to hosted servers. Styles may be inline:
/// components place themselves, and the notices bring their own.
fn policy(app: &App, nonce: &str) -> String {
    let servers = if app.config.is_development() {
        "http://*.localhost:* http://localhost:*".to_owned()
    } else {
        format!("https://*.{}", app.config.servers_domain)
    };
    let issuer = app.config.authentication.origin().unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'strict-dynamic'; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self' {servers} {issuer}; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// A file of the front end, or its index page for a path of the application.
pub(crate) async fn page(app: &App, request: Request) -> Result<Response, ApiError> {
    let assets: Fetcher = app
        .env
        .assets(bindings::ASSETS)
        .map_err(|_| ApiError::misconfigured("the binding ASSETS is not set".to_owned()))?;
    if request.path().starts_with(BUILT) {
        let answer = assets.fetch_request(request).await?;
        let headers = answer.headers().clone();
        let mut response = answer.with_headers(headers);
        if response.status_code() == 200 {
            set_header(&mut response, "cache-control", FOREVER)?;
        }
        return Ok(response);
    }
    let mut answer = assets.fetch_request(unconditional(&request)?).await?;
    let is_page =
        header(answer.headers(), "content-type").is_some_and(|kind| kind.starts_with("text/html"));
    if !is_page {
        let headers = answer.headers().clone();
        return Ok(answer.with_headers(headers));
    }
    let nonce = base64::engine::general_purpose::STANDARD.encode(clock::random::<16>()?);
    let text = answer.text().await?.replace(NONCE_PLACE, &nonce);
    let mut response = Response::from_html(text)?.with_status(answer.status_code());
    for (name, value) in [
        ("content-security-policy", policy(app, &nonce).as_str()),
        // A nonce is for one answer.
        ("cache-control", "no-store"),
    ] {
        set_header(&mut response, name, value)?;
    }
    Ok(response)
}

/// The request without what a browser has of it already: a page that was kept has
/// the nonce of another answer.
fn unconditional(request: &Request) -> Result<Request, ApiError> {
    let mut request = request.clone_mut()?;
    for name in ["if-none-match", "if-modified-since", "range"] {
        request.headers_mut()?.delete(name)?;
    }
    Ok(request)
}
