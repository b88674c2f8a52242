//! Judges the tools of documents as their users would: `judge FILE …` prints a
//! line of JSON for each. What counts is what clients refuse or models cannot
//! use; see `cargo xtask bench engine`, which adds it up.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a native program of the benchmark, which reads files, and JSON by keys"
)]

use std::collections::HashSet;

use mcpengine_openapi::{
    ApiDescription, Arena, Limits, Location, MediaType, Node, Operation, Severity,
};
use mcpengine_plan::{
    AuthKind, AuthPlan, BodyEncoding, BodyShape, ParamLocation, PlanOptions, Tool, ToolReport,
};
use serde_json::{Value, json};

fn main() {
    for file in std::env::args().skip(1) {
        let line = match std::fs::read(&file) {
            Err(error) => json!({"file": file, "refusal": error.to_string()}),
            Ok(document) => match std::panic::catch_unwind(|| judge(&document)) {
                Ok(mut found) => {
                    found["file"] = file.into();
                    found
                }
                Err(_) => json!({"file": file, "refusal": "panic"}),
            },
        };
        println!("{line}");
    }
}

#[derive(Default)]
struct Counts {
    invalid: usize,
    bad_names: usize,
    duplicate_names: usize,
    unresolved: usize,
    roots: usize,
    bad_keys: usize,
    hollow: usize,
    opaque: usize,
    placeholders: usize,
    bound: usize,
    outputs: usize,
    bytes: Vec<usize>,
}

fn judge(document: &[u8]) -> Value {
    let arena = Arena::new();
    let (api, mut diagnostics) = match mcpengine_openapi::read(&arena, document, &Limits::CLI) {
        Ok(read) => read,
        Err(refusal) => return json!({"refusal": refusal.code}),
    };
    let options = PlanOptions {
        max_bytes: Limits::CLI.bytes,
        ..PlanOptions::default()
    };
    let (plan, more) = mcpengine_plan::plan(&api, &options);
    diagnostics.extend(more);
    let mut counts = Counts::default();
    let mut names = HashSet::new();
    for (tool, operation) in plan.tools.iter().cloned().zip(&api.operations) {
        counts.bad_names += usize::from(!is_name(&tool.name));
        counts.duplicate_names += usize::from(!names.insert(tool.name.to_lowercase()));
        counts.of_input(&tool, operation, &api, &plan.auth);
        counts.of_tool(tool);
    }
    let lost = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    json!({
        "refusal": null, "operations": api.operations.len(), "tools": counts.bytes.len(), "errors": lost,
        "invalid": counts.invalid, "badNames": counts.bad_names, "duplicateNames": counts.duplicate_names,
        "unresolved": counts.unresolved, "roots": counts.roots, "badKeys": counts.bad_keys,
        "hollow": counts.hollow, "opaque": counts.opaque, "placeholders": counts.placeholders,
        "bound": counts.bound, "outputs": counts.outputs, "bytes": counts.bytes,
    })
}

impl Counts {
    fn of_input(
        &mut self,
        tool: &Tool,
        operation: &Operation<'_>,
        api: &ApiDescription<'_>,
        auth: &AuthPlan,
    ) {
        for rest in tool.request.path.split('{').skip(1) {
            let Some((name, _)) = rest.split_once('}') else {
                continue;
            };
            self.placeholders += 1;
            self.bound += usize::from(tool.request.parameters.iter().any(|parameter| {
                parameter.location == ParamLocation::Path && parameter.name == name
            }));
        }
        let report = serde_json::to_value(ToolReport::from(tool.clone())).unwrap_or_default();
        let empty = serde_json::Map::new();
        let properties = report["inputSchema"]["properties"]
            .as_object()
            .unwrap_or(&empty);
        self.hollow += usize::from(properties.is_empty() && takes_input(operation, auth));
        self.bad_keys += properties.keys().filter(|key| !is_key(key)).count();
        let Some(body) = &tool.request.body else {
            return;
        };
        let structured = !matches!(body.encoding, BodyEncoding::Text | BodyEncoding::Binary);
        if let (true, BodyShape::Whole { property }) = (structured, &body.shape) {
            let is_text = properties
                .get(property)
                .is_some_and(|it| it["type"] == "string");
            let media = operation.body.iter().flat_map(|body| body.content);
            let says_text = media.clone().any(|media| is_string(media, api));
            self.opaque += usize::from(is_text && !says_text);
        }
    }

    fn of_tool(&mut self, tool: Tool) {
        let report = serde_json::to_value(ToolReport::from(tool)).unwrap_or_default();
        for schema in [&report["inputSchema"], &report["outputSchema"]] {
            if schema.is_null() {
                continue;
            }
            let root = ["oneOf", "anyOf", "allOf", "not", "$ref"];
            let combined = root.iter().any(|keyword| schema.get(keyword).is_some());
            self.roots += usize::from(combined || schema["type"] != "object");
            self.invalid += usize::from(!jsonschema::draft202012::meta::is_valid(schema));
            self.unresolved += dangling(schema, schema);
        }
        self.outputs += usize::from(!report["outputSchema"].is_null());
        // What a client gets, and nothing of what we know besides.
        let shown = json!({
            "name": report["name"], "title": report["title"], "description": report["description"],
            "inputSchema": report["inputSchema"], "outputSchema": report["outputSchema"],
            "annotations": report["annotations"],
        });
        self.bytes.push(shown.to_string().len());
    }
}

/// Whether a caller has something to say: a body, or a parameter that carries no
/// credential.
fn takes_input(operation: &Operation<'_>, auth: &AuthPlan) -> bool {
    let is_key = |name: &str| {
        let mut schemes = auth.schemes.iter();
        schemes
            .any(|scheme| matches!(&scheme.kind, AuthKind::ApiKey { name: key, .. } if key == name))
    };
    operation.body.is_some()
        || operation.parameters.iter().any(|parameter| {
            matches!(parameter.location, Location::Path | Location::Query)
                && !is_key(parameter.name)
        })
}

fn is_string(media: &MediaType<'_>, api: &ApiDescription<'_>) -> bool {
    let mut schema = media.schema.as_ref();
    for _ in 0..8 {
        let Some(found) = schema else { return true };
        match found.get("$ref").and_then(Node::as_str) {
            Some(reference) => schema = api.schemas.get(reference.trim_start_matches("#/$defs/")),
            None => {
                let says = |schema: &Node<'_>| {
                    let value = schema.to_value();
                    value["type"] == "string" || value["type"][0] == "string"
                };
                let members = found.get("allOf").and_then(Node::as_array);
                return says(found) || members.is_some_and(|all| all.iter().any(says));
            }
        }
    }
    false
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn is_key(key: &str) -> bool {
    (1..=64).contains(&key.len())
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

fn dangling(value: &Value, root: &Value) -> usize {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| {
                let target = value
                    .as_str()
                    .filter(|_| key == "$ref")
                    .map(|to| to.strip_prefix('#').and_then(|path| root.pointer(path)));
                usize::from(target.is_some_and(|target| target.is_none())) + dangling(value, root)
            })
            .sum(),
        Value::Array(items) => items.iter().map(|item| dangling(item, root)).sum(),
        _ => 0,
    }
}
