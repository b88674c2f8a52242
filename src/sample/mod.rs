//! The sample API: a small lending library with real state, served at
//! `/sample-api` in development only, so that a first tool call needs no network
//! and no key. It is an upstream like any other: hosted servers reach it through
//! the outbound entrypoint, over HTTP.

mod books;
mod loans;
mod members;
mod sql;

use mcpengine_store::Database;
use serde_json::{Value, json};
use url::Url;
use worker::{Method, Request, Response};

use crate::error::ApiError;
use crate::http::{json_response, parse_json, read_body};

/// Path under which the sample lives.
pub(crate) const PREFIX: &str = "/sample-api";

/// Path of its own OpenAPI document.
pub(crate) const DOCUMENT_PATH: &str = "/sample-api/openapi.json";

const DOCUMENT: &str = include_str!("openapi.json");
const BODY_LIMIT: usize = 64 << 10;

/// What a sample operation answers: a status and a JSON body.
type Answer = Result<(u16, Value), Problem>;

/// A refusal in the sample's own error shape, or a fault of ours.
enum Problem {
    Status(u16, String),
    Fault(ApiError),
}

impl Problem {
    fn invalid(message: impl Into<String>) -> Self {
        Self::Status(400, message.into())
    }

    fn missing(what: &str, id: &str) -> Self {
        Self::Status(
            404,
            format!("There is no {what} {}", crate::error::shown(id)),
        )
    }
}

impl<E: Into<ApiError>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// Answers a request below [`PREFIX`].
pub(crate) async fn handle(
    db: &impl Database,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let url = request.url()?;
    let path = url
        .path()
        .strip_prefix(PREFIX)
        .unwrap_or_default()
        .to_owned();
    if path == "/openapi.json" {
        return json_response(200, &serde_json::from_str::<Value>(DOCUMENT)?);
    }
    match dispatch(db, request, &url, &path).await {
        Ok((204, _)) => Ok(Response::builder().with_status(204).empty()),
        Ok((status, body)) => json_response(status, &body),
        Err(Problem::Status(status, message)) => {
            json_response(status, &json!({ "error": message }))
        }
        Err(Problem::Fault(error)) if error.message.contains("no such table") => {
            Err(ApiError::misconfigured(
                "the sample data is not loaded: run `cargo xtask dev`".to_owned(),
            ))
        }
        Err(Problem::Fault(error)) => Err(error),
    }
}

async fn dispatch(db: &impl Database, request: &mut Request, url: &Url, path: &str) -> Answer {
    let segments: Vec<String> = path
        .split('/')
        .skip(1)
        .map(|segment| {
            percent_encoding::percent_decode_str(segment)
                .decode_utf8_lossy()
                .into()
        })
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method(), segments.as_slice()) {
        (Method::Get, ["books"]) => books::list(db, url).await,
        (Method::Post, ["books"]) => books::add(db, &body(request).await?).await,
        (Method::Get, ["books", id]) => books::get(db, id).await,
        (Method::Patch, ["books", id]) => books::update(db, id, &body(request).await?).await,
        (Method::Delete, ["books", id]) => books::remove(db, id).await,
        (Method::Get, ["stats"]) => books::stats(db).await,
        (Method::Get, ["members"]) => members::list(db, url).await,
        (Method::Post, ["members"]) => members::add(db, &body(request).await?).await,
        (Method::Get, ["members", id]) => members::get(db, id).await,
        (Method::Get, ["loans"]) => loans::list(db, url).await,
        (Method::Post, ["loans"]) => loans::lend(db, &body(request).await?).await,
        (Method::Post, ["loans", id, "return"]) => loans::take_back(db, id).await,
        _ => Err(Problem::Status(
            404,
            "There is no such operation".to_owned(),
        )),
    }
}

async fn body(request: &mut Request) -> Result<Value, Problem> {
    let bytes = read_body(request, BODY_LIMIT).await?;
    match parse_json::<Value>(&bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(Problem::invalid("The body is not a JSON object")),
        Err(error) => Err(Problem::invalid(error.message)),
    }
}

/// `limit` and `offset` of a listing.
fn page(url: &Url) -> Result<(i64, i64), Problem> {
    let limit = number(url, "limit", 20, 1, 100)?;
    let offset = number(url, "offset", 0, 0, i64::from(u32::MAX))?;
    Ok((limit, offset))
}

fn number(url: &Url, name: &str, default: i64, min: i64, max: i64) -> Result<i64, Problem> {
    match query(url, name) {
        None => Ok(default),
        Some(text) => text
            .parse::<i64>()
            .ok()
            .filter(|number| (min..=max).contains(number))
            .ok_or_else(|| Problem::invalid(format!("{name} is a number from {min} to {max}"))),
    }
}

fn flag(url: &Url, name: &str) -> Result<bool, Problem> {
    match query(url, name).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::invalid(format!("{name} is true or false"))),
    }
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// A text field of 1 to 200 characters; `None` where it is absent.
fn text(body: &Value, name: &str) -> Result<Option<String>, Problem> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if (1..=200).contains(&text.chars().count()) => {
            Ok(Some(text.clone()))
        }
        Some(_) => Err(Problem::invalid(format!(
            "{name} is a text of 1 to 200 characters"
        ))),
    }
}

fn required(body: &Value, name: &str) -> Result<String, Problem> {
    text(body, name)?.ok_or_else(|| Problem::invalid(format!("{name} is missing")))
}
