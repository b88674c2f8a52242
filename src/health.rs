//! The health check of a version that is to go live: it has to list its tools, as a client of
//! the current protocol revision would ask (MCP 2026-07-28, `tools/list`).

use std::rc::Rc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use worker::Delay;

use crate::app::App;
use crate::error::ApiError;
use crate::hosted::{self, Version};
use crate::place::Place;

const PROTOCOL: &str = "2026-07-28";
/// More pages than any server of ours has.
const MAX_PAGES: u32 = 100;

#[derive(Deserialize)]
struct Answer {
    result: ToolsList,
}

/// Of the tools only the names are kept: as values, a large server's would fill
/// the isolate's memory.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolsList {
    tools: Vec<Listed>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
}

/// A new address of `workers.dev` answers after a while: milliseconds between the
/// attempts to find out.
const PATIENCE_MS: [u64; 6] = [250, 500, 1_000, 3_000, 8_000, 15_000];

/// Starts the version, which lists its tools; returns their names.
///
/// # Errors
/// `server_failed` where it does not start, `health_check_failed` where it
/// answers something else or lists fewer tools than it has.
pub(crate) async fn check(app: &Rc<App>, version: &Version) -> Result<Vec<String>, ApiError> {
    let mut waits = PATIENCE_MS.iter();
    let has_address = matches!(version.place, Place::Worker { .. });
    let tools = loop {
        let error = match list_tools(app, version).await {
            Ok(tools) => break tools,
            Err(error) => error,
        };
        match waits.next().filter(|_| has_address) {
            Some(wait) => Delay::from(Duration::from_millis(*wait)).await,
            None => return Err(error),
        }
    };
    let expected = version.config.tools;
    if count(&tools) < expected {
        let message = format!("The version lists {} tools of {expected}", tools.len());
        return Err(ApiError::new(502, "health_check_failed", message));
    }
    Ok(tools)
}

pub(crate) fn count(tools: &[String]) -> u32 {
    u32::try_from(tools.len()).unwrap_or(u32::MAX)
}

async fn list_tools(app: &Rc<App>, version: &Version) -> Result<Vec<String>, ApiError> {
    let mut tools = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let request = list_request(cursor.as_deref()).map_err(|_| failed("no request"))?;
        let response = hosted::run(app, version, &request).await?;
        let status = response.status();
        let text = JsFuture::from(response.text().map_err(|_| failed("no body"))?)
            .await
            .ok()
            .and_then(|text| text.as_string())
            .unwrap_or_default();
        let page = page(&text).ok_or_else(|| {
            let shown: String = text.chars().take(300).collect();
            failed(&format!("status {status}: {shown}"))
        })?;
        tools.extend(page.tools.into_iter().map(|tool| tool.name));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(tools)
}

/// The result in a JSON answer or in the one event of a streamed answer.
fn page(text: &str) -> Option<ToolsList> {
    let json = text
        .lines()
        .find_map(|line| line.strip_prefix("data: "))
        .unwrap_or(text);
    let answer: Answer = serde_json::from_str(json).ok()?;
    Some(answer.result)
}

fn list_request(cursor: Option<&str>) -> Result<web_sys::Request, JsValue> {
    let mut params = json!({
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": PROTOCOL,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {
                "name": "mcpengine-studio", "version": env!("CARGO_PKG_VERSION"),
            },
        },
    });
    if let (Some(cursor), Some(params)) = (cursor, params.as_object_mut()) {
        params.insert("cursor".to_owned(), cursor.into());
    }
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": params });
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("accept", "application/json, text/event-stream")?;
    headers.set("mcp-protocol-version", PROTOCOL)?;
    headers.set("mcp-method", "tools/list")?;
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from(body.to_string()));
    web_sys::Request::new_with_str_and_init("http://localhost/mcp", &init)
}

fn failed(why: &str) -> ApiError {
    ApiError::new(
        502,
        "health_check_failed",
        format!("The version does not answer: {why}"),
    )
}
