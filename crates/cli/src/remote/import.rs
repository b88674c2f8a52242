use std::fs;
use std::io::{self, Read};

use serde_json::{Value, json};

use super::client::Client;
use super::{Import, print, progress};
use crate::failure::Failure;

/// Bytes of a document that a studio takes.
const MAX_DOCUMENT: u64 = 16 << 20;

pub(super) fn run(arguments: &Import, client: &Client) -> Result<(), Failure> {
    let source = arguments.source.as_str();
    let mut body = if source.starts_with("http://") || source.starts_with("https://") {
        json!({ "specUrl": source })
    } else if arguments.docs {
        json!({ "rawDocs": text(source)? })
    } else {
        json!({ "specFile": text(source)? })
    };
    if let (Some(project), Some(body)) = (&arguments.project, body.as_object_mut()) {
        body.insert("projectId".to_owned(), project.as_str().into());
    }
    let mut tools = 0_u32;
    let done = client.job("/api/analyze", &body, |event| match event.name.as_str() {
        "analysis:tool_found" => tools += 1,
        "analysis:progress" => {
            let step = event.data.get("step").and_then(Value::as_str);
            progress(&format!("{}…", step.unwrap_or("working")));
        }
        _ => {}
    })?;
    let result = done.data.get("result").cloned().unwrap_or_default();
    let field = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or_default();
    let findings = result
        .get("diagnostics")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let project = field("projectId");
    let lines = [
        format!(
            "{} {}: {tools} tools, {findings} findings",
            field("service"),
            field("version")
        ),
        format!("Project {project}: {}/projects/{project}", client.studio),
        format!("Next: mcpengine deploy {project}"),
    ];
    print(arguments.json, &result, &lines)
}

/// The text of a file, or of standard input for `-`.
fn text(source: &str) -> Result<String, Failure> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure::new(
            "unreadable",
            format!("{source} cannot be read: {error}"),
            "Give a text file, an http(s) address, or - for standard input.",
        )
    };
    let input: Box<dyn Read> = if source == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(fs::File::open(source).map_err(|error| unreadable(&error))?)
    };
    let mut text = String::new();
    let read = input
        .take(MAX_DOCUMENT + 1)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error))?;
    if read as u64 > MAX_DOCUMENT {
        return Err(unreadable(
            &"it is larger than 16 MiB, which is what a studio takes",
        ));
    }
    Ok(text)
}
