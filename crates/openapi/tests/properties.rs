//! Whatever comes in, nothing panics and what comes out is sound.

mod common;

use common::read;
use mcpengine_openapi::Limits;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    nodes: 50_000,
    depth: 64,
};

fn check(bytes: &[u8]) -> bool {
    match read(bytes, &LIMITS) {
        Ok((api, diagnostics)) => {
            common::assert_sound(&api, &diagnostics);
            true
        }
        Err(refusal) => {
            assert!(!refusal.message.is_empty() && !refusal.help.is_empty());
            false
        }
    }
}

/// References that lead to something, to nothing, and in circles.
fn reference() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        "#/components/schemas/A",
        "#/components/schemas/B",
        "#/components/schemas/A/properties/type",
        "#/components/parameters/A",
        "#/components/responses/A",
        "#/components/requestBodies/A",
        "#/paths/~1a~1{b}/get",
        "#/paths/~1a~1{b}",
        "#/definitions/A",
        "#",
        "#/",
        "#anchor",
        "A",
        "other.yaml#/A",
        "#/components/schemas/Missing",
        "%zz",
        "",
    ])
    .prop_map(|to| json!({ "$ref": to }))
}

/// Keys of every object of OpenAPI and JSON Schema, so that random trees get far.
fn key() -> impl Strategy<Value = String> {
    const KEYS: &str = "get post parameters requestBody responses 200 default content \
        application/json schema name in type items properties required allOf anyOf oneOf not \
        nullable enum const default example examples minimum exclusiveMinimum maxLength pattern \
        patternProperties additionalProperties $ref $defs dependencies prefixItems security \
        servers url variables headers encoding style explode tags value operationId x-mcp A B \
        /a/{b} description summary $anchor dependentSchemas deprecated multipleOf format \
        additionalOperations collectionFormat consumes produces if then else contains";
    prop::sample::select(KEYS.split_whitespace().collect::<Vec<_>>()).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "string",
            "integer",
            "object",
            "array",
            "any",
            "file",
            "path",
            "query",
            "header",
            "body",
            "formData",
            "A",
            "b",
            "^[a-z",
            "(?i)x",
            "https://example.com/{v}",
            "true",
            "12",
            "",
        ])
        .prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![3 => scalar(), 2 => reference()];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A document with random parts where parts are expected.
fn document() -> impl Strategy<Value = Value> {
    let version = prop::sample::select(vec!["3.0.3", "3.1.0", "3.2.0", "2.0"]);
    (version, prop::collection::vec(tree(), 12), key()).prop_map(|(version, parts, method)| {
        let mut parts = parts.into_iter();
        let mut next = || parts.next().unwrap_or(Value::Null);
        let operation = json!({
            "parameters": [next(), {"name": "q", "in": "query", "schema": next()}, next()],
            "requestBody": {"content": {"application/json": {"schema": next()}}},
            "responses": {"200": next(), "2xx": {"content": {"a/b": {"schema": next()}}}},
        });
        let key = if version == "2.0" {
            "swagger"
        } else {
            "openapi"
        };
        json!({
            key: version,
            "paths": {
                "/a/{b}": {"get": operation, "parameters": next(), method: next()},
                "/c": {"post": {"responses": {}}},
            },
            "components": {
                "schemas": {"A": next(), "B": next()},
                "parameters": {"A": next()},
                "responses": {"A": next()},
                "requestBodies": {"A": next()},
            },
            "definitions": {"A": {"$ref": "#/components/schemas/A"}},
            "security": [{"A": []}],
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn any_text(text in "[ \\-:{}\\[\\]\"'&*a!<|>#%?,\\n\\\\u0-9d]{0,120}") {
        check(text.as_bytes());
        check(format!("openapi: 3.0.0\npaths: {{/a: {{get: {{}}}}}}\nx: {text}").as_bytes());
        check(format!("{{\"openapi\": \"3.0.0\", \"x\": {text}}}").as_bytes());
    }

    #[test]
    fn any_tree_with_references(document in document()) {
        prop_assert!(check(document.to_string().as_bytes()));
    }

    /// A document cut off at any byte is refused or read, never a panic.
    #[test]
    fn any_truncation(document in document(), cut in 0.0..1.0_f64) {
        let text = document.to_string();
        let cut = (text.len() as f64 * cut) as usize;
        check(&text.as_bytes()[..cut]);
    }

    /// JSON is YAML: both readers agree.
    #[test]
    fn json_and_yaml_agree(document in document()) {
        let text = document.to_string();
        let json = read(text.as_bytes(), &LIMITS).expect("valid");
        // A comment makes it no JSON any more.
        let yaml = read(format!("# as YAML\n{text}").as_bytes(), &LIMITS).expect("valid");
        prop_assert_eq!(json.0, yaml.0);
    }

    /// What `serde_json` writes, the reader reads back.
    #[test]
    fn json_is_read_as_it_was_written(value in tree()) {
        let document = json!({"openapi": "3.0.0", "x-mcp": &value, "paths": {"/a": {"get": {}}}});
        let (api, _) = read(document.to_string().as_bytes(), &LIMITS).expect("valid");
        prop_assert_eq!(api.x_mcp.map(|written| written.to_value()), Some(value));
    }
}
