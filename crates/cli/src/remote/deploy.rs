use std::env;

use serde_json::{Map, Value, json};

use super::args::Access;
use super::client::Client;
use super::{Deploy, print, progress};
use crate::failure::Failure;

pub(super) fn run(arguments: &Deploy, client: &Client) -> Result<(), Failure> {
    let project = arguments.project.as_str();
    let config = json!({
        "access": match arguments.access {
            Access::Token => "token",
            Access::Public => "public",
        },
        "secrets": secrets(&arguments.secret)?,
        "variables": variables(&arguments.variable)?,
    });
    let body = json!({ "projectId": project });
    let mut files = 0_u32;
    client.job("/api/generate", &body, |event| {
        if event.name == "generate:file_ready" {
            files += 1;
        }
    })?;
    progress(&format!("{files} files generated"));
    let body = json!({ "projectId": project, "target": "mcpengine", "config": config });
    let done = client.job("/api/deploy", &body, |event| {
        if let Some(message) = event.data.get("message").and_then(Value::as_str) {
            progress(message);
        }
    })?;
    let live = done.data;
    let field = |name: &str| live.get(name).and_then(Value::as_str).unwrap_or_default();
    let tools = live
        .get("tools")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let mut lines = vec![format!(
        "Version {} is live with {tools} tools: {}",
        field("version"),
        field("endpoint")
    )];
    if let Some(token) = live.get("token").and_then(Value::as_str) {
        lines.push(format!("Its token, shown this once: {token}"));
    }
    print(arguments.json, &live, &lines)
}

/// Values from the environment: a command line is seen by others and kept in
/// histories.
fn secrets(names: &[String]) -> Result<Map<String, Value>, Failure> {
    names
        .iter()
        .map(|name| match env::var(name) {
            Ok(value) if !value.is_empty() => Ok((name.clone(), value.into())),
            _ => Err(Failure::new(
                "secret_not_set",
                format!("the environment has no {name}"),
                "Set the environment variable to the credential.",
            )),
        })
        .collect()
}

fn variables(given: &[String]) -> Result<Map<String, Value>, Failure> {
    given
        .iter()
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or_else(|| {
                Failure::new(
                    "invalid_variable",
                    format!("--variable {pair} has no ="),
                    "Write --variable NAME=VALUE.",
                )
            })?;
            Ok((name.to_owned(), value.into()))
        })
        .collect()
}
