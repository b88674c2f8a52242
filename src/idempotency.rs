//! `Idempotency-Key`: a request that makes something and is sent twice makes it once
//! (draft-ietf-httpapi-idempotency-key-header-07).
//!
//! The key's row is claimed before the work and holds the id that what is made will
//! have ([`App::resource_id`]); the answer is kept before the client gets it. So
//! whatever breaks off, the next request with the key makes the same thing or finds
//! it made. Answers are sealed: some hold a token that is shown once.

use std::rc::Rc;

use mcpengine_store::idempotency::{self as keys, Claim, Held, NewClaim};
use mcpengine_store::{Principal, jobs};
use mcpengine_vault::Context as SecretContext;
use serde_json::json;
use sha2::{Digest, Sha256};
use worker::{Headers, Request, RequestInit, Response};

use crate::app::App;
use crate::clock;
use crate::digest;
use crate::error::ApiError;
use crate::http::{header, read_body, set_header};

/// How long a key stands for its first request.
const KEPT_MILLIS: u64 = 24 * 60 * 60 * 1_000;
/// How long a request may take before another one may carry it out.
const LEASE_MILLIS: u64 = 60_000;
const KEY_CHARS: usize = 255;
/// The largest body of any of the routes: a description, escaped as JSON.
const BODY_BYTES: usize = 2 * mcpengine_openapi::Limits::WORKER.bytes;
/// Keys that one scheduled event forgets.
const SWEPT: u32 = 1_000;

/// How a request goes on.
pub(crate) enum Begun {
    /// It has no key.
    Plain,
    /// It is to be carried out, and its answer given to [`Work::end`].
    Work(Work),
    /// Its job is there: its events are the answer.
    Follow(String),
    /// It was answered.
    Answer(Response),
}

/// A request that is carried out under a key.
pub(crate) struct Work {
    held: Held,
    /// The request again, its body unread.
    pub(crate) request: Request,
}

/// 1. The key's form, else 400 `invalid_idempotency_key`; 2. the body's size, else
///    413; 3. the claim: 422 `idempotency_key_reused` where the key stands for
///    another request, 409 `idempotency_key_in_use` while the first one runs.
pub(crate) async fn begin(
    app: &Rc<App>,
    principal: &Principal,
    request: &mut Request,
) -> Result<Begun, ApiError> {
    let Some(given) = header(request.headers(), "idempotency-key") else {
        return Ok(Begun::Plain);
    };
    let key = read_key(&given)?;
    let body = read_body(request, BODY_BYTES).await?;
    let claim = NewClaim {
        key: &key,
        fingerprint: &fingerprint(request, &body),
        resource_id: &clock::new_id()?,
        lease_until: &clock::rfc3339(clock::now_millis() + LEASE_MILLIS),
        kept_since: &kept_since(),
    };
    match keys::claim(&app.db, principal, &claim, &clock::now()).await? {
        Claim::Running => Err(ApiError::conflict(
            "idempotency_key_in_use",
            "The first request with this Idempotency-Key still runs. Send it again in a moment",
        )
        .with_details(json!({ "retryAfter": 1 }))),
        Claim::Reused => Err(ApiError::new(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Make a new one for each",
        )),
        Claim::Answered {
            resource_id,
            sealed: None,
            ..
        } => Ok(Begun::Follow(resource_id)),
        Claim::Answered {
            status,
            sealed: Some(sealed),
            ..
        } => Ok(Begun::Answer(replayed(
            status,
            open(app, principal, &key, &sealed)?,
        )?)),
        Claim::Held(held) => take_up(app, principal, held, request, &body).await,
    }
}

/// A second attempt whose job is there has nothing to do but to follow it.
async fn take_up(
    app: &Rc<App>,
    principal: &Principal,
    held: Held,
    request: &Request,
    body: &[u8],
) -> Result<Begun, ApiError> {
    let is_again = held.attempt > 1;
    if is_again
        && jobs::get(&app.db, principal, &held.resource_id)
            .await
            .is_ok()
    {
        keys::answer(&app.db, principal, &held, 200, None).await?;
        return Ok(Begun::Follow(held.resource_id));
    }
    app.reserve_resource_id(held.resource_id.clone());
    Ok(Begun::Work(Work {
        request: with_body(request, body)?,
        held,
    }))
}

impl Work {
    /// Keeps the answer, then gives it on.
    ///
    /// # Errors
    /// The handler's own; and the store's, where the answer cannot be kept: the
    /// client has to ask again.
    pub(crate) async fn end(
        self,
        app: &App,
        principal: &Principal,
        result: Result<Response, ApiError>,
    ) -> Result<Response, ApiError> {
        let mut response = match result {
            Ok(response) => response,
            Err(error) => {
                self.release(app, principal, &error).await;
                return Err(error);
            }
        };
        let status = response.status_code();
        let kind = header(response.headers(), "content-type").unwrap_or_default();
        if kind.starts_with("text/event-stream") {
            keys::answer(&app.db, principal, &self.held, status, None).await?;
            return Ok(response);
        }
        let body = response.bytes().await?;
        let sealed = seal(app, principal, &self.held.key, &body)?;
        keys::answer(&app.db, principal, &self.held, status, Some(&sealed)).await?;
        let headers = response.headers().clone();
        Ok(Response::from_bytes(body)?
            .with_status(status)
            .with_headers(headers))
    }

    /// A request that was refused made nothing; one that failed may have.
    async fn release(&self, app: &App, principal: &Principal, error: &ApiError) {
        let released = if error.status < 500 {
            keys::forget(&app.db, principal, &self.held).await
        } else {
            keys::give_up(&app.db, principal, &self.held, &clock::now()).await
        };
        if let Err(error) = released {
            // Its lease runs out.
            crate::log::error!("an idempotency key is not released: {error}");
        }
    }
}

/// Forgets keys that are older than a day.
///
/// # Errors
/// Those of the store.
pub(crate) async fn sweep(app: &App) -> Result<(), ApiError> {
    Ok(keys::sweep(&app.db, &kept_since(), SWEPT).await?)
}

fn kept_since() -> String {
    clock::rfc3339(clock::now_millis().saturating_sub(KEPT_MILLIS))
}

/// A structured field's string (RFC 9651 §3.3.3), or the same without quotes.
fn read_key(given: &str) -> Result<String, ApiError> {
    let given = given.trim();
    let quoted = given
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let key = quoted.unwrap_or(given);
    let fits = (1..=KEY_CHARS).contains(&key.len());
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    if fits && key.bytes().all(plain) {
        return Ok(key.to_owned());
    }
    Err(ApiError::bad_request(
        "invalid_idempotency_key",
        format!("Idempotency-Key is 1 to {KEY_CHARS} visible ASCII characters, a UUID say"),
    ))
}

/// What the key stands for: method, path, media type and body. A form's boundary is
/// made anew by each attempt, and is left out.
fn fingerprint(request: &Request, body: &[u8]) -> String {
    let kind = header(request.headers(), "content-type").unwrap_or_default();
    let media_type = kind.split(';').next().unwrap_or_default().trim();
    let mut hash = Sha256::new();
    for part in [
        request.inner().method().as_str(),
        &request.path(),
        &media_type.to_ascii_lowercase(),
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    match boundary(&kind) {
        None => hash.update(body),
        Some(boundary) => {
            for piece in pieces(body, boundary.as_bytes()) {
                hash.update(Sha256::digest(piece));
            }
        }
    }
    digest::hex(&hash.finalize())
}

fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    let is_form = kind.trim().eq_ignore_ascii_case("multipart/form-data");
    let boundary = parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("boundary="))?
        .trim_matches('"');
    Some(boundary).filter(|boundary| is_form && !boundary.is_empty())
}

/// What stands between the occurrences of `separator`, which is not empty.
fn pieces<'a>(mut rest: &'a [u8], separator: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let found = rest
            .windows(separator.len().max(1))
            .position(|window| window == separator);
        let Some((piece, after)) = found.and_then(|at| {
            let (piece, after) = rest.split_at_checked(at)?;
            Some((piece, after.get(separator.len()..)?))
        }) else {
            done = true;
            return Some(rest);
        };
        rest = after;
        Some(piece)
    })
}

fn with_body(request: &Request, body: &[u8]) -> Result<Request, ApiError> {
    let init = RequestInit {
        method: request.method(),
        headers: request.headers().clone(),
        body: Some(body)
            .filter(|body| !body.is_empty())
            .map(|body| js_sys::Uint8Array::from(body).into()),
        ..RequestInit::default()
    };
    Ok(Request::new_with_init(request.url()?.as_str(), &init)?)
}

fn context<'a>(principal: &'a Principal, key: &'a str) -> SecretContext<'a> {
    SecretContext {
        user: principal.user_id(),
        project: "",
        secret: key,
        field: "idempotency_keys.answer",
    }
}

fn seal(app: &App, principal: &Principal, key: &str, body: &[u8]) -> Result<String, ApiError> {
    let context = context(principal, key);
    mcpengine_vault::seal(&app.keyring()?, &context, body, clock::random()?)
        .map_err(|error| ApiError::internal(&format!("an answer is not sealed: {error}")))
}

fn open(app: &App, principal: &Principal, key: &str, sealed: &str) -> Result<Vec<u8>, ApiError> {
    let context = context(principal, key);
    let plain = mcpengine_vault::open(&app.keyring()?, &context, sealed)
        .map_err(|error| ApiError::internal(&format!("a kept answer does not open: {error}")))?;
    Ok(plain.expose().to_vec())
}

fn replayed(status: u16, body: Vec<u8>) -> Result<Response, ApiError> {
    let mut response = Response::from_bytes(body)?
        .with_status(status)
        .with_headers(Headers::new());
    for (name, value) in [
        ("content-type", "application/json; charset=utf-8"),
        ("cache-control", "no-store"),
        ("idempotency-replayed", "true"),
    ] {
        set_header(&mut response, name, value)?;
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_text_with_or_without_quotes() {
        let read = |text: &str| read_key(text).map_err(|error| error.code);
        let uuid = "8e03978e-40d5-43dd-bc93-6894a57f9324";
        assert_eq!(read(uuid), Ok(uuid.to_owned()));
        assert_eq!(read(&format!("\"{uuid}\"")), Ok(uuid.to_owned()));
        assert!(read(&"a".repeat(255)).is_ok());
        for bad in [
            "",
            "\"\"",
            "a b",
            "a\"",
            "\"a",
            "é",
            "a\\b",
            &"a".repeat(256),
        ] {
            assert_eq!(
                read(bad),
                Err("invalid_idempotency_key".to_owned()),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_form_is_the_same_whatever_its_boundary() {
        let split = |body: &'static [u8], by: &'static [u8]| pieces(body, by).collect::<Vec<_>>();
        assert_eq!(
            split(b"--x\r\na--x--", b"x"),
            split(b"--yy\r\na--yy--", b"yy")
        );
        assert_eq!(split(b"abc", b"x"), [b"abc"]);
        assert_eq!(split(b"", b"x"), [b""]);
        assert_eq!(split(b"x", b"x"), [b"", b""]);
        let form = "multipart/form-data; boundary=\"----a b\"";
        assert_eq!(boundary(form), Some("----a b"));
        assert_eq!(boundary("Multipart/Form-Data;boundary=q"), Some("q"));
        assert_eq!(boundary("application/json; boundary=q"), None);
        assert_eq!(boundary("multipart/form-data"), None);
    }
}
