//! Dynamic mode: four tools that stand for all of an API's.
//!
//! A client puts every listed tool in front of its model, and a thousand of them
//! leave no room for anything else. In dynamic mode a server lists four: one
//! searches the API's tools by words, one describes a few of them, one calls
//! those that only read, and one calls those that change something. Reading and
//! writing are apart, so that the annotations of both are true statements.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Annotations, Edit, ServerPlan, Tool};

/// More enabled tools than this are better searched than listed.
pub const MANY_TOOLS: usize = 60;

/// Groups that `search_tools` names in its schema; where there are more, the
/// schema would cost more than it helps.
const MAX_GROUPS: usize = 50;

/// Names that one call of `describe_tool` takes.
const MAX_NAMES: usize = 5;

/// How much of a service's name descriptions repeat, in characters.
const MAX_SERVICE: usize = 80;

/// How a generated server offers its tools.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ServerMode {
    /// Each enabled tool is listed.
    #[default]
    Direct,
    /// Four tools are listed, which find, describe and call the enabled ones.
    Dynamic,
}

impl ServerMode {
    /// For `skip_serializing_if`: plans of the default mode do not mention it.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the shape that serde asks for"
    )]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// As it is written in plans, edits and options.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Dynamic => "dynamic",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Direct, Self::Dynamic]
            .into_iter()
            .find(|mode| mode.as_str() == name)
    }
}

/// A tool as the protocol's `tools/list` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedTool {
    pub name: &'static str,
    pub title: &'static str,
    pub description: String,
    pub input_schema: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Value>,
    pub annotations: Annotations,
}

/// What the list of tools costs a client, in both modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListCosts {
    pub direct: ListCost,
    pub dynamic: ListCost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListCost {
    pub tools: usize,
    /// Of the tools as compact JSON.
    pub bytes: usize,
    /// An estimate: four bytes each.
    pub tokens: usize,
}

impl ListCost {
    fn of<T: Serialize>(tools: impl Iterator<Item = T>) -> Self {
        let mut cost = Self {
            tools: 0,
            bytes: 0,
            tokens: 0,
        };
        for tool in tools {
            cost.tools += 1;
            cost.bytes += serde_json::to_vec(&tool).map_or(0, |json| json.len());
        }
        cost.tokens = cost.bytes.div_ceil(4);
        cost
    }
}

/// How many tools the server lists.
#[must_use]
pub fn listed_count(plan: &ServerPlan) -> usize {
    match plan.mode {
        ServerMode::Direct => enabled(plan).count(),
        ServerMode::Dynamic => dynamic_tools(plan).len(),
    }
}

/// What the list of tools costs in each mode, whichever the plan has.
#[must_use]
pub fn list_costs(plan: &ServerPlan) -> ListCosts {
    ListCosts {
        direct: ListCost::of(enabled(plan).map(Listed::of)),
        dynamic: ListCost::of(dynamic_tools(plan).into_iter()),
    }
}

/// A tool of the API as it is listed in direct mode.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    name: &'a str,
    title: &'a str,
    description: &'a str,
    input_schema: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_schema: Option<&'a Value>,
    annotations: Annotations,
}

impl<'a> Listed<'a> {
    fn of(tool: &'a Tool) -> Self {
        Self {
            name: &tool.name,
            title: &tool.title,
            description: &tool.description,
            input_schema: &tool.input_schema,
            output_schema: tool.output_schema.as_ref(),
            annotations: tool.annotations,
        }
    }
}

/// The edit that gives the plan another mode; none where it has that mode.
#[must_use]
pub fn mode_edit(plan: &ServerPlan, mode: ServerMode) -> Option<Edit> {
    (plan.mode != mode).then(|| Edit {
        key: String::new(),
        path: vec!["mode".to_owned()],
        value: mode.as_str().into(),
        prev: plan.mode.as_str().into(),
    })
}

/// The mode of a plan that has `mode` once `edits` are applied to it: cheaper
/// than to apply them where nothing else is wanted.
#[must_use]
pub fn edited_mode(mode: ServerMode, edits: &[Edit]) -> ServerMode {
    let of_mode = |edit: &&Edit| edit.key.is_empty() && edit.path == ["mode"];
    edits.iter().filter(of_mode).fold(mode, |now, edit| {
        edit.value
            .as_str()
            .and_then(ServerMode::of)
            .filter(|_| edit.prev == now.as_str())
            .unwrap_or(now)
    })
}

fn enabled(plan: &ServerPlan) -> impl Iterator<Item = &Tool> {
    plan.tools.iter().filter(|tool| tool.enabled)
}

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
                    "description": "What is to be done, in a few words; empty for every tool.",
                },
                "group": group,
                "limit": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": 50,
                    "default": 10,
                    "description": "How many matches at most.",
                },
            }),
            &["query"],
        ),
        output_schema: Some(json!({
            "type": "object",
            "properties": {
                "total": {
                    "type": "integer",
                    "description": "How many tools match, those beyond the limit included.",
                },
                "tools": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "name": { "type": "string" },
                            "title": { "type": "string" },
                            "description": { "type": "string" },
                            "group": { "type": "string" },
                            "kind": { "type": "string", "enum": ["read", "write"] },
                        },
                        "required": ["name", "title", "description", "group", "kind"],
                    },
                },
                "groups": {
                    "type": "array",
                    "items": { "type": "string" },
                    "description": "The groups there are, where nothing matches.",
                },
            },
            "required": ["total", "tools"],
        })),
        annotations: CATALOGUE,
    }
}

fn describe(service: &str) -> ListedTool {
    let texts = json!({
        "name": { "type": "string" },
        "title": { "type": "string" },
        "description": { "type": "string" },
        "group": { "type": "string" },
        "kind": { "type": "string", "enum": ["read", "write"] },
        "callWith": { "type": "string", "description": "The tool that calls it." },
        "inputSchema": { "type": "object" },
        "annotations": { "type": "object" },
    });
    let unknown = json!({
        "name": { "type": "string" },
        "similar": { "type": "array", "items": { "type": "string" } },
    });
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
        output_schema: Some(json!({
            "type": "object",
            "properties": {
                "tools": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": texts,
                        "required": required(&texts),
                    },
                },
                "unknown": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": unknown,
                        "required": required(&unknown),
                    },
                    "description": "Names that no tool has, with names that are like them.",
                },
            },
            "required": ["tools"],
        })),
        annotations: CATALOGUE,
    }
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

/// The names of all properties.
fn required(properties: &Value) -> Vec<&str> {
    let map = properties.as_object().into_iter();
    map.flat_map(Map::keys).map(String::as_str).collect()
}

/// Ids of the groups that have an enabled tool, in the order of the first.
fn groups(plan: &ServerPlan) -> Vec<&str> {
    let mut seen = HashSet::new();
    enabled(plan)
        .map(|tool| tool.group.as_str())
        .filter(|group| seen.insert(*group))
        .collect()
}
