//! Sizes that no real description has, and small documents that ask for much.
#![expect(clippy::expect_used, reason = "a test may fail")]

mod common;

use common::read;
use mcpengine_openapi::{ApiDescription, Limits};
use serde_json::{Map, Value, json};

/// The description, and the codes of what was found.
fn load(document: &Value) -> (ApiDescription<'static>, Vec<&'static str>) {
    let (api, diagnostics) =
        read(document.to_string().as_bytes(), &Limits::WORKER).expect("it has operations");
    common::assert_sound(&api, &diagnostics);
    let mut codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
    codes.dedup();
    (api, codes)
}

fn document(paths: &Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "t"}, "paths": paths})
}

#[test]
fn counts_are_bounded() {
    let paths: Map<String, Value> = (0..20_001)
        .map(|n| (format!("/p{n}"), json!({"get": {}})))
        .collect();
    let (api, codes) = load(&document(&Value::Object(paths)));
    assert_eq!(
        (api.operations.len(), codes),
        (20_000, vec!["too-many-operations"])
    );

    let parameters: Vec<Value> = (0..1_001)
        .map(|n| json!({"name": format!("n{n}"), "in": "query"}))
        .collect();
    let (api, codes) = load(&document(
        &json!({"/a": {"get": {"parameters": parameters}}}),
    ));
    let counts: Vec<usize> = api
        .operations
        .iter()
        .map(|found| found.parameters.len())
        .collect();
    assert_eq!((counts, codes), (vec![1_000], vec!["too-many-parameters"]));
}

#[test]
fn lengths_are_bounded() {
    let path = format!("/{}", "a".repeat(3_000));
    let (api, codes) = load(&document(&json!({path: {"get": {}}, "/b": {"get": {}}})));
    assert_eq!((api.operations.len(), codes), (1, vec!["path-too-long"]));

    let name = "n".repeat(600);
    let parameters = json!([{"name": name, "in": "query"}]);
    let (_, codes) = load(&document(
        &json!({"/a": {"get": {"parameters": parameters}}}),
    ));
    assert_eq!(codes, ["invalid-parameter"]);

    let url = format!("https://{}", "a".repeat(3_000));
    let (api, codes) = load(&document(
        &json!({"/a": {"get": {"servers": [{"url": url}]}}}),
    ));
    let servers: usize = api.operations.iter().map(|found| found.servers.len()).sum();
    assert_eq!((servers, codes), (0, vec!["invalid-server"]));

    let extension: Vec<u32> = (0..20_000).collect();
    let (api, codes) = load(&document(&json!({"/a": {"get": {"x-mcp": extension}}})));
    assert!(api.operations.iter().all(|found| found.x_mcp.is_none()));
    assert_eq!(codes, ["extension-too-large"]);
}

/// As many named schemas as no API has.
#[test]
fn schemas_are_bounded() {
    let limits = Limits {
        nodes: 5_000,
        ..Limits::WORKER
    };
    let properties: Map<String, Value> = (0..600)
        .map(|n| {
            let to = json!({"$ref": format!("#/components/schemas/S{n}")});
            (format!("p{n}"), to)
        })
        .collect();
    let schemas: Map<String, Value> = (0..600)
        .map(|n| (format!("S{n}"), json!({"type": "string"})))
        .collect();
    let parameters = json!([{"name": "q", "in": "query", "schema": {"properties": properties}}]);
    let mut document = document(&json!({"/a": {"get": {"parameters": parameters}}}));
    document["components"] = json!({"schemas": schemas});
    let (api, diagnostics) =
        read(document.to_string().as_bytes(), &limits).expect("it has an operation");
    common::assert_sound(&api, &diagnostics);
    let codes: std::collections::HashSet<&str> =
        diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(
        (api.schemas.len(), codes.into_iter().collect::<Vec<_>>()),
        (500, vec!["too-many-schemas"])
    );
}

/// Pointers in diagnostics stay short, however long the keys are.
#[test]
fn long_keys_are_cut_in_pointers() {
    let key = "k".repeat(100_000);
    let mut document = document(&json!({"/a": {"get": {}}}));
    document["components"] = json!({"securitySchemes": {key: {"type": "magic"}}});
    let text = document.to_string();
    let (_, diagnostics) = read(text.as_bytes(), &Limits::WORKER).expect("it has an operation");
    let lengths: Vec<bool> = diagnostics
        .iter()
        .map(|found| found.pointer.len() < 400 && found.message.len() < 400)
        .collect();
    assert_eq!(lengths, [true]);
}

/// Schemas nested beyond what a client can take say nothing.
#[test]
fn deep_schemas_end_in_anything() {
    let schema = (0..50).fold(
        json!({"type": "string"}),
        |inner, _| json!({"items": inner}),
    );
    let parameters = json!([{"name": "q", "in": "query", "schema": schema}]);
    let (api, codes) = load(&document(
        &json!({"/a": {"get": {"parameters": parameters}}}),
    ));
    assert_eq!(codes, ["schema-too-deep"]);
    let mut depth = 0;
    let found = api
        .operations
        .first()
        .and_then(|found| found.parameters.first());
    let mut schema = &found.expect("a parameter").schema;
    while let Some(inner) = schema.get("items") {
        depth += 1;
        schema = inner;
    }
    assert_eq!((depth, schema.to_value()), (33, json!({})));
}

/// One long introduction must not cost its size again behind the reader.
#[test]
fn prose_is_cut_between_characters() {
    let long = "é".repeat(100_000);
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": { "title": "Long", "version": "1", "description": long },
        "paths": { "/a": { "get": {
            "description": long,
            "parameters": [{
                "name": "q", "in": "query", "schema": { "type": "string", "description": long },
            }],
            "responses": {},
        } } },
    })
    .to_string();
    let (api, _) = read(document.as_bytes(), &Limits::WORKER).expect("read");
    let operation = &api.operations[0];
    let kept = "é".repeat(16 << 10);
    assert_eq!(api.description, Some(kept.as_str()));
    assert_eq!(operation.description, Some(kept.as_str()));
    let kept = "é".repeat(512);
    let schema = operation.parameters[0].schema;
    assert_eq!(schema.text("description"), Some(kept.as_str()));
}
