//! Answers of the API: the object itself, or `{"error": {"type", "code", "message"}}`.

use serde::Deserialize;
use serde_json::Value;

use crate::failure::{Failure, Kind};

/// Longer answers are not read; a session has some 5 kB.
pub const MAX_BYTES: usize = 1 << 20;

/// Of Stripe's own words this much is shown.
const MESSAGE_CHARS: usize = 400;

/// An answer as it came.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    /// The header `Stripe-Should-Retry`.
    pub should_retry: Option<&'a str>,
    /// The header `Retry-After`.
    pub retry_after: Option<&'a str>,
    pub body: &'a [u8],
}

#[derive(Deserialize)]
struct Envelope {
    error: Problem,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: String,
    code: Option<String>,
    message: Option<String>,
}

/// The object of an answer that says that all went well.
///
/// # Errors
/// Stripe refused, or answered something else than it documents.
pub fn object(answer: &Answer<'_>) -> Result<Value, Failure> {
    if (200..=299).contains(&answer.status) {
        let object: Option<Value> = serde_json::from_slice(answer.body).ok();
        return object
            .filter(Value::is_object)
            .ok_or_else(|| failure(answer, None, "its answer does not have the documented form"));
    }
    match serde_json::from_slice::<Envelope>(answer.body) {
        Ok(Envelope { error }) => {
            let message = error.message.as_deref().unwrap_or("it refused");
            let code = error.code.unwrap_or(error.kind);
            Err(failure(answer, Some(one_line(&code)), message))
        }
        Err(_) => Err(failure(answer, None, "it refused without a reason")),
    }
}

/// The address of a page at Stripe, of a session of either kind.
///
/// # Errors
/// As [`object`]; also for an address that is not https, loopback aside.
pub fn session_url(answer: &Answer<'_>) -> Result<String, Failure> {
    let session = object(answer)?;
    let url = session.get("url").and_then(Value::as_str);
    url.filter(|url| is_page(url))
        .map(str::to_owned)
        .ok_or_else(|| failure(answer, None, "it answered without the address of its page"))
}

/// The browser is sent there, so it must not be `javascript:` or the like.
fn is_page(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else {
        return false;
    };
    url.scheme() == "https" || (url.scheme() == "http" && url.host_str() == Some("127.0.0.1"))
}

fn failure(answer: &Answer<'_>, code: Option<String>, message: &str) -> Failure {
    Failure {
        kind: match answer.status {
            401 | 403 => Kind::Unauthorized,
            404 => Kind::NotFound,
            409 => Kind::Conflict,
            429 => Kind::RateLimited,
            408 | 424 | 500..=599 => Kind::Unavailable,
            _ => Kind::Refused,
        },
        status: Some(answer.status),
        code,
        message: one_line(message),
        should_retry: answer.should_retry.and_then(|value| value.parse().ok()),
        retry_after: answer
            .retry_after
            .and_then(|value| value.trim().parse().ok()),
    }
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(MESSAGE_CHARS).collect()
}
