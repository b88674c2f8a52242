//! What comes back of an API that repeats the credential it was sent: in the text of
//! an error, in a header, in the address of another page. The isolate must not see
//! it, nor who called the tool.

use js_sys::{Array, Function, JsString, Promise, Reflect};
use mcpengine_plan::AuthScheme;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::js;
use crate::bindings;
use crate::error::ApiError;
use crate::secrets::{self, Opened};

/// Of an error's body; the generated code shows a model far less.
const ERROR_BYTES: usize = 64 * 1024;
/// The last status that an answer may have (Fetch §5.5).
const MAX_STATUS: u16 = 599;
/// Of the body, which is another one now.
const ABOUT_BODY: [&str; 3] = ["content-length", "content-encoding", "transfer-encoding"];

/// The answer without the secrets of a version, of which those of `chosen` were sent.
/// What succeeds is the API's own data: a stream stays one, what is no text goes on as
/// it is, and of what may be in it by chance nothing is taken out.
pub(super) async fn without(
    response: web_sys::Response,
    secrets: &Opened,
    chosen: &[&AuthScheme],
) -> Result<web_sys::Response, ApiError> {
    let status = response.status();
    let written = secrets::written(secrets, chosen.iter().copied());
    if written.is_empty() {
        return Ok(response);
    }
    if status < 300 {
        return data(response, secrets, chosen, &written).await;
    }
    let secrets: Vec<&str> = written.iter().map(String::as_str).collect();
    let headers = headers(&response, &secrets)?;
    let body = match response.body() {
        Some(body) if status >= 400 => {
            for name in ABOUT_BODY {
                headers.delete(name).map_err(js)?;
            }
            // Twice as much, so that a secret is whole that begins before the end.
            let mut bytes = beginning(&body, 2 * ERROR_BYTES).await?;
            bytes = mcpengine_vault::without(&bytes, &secrets).unwrap_or(bytes);
            bytes.truncate(ERROR_BYTES);
            // A copy on JavaScript's side: the answer outlives this call.
            Some(js_sys::Uint8Array::from(bytes.as_slice()))
        }
        // Nobody reads a redirect's body.
        _ => None,
    };
    let init = web_sys::ResponseInit::new();
    // Some send 999, which no answer can be made with.
    init.set_status(status.min(MAX_STATUS));
    init.set_status_text(&response.status_text());
    init.set_headers(&headers);
    web_sys::Response::new_with_opt_js_u8_array_and_init(body.as_ref(), &init).map_err(js)
}

/// An answer of success. The name of a user or a client is data as well.
async fn data(
    response: web_sys::Response,
    secrets: &Opened,
    chosen: &[&AuthScheme],
    written: &[String],
) -> Result<web_sys::Response, ApiError> {
    let users: Vec<&str> = chosen
        .iter()
        .flat_map(|scheme| scheme.choices())
        .filter(|choice| choice.len() > 1)
        .filter_map(|choice| secrets.get(&choice.first()?.name))
        .map(String::as_str)
        .collect();
    let distinct = written.iter().map(String::as_str);
    let forms = mcpengine_vault::forms_in_data(distinct.filter(|text| !users.contains(text)));
    if forms.is_empty() {
        return Ok(response);
    }
    let forms: Array = forms.into_iter().map(JsString::from).collect();
    let without: Function = Reflect::get(&js_sys::global(), &bindings::WITHOUT.into())
        .and_then(JsCast::dyn_into)
        .map_err(js)?;
    let clean: Promise = without
        .call2(&JsValue::UNDEFINED, &response, &forms)
        .and_then(JsCast::dyn_into)
        .map_err(js)?;
    let clean = JsFuture::from(clean).await.map_err(js)?;
    clean.dyn_into().map_err(js)
}

/// Those that hold no secret. Of an address the rest is kept: the next hop gets its
/// credential here again.
fn headers(response: &web_sys::Response, secrets: &[&str]) -> Result<web_sys::Headers, ApiError> {
    let own = response.headers();
    let headers = web_sys::Headers::new_with_headers(&own).map_err(js)?;
    let all = js_sys::Array::from(&own);
    for pair in all.iter() {
        let pair: js_sys::Array = pair.unchecked_into();
        let (name, value) = (pair.get(0).as_string(), pair.get(1).as_string());
        let (Some(name), Some(value)) = (name, value) else {
            continue;
        };
        let Some(rest) = mcpengine_vault::without(value.as_bytes(), secrets) else {
            continue;
        };
        if name == "location" {
            let rest = String::from_utf8_lossy(&rest);
            headers.set(&name, &rest).map_err(js)?;
        } else {
            headers.delete(&name).map_err(js)?;
        }
    }
    Ok(headers)
}

/// At most `limit` bytes; the rest is not waited for.
async fn beginning(body: &web_sys::ReadableStream, limit: usize) -> Result<Vec<u8>, ApiError> {
    let reader: web_sys::ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    while bytes.len() < limit {
        let read = JsFuture::from(reader.read()).await.map_err(js)?;
        let chunk = js_sys::Reflect::get(&read, &"value".into()).map_err(js)?;
        let Ok(chunk) = chunk.dyn_into::<js_sys::Uint8Array>() else {
            return Ok(bytes);
        };
        bytes.extend(chunk.to_vec());
    }
    let _ = JsFuture::from(reader.cancel()).await;
    bytes.truncate(limit);
    Ok(bytes)
}
