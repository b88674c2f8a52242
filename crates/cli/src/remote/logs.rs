use std::io::{self, Write};

use serde_json::Value;

use super::Logs;
use super::client::Client;
use crate::failure::Failure;

/// A stream that ends is opened again: the studio ends each after a minute.
pub(super) fn run(arguments: &Logs, client: &Client) -> Result<(), Failure> {
    let deployment = live(client, &arguments.project)?;
    let path = format!("/api/deployments/{deployment}/logs");
    let answer = client.get(&format!("{path}?limit={}", arguments.limit))?;
    let mut calls: Vec<&Value> = answer
        .get("calls")
        .and_then(Value::as_array)
        .map(|calls| calls.iter().collect())
        .unwrap_or_default();
    calls.sort_by_key(|call| id(call));
    let mut last = 0;
    for call in calls {
        last = last.max(id(call));
        if !show(call, arguments.json)? {
            return Ok(());
        }
    }
    if !arguments.follow {
        return Ok(());
    }
    loop {
        for event in client.follow(&format!("{path}?after={last}"))? {
            let event = event.map_err(|error| client.cut(&error))?;
            if event.name == "call" {
                last = last.max(id(&event.data));
                if !show(&event.data, arguments.json)? {
                    return Ok(());
                }
            }
        }
    }
}

/// Id of the version that is live, or else of the latest.
fn live(client: &Client, project: &str) -> Result<String, Failure> {
    // An id is a part of the path, and nothing else may be.
    if !project
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        return Err(Failure::new(
            "invalid_project",
            format!("{project:?} is no project's id"),
            "mcpengine import prints the id of what it makes.",
        ));
    }
    let answer = client.get(&format!("/api/projects/{project}/deployments"))?;
    let versions = answer.get("deployments").and_then(Value::as_array);
    let is_live = |version: &&Value| version.get("status").is_some_and(|status| status == "live");
    versions
        .and_then(|versions| versions.iter().find(is_live).or_else(|| versions.first()))
        .and_then(|version| version.get("id")?.as_str())
        .map(str::to_owned)
        .ok_or_else(|| {
            Failure::new(
                "never_live",
                "the project has no version yet".to_owned(),
                "mcpengine deploy puts one live.",
            )
        })
}

fn id(call: &Value) -> i64 {
    call.get("id").and_then(Value::as_i64).unwrap_or_default()
}

/// False where nobody reads any more.
fn show(call: &Value, json: bool) -> Result<bool, Failure> {
    let mut out = io::stdout().lock();
    let text = |name: &str| call.get(name).and_then(Value::as_str);
    let number = |name: &str| call.get(name).and_then(Value::as_i64).unwrap_or_default();
    let written = if json {
        crate::print_json(out, call)
    } else {
        let what = text("tool").or_else(|| text("method")).unwrap_or_default();
        let error = text("error").map(|error| format!("  {error}"));
        writeln!(
            out,
            "{}  {what}  {}  {} ms  {} B{}",
            text("at").unwrap_or_default(),
            text("outcome").unwrap_or_default(),
            number("durationMs"),
            number("bytesOut"),
            error.unwrap_or_default()
        )
        .and_then(|()| out.flush())
    };
    let gone = matches!(&written, Err(error) if error.kind() == io::ErrorKind::BrokenPipe);
    crate::quietly(written).map(|()| !gone)
}
