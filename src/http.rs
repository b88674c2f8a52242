//! Requests decoded with bounds, and answers encoded the same way everywhere.

use futures_util::StreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use worker::{Headers, Request, Response};

use crate::error::ApiError;

/// Bodies of plain API calls; descriptions have a limit of their own.
pub(crate) const JSON_BODY_LIMIT: usize = 1 << 20;

/// Reads the whole body, refusing it as soon as it is over `limit` bytes.
///
/// # Errors
/// `body_too_large`, `unsupported_encoding`, or a body that broke off.
pub(crate) async fn read_body(request: &mut Request, limit: usize) -> Result<Vec<u8>, ApiError> {
    let encoding = header(request.headers(), "content-encoding");
    if encoding
        .as_deref()
        .is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity"))
    {
        return Err(ApiError::new(
            415,
            "unsupported_encoding",
            "Send the body without Content-Encoding",
        ));
    }
    let announced = header(request.headers(), "content-length")
        .and_then(|length| length.parse::<usize>().ok())
        .unwrap_or_default();
    if announced > limit {
        return Err(ApiError::too_large("The body", limit));
    }
    if request.inner().body().is_none() {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::with_capacity(announced);
    let mut stream = request.stream()?;
    while let Some(chunk) = stream.next().await {
        let chunk =
            chunk.map_err(|_| ApiError::bad_request("body_cut_off", "The body broke off"))?;
        if bytes.len() + chunk.len() > limit {
            return Err(ApiError::too_large("The body", limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Reads a JSON body into `T`.
///
/// # Errors
/// `invalid_json` with line and column, `invalid_field` where the shape is wrong,
/// and those of [`read_body`].
pub(crate) async fn read_json<T: DeserializeOwned>(request: &mut Request) -> Result<T, ApiError> {
    let body = read_body(request, JSON_BODY_LIMIT).await?;
    parse_json(&body)
}

/// As [`read_json`]; no body at all, or `null`, means all defaults.
pub(crate) async fn read_json_or_default<T: DeserializeOwned + Default>(
    request: &mut Request,
) -> Result<T, ApiError> {
    let body = read_body(request, JSON_BODY_LIMIT).await?;
    if body.is_empty() {
        return Ok(T::default());
    }
    Ok(parse_json::<Option<T>>(&body)?.unwrap_or_default())
}

/// Parses JSON into `T`; errors as in [`read_json`].
pub(crate) fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    mcpengine_api::from_json(body).map_err(|error| {
        let (code, what) = if error.is_data() {
            (
                "invalid_field",
                "The body does not have the expected fields",
            )
        } else {
            ("invalid_json", "The body is not JSON")
        };
        ApiError::bad_request(code, format!("{what}: {error}"))
            .with_details(json!({ "line": error.line(), "column": error.column() }))
    })
}

/// Items of a page that asks for no number.
const DEFAULT_PAGE: u32 = 20;

/// `limit` and `cursor` of a list that comes in pages.
///
/// # Errors
/// `invalid_limit`.
pub(crate) fn page_of(request: &Request) -> Result<(u32, Option<String>), ApiError> {
    let url = request.url()?;
    let query = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let limit = match query("limit") {
        None => DEFAULT_PAGE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=100).contains(limit))
            .ok_or_else(|| ApiError::bad_request("invalid_limit", "limit is from 1 to 100"))?,
    };
    Ok((limit, query("cursor")))
}

pub(crate) fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).ok().flatten()
}

/// `value` as JSON with `status`.
pub(crate) fn json_response<T: Serialize>(status: u16, value: &T) -> Result<Response, ApiError> {
    let body = serde_json::to_vec(value)?;
    let mut response = Response::from_bytes(body)?.with_status(status);
    set_header(
        &mut response,
        "content-type",
        "application/json; charset=utf-8",
    )?;
    set_header(&mut response, "cache-control", "no-store")?;
    Ok(response)
}

pub(crate) fn set_header(response: &mut Response, name: &str, value: &str) -> Result<(), ApiError> {
    response
        .headers_mut()
        .set(name, value)
        .map_err(ApiError::from)
}

/// The error envelope; never fails, for there is nothing behind it.
pub(crate) fn error_response(error: &ApiError, request_id: &str) -> Response {
    json_response(error.status, &error.envelope(request_id))
        .unwrap_or_else(|_| Response::builder().with_status(500).empty())
}
