//! Schemas of every dialect, as JSON Schema 2020-12.
#![expect(clippy::expect_used, reason = "a test may fail")]

mod common;

use common::read;
use expect_test::{ExpectFile, expect_file};
use mcpengine_openapi::{ApiDescription, Diagnostic, Limits};
use serde_json::{Value, json};

fn document(
    version: &str,
    schema: &Value,
    more: &Value,
) -> (ApiDescription<'static>, Vec<Diagnostic>) {
    let document = json!({
        "openapi": version,
        "info": {"title": "t"},
        "paths": {"/a": {"get": {"responses": {"200": {
            "content": {"application/json": {"schema": schema}},
        }}}}},
        "components": {"schemas": more},
    });
    let (api, diagnostics) =
        read(document.to_string().as_bytes(), &Limits::WORKER).expect("it has an operation");
    common::assert_sound(&api, &diagnostics);
    (api, diagnostics)
}

/// The schema of the only response.
fn only_schema(api: &ApiDescription<'_>) -> Value {
    let response = api
        .operations
        .first()
        .and_then(|found| found.responses.first());
    let media = response.and_then(|found| found.content.first());
    media
        .and_then(|found| found.schema.as_ref())
        .expect("a schema")
        .to_value()
}

/// Each row: a schema of the JSON list `schemas`, and below it its translation.
fn check(version: &str, schemas: &str, expect: &ExpectFile) {
    let schemas: Vec<Value> = serde_json::from_str(schemas).expect("JSON");
    let mut out = String::new();
    for schema in &schemas {
        let (api, diagnostics) = document(version, schema, &json!({"Pet": {"type": "object"}}));
        let codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
        out += &format!("{schema}\n  {} {codes:?}\n", only_schema(&api));
    }
    expect.assert_eq(&out);
}

#[test]
fn nullable_becomes_null() {
    check(
        "3.0.3",
        include_str!("fixtures/nullable.json"),
        &expect_file!["fixtures/nullable.txt"],
    );
}

#[test]
fn bounds_and_examples_are_translated() {
    check(
        "3.0.3",
        include_str!("fixtures/bounds.json"),
        &expect_file!["fixtures/bounds.txt"],
    );
}

#[test]
fn values_have_the_type_of_their_schema() {
    check(
        "3.0.3",
        include_str!("fixtures/values.json"),
        &expect_file!["fixtures/values.txt"],
    );
}

#[test]
fn broken_keywords_are_repaired_or_dropped() {
    check(
        "3.1.0",
        include_str!("fixtures/broken.json"),
        &expect_file!["fixtures/broken.txt"],
    );
}

#[test]
fn references_are_named_or_explained() {
    let fixture: Value =
        serde_json::from_str(include_str!("fixtures/references.json")).expect("JSON");
    let mut out = String::new();
    for schema in fixture["schemas"].as_array().expect("a list") {
        for version in ["3.0.3", "3.1.0"] {
            let (api, diagnostics) = document(version, schema, &fixture["components"]);
            let codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
            let named: Value = api
                .schemas
                .iter()
                .map(|(key, schema)| ((*key).to_owned(), schema.to_value()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let translated = only_schema(&api);
            out += &format!("{version} {schema}\n  {translated}\n  {named} {codes:?}\n");
        }
    }
    expect_file!["fixtures/references.txt"].assert_eq(&out);
}

#[test]
fn large_shared_schemas_are_named_once() {
    let properties: serde_json::Map<String, Value> = (0..60)
        .map(|n| (format!("p{n}"), json!({"type": "string"})))
        .collect();
    let mut paths = serde_json::Map::new();
    for n in 0..3 {
        let responses = json!({"200": {"$ref": "#/components/responses/Big"}, "404": {"$ref": "#/components/responses/Small"}});
        paths.insert(format!("/p{n}"), json!({"get": {"responses": responses}}));
    }
    let document = json!({
        "openapi": "3.1.0",
        "paths": paths,
        "components": {"responses": {
            "Big": {"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}},
            "Small": {"content": {"application/json": {"schema": {"type": "string"}}}},
        }},
    });
    let (api, diagnostics) =
        read(document.to_string().as_bytes(), &Limits::WORKER).expect("it has operations");
    common::assert_sound(&api, &diagnostics);
    assert_eq!(api.schemas.keys().copied().collect::<Vec<_>>(), ["Big"]);
    for operation in &api.operations {
        let schemas: Vec<_> = operation
            .responses
            .iter()
            .map(|found| found.content[0].schema.map(|schema| schema.to_value()))
            .collect();
        assert_eq!(
            schemas,
            [
                Some(json!({"$ref": "#/$defs/Big"})),
                Some(json!({"type": "string"}))
            ]
        );
    }
}

/// A thousand operations that share a large component cannot fill the memory:
/// what they share is read once, and stands in one place.
#[test]
fn what_is_shared_is_not_repeated() {
    let headers: serde_json::Map<String, Value> =
        (0..2_000).map(|n| (format!("h{n}"), json!({}))).collect();
    let content: serde_json::Map<String, Value> =
        (0..50).map(|n| (format!("a/b{n}"), json!({}))).collect();
    let mut paths = serde_json::Map::new();
    for n in 0..2_000 {
        let responses = json!({"200": {"$ref": "#/components/responses/Big"}});
        paths.insert(format!("/p{n}"), json!({"get": {"responses": responses}}));
    }
    let document = json!({
        "openapi": "3.1.0",
        "paths": paths,
        "components": {"responses": {"Big": {
            "description": "d".repeat(10_000), "headers": headers, "content": content,
        }}},
    });
    let (api, _) =
        read(document.to_string().as_bytes(), &Limits::WORKER).expect("it has operations");
    assert_eq!(api.operations.len(), 2_000);
    let places: std::collections::HashSet<_> = api
        .operations
        .iter()
        .flat_map(|operation| &operation.responses)
        .map(|found| {
            (
                found.headers.as_ptr(),
                found.content.as_ptr(),
                found.headers.len(),
            )
        })
        .collect();
    assert_eq!(places.len(), 1);
}

/// Large parameters that all operations share are bounded as a whole.
#[test]
fn repetition_is_paid_for() {
    let parameters: Vec<Value> = (0..1_000)
        .map(|n| json!({"name": format!("p{n}"), "in": "query"}))
        .collect();
    let shared = json!({"parameters": parameters, "get": {}});
    let paths: serde_json::Map<String, Value> = (0..500)
        .map(|n| {
            (
                format!("/p{n}"),
                json!({"$ref": "#/components/pathItems/P"}),
            )
        })
        .collect();
    let document = json!({
        "openapi": "3.1.0", "paths": paths, "components": {"pathItems": {"P": shared}},
    });
    let (api, diagnostics) =
        read(document.to_string().as_bytes(), &Limits::WORKER).expect("it has operations");
    let copied: usize = api
        .operations
        .iter()
        .map(|found| found.parameters.len())
        .sum();
    assert!(copied < Limits::WORKER.nodes / 4, "{copied}");
    assert!(
        diagnostics
            .iter()
            .any(|found| found.code == "too-much-repetition")
    );
}
