//! The names of types and formats, and properties that are marked as required.

use super::Draft;
use crate::{arena::Arena, node::Node};

/// Formats of strings that a model or a validator can use (JSON Schema 2020-12
/// validation §7.3, and those of OpenAPI's registry for secrets and bytes).
pub const STRING_FORMATS: [&str; 16] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "uuid",
    "regex",
    "json-pointer",
    "password",
    "byte",
    "binary",
];

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
