//! The one guarded fetch: whatever is fetched on a user's behalf comes through
//! here. Each hop is judged by `fetch-policy`, the body is counted while it
//! streams, and the whole has a deadline.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use mcpengine_fetch_policy::{self as policy, Denied, Policy};
use serde_json::json;
use url::Url;
use worker::{
    AbortController, AbortSignal, Delay, Fetch, Headers, Method, Request, RequestInit,
    RequestRedirect, Response,
};

use crate::config::Config;
use crate::error::ApiError;
use crate::http::header;

/// For a whole exchange that sends a body: a registry takes its time.
const SEND_TIMEOUT_SECS: u64 = 60;

#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) bytes: Vec<u8>,
    /// Where the last redirect led.
    pub(crate) url: String,
}

/// Fetches a document of at most `limit` bytes, decoded.
///
/// # Errors
/// `url_denied` (400) with the policy's reason, `url_unreachable`, `url_status`,
/// `url_timeout` (422), `body_too_large` (413). The body of a failure is never
/// passed on.
pub(crate) async fn document(
    config: &Config,
    address: &str,
    limit: usize,
) -> Result<Fetched, ApiError> {
    within(&config.fetch_policy(), address, limit, policy::TIMEOUT_SECS).await
}

/// The same under a policy and a deadline of the caller's own.
pub(crate) async fn within(
    policy: &Policy,
    address: &str,
    limit: usize,
    seconds: u64,
) -> Result<Fetched, ApiError> {
    let url = policy::check(address, policy).map_err(|denied| refused(&denied))?;
    let abort = AbortController::default();
    let signal = abort.signal();
    let work = Box::pin(follow(policy, url, limit, &signal));
    let deadline = Box::pin(Delay::from(Duration::from_secs(seconds)));
    match select(work, deadline).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => {
            abort.abort();
            Err(timeout(seconds))
        }
    }
}

/// A request that carries something of a user's, a token or a package.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: Method,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: Vec<u8>,
}

/// What came back, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) bytes: Vec<u8>,
}

/// The address, where a request with a credential may go: https, loopback in
/// development aside.
///
/// # Errors
/// `url_denied` (400) with the policy's reason.
pub(crate) fn check_destination(config: &Config, address: &str) -> Result<Url, ApiError> {
    let policy = Policy {
        require_https: true,
        ..config.fetch_policy()
    };
    policy::check(address, &policy).map_err(|denied| refused(&denied))
}

/// Sends one request and reads at most `limit` bytes of its answer. A redirect is
/// an answer: a credential does not follow it.
///
/// # Errors
/// Those of [`check_destination`], `url_unreachable` and `url_timeout` (422),
/// `body_too_large` (413).
pub(crate) async fn send(
    config: &Config,
    address: &str,
    outgoing: Outgoing<'_>,
    limit: usize,
) -> Result<Answer, ApiError> {
    send_within(config, address, outgoing, limit, SEND_TIMEOUT_SECS).await
}

/// The same within a deadline of the caller's own.
pub(crate) async fn send_within(
    config: &Config,
    address: &str,
    outgoing: Outgoing<'_>,
    limit: usize,
    seconds: u64,
) -> Result<Answer, ApiError> {
    let url = check_destination(config, address)?;
    let abort = AbortController::default();
    let signal = abort.signal();
    let work = Box::pin(exchange(&url, outgoing, limit, &signal));
    let deadline = Box::pin(Delay::from(Duration::from_secs(seconds)));
    match select(work, deadline).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => {
            abort.abort();
            Err(timeout(seconds))
        }
    }
}

async fn exchange(
    url: &Url,
    outgoing: Outgoing<'_>,
    limit: usize,
    signal: &AbortSignal,
) -> Result<Answer, ApiError> {
    let headers = Headers::new();
    headers.set("user-agent", "MCPEngine-Studio")?;
    for (name, value) in outgoing.headers {
        headers.set(name, value)?;
    }
    let body = Some(outgoing.body)
        .filter(|body| !body.is_empty())
        .map(|body| js_sys::Uint8Array::from(body.as_slice()).into());
    let init = RequestInit {
        method: outgoing.method,
        headers,
        body,
        redirect: RequestRedirect::Manual,
        ..RequestInit::default()
    };
    let request = Request::new_with_init(url.as_str(), &init)?;
    let sent = Fetch::Request(request).send_with_signal(signal).await;
    let response = sent.map_err(|_| unreachable_at(url))?;
    let status = response.status_code();
    let headers = response.headers().clone();
    let bytes = read(response, limit).await?;
    Ok(Answer {
        status,
        headers,
        bytes,
    })
}

fn unreachable_at(url: &Url) -> ApiError {
    let host = url.host_str().unwrap_or("The address");
    ApiError::new(422, "url_unreachable", format!("{host} cannot be reached"))
}

fn timeout(seconds: u64) -> ApiError {
    let message = format!("The address did not answer within {seconds} s");
    ApiError::new(422, "url_timeout", message)
}

async fn follow(
    policy: &Policy,
    mut url: Url,
    limit: usize,
    signal: &AbortSignal,
) -> Result<Fetched, ApiError> {
    for hop in 1.. {
        let response = get(&url, signal).await?;
        let status = response.status_code();
        let location = header(response.headers(), "location");
        match (status, location) {
            (301 | 302 | 303 | 307 | 308, Some(location)) => {
                url = policy::check_redirect(&url, &location, hop, policy)
                    .map_err(|denied| refused(&denied))?;
            }
            (200..=299, _) => {
                let bytes = read(response, limit).await?;
                return Ok(Fetched {
                    bytes,
                    url: url.into(),
                });
            }
            _ => {
                return Err(ApiError::new(
                    422,
                    "url_status",
                    format!("The address answered with status {status}"),
                )
                .with_details(json!({ "status": status })));
            }
        }
    }
    Err(ApiError::internal("the hops of a fetch ran out"))
}

async fn get(url: &Url, signal: &AbortSignal) -> Result<Response, ApiError> {
    let headers = Headers::new();
    headers.set(
        "accept",
        "application/json, application/yaml, text/yaml, text/plain;q=0.9, */*;q=0.5",
    )?;
    headers.set("user-agent", "MCPEngine-Studio")?;
    let init = RequestInit {
        headers,
        redirect: RequestRedirect::Manual,
        ..RequestInit::default()
    };
    let request = Request::new_with_init(url.as_str(), &init)?;
    Fetch::Request(request)
        .send_with_signal(signal)
        .await
        .map_err(|_| unreachable_at(url))
}

async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut stream = response.stream()?;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            ApiError::new(
                422,
                "url_cut_off",
                "The address broke off in the middle of its answer",
            )
        })?;
        if bytes.len() + chunk.len() > limit {
            return Err(ApiError::too_large("The document at the address", limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn refused(denied: &Denied) -> ApiError {
    ApiError::bad_request("url_denied", denied.message.clone())
        .with_details(json!({ "reason": denied.code }))
}
