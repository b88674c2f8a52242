//! Headers of a hosted server's requests and answers.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::Request;
use worker::{Headers, Response};

use crate::error::ApiError;
use crate::guards;

/// A header of the request.
pub(super) fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}

/// What a page's script may send, besides the headers that stand for arguments.
const CORS_HEADERS: &str = "authorization, content-type, accept, last-event-id, \
    mcp-protocol-version, mcp-method, mcp-name, mcp-session-id";

/// The answer to a CORS preflight. `Mcp-Param-…` is named after the argument that
/// it stands for (MCP 2026-07-28, Streamable HTTP), so those asked for are allowed.
pub(super) fn preflight(request: &Request) -> Result<Response, ApiError> {
    let asked = header(request, "access-control-request-headers");
    let asked = asked.unwrap_or_default().to_ascii_lowercase();
    let is_plain = |name: &&str| {
        let mut bytes = name.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let parameters = asked
        .split(',')
        .map(str::trim)
        .filter(|name| name.starts_with("mcp-param-"))
        .filter(is_plain);
    let allowed: Vec<&str> = std::iter::once(CORS_HEADERS).chain(parameters).collect();
    let response = Response::builder().with_status(204).empty();
    let mut response = with_cors(response)?;
    let allowed = allowed.join(", ");
    crate::http::set_header(&mut response, "access-control-allow-headers", &allowed)?;
    Ok(response)
}

/// What every answer of a hosted server says.
const HEADERS: [(&str, &str); 11] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, POST, DELETE, OPTIONS"),
    ("access-control-allow-headers", CORS_HEADERS),
    (
        "access-control-expose-headers",
        "mcp-session-id, www-authenticate, x-request-id",
    ),
    ("access-control-max-age", "86400"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "cross-origin"),
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", guards::REFERRER_POLICY),
    ("cross-origin-opener-policy", guards::OPENER_POLICY),
    ("permissions-policy", guards::PERMISSIONS_POLICY),
];

thread_local! {
    /// [`HEADERS`] on JavaScript's side: a copy is one call, and each of them another.
    static MADE: RefCell<Option<web_sys::Headers>> = const { RefCell::new(None) };
}

/// A copy of [`HEADERS`].
fn headers() -> Result<web_sys::Headers, JsValue> {
    MADE.with_borrow_mut(|made| {
        let all = match made {
            Some(all) => all,
            None => {
                let all = web_sys::Headers::new()?;
                for (name, value) in HEADERS {
                    all.set(name, value)?;
                }
                made.insert(all)
            }
        };
        web_sys::Headers::new_with_headers(all)
    })
}

/// What an answer may say in its headers. A hosted server is one of many below a
/// domain, so it must not plant cookies there, send browsers elsewhere, clear what
/// they keep or change their rules.
const ANSWER_HEADERS: [&str; 12] = [
    "allow",
    "cache-control",
    "content-type",
    "etag",
    "last-modified",
    "mcp-protocol-version",
    "mcp-session-id",
    "retry-after",
    "vary",
    "www-authenticate",
    "x-accel-buffering",
    "x-request-id",
];

/// The response with those of its headers that may leave, and with ours.
pub(super) fn with_cors(response: Response) -> Result<Response, ApiError> {
    let make = || -> Result<web_sys::Headers, JsValue> {
        let (own, headers) = (&response.headers().0, headers()?);
        for name in names(own) {
            if ANSWER_HEADERS.contains(&name.as_str())
                && let Some(value) = own.get(&name)?
            {
                headers.set(&name, &value)?;
            }
        }
        Ok(headers)
    };
    let headers = make().map_err(|error| ApiError::internal(&format!("headers: {error:?}")))?;
    Ok(response.with_headers(Headers(headers)))
}

/// The names of all headers, in one call.
pub(super) fn names(headers: &web_sys::Headers) -> Vec<String> {
    let all = String::from(Array::from(&headers.keys()).join("\n"));
    let names = all.split('\n').filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}
