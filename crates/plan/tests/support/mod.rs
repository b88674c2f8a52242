//! Reading and judging, for the tests of whole plans.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a panic fails the test that calls, and not every test file calls all of this"
)]

use std::collections::HashSet;

use mcpengine_openapi::{ApiDescription, Arena, Diagnostic, Limits};
use mcpengine_plan::{BodyShape, ParamLocation, PlanOptions, Schema, ServerPlan, Tool};
use serde_json::Value;

/// Reads a document that lives as long as the test.
pub(crate) fn read(text: &str) -> ApiDescription<'static> {
    let arena = Box::leak(Box::new(Arena::new()));
    let text: &'static str = text.to_owned().leak();
    mcpengine_openapi::read(arena, text.as_bytes(), &Limits::CLI)
        .expect("the document is readable")
        .0
}

pub(crate) fn plan(text: &str) -> (ServerPlan, Vec<Diagnostic>) {
    mcpengine_plan::plan(&read(text), &PlanOptions::default())
}

/// Everything that has to hold of every plan.
pub(crate) fn assert_sound(plan: &ServerPlan) {
    let mut names = HashSet::new();
    let groups: HashSet<&str> = plan.groups.iter().map(|group| group.id.as_str()).collect();
    assert_eq!(groups.len(), plan.groups.len(), "group ids are unique");
    for tool in &plan.tools {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        assert!(
            (1..=64).contains(&tool.name.len()) && tool.name.chars().all(is_name),
            "{}",
            tool.name
        );
        assert!(
            names.insert(tool.name.to_lowercase()),
            "{} is taken",
            tool.name
        );
        assert!(
            groups.contains(tool.group.as_str()),
            "{} has no group",
            tool.key
        );
        let length = tool.description.chars().count();
        assert!((1..=1_024).contains(&length), "{}: {length}", tool.key);
        assert!(!tool.title.is_empty());
        assert_schema(&tool.input_schema, &tool.key);
        if let Some(schema) = &tool.output_schema {
            assert_schema(schema, &tool.key);
        }
        assert_bound(tool);
        let size = tool.input_schema.as_json().len();
        assert!(size <= 64_000, "{} takes {size} bytes", tool.key);
    }
}

/// An object root without combinators, valid, without dangling references.
fn assert_schema(schema: &Schema, key: &str) {
    let schema = &schema.to_value();
    assert_eq!(schema["type"], "object", "{key}");
    for combinator in ["oneOf", "anyOf", "allOf", "$ref", "not"] {
        assert!(schema.get(combinator).is_none(), "{key}: root {combinator}");
    }
    assert!(
        jsonschema::draft202012::meta::is_valid(schema),
        "{key}: {schema}"
    );
    assert_resolved(schema, schema, key);
}

fn assert_resolved(value: &Value, root: &Value, key: &str) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                if let (true, Some(reference)) = (name == "$ref", value.as_str()) {
                    let target = reference
                        .strip_prefix('#')
                        .and_then(|path| root.pointer(path));
                    assert!(target.is_some(), "{key}: {reference} dangles");
                }
                assert_resolved(value, root, key);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| assert_resolved(item, root, key)),
        _ => {}
    }
}

/// Every binding has its property, every property its binding, and every
/// placeholder of the path a binding.
fn assert_bound(tool: &Tool) {
    let schema = tool.input_schema.to_value();
    let properties = schema["properties"].as_object().unwrap();
    let mut bound: HashSet<&str> = HashSet::new();
    for binding in &tool.request.parameters {
        assert!(bound.insert(&binding.property), "{}", tool.key);
    }
    match tool.request.body.as_ref().map(|body| &body.shape) {
        Some(BodyShape::Properties { properties }) => {
            for binding in properties {
                assert!(bound.insert(&binding.property), "{}", tool.key);
            }
        }
        Some(BodyShape::Whole { property }) => assert!(bound.insert(property), "{}", tool.key),
        None => {}
    }
    let known: HashSet<&str> = properties.keys().map(String::as_str).collect();
    assert_eq!(bound, known, "{}", tool.key);
    for property in &known {
        let is_key = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        assert!(
            (1..=64).contains(&property.len()) && property.chars().all(is_key),
            "{property}"
        );
    }
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(known.contains(required.as_str().unwrap()), "{}", tool.key);
    }
    for rest in tool.request.path.split('{').skip(1) {
        if let Some((name, _)) = rest.split_once('}').filter(|(name, _)| !name.is_empty()) {
            let is_bound = tool
                .request
                .parameters
                .iter()
                .any(|binding| binding.location == ParamLocation::Path && binding.name == name);
            assert!(is_bound, "{}: {name}", tool.key);
        }
    }
}
