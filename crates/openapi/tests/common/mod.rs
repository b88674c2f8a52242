//! What has to hold of every description, whatever the document was.
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod render;

use std::collections::HashSet;

use mcpengine_openapi::{ApiDescription, Arena, Diagnostic, Limits, Location, Node, Refusal};
use serde_json::Value;

/// Reads a document that lives as long as the test.
pub(crate) fn read(
    text: &[u8],
    limits: &Limits,
) -> Result<(ApiDescription<'static>, Vec<Diagnostic>), Refusal> {
    let arena = Box::leak(Box::new(Arena::new()));
    mcpengine_openapi::read(arena, text.to_vec().leak(), limits)
}

/// Asserts the promises that the model's documentation makes.
pub(crate) fn assert_sound(api: &ApiDescription<'_>, diagnostics: &[Diagnostic]) {
    assert!(!api.title.trim().is_empty());
    assert_eq!(
        api.operations.is_empty(),
        mcpengine_openapi::require_operations(diagnostics).is_err()
    );
    for (key, schema) in &api.schemas {
        let is_key = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        assert!(!key.is_empty() && key.bytes().all(is_key), "{key}");
        assert_schema(schema, api, key);
    }
    for operation in &api.operations {
        let pointer = &operation.pointer;
        assert!(operation.path.starts_with('/'), "{pointer}");
        let mut names = HashSet::new();
        for parameter in &operation.parameters {
            assert!(
                names.insert((&parameter.name, parameter.location)),
                "{pointer}"
            );
            let placed = operation.path.contains(&format!("{{{}}}", parameter.name));
            assert!(
                parameter.location != Location::Path || placed && parameter.required,
                "{pointer}"
            );
            assert_schema(&parameter.schema, api, pointer);
        }
        let bodies = operation.body.iter().flat_map(|body| body.content);
        assert!(operation.body.iter().all(|body| !body.content.is_empty()));
        for media in bodies.chain(
            operation
                .responses
                .iter()
                .flat_map(|response| response.content),
        ) {
            assert!(media.media_type.contains('/'), "{pointer}");
            if let Some(schema) = &media.schema {
                assert_schema(schema, api, pointer);
            }
        }
        for requirement in operation.security {
            assert!(
                requirement
                    .iter()
                    .all(|(name, _)| api.security_schemes.contains_key(*name))
            );
        }
    }
    for found in diagnostics {
        assert!(
            found.pointer.is_empty() || found.pointer.starts_with('/'),
            "{found:?}"
        );
        assert!(
            !found.message.is_empty() && !found.help.is_empty(),
            "{found:?}"
        );
    }
}

/// A small model of the 2020-12 meta-schema: only known keywords, each with a
/// value of its kind, and only references that lead somewhere.
pub(crate) fn assert_schema(schema: &Node<'_>, api: &ApiDescription<'_>, at: &str) {
    assert_value(&schema.to_value(), api, at);
}

fn assert_value(schema: &Value, api: &ApiDescription<'_>, at: &str) {
    let Value::Object(entries) = schema else {
        return assert!(schema.is_boolean(), "{at}: {schema}");
    };
    for (key, value) in entries {
        let fits = match key.as_str() {
            "$ref" => value
                .as_str()
                .and_then(|to| to.strip_prefix("#/$defs/"))
                .is_some_and(|key| api.schemas.contains_key(key)),
            "type" => is_type(value) || is_list_of(value, is_type),
            "enum" | "examples" => value.is_array(),
            "const" | "default" | "discriminator" => true,
            "title" | "description" | "format" | "pattern" | "$comment" | "contentEncoding"
            | "contentMediaType" => value.is_string(),
            "maximum" | "minimum" | "exclusiveMaximum" | "exclusiveMinimum" => value.is_number(),
            "multipleOf" => value.as_f64().is_some_and(|number| number > 0.0),
            "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties"
            | "minProperties" | "maxContains" | "minContains" => value.is_u64(),
            "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => value.is_boolean(),
            "required" => is_list_of(value, Value::is_string),
            "dependentRequired" => value.is_object(),
            "items"
            | "additionalProperties"
            | "propertyNames"
            | "contains"
            | "not"
            | "if"
            | "then"
            | "else"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema" => {
                assert_value(value, api, at);
                true
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => value.as_array().is_some_and(|all| {
                all.iter().for_each(|inner| assert_value(inner, api, at));
                !all.is_empty()
            }),
            "properties" | "patternProperties" | "dependentSchemas" => {
                value.as_object().is_some_and(|all| {
                    all.values().for_each(|inner| assert_value(inner, api, at));
                    true
                })
            }
            _ => false,
        };
        assert!(fits, "{at}: {key}: {value}");
    }
}

fn is_type(value: &Value) -> bool {
    matches!(
        value.as_str(),
        Some("string" | "number" | "integer" | "boolean" | "array" | "object" | "null")
    )
}

fn is_list_of(value: &Value, fits: impl Fn(&Value) -> bool) -> bool {
    value
        .as_array()
        .is_some_and(|all| !all.is_empty() && all.iter().all(fits))
}
