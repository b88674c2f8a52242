//! The front end: static assets, with the headers that guard a page.

use worker::{Fetcher, Request, Response};

use crate::app::App;
use crate::bindings;
use crate::error::ApiError;
use crate::http::set_header;

/// Pages run our own scripts and talk to the studio and to hosted servers; styles
/// are inline because components place themselves.
fn policy(app: &App) -> String {
    let servers = if app.config.is_development() {
        "http://*.localhost:* http://localhost:*".to_owned()
    } else {
        format!("https://*.{}", app.config.servers_domain)
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self' {servers}; \
         manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// A file of the front end, or its index page for a path of the application.
pub(crate) async fn page(app: &App, request: Request) -> Result<Response, ApiError> {
    let assets: Fetcher = app
        .env
        .assets(bindings::ASSETS)
        .map_err(|_| ApiError::misconfigured("the binding ASSETS is not set".to_owned()))?;
    let answer = assets.fetch_request(request).await?;
    let headers = answer.headers().clone();
    let mut response = answer.with_headers(headers);
    for (name, value) in [
        ("content-security-policy", policy(app).as_str()),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=()",
        ),
    ] {
        set_header(&mut response, name, value)?;
    }
    Ok(response)
}
