//! Schemas of every dialect, as JSON Schema 2020-12.

mod common;

use expect_test::{Expect, expect};
use mcpengine_openapi::{ApiDescription, Diagnostic, Limits, read};
use serde_json::{Value, json};

fn document(version: &str, schema: &Value, more: &Value) -> (ApiDescription, Vec<Diagnostic>) {
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

fn translated(version: &str, schema: &Value) -> Value {
    let (api, _) = document(version, schema, &json!({"Pet": {"type": "object"}}));
    api.operations[0].responses[0].content[0]
        .schema
        .clone()
        .expect("a schema")
}

/// Each line: the schema as written, and as translated.
fn check(version: &str, schemas: &[Value], expect: &Expect) {
    let rows: Vec<String> = schemas
        .iter()
        .map(|schema| format!("{schema}\n  {}\n", translated(version, schema)))
        .collect();
    expect.assert_eq(&rows.concat());
}

#[test]
fn nullable_becomes_null() {
    let schemas = [
        json!({"type": "string", "nullable": true}),
        json!({"type": "string", "nullable": true, "enum": ["a"]}),
        json!({"type": "string", "nullable": true, "enum": ["a", null]}),
        json!({"nullable": true, "enum": ["a"]}),
        json!({"nullable": true}),
        json!({"nullable": true, "$ref": "#/components/schemas/Pet", "description": "d"}),
        json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Pet"}], "title": "t"}),
        json!({"nullable": true, "type": "object", "allOf": [{"type": "object"}]}),
        json!({"nullable": true, "anyOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"nullable": true, "oneOf": [{"type": "string"}, {"type": "null"}]}),
        json!({"nullable": false, "type": "string"}),
        json!({"x-nullable": true, "type": "string"}),
        json!({"type": "array", "items": {"type": "string", "nullable": true}}),
    ];
    check(
        "3.0.3",
        &schemas,
        &expect![[r##"
        {"type":"string","nullable":true}
          {"type":["string","null"]}
        {"type":"string","nullable":true,"enum":["a"]}
          {"type":["string","null"],"enum":["a",null]}
        {"type":"string","nullable":true,"enum":["a",null]}
          {"type":["string","null"],"enum":["a",null]}
        {"nullable":true,"enum":["a"]}
          {"enum":["a",null]}
        {"nullable":true}
          {}
        {"nullable":true,"$ref":"#/components/schemas/Pet","description":"d"}
          {"description":"d","anyOf":[{"$ref":"#/$defs/Pet"},{"type":"null"}]}
        {"nullable":true,"allOf":[{"$ref":"#/components/schemas/Pet"}],"title":"t"}
          {"title":"t","anyOf":[{"allOf":[{"$ref":"#/$defs/Pet"}]},{"type":"null"}]}
        {"nullable":true,"type":"object","allOf":[{"type":"object"}]}
          {"anyOf":[{"type":"object","allOf":[{"type":"object"}]},{"type":"null"}]}
        {"nullable":true,"anyOf":[{"type":"string"},{"type":"integer"}]}
          {"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}
        {"nullable":true,"oneOf":[{"type":"string"},{"type":"null"}]}
          {"oneOf":[{"type":"string"},{"type":"null"}]}
        {"nullable":false,"type":"string"}
          {"type":"string"}
        {"x-nullable":true,"type":"string"}
          {"type":["string","null"]}
        {"type":"array","items":{"type":"string","nullable":true}}
          {"type":"array","items":{"type":["string","null"]}}
    "##]],
    );
}

#[test]
fn bounds_and_examples_are_translated() {
    let schemas = [
        json!({"type": "number", "minimum": 1, "exclusiveMinimum": true, "maximum": 2, "exclusiveMaximum": false}),
        json!({"type": "number", "exclusiveMaximum": true}),
        json!({"type": "number", "exclusiveMinimum": 3}),
        json!({"type": "string", "example": "a"}),
        json!({"type": "string", "example": "a", "examples": ["b", "c"]}),
        json!({"type": "string", "examples": {"one": {"value": "v"}}}),
        json!({"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "additionalItems": false}),
        json!({"type": "object", "dependencies": {"a": ["b"], "c": {"required": ["d"]}}}),
        json!({"type": "object", "discriminator": {"propertyName": "k"}, "xml": {}, "externalDocs": {}, "x-y": 1, "$id": "u", "$schema": "v"}),
        json!({"type": "string", "readOnly": true, "writeOnly": false, "deprecated": true}),
        json!({"type": "object", "additionalProperties": true, "properties": {"a": true}}),
    ];
    check(
        "3.0.3",
        &schemas,
        &expect![[r#"
        {"type":"number","minimum":1,"exclusiveMinimum":true,"maximum":2,"exclusiveMaximum":false}
          {"type":"number","maximum":2,"exclusiveMinimum":1}
        {"type":"number","exclusiveMaximum":true}
          {"type":"number"}
        {"type":"number","exclusiveMinimum":3}
          {"type":"number","exclusiveMinimum":3}
        {"type":"string","example":"a"}
          {"type":"string","examples":["a"]}
        {"type":"string","example":"a","examples":["b","c"]}
          {"type":"string","examples":["a","b","c"]}
        {"type":"string","examples":{"one":{"value":"v"}}}
          {"type":"string","examples":["v"]}
        {"type":"array","items":[{"type":"string"},{"type":"integer"}],"additionalItems":false}
          {"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}
        {"type":"object","dependencies":{"a":["b"],"c":{"required":["d"]}}}
          {"type":"object","dependentRequired":{"a":["b"]},"dependentSchemas":{"c":{"required":["d"]}}}
        {"type":"object","discriminator":{"propertyName":"k"},"xml":{},"externalDocs":{},"x-y":1,"$id":"u","$schema":"v"}
          {"type":"object"}
        {"type":"string","readOnly":true,"writeOnly":false,"deprecated":true}
          {"type":"string","readOnly":true,"writeOnly":false,"deprecated":true}
        {"type":"object","additionalProperties":true,"properties":{"a":true}}
          {"type":"object","additionalProperties":true,"properties":{"a":true}}
    "#]],
    );
}

#[test]
fn broken_keywords_are_repaired_or_dropped() {
    let schemas = [
        json!({"type": "any"}),
        json!({"type": "String"}),
        json!({"type": ["string", "string", "null"]}),
        json!({"type": "datetime"}),
        json!({"type": 3, "title": 4, "description": null}),
        json!({"enum": "a"}),
        json!({"enum": []}),
        json!({"enum": ["a", "a", 1]}),
        json!({"type": "string", "enum": [1, true], "default": 2}),
        json!({"type": "integer", "enum": ["1", "2", "x"]}),
        json!({"type": "boolean", "default": "true"}),
        json!({"minLength": -1, "maxLength": "5", "minItems": 2.0, "maxItems": 2.5}),
        json!({"minimum": "1", "maximum": "x", "multipleOf": 0}),
        json!({"required": true}),
        json!({"required": "a"}),
        json!({"required": []}),
        json!({"required": ["a", 1, "a"]}),
        json!({"properties": {"a": {"type": "string", "required": true}, "b": null, "c": "string"}}),
        json!({"properties": [], "allOf": {"type": "string"}, "oneOf": []}),
        json!({"uniqueItems": "true", "readOnly": 1}),
        json!({"pattern": "^[a-z\\-_]+$"}),
        json!({"pattern": "(?i)x"}),
        json!({"pattern": 12}),
        json!({"unknown": {"$ref": "#/nowhere"}}),
        json!("string"),
        json!([]),
    ];
    check(
        "3.1.0",
        &schemas,
        &expect![[r##"
        {"type":"any"}
          {}
        {"type":"String"}
          {"type":"string"}
        {"type":["string","string","null"]}
          {"type":["string","null"]}
        {"type":"datetime"}
          {"format":"date-time","type":"string"}
        {"type":3,"title":4,"description":null}
          {"title":"4"}
        {"enum":"a"}
          {}
        {"enum":[]}
          {}
        {"enum":["a","a",1]}
          {"enum":["a",1]}
        {"type":"string","enum":[1,true],"default":2}
          {"type":"string","enum":["1","true"],"default":"2"}
        {"type":"integer","enum":["1","2","x"]}
          {"type":"integer","enum":[1,2,"x"]}
        {"type":"boolean","default":"true"}
          {"type":"boolean","default":true}
        {"minLength":-1,"maxLength":"5","minItems":2.0,"maxItems":2.5}
          {"maxLength":5,"minItems":2}
        {"minimum":"1","maximum":"x","multipleOf":0}
          {"minimum":1}
        {"required":true}
          {}
        {"required":"a"}
          {}
        {"required":[]}
          {}
        {"required":["a",1,"a"]}
          {"required":["a","1"]}
        {"properties":{"a":{"type":"string","required":true},"b":null,"c":"string"}}
          {"properties":{"a":{"type":"string"},"b":{},"c":{}},"required":["a"]}
        {"properties":[],"allOf":{"type":"string"},"oneOf":[]}
          {"allOf":[{"type":"string"}]}
        {"uniqueItems":"true","readOnly":1}
          {"uniqueItems":true}
        {"pattern":"^[a-z\\-_]+$"}
          {"pattern":"^[a-z\\-_]+$"}
        {"pattern":"(?i)x"}
          {}
        {"pattern":12}
          {"pattern":"12"}
        {"unknown":{"$ref":"#/nowhere"}}
          {}
        "string"
          {}
        []
          {}
    "##]],
    );
}

#[test]
fn references_are_named_or_explained() {
    let schemas = [
        json!({"$ref": "#/components/schemas/Pet"}),
        json!({"$ref": "#/components/schemas/Pet", "description": "d", "type": "string"}),
        json!({"$ref": "#/components/schemas/a%20b~1c"}),
        json!({"$ref": "#/components/schemas/Pet/properties/tag"}),
        json!({"$ref": "#/components/schemas/None", "description": "d"}),
        json!({"$ref": "https://example.com/x.json"}),
        json!({"$ref": "Pet"}),
        json!({"$ref": "#/components/schemas/Loop"}),
        json!({"$dynamicRef": "#node"}),
        json!({"allOf": [{"$ref": "#/components/schemas/Self"}]}),
        json!({"$ref": "#/paths/~1a/get/responses/200/content/application~1json"}),
    ];
    let more = json!({
        "Pet": {"type": "object", "properties": {"tag": {"type": "string"}, "next": {"$ref": "#/components/schemas/Pet"}}},
        "a b/c": {"$anchor": "node", "const": 1},
        "Loop": {"$ref": "#/components/schemas/Pool"},
        "Pool": {"$ref": "#/components/schemas/Loop"},
        "Self": {"allOf": [{"$ref": "#/components/schemas/Self"}, {"title": "s"}]},
        "Unused": {"type": "string"},
    });
    let mut out = String::new();
    for schema in &schemas {
        for version in ["3.0.3", "3.1.0"] {
            let (api, diagnostics) = document(version, schema, &more);
            let translated = api.operations[0].responses[0].content[0].schema.as_ref();
            let codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
            let named = serde_json::to_string(&api.schemas).expect("JSON");
            out += &format!(
                "{version} {schema}\n  {}\n  {named} {codes:?}\n",
                translated.expect("a schema")
            );
        }
    }
    expect![[r##"
        3.0.3 {"$ref":"#/components/schemas/Pet"}
          {"$ref":"#/$defs/Pet"}
          {"Pet":{"type":"object","properties":{"tag":{"type":"string"},"next":{"$ref":"#/$defs/Pet"}}}} []
        3.1.0 {"$ref":"#/components/schemas/Pet"}
          {"$ref":"#/$defs/Pet"}
          {"Pet":{"type":"object","properties":{"tag":{"type":"string"},"next":{"$ref":"#/$defs/Pet"}}}} []
        3.0.3 {"$ref":"#/components/schemas/Pet","description":"d","type":"string"}
          {"$ref":"#/$defs/Pet","description":"d"}
          {"Pet":{"type":"object","properties":{"tag":{"type":"string"},"next":{"$ref":"#/$defs/Pet"}}}} []
        3.1.0 {"$ref":"#/components/schemas/Pet","description":"d","type":"string"}
          {"$ref":"#/$defs/Pet","description":"d","type":"string"}
          {"Pet":{"type":"object","properties":{"tag":{"type":"string"},"next":{"$ref":"#/$defs/Pet"}}}} []
        3.0.3 {"$ref":"#/components/schemas/a%20b~1c"}
          {"$ref":"#/$defs/a_b_c"}
          {"a_b_c":{"const":1}} []
        3.1.0 {"$ref":"#/components/schemas/a%20b~1c"}
          {"$ref":"#/$defs/a_b_c"}
          {"a_b_c":{"const":1}} []
        3.0.3 {"$ref":"#/components/schemas/Pet/properties/tag"}
          {"$ref":"#/$defs/Pet.tag"}
          {"Pet.tag":{"type":"string"}} []
        3.1.0 {"$ref":"#/components/schemas/Pet/properties/tag"}
          {"$ref":"#/$defs/Pet.tag"}
          {"Pet.tag":{"type":"string"}} []
        3.0.3 {"$ref":"#/components/schemas/None","description":"d"}
          {"description":"d"}
          {} ["missing-ref"]
        3.1.0 {"$ref":"#/components/schemas/None","description":"d"}
          {"description":"d"}
          {} ["missing-ref"]
        3.0.3 {"$ref":"https://example.com/x.json"}
          {}
          {} ["external-ref"]
        3.1.0 {"$ref":"https://example.com/x.json"}
          {}
          {} ["external-ref"]
        3.0.3 {"$ref":"Pet"}
          {"$ref":"#/$defs/Pet"}
          {"Pet":{"type":"object","properties":{"tag":{"type":"string"},"next":{"$ref":"#/$defs/Pet"}}}} ["bare-ref"]
        3.1.0 {"$ref":"Pet"}
          {"$ref":"#/$defs/Pet"}
          {"Pet":{"type":"object","properties":{"tag":{"type":"string"},"next":{"$ref":"#/$defs/Pet"}}}} ["bare-ref"]
        3.0.3 {"$ref":"#/components/schemas/Loop"}
          {}
          {} ["ref-cycle"]
        3.1.0 {"$ref":"#/components/schemas/Loop"}
          {}
          {} ["ref-cycle"]
        3.0.3 {"$dynamicRef":"#node"}
          {"$ref":"#/$defs/a_b_c"}
          {"a_b_c":{"const":1}} []
        3.1.0 {"$dynamicRef":"#node"}
          {"$ref":"#/$defs/a_b_c"}
          {"a_b_c":{"const":1}} []
        3.0.3 {"allOf":[{"$ref":"#/components/schemas/Self"}]}
          {"allOf":[{"$ref":"#/$defs/Self"}]}
          {"Self":{"allOf":[{},{"title":"s"}]}} ["schema-cycle"]
        3.1.0 {"allOf":[{"$ref":"#/components/schemas/Self"}]}
          {"allOf":[{"$ref":"#/$defs/Self"}]}
          {"Self":{"allOf":[{},{"title":"s"}]}} ["schema-cycle"]
        3.0.3 {"$ref":"#/paths/~1a/get/responses/200/content/application~1json"}
          {"$ref":"#/$defs/a.get.200"}
          {"a.get.200":{}} []
        3.1.0 {"$ref":"#/paths/~1a/get/responses/200/content/application~1json"}
          {"$ref":"#/$defs/a.get.200"}
          {"a.get.200":{}} []
    "##]].assert_eq(&out);
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
    assert_eq!(api.schemas.keys().collect::<Vec<_>>(), ["Big"]);
    for operation in &api.operations {
        let schemas: Vec<_> = operation
            .responses
            .iter()
            .map(|found| found.content[0].schema.clone())
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

/// A thousand operations that share a large component cannot fill the memory.
#[test]
fn repetition_is_paid_for() {
    let headers: serde_json::Map<String, Value> =
        (0..2_000).map(|n| (format!("h{n}"), json!({}))).collect();
    let mut paths = serde_json::Map::new();
    for n in 0..2_000 {
        let responses = json!({"200": {"$ref": "#/components/responses/Big"}});
        paths.insert(format!("/p{n}"), json!({"get": {"responses": responses}}));
    }
    let document = json!({
        "openapi": "3.1.0",
        "paths": paths,
        "components": {"responses": {"Big": {"description": "d".repeat(10_000), "headers": headers}}},
    });
    let (api, diagnostics) =
        read(document.to_string().as_bytes(), &Limits::WORKER).expect("it has operations");
    assert_eq!(api.operations.len(), 2_000);
    let copied: usize = api
        .operations
        .iter()
        .flat_map(|operation| &operation.responses)
        .map(|found| found.headers.len())
        .sum();
    assert!(copied < Limits::WORKER.nodes, "{copied}");
    assert!(
        diagnostics
            .iter()
            .any(|found| found.code == "too-much-repetition")
    );
}
