//! Answers of the API: `{"success", "errors": [{"code", "message"}], "messages",
//! "result"}` (<https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/>).

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::{Failure, Kind, known};

/// Longer answers are not read: the largest of ours is a script's description.
pub const MAX_BYTES: usize = 1 << 20;

/// Of Cloudflare's own words this much is shown.
const MESSAGE_CHARS: usize = 400;

/// An answer as it came.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<&'a str>,
    pub body: &'a [u8],
}

#[derive(Deserialize)]
struct Envelope<T> {
    success: bool,
    #[serde(default = "none")]
    result: Option<T>,
    #[serde(default)]
    errors: Vec<Problem>,
}

fn none<T>() -> Option<T> {
    None
}

#[derive(Deserialize)]
struct Problem {
    code: i64,
    message: String,
    /// The causes of a general code, such as 6003.
    #[serde(default)]
    error_chain: Vec<Self>,
}

/// The `result` of an answer that says that all went well.
///
/// # Errors
/// The API refused, or answered something else than it documents.
pub fn result<T: DeserializeOwned>(answer: &Answer<'_>) -> Result<T, Failure> {
    read(answer)?.ok_or_else(|| unexpected(answer, "it answered without a result"))
}

/// Whether all went well, where the result does not matter.
///
/// # Errors
/// As [`result`].
pub fn success(answer: &Answer<'_>) -> Result<(), Failure> {
    // A successful delete may have no body at all.
    if (200..=299).contains(&answer.status) && answer.body.is_empty() {
        return Ok(());
    }
    read::<serde::de::IgnoredAny>(answer).map(drop)
}

/// As [`success`]; what is not there any more is as good as deleted.
///
/// # Errors
/// As [`result`].
pub fn deleted(answer: &Answer<'_>) -> Result<(), Failure> {
    match success(answer) {
        Err(failure) if failure.is_no_script() => Ok(()),
        other => other,
    }
}

fn read<T: DeserializeOwned>(answer: &Answer<'_>) -> Result<Option<T>, Failure> {
    let is_success = (200..=299).contains(&answer.status);
    if !is_success {
        // Of a refusal only the errors count, whatever its result is.
        let envelope = serde_json::from_slice::<Envelope<serde::de::IgnoredAny>>(answer.body);
        let problems = envelope.map(|envelope| envelope.errors);
        return Err(refused(answer, &problems.unwrap_or_default()));
    }
    match serde_json::from_slice::<Envelope<T>>(answer.body) {
        Ok(envelope) if envelope.success => Ok(envelope.result),
        Ok(envelope) => Err(refused(answer, &envelope.errors)),
        Err(_) => Err(unexpected(
            answer,
            "its answer does not have the documented form",
        )),
    }
}

fn refused(answer: &Answer<'_>, problems: &[Problem]) -> Failure {
    let Some(problem) = problems.first() else {
        return unexpected(answer, "it refused without a reason");
    };
    // The cause says more than what it caused.
    let problem = problem.error_chain.first().unwrap_or(problem);
    // What passes by itself is told by the status, whatever the code.
    let (kind, meaning) = match kind_of_passing(answer.status) {
        Some(passing) => (passing, ""),
        None => known(problem.code).unwrap_or((kind(answer.status), "")),
    };
    Failure {
        kind,
        status: Some(answer.status),
        code: Some(problem.code),
        message: one_line(&problem.message),
        meaning,
        retry_after: seconds(answer),
    }
}

fn unexpected(answer: &Answer<'_>, why: &str) -> Failure {
    Failure {
        kind: kind(answer.status),
        status: Some(answer.status),
        code: None,
        message: why.to_owned(),
        meaning: "",
        retry_after: seconds(answer),
    }
}

const fn kind_of_passing(status: u16) -> Option<Kind> {
    match status {
        429 => Some(Kind::RateLimited),
        408 | 500..=599 => Some(Kind::Unavailable),
        _ => None,
    }
}

fn kind(status: u16) -> Kind {
    kind_of_passing(status).unwrap_or(match status {
        401 | 403 => Kind::Unauthorized,
        404 => Kind::NotFound,
        _ => Kind::Refused,
    })
}

/// `Retry-After` in seconds; Cloudflare documents no dates there.
fn seconds(answer: &Answer<'_>) -> Option<u64> {
    answer.retry_after?.trim().parse().ok()
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(MESSAGE_CHARS).collect()
}
