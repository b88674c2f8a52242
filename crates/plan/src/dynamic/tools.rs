//! The four tools: names, descriptions, schemas, annotations. What they do is in
//! the project that is generated.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{ListedTool, enabled};
use crate::{Annotations, ServerPlan};

/// Groups that `search_tools` names in its schema; where there are more, the
/// schema would cost more than it helps.
const MAX_GROUPS: usize = 50;

/// Names that one call of `describe_tool` takes.
const MAX_NAMES: usize = 5;

/// How much of a service's name descriptions repeat, in characters.
const MAX_SERVICE: usize = 80;

/// The four tools of dynamic mode, in the order in which they are used.
#[must_use]
pub fn dynamic_tools(plan: &ServerPlan) -> Vec<ListedTool> {
    let service: String = plan.service.name.chars().take(MAX_SERVICE).collect();
    vec![
        search(plan, &service),
        describe(&service),
        call(plan, &service, Kind::Read),
        call(plan, &service, Kind::Write),
    ]
}

/// Of tools that look at the catalogue only.
const CATALOGUE: Annotations = Annotations {
    read_only_hint: true,
    destructive_hint: false,
    idempotent_hint: true,
    open_world_hint: false,
};

fn search(plan: &ServerPlan, service: &str) -> ListedTool {
    let count = enabled(plan).count();
    let mut group = json!({ "type": "string" });
    let groups = groups(plan);
    if let (1..=MAX_GROUPS, Some(schema)) = (groups.len(), group.as_object_mut()) {
        schema.insert("enum".to_owned(), groups.into());
    }
    if let Some(schema) = group.as_object_mut() {
        let about = "Only tools of this group.";
        schema.insert("description".to_owned(), about.into());
    }
    ListedTool {
        name: "search_tools",
        title: "Search tools",
        description: format!(
            "Searches the {count} tools of {service} by words, such as `create user`, best match \
             first. Each match has its name, what it does, its group and its kind: \
             call_read_tool takes those of kind `read`, call_write_tool those of kind `write`."
        ),
        input_schema: object(
            json!({
                "query": {
                    "type": "string",
                    "description": "What is to be done, in a few words; empty for all tools.",
                },
                "group": group,
                "limit": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": 50,
                    "default": 10,
                    "description": "How many matches at most.",
                },
                "offset": {
                    "type": "integer",
                    "minimum": 0,
                    "default": 0,
                    "description": "How many matches to leave out, to read on.",
                },
            }),
            &["query"],
        ),
        output_schema: Some(matches_schema()),
        annotations: CATALOGUE,
    }
}

/// What search and description say of a tool.
fn summary_properties() -> Value {
    json!({
        "name": { "type": "string" },
        "title": { "type": "string" },
        "description": { "type": "string" },
        "group": { "type": "string" },
        "kind": { "type": "string", "enum": ["read", "write"] },
    })
}

fn matches_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "total": {
                "type": "integer",
                "description": "How many tools match, those that are not given included.",
            },
            "tools": { "type": "array", "items": complete(&summary_properties()) },
            "groups": {
                "type": "array",
                "items": { "type": "string" },
                "description": "The groups there are, where nothing matches.",
            },
        },
        "required": ["total", "tools"],
    })
}

fn describe(service: &str) -> ListedTool {
    ListedTool {
        name: "describe_tool",
        title: "Describe a tool",
        description: format!(
            "Gives the full description of a tool of {service}, or of up to {MAX_NAMES}: what it \
             does, the JSON Schema of its arguments, its annotations, and which tool calls it."
        ),
        input_schema: object(
            json!({
                "name": {
                    "type": "string",
                    "description": "Name of a tool, as search_tools gives it.",
                },
                "names": {
                    "type": "array",
                    "items": { "type": "string" },
                    "minItems": 1,
                    "maxItems": MAX_NAMES,
                    "description": "In place of `name`: several names.",
                },
            }),
            &[],
        ),
        output_schema: Some(descriptions_schema()),
        annotations: CATALOGUE,
    }
}

fn descriptions_schema() -> Value {
    let mut tool = summary_properties();
    if let Some(properties) = tool.as_object_mut() {
        let call_with = json!({ "type": "string", "description": "The tool that calls it." });
        properties.insert("callWith".to_owned(), call_with);
        for name in ["inputSchema", "annotations"] {
            properties.insert(name.to_owned(), json!({ "type": "object" }));
        }
    }
    let unknown = json!({
        "name": { "type": "string" },
        "similar": { "type": "array", "items": { "type": "string" } },
    });
    json!({
        "type": "object",
        "properties": {
            "tools": { "type": "array", "items": complete(&tool) },
            "unknown": {
                "type": "array",
                "items": complete(&unknown),
                "description": "Names that no tool has, with names that are like them.",
            },
        },
        "required": ["tools"],
    })
}

/// What the tools have in common that one of the two call tools takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
}

fn call(plan: &ServerPlan, service: &str, kind: Kind) -> ListedTool {
    let is_read = kind == Kind::Read;
    let (name, title, word) = match kind {
        Kind::Read => ("call_read_tool", "Call a tool that reads", "read"),
        Kind::Write => ("call_write_tool", "Call a tool that writes", "write"),
    };
    let effect = match kind {
        Kind::Read => "it gets data and changes nothing",
        Kind::Write => "it creates, changes or deletes data",
    };
    ListedTool {
        name,
        title,
        description: format!(
            "Calls a tool of {service} of kind `{word}`: {effect}. The arguments have to fit the \
             tool's input schema, which describe_tool gives."
        ),
        input_schema: object(
            json!({
                "name": {
                    "type": "string",
                    "description": format!("Name of a tool of kind `{word}`."),
                },
                "arguments": {
                    "type": "object",
                    "description": "The tool's arguments.",
                    "additionalProperties": true,
                },
            }),
            &["name"],
        ),
        // The result is that of the tool that is called.
        output_schema: None,
        annotations: Annotations {
            read_only_hint: is_read,
            destructive_hint: !is_read,
            idempotent_hint: is_read,
            open_world_hint: enabled(plan)
                .map(|tool| tool.annotations)
                .any(|hints| hints.read_only_hint == is_read && hints.open_world_hint),
        },
    }
}

fn object(properties: Value, required: &[&str]) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties);
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    Value::Object(schema)
}

/// An object that has all of the properties.
fn complete(properties: &Value) -> Value {
    let names: Vec<String> = properties
        .as_object()
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default();
    json!({ "type": "object", "properties": properties, "required": names })
}

/// Ids of the groups that have an enabled tool, in the order of the first.
fn groups(plan: &ServerPlan) -> Vec<&str> {
    let mut seen = HashSet::new();
    enabled(plan)
        .map(|tool| tool.group.as_str())
        .filter(|group| seen.insert(*group))
        .collect()
}
