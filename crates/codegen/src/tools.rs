//! `src/tools/`: one file for each group of tools, and the index of all.

use std::collections::BTreeSet;

use mcpengine_plan::{
    Annotations, BodyBinding, BodyEncoding, BodyProperty, BodyShape, ParamLocation, ParamStyle,
    ParameterBinding, RequestRecipe, ResponseKind, ResponseRecipe, Schema, ServerMode, ServerPlan,
    Tool, ToolGroup,
};
use serde_json::{Map, Value, json};

use crate::names::FileNames;
use crate::print::{self, Identifiers};
use crate::{ProjectFile, config, file};

/// The files of all groups that have an enabled tool, and `src/tools/index.ts`.
pub(crate) fn files(plan: &ServerPlan) -> Vec<ProjectFile> {
    let mut names = FileNames::default();
    let mut modules = Vec::new();
    let mut files = Vec::new();
    for (group, tools) in groups(plan) {
        let name = names.unique(&group.id);
        files.push(file(
            &format!("src/tools/{name}.ts"),
            group_module(&group, &tools),
        ));
        modules.push((name, group));
    }
    let index = match plan.mode {
        ServerMode::Direct => index_module(&modules),
        ServerMode::Dynamic => catalogue_module(&modules),
    };
    files.push(file("src/tools/index.ts", index));
    files
}

/// The groups of the plan with their enabled tools; groups without one are left
/// out, and tools of an unknown group come last, in groups of that name.
pub(crate) fn groups(plan: &ServerPlan) -> Vec<(ToolGroup, Vec<&Tool>)> {
    let mut groups: Vec<(ToolGroup, Vec<&Tool>)> = plan
        .groups
        .iter()
        .map(|group| (group.clone(), Vec::new()))
        .collect();
    let mut seen = BTreeSet::new();
    for tool in plan.tools.iter().filter(|tool| tool.enabled) {
        // Names are unique in a plan; a second one could not be called.
        if !seen.insert(tool.name.as_str()) {
            continue;
        }
        match groups.iter_mut().find(|(group, _)| group.id == tool.group) {
            Some((_, tools)) => tools.push(tool),
            None => {
                let group = ToolGroup {
                    id: tool.group.clone(),
                    title: tool.group.clone(),
                    description: None,
                };
                groups.push((group, vec![tool]));
            }
        }
    }
    groups.retain(|(_, tools)| !tools.is_empty());
    groups
}

fn group_module(group: &ToolGroup, tools: &[&Tool]) -> String {
    let mut identifiers = Identifiers::default();
    let mut out = String::new();
    let about = group.description.as_deref().unwrap_or_default();
    let title = print::comment(&group.title, 60);
    let heading = if about.is_empty() {
        title
    } else {
        format!("{title}: {}", print::comment(about, 200))
    };
    out.push_str(&format!(
        "/** {heading} */\n\nimport type {{ Tool }} from \"../tool.js\";\n"
    ));
    let mut constants = Vec::new();
    for tool in tools {
        let constant = identifiers.mangle(&tool.name, "");
        let entry = print::object(&tool_entry(tool));
        out.push_str(&format!("\nexport const {constant}: Tool = {entry};\n"));
        constants.push(constant);
    }
    out.push_str(&list("tools", &constants));
    out
}

/// A group's file name, without extension, and the group.
type Module = (String, ToolGroup);

fn index_module(modules: &[Module]) -> String {
    let mut identifiers = Identifiers::default();
    let mut out = String::from(
        "/** All tools of the API, in the order in which they are listed. */\n\n\
         import type { Tool } from \"../tool.js\";\n",
    );
    let mut spreads = Vec::new();
    for (module, _) in modules {
        let name = identifiers.mangle(module, "Tools");
        out.push_str(&import(&name, module));
        spreads.push(format!("...{name}"));
    }
    out.push_str(&list("tools", &spreads));
    out
}

/// The index of dynamic mode, which keeps the groups apart.
fn catalogue_module(modules: &[Module]) -> String {
    let mut identifiers = Identifiers::default();
    let mut out = String::from(
        "/** All tools of the API by group: what src/dynamic.ts searches. */\n\n\
         import type { Tool, ToolGroup } from \"../tool.js\";\n",
    );
    let mut entries = String::new();
    for (module, group) in modules {
        let name = identifiers.mangle(module, "Tools");
        out.push_str(&import(&name, module));
        entries.push_str(&format!(
            "  {{\n    id: {},\n    title: {},\n    tools: {name},\n  }},\n",
            print::string(&group.id),
            print::string(&group.title)
        ));
    }
    let groups = if entries.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{entries}]")
    };
    out.push_str(&format!(
        "\nexport const groups: readonly ToolGroup[] = {groups};\n\n\
         export const tools: readonly Tool[] = groups.flatMap((group) => group.tools);\n"
    ));
    out
}

fn import(name: &str, module: &str) -> String {
    format!("import {{ tools as {name} }} from \"./{module}.js\";\n")
}

/// `export const <name>: readonly Tool[] = [<items>];`
fn list(name: &str, items: &[String]) -> String {
    let head = format!("\nexport const {name}: readonly Tool[] = [");
    let line = items.join(", ");
    // One for the semicolon, one for the bracket, one less for the line break.
    if head.len() + line.len() < 80 {
        return format!("{head}{line}];\n");
    }
    let lines: String = items.iter().map(|item| format!("  {item},\n")).collect();
    format!("{head}\n{lines}];\n")
}

/// The entry of a tool, with defaults left out (see `tool.ts`).
fn tool_entry(tool: &Tool) -> Map<String, Value> {
    let mut entry = Map::new();
    entry.insert("name".into(), json!(tool.name));
    entry.insert("title".into(), json!(tool.title));
    entry.insert("description".into(), json!(tool.description));
    entry.insert("inputSchema".into(), object_schema(&tool.input_schema));
    if let Some(schema) = &tool.output_schema {
        entry.insert("outputSchema".into(), object_schema(schema));
    }
    entry.insert("annotations".into(), annotations(tool.annotations));
    entry.insert("request".into(), request(&tool.request));
    entry.insert("response".into(), response(&tool.response));
    if let Some(pagination) = &tool.pagination {
        entry.insert("pagination".into(), json!(pagination));
    }
    entry.insert("auth".into(), json!(tool.auth));
    entry
}

/// The schema with `type: "object"` in front, as the protocol asks for.
fn object_schema(schema: &Schema) -> Value {
    let mut out = Map::new();
    out.insert("type".into(), json!("object"));
    if let Value::Object(keywords) = schema.to_value() {
        out.extend(keywords.into_iter().filter(|(key, _)| key != "type"));
    }
    Value::Object(out)
}

fn annotations(hints: Annotations) -> Value {
    json!({
        "readOnlyHint": hints.read_only_hint,
        "destructiveHint": hints.destructive_hint,
        "idempotentHint": hints.idempotent_hint,
        "openWorldHint": hints.open_world_hint,
    })
}

fn request(recipe: &RequestRecipe) -> Value {
    let mut out = Map::new();
    out.insert("method".into(), json!(recipe.method));
    out.insert("path".into(), json!(recipe.path));
    if let Some(server) = &recipe.server {
        out.insert("server".into(), config::upstream_server(server));
    }
    if !recipe.parameters.is_empty() {
        out.insert(
            "parameters".into(),
            recipe.parameters.iter().map(parameter).collect(),
        );
    }
    if let Some(binding) = &recipe.body {
        out.insert("body".into(), body(binding));
    }
    if !recipe.accept.is_empty() {
        out.insert("accept".into(), json!(recipe.accept.join(", ")));
    }
    if !recipe.headers.is_empty() {
        let headers = recipe.headers.iter();
        let headers = headers.map(|header| (header.name.clone(), json!(header.value)));
        out.insert("headers".into(), Value::Object(headers.collect()));
    }
    Value::Object(out)
}

fn parameter(binding: &ParameterBinding) -> Value {
    let mut out = Map::new();
    out.insert("name".into(), json!(binding.name));
    out.insert("in".into(), json!(binding.location));
    if binding.property != binding.name {
        out.insert("property".into(), json!(binding.property));
    }
    let usual = match binding.location {
        ParamLocation::Path | ParamLocation::Header => ParamStyle::Simple,
        ParamLocation::Query | ParamLocation::Cookie => ParamStyle::Form,
    };
    if binding.style != usual {
        out.insert("style".into(), json!(binding.style));
    }
    if binding.explode != (binding.style == ParamStyle::Form) {
        out.insert("explode".into(), json!(binding.explode));
    }
    for (key, set) in [
        ("allowReserved", binding.allow_reserved),
        ("json", binding.json),
    ] {
        if set {
            out.insert(key.into(), json!(true));
        }
    }
    Value::Object(out)
}

fn body(binding: &BodyBinding) -> Value {
    let mut out = Map::new();
    out.insert("mediaType".into(), json!(binding.media_type));
    let encoding = match binding.encoding {
        BodyEncoding::Json => "json",
        BodyEncoding::Form => "form",
        BodyEncoding::Multipart => "multipart",
        BodyEncoding::Text => "text",
        BodyEncoding::Binary => "binary",
    };
    out.insert("encoding".into(), json!(encoding));
    if binding.required {
        out.insert("required".into(), json!(true));
    }
    match &binding.shape {
        BodyShape::Whole { property } => out.insert("property".into(), json!(property)),
        BodyShape::Properties { properties } => out.insert(
            "properties".into(),
            properties.iter().map(body_property).collect(),
        ),
    };
    Value::Object(out)
}

fn body_property(property: &BodyProperty) -> Value {
    let mut out = Map::new();
    out.insert("name".into(), json!(property.name));
    if property.property != property.name {
        out.insert("property".into(), json!(property.property));
    }
    if property.file {
        out.insert("file".into(), json!(true));
    }
    if let Some(content_type) = &property.content_type {
        out.insert("contentType".into(), json!(content_type));
    }
    if let Some(style) = property.style {
        out.insert("style".into(), json!(style));
    }
    if let Some(explode) = property.explode {
        out.insert("explode".into(), json!(explode));
    }
    if property.allow_reserved {
        out.insert("allowReserved".into(), json!(true));
    }
    Value::Object(out)
}

fn response(recipe: &ResponseRecipe) -> Value {
    let kind = match recipe.kind {
        ResponseKind::Json => "json",
        ResponseKind::Text => "text",
        ResponseKind::Binary => "binary",
        ResponseKind::Empty => "empty",
    };
    if recipe.wrap {
        json!({"kind": kind, "wrap": true})
    } else {
        json!({"kind": kind})
    }
}
