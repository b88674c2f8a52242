//! Headers that every answer of the studio carries, whatever made it, and which
//! pages of other origins may ask for it. A hosted server's answers have their own
//! (src/gateway.rs).

use worker::{Request, Response};

use crate::config::Config;
use crate::error::ApiError;
use crate::http::{header, set_header};

pub(crate) const REFERRER_POLICY: &str = "strict-origin-when-cross-origin";
pub(crate) const OPENER_POLICY: &str = "same-origin";
pub(crate) const PERMISSIONS_POLICY: &str =
    "camera=(), microphone=(), geolocation=(), payment=(), usb=()";

/// Said by every answer that does not say something else.
const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", REFERRER_POLICY),
    ("cross-origin-opener-policy", OPENER_POLICY),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", PERMISSIONS_POLICY),
    // Of what is no page: where a browser shows it all the same, nothing runs.
    (
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    ),
];

/// Two years, as the preload list asks; the servers below are another domain.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// `config` is missing where the Worker does not start.
pub(crate) fn apply(response: &mut Response, config: Option<&Config>) -> Result<(), ApiError> {
    for (name, value) in HEADERS {
        if header(response.headers(), name).is_none() {
            set_header(response, name, value)?;
        }
    }
    if config.is_some_and(|config| !config.is_development()) {
        set_header(response, "strict-transport-security", HSTS)?;
    }
    Ok(())
}

/// What another origin's script may send and see.
const ALLOWED: [(&str, &str); 4] = [
    (
        "access-control-allow-methods",
        "GET, HEAD, POST, PATCH, PUT, DELETE",
    ),
    (
        "access-control-allow-headers",
        "authorization, content-type, accept, last-event-id, idempotency-key, if-match, \
         if-none-match",
    ),
    (
        "access-control-expose-headers",
        "etag, location, retry-after, x-request-id, idempotency-replayed, ratelimit, \
         ratelimit-policy, ratelimit-limit, ratelimit-remaining, ratelimit-reset",
    ),
    ("access-control-max-age", "600"),
];

/// The origin of a request's page, where `CORS_ORIGINS` lists it. Never `*`, and
/// never with credentials: who asks says so in `Authorization`.
pub(crate) fn allowed_origin(config: &Config, request: &Request) -> Option<String> {
    let origin = header(request.headers(), "origin")?;
    config.cors_origins.contains(&origin).then_some(origin)
}

/// Whether it is a browser that asks what a page of another origin may do
/// (Fetch §3.3.3).
pub(crate) fn is_preflight(request: &Request) -> bool {
    request.inner().method() == "OPTIONS"
        && header(request.headers(), "origin").is_some()
        && header(request.headers(), "access-control-request-method").is_some()
}

/// The answer to it: empty, and with no leave for an origin that is not listed.
pub(crate) fn preflight(origin: Option<&str>) -> Result<Response, ApiError> {
    let mut response = Response::builder().with_status(204).empty();
    if origin.is_some() {
        for (name, value) in ALLOWED {
            set_header(&mut response, name, value)?;
        }
    }
    allow(&mut response, origin)?;
    Ok(response)
}

/// Lets the page of that origin read the answer.
pub(crate) fn allow(response: &mut Response, origin: Option<&str>) -> Result<(), ApiError> {
    let vary = match header(response.headers(), "vary") {
        Some(vary) => format!("{vary}, Origin"),
        None => "Origin".to_owned(),
    };
    set_header(response, "vary", &vary)?;
    let Some(origin) = origin else { return Ok(()) };
    for (name, value) in ALLOWED {
        if name == "access-control-expose-headers" {
            set_header(response, name, value)?;
        }
    }
    set_header(response, "access-control-allow-origin", origin)?;
    set_header(response, "cross-origin-resource-policy", "cross-origin")
}
