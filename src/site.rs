//! The front end: static assets, with the headers that guard a page.

use std::sync::OnceLock;

use base64::Engine as _;
use sha2::{Digest, Sha256};
use worker::{Fetcher, Request, Response};

use crate::app::App;
use crate::bindings;
use crate::error::ApiError;
use crate::http::set_header;

/// The page as it is written; the build leaves its inline script alone.
const INDEX: &str = include_str!("../frontend/index.html");

/// The one inline script sets the theme before anything is painted. It is
/// allowed by its hash (CSP3 §8.4).
fn inline_script() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let script = INDEX
            .split_once("<script>")
            .and_then(|(_, rest)| rest.split_once("</script>"))
            .map_or("", |(script, _)| script);
        let digest = Sha256::digest(script.as_bytes());
        let digest = base64::engine::general_purpose::STANDARD.encode(digest);
        format!("'sha256-{digest}'")
    })
}

/// Pages run our own scripts and talk to the studio and to hosted servers; styles
/// are inline because components place themselves.
fn policy(app: &App) -> String {
    let servers = if app.config.is_development() {
        "http://*.localhost:* http://localhost:*".to_owned()
    } else {
        format!("https://*.{}", app.config.servers_domain)
    };
    let script = inline_script();
    let issuer = app.config.authentication.origin().unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self' {script}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self' {servers} {issuer}; \
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
