//! `nullable: true` of OpenAPI 3.0 (and `x-nullable` of 2.0) in JSON Schema.

use serde_json::{Map, Value, json};

/// Keywords that describe and do not constrain: they stay outside when a schema
/// becomes one branch of `anyOf`.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
];

/// Makes `schema` accept `null` as well.
///
/// OpenAPI 3.0.3 gives `nullable` no effect without `type`; authors who write it
/// beside `$ref` or `allOf` nevertheless mean it, so that is honoured.
pub(super) fn allow_null(mut schema: Map<String, Value>) -> Value {
    let combined = ["$ref", "allOf", "anyOf", "oneOf", "not", "if"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword));
    if combined {
        return Value::Object(with_null_branch(schema));
    }
    let allowed = match schema.get_mut("type") {
        Some(Value::String(name)) if name != "null" => {
            let name = std::mem::take(name);
            Some(json!([name, "null"]))
        }
        Some(Value::Array(names)) => {
            if !names.iter().any(|name| name == "null") {
                names.push("null".into());
            }
            None
        }
        _ => None,
    };
    if let Some(allowed) = allowed {
        schema.insert("type".to_owned(), allowed);
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if let Some(value) = schema
        .get("const")
        .filter(|value| !value.is_null())
        .cloned()
    {
        schema.shift_remove("const");
        schema.insert("enum".to_owned(), json!([value, null]));
    }
    Value::Object(schema)
}

fn with_null_branch(mut schema: Map<String, Value>) -> Map<String, Value> {
    let mut outer = Map::new();
    for name in ANNOTATIONS {
        if let Some(value) = schema.shift_remove(*name) {
            outer.insert((*name).to_owned(), value);
        }
    }
    let null = json!({ "type": "null" });
    // `{anyOf: […]}` alone takes one more branch rather than one more level.
    for keyword in ["anyOf", "oneOf"] {
        if schema.len() == 1
            && let Some(Value::Array(mut branches)) = schema.shift_remove(keyword)
        {
            let has_null = branches.iter().any(|branch| match branch.get("type") {
                Some(Value::String(name)) => name == "null",
                Some(Value::Array(names)) => names.iter().any(|name| name == "null"),
                _ => false,
            });
            if !has_null {
                branches.push(null);
            }
            outer.insert(keyword.to_owned(), Value::Array(branches));
            return outer;
        }
    }
    outer.insert(
        "anyOf".to_owned(),
        Value::Array(vec![Value::Object(schema), null]),
    );
    outer
}
