//! Postman Collections.
#![expect(clippy::expect_used, reason = "a test may fail")]

mod common;

use common::read;
use expect_test::{ExpectFile, expect, expect_file};
use mcpengine_openapi::{ApiDescription, Diagnostic, Limits};
use serde_json::{Value, json};

fn load(document: &str) -> (ApiDescription<'static>, Vec<Diagnostic>) {
    let (api, diagnostics) = read(document.as_bytes(), &Limits::WORKER).expect("it has requests");
    common::assert_sound(&api, &diagnostics);
    (api, diagnostics)
}

fn check(document: &str, expect: &ExpectFile) {
    let (api, diagnostics) = load(document);
    expect.assert_eq(&common::render::render(&api, &diagnostics));
}

/// A collection of these items.
fn collection(items: &Value) -> String {
    let schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
    json!({ "info": { "name": "t", "schema": schema }, "item": items }).to_string()
}

#[test]
fn a_collection_becomes_a_description() {
    check(
        include_str!("fixtures/postman/harbour.json"),
        &expect_file!["fixtures/postman/harbour.txt"],
    );
}

#[test]
fn bodies_of_every_mode_are_read() {
    check(
        include_str!("fixtures/postman/bodies.json"),
        &expect_file!["fixtures/postman/bodies.txt"],
    );
}

/// `{}` need not be sent, least of all where methods take no body; a variable that
/// stands for whole entries is left out.
#[test]
fn bodies_that_say_nothing_need_not_be_sent() {
    check(
        include_str!("fixtures/postman/blank.json"),
        &expect_file!["fixtures/postman/blank.txt"],
    );
}

#[test]
fn credentials_are_inherited_and_never_taken_over() {
    let document = include_str!("fixtures/postman/auth.json");
    check(document, &expect_file!["fixtures/postman/auth.txt"]);
    let (api, diagnostics) = load(document);
    let all = format!("{api:?}{diagnostics:?}");
    for secret in ["secret-1", "secret-2", "dTpw"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

/// A value whose name says that it is for its owner alone is no example.
#[test]
fn secrets_are_no_examples() {
    let document = include_str!("fixtures/postman/secrets.json");
    check(document, &expect_file!["fixtures/postman/secrets.txt"]);
    let (api, diagnostics) = load(document);
    assert!(!format!("{api:?}{diagnostics:?}").contains("secret-"));
    let own = api.security_schemes.get("apiKey3").expect("a scheme");
    assert_eq!(
        own.description.as_deref(),
        Some("The value starts with `SSWS`.")
    );
}

#[test]
fn addresses_become_servers_and_paths() {
    check(
        include_str!("fixtures/postman/addresses.json"),
        &expect_file!["fixtures/postman/addresses.txt"],
    );
}

#[test]
fn requests_of_one_operation_are_merged() {
    check(
        include_str!("fixtures/postman/merged.json"),
        &expect_file!["fixtures/postman/merged.txt"],
    );
}

/// Requests to one address that ask for different things in their bodies are
/// different operations.
#[test]
fn calls_are_told_apart_by_their_bodies() {
    check(
        include_str!("fixtures/postman/calls.json"),
        &expect_file!["fixtures/postman/calls.txt"],
    );
}

/// Names lose their order and what tells variants apart; ids are placeholders.
#[test]
fn variants_of_a_request_are_one_operation() {
    check(
        include_str!("fixtures/postman/variants.json"),
        &expect_file!["fixtures/postman/variants.txt"],
    );
}

/// As converters from OpenAPI write them, beside parts of every wrong kind.
#[test]
fn converted_and_odd_collections_are_read() {
    check(
        include_str!("fixtures/postman/converted.json"),
        &expect_file!["fixtures/postman/converted.txt"],
    );
}

#[test]
fn folders_may_be_nested_as_deep_as_documents() {
    let request = json!({ "name": "r", "request": "https://a.example/r" });
    let deep = (0..60).fold(
        request,
        |inner, n| json!({ "name": format!("f{n}"), "item": [inner] }),
    );
    let (api, _) = load(&collection(&json!([deep])));
    let found: Vec<_> = api
        .operations
        .iter()
        .map(|found| (found.tags.join(","), found.pointer.len()))
        .collect();
    assert_eq!(
        found,
        [("f0".to_owned(), "/item/0".len() * 61 + "/request".len())]
    );

    let request = json!({ "name": "r", "request": "https://a.example/r" });
    let deeper = (0..70).fold(request, |inner, _| json!({ "item": [inner] }));
    let refusal = read(collection(&json!([deeper])).as_bytes(), &Limits::WORKER);
    assert_eq!(refusal.expect_err("too deep").code, "document_too_deep");
}

#[test]
fn what_holds_no_request_is_refused() {
    let rows: Vec<String> = [json!([]), json!([{ "name": "a", "item": [] }]), json!([7])]
        .iter()
        .map(|items| {
            let refusal = read(collection(items).as_bytes(), &Limits::WORKER).expect_err("nothing");
            format!("{} {}\n", refusal.code, refusal.message)
        })
        .collect();
    expect![[r#"
        no_operations The Postman collection holds no request that can be read.
        no_operations The Postman collection holds no request that can be read.
        no_operations The Postman collection holds no request that can be read.
    "#]]
    .assert_eq(&rows.concat());
}

#[test]
fn counts_are_bounded() {
    let requests: Vec<Value> = (0..20_001)
        .map(|n| json!({ "name": "same", "request": format!("https://a.example/{n}") }))
        .collect();
    let (api, diagnostics) = load(&collection(&json!(requests)));
    let codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(api.operations.len(), 20_000);
    assert_eq!(codes, ["too-many-operations"]);

    let fields: serde_json::Map<String, Value> =
        (0..200_000).map(|n| (format!("k{n}"), json!(1))).collect();
    let body = json!({ "mode": "raw", "raw": Value::Object(fields).to_string() });
    let request = json!({ "method": "POST", "url": "https://a.example/x", "body": body });
    let (api, _) = load(&collection(&json!([{ "name": "big", "request": request }])));
    let body = api.operations[0].body.as_ref().expect("a body");
    expect![[r#"{"type":"object","additionalProperties":{"type":"integer"}}"#]].assert_eq(
        &body.content[0]
            .schema
            .as_ref()
            .expect("a schema")
            .to_string(),
    );
}
