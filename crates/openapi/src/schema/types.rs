//! The `type` keyword, and values that were written in another type than meant.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::node;

/// The JSON type that an author's word stands for, and the `format` it implies.
/// `None` for `any` and for words that say nothing.
pub(super) fn json_type(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    let found = match word.trim().to_ascii_lowercase().as_str() {
        "string" | "str" | "text" => ("string", None),
        "integer" | "int" | "int32" | "int64" | "long" => ("integer", None),
        "number" | "float" | "double" | "decimal" => ("number", None),
        "boolean" | "bool" => ("boolean", None),
        "array" | "list" => ("array", None),
        "object" | "map" | "dict" | "hash" => ("object", None),
        "null" => ("null", None),
        "file" | "binary" => ("string", Some("binary")),
        "date" => ("string", Some("date")),
        "datetime" | "date-time" | "timestamp" => ("string", Some("date-time")),
        "uuid" => ("string", Some("uuid")),
        _ => return None,
    };
    Some(found)
}

/// Adds names to `required`.
pub(super) fn require(schema: &mut Map<String, Value>, names: Vec<String>) {
    let required = schema
        .entry("required")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(required) = required {
        let known: HashSet<String> = required
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        required.extend(
            names
                .into_iter()
                .filter(|name| !known.contains(name))
                .map(Value::String),
        );
    }
}

/// Rewrites `enum`, `const` and `default` values that have the wrong one of
/// string, number and boolean: `type: string, enum: [1, 2]` is written daily in
/// YAML, and as it stands it would accept nothing.
pub(super) fn coerce_to_type(schema: &mut Map<String, Value>) {
    let Some(Value::String(name)) = schema.get("type") else {
        return;
    };
    let name = name.clone();
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        for value in values {
            coerce(value, &name);
        }
    }
    for keyword in ["const", "default"] {
        if let Some(value) = schema.get_mut(keyword) {
            coerce(value, &name);
        }
    }
}

fn coerce(value: &mut Value, name: &str) {
    let better = match (&*value, name) {
        (Value::Number(number), "string") => Some(Value::String(number.to_string())),
        (Value::Bool(flag), "string") => Some(Value::String(flag.to_string())),
        (Value::String(text), "integer" | "number") => text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.'))
            .then(|| node::number(text).map(Value::Number))
            .flatten(),
        (Value::String(text), "boolean") => match text.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    };
    if let Some(better) = better {
        *value = better;
    }
}
