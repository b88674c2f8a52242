//! The `type` keyword, and values that were written in another type than meant.

use super::Draft;
use crate::{
    arena::Arena,
    node::{self, Node},
};

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

/// Adds the names of properties that are marked within themselves to `required`.
pub(super) fn require<'d>(arena: &'d Arena, draft: &mut Draft<'d>) {
    let known = draft.get("required").and_then(|names| names.as_array());
    let mut names = known.unwrap_or_default().to_vec();
    for marked in std::mem::take(&mut draft.marked_required) {
        if !names.contains(&Node::String(marked)) {
            names.push(Node::String(marked));
        }
    }
    draft.put("required", Node::Array(arena.slice(&names)));
}

/// Rewrites `enum`, `const` and `default` values that have the wrong one of
/// string, number and boolean: `type: string, enum: [1, 2]` is written daily in
/// YAML, and as it stands it would accept nothing.
pub(super) fn coerce_to_type<'d>(arena: &'d Arena, draft: &mut Draft<'d>) {
    let Some(name) = draft.get("type").and_then(|value| value.as_str()) else {
        return;
    };
    if let Some(values) = draft.get_mut("enum")
        && let Node::Array(items) = *values
        && items.iter().any(|item| coerced(item, name).is_some())
    {
        let better: Vec<Node<'d>> = items
            .iter()
            .map(|item| coerced(item, name).unwrap_or(*item))
            .collect();
        *values = Node::Array(arena.slice(&better));
    }
    for keyword in ["const", "default"] {
        if let Some(value) = draft.get_mut(keyword)
            && let Some(better) = coerced(value, name)
        {
            *value = better;
        }
    }
}

/// The value in the type that its schema names, where it was written in another.
fn coerced<'d>(value: &Node<'d>, name: &str) -> Option<Node<'d>> {
    match (value, name) {
        // As it is spelled: `1.10` without quotes is meant as that text.
        (Node::Number(text), "string") => Some(Node::String(text)),
        (Node::Bool(flag), "string") => Some(Node::String(if *flag { "true" } else { "false" })),
        (Node::String(text), "integer" | "number") => {
            let is_plain = text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.'));
            (is_plain && node::number(text).is_some()).then_some(Node::Number(text))
        }
        (Node::String("true"), "boolean") => Some(Node::Bool(true)),
        (Node::String("false"), "boolean") => Some(Node::Bool(false)),
        _ => None,
    }
}
