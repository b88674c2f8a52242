//! The committed document is the one that the types make.

#![expect(clippy::disallowed_methods, reason = "a test reads files")]

#[test]
fn committed_document_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let committed = std::fs::read_to_string(path).expect("docs/openapi.json is there");
    let made = mcpengine_api::document_json().expect("the document is JSON");
    assert!(
        committed == made,
        "docs/openapi.json is stale: run `cargo xtask bless`"
    );
}

#[test]
fn every_operation_has_an_id_and_an_error() {
    let document = mcpengine_api::document().expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("path item") {
            let id = operation["operationId"].as_str().expect("an operationId");
            assert!(ids.insert(id.to_owned()), "{id} twice");
            let failing = operation["responses"]
                .as_object()
                .expect("responses")
                .keys()
                .any(|status| status.starts_with('4'));
            assert!(
                failing || matches!(id, "get_health" | "get_config" | "get_tiers"),
                "{method} {path} documents no failure"
            );
        }
    }
    assert_eq!(ids.len(), 56);
}
