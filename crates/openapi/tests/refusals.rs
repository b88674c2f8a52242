//! What is refused as a whole: code, message, position and pointer.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
mod common;

use common::read;
use mcpengine_openapi::{Limits, Severity, require_operations};

const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    nodes: 20_000,
    depth: 64,
};

fn check(documents: &[&str], expect: &Expect) {
    let rows: Vec<String> = documents.iter().map(|document| outcome(document)).collect();
    expect.assert_eq(&rows.concat());
}

/// The first line has code, position and pointer.
fn outcome(document: &str) -> String {
    match read(document.as_bytes(), &LIMITS) {
        Ok((api, diagnostics)) => {
            let codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
            format!("read: {} operations {codes:?}\n", api.operations.len())
        }
        Err(refusal) => {
            let place = refusal
                .position
                .map(|at| format!("{}:{}", at.line, at.column));
            let place = place.as_deref().unwrap_or("-");
            let pointer = refusal.pointer.as_deref().unwrap_or("-");
            format!(
                "{} {place} {pointer}\n    {}\n",
                refusal.code, refusal.message
            )
        }
    }
}

#[test]
fn broken_json_is_located() {
    check(
        &[
            "{\"openapi\": \"3.0.0\",\n \"paths\": {\"/a\": {\"get\": tru}}}",
            "{\"openapi\": \"3.0.0\",\n \"info\": {\"title\": \"x\n\"}}",
            "{\"openapi\": \"3.0.0\", \"tags\": [{}, {\"name\" \"a\"}]}",
            "{\"openapi\": \"3.0.0\"",
            "{\"a\": 01}",
            "{\"a\": \"\\x\"}",
            "{} {}",
            "{\"é\": [1, 2,, 3]}",
        ],
        &expect![[r#"
            document_syntax 2:26 /paths/~1a/get
                The JSON is broken at line 2, column 26 (in /paths/~1a/get): expected a value, found `t`.
            document_syntax 2:20 /info/title
                The JSON is broken at line 2, column 20 (in /info/title): a string is not closed on its line.
            document_syntax 1:43 /tags/1
                The JSON is broken at line 1, column 43 (in /tags/1): expected `:` after a key, found `\"`.
            document_syntax 1:20 
                The JSON is broken at line 1, column 20: expected `,` or `}`, found the end of the document.
            document_syntax 1:7 /a
                The JSON is broken at line 1, column 7 (in /a): a number starts with 0.
            document_syntax 1:9 /a
                The JSON is broken at line 1, column 9 (in /a): expected one of `"\/bfnrtu` after a backslash, found `x`.
            document_syntax 1:4 
                The JSON is broken at line 1, column 4: expected nothing after the document's end, found `{`.
            document_syntax 1:13 /é/2
                The JSON is broken at line 1, column 13 (in /é/2): expected a value, found `,`.
        "#]],
    );
}

#[test]
fn broken_yaml_is_located() {
    check(
        &[
            "openapi: 3.0.0\npaths:\n  /a:\n    get: [1, 2\n",
            "openapi: 3.0.0\ninfo:\n  title: \"x\npaths: {}\n",
            "openapi: 3.0.0\npaths:\n\t/a: {}\n",
            "openapi: 3.0.0\ninfo: {title: a: b}\n",
            "openapi: 3.0.0\npaths: *nowhere\n",
            "openapi: 3.0.0\n? [a, b]\n: c\n",
            "a: &a [*a]\n",
        ],
        &expect![[r#"
            document_syntax 4:10 /paths/~1a/get/1
                The YAML is broken at line 4, column 10 (in /paths/~1a/get/1): unclosed bracket '['.
            document_syntax 3:10 /info/title
                The YAML is broken at line 3, column 10 (in /info/title): unclosed quote.
            document_syntax 3:2 /paths
                The YAML is broken at line 3, column 2 (in /paths): tabs disallowed within this context (block indentation).
            document_syntax 2:16 /info
                The YAML is broken at line 2, column 16 (in /info): while parsing a flow mapping, did not find expected ',' or '}'.
            document_syntax 2:8 /paths
                The YAML is broken at line 2, column 8 (in /paths): while parsing node, found unknown anchor.
            document_syntax 2:3 
                The YAML is broken at line 2, column 3: a list or a mapping is used as a key.
            document_syntax 1:8 /a/0
                The YAML is broken at line 1, column 8 (in /a/0): an alias stands inside the value that it repeats.
        "#]],
    );
}

#[test]
fn other_documents_are_named() {
    check(
        &[
            "<!DOCTYPE html><html></html>",
            "<?xml version=\"1.0\"?><a/>",
            "#%RAML 1.0\ntitle: x\n",
            "FORMAT: 1A\n# Title",
            "[]",
            "42",
            "just some words",
            "{}",
            "{\"info\": {\"_postman_id\": \"1\"}, \"item\": []}",
        ],
        &expect![[r#"
            not_an_api_description - -
                No endpoint was found in this text.
            not_an_api_description - -
                This is an XML document, not an OpenAPI document.
            not_an_api_description - -
                This is a RAML document, not an OpenAPI document.
            not_an_api_description - -
                This is an API Blueprint document, not an OpenAPI document.
            not_an_api_description - -
                This is a list (a JSON array), not an OpenAPI document.
            not_an_api_description - -
                This is a number, not an OpenAPI document.
            not_an_api_description - -
                This is plain text, not an OpenAPI document.
            not_an_api_description - -
                This is an empty object, not an OpenAPI document.
            no_operations - /item
                The Postman collection holds no request that can be read.
        "#]],
    );
}

#[test]
fn other_formats_are_named() {
    check(
        &[
            "asyncapi: 2.6.0\n",
            "{\"data\": {\"__schema\": {}}}",
            "{\"log\": {\"entries\": []}}",
            "apiVersion: v1\nkind: Pod\n",
            "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"}",
            "{\"name\": \"a\", \"version\": \"1\", \"scripts\": {}}",
            "name: a\nsteps: []\n",
        ],
        &expect![[r#"
            not_an_api_description - -
                This is an AsyncAPI document, not an OpenAPI document.
            not_an_api_description - -
                This is a GraphQL schema, not an OpenAPI document.
            not_an_api_description - -
                This is a HAR recording, not an OpenAPI document.
            not_an_api_description - -
                This is a Kubernetes manifest, not an OpenAPI document.
            not_an_api_description - -
                This is a JSON Schema, not an OpenAPI document.
            not_an_api_description - -
                This is a package.json file, not an OpenAPI document.
            not_an_api_description - -
                This is an object with neither `openapi` nor `swagger` (its keys: `name`, `steps`), not an OpenAPI document.
        "#]],
    );
}

#[test]
fn versions_are_checked() {
    check(
        &[
            "openapi: 4.0.0\npaths: {/a: {get: {}}}\n",
            "swagger: '1.2'\npaths: {/a: {get: {}}}\n",
            "swaggerVersion: '1.2'\napis: []\n",
            "openapi: [3]\n",
            "openapi: 3.0\npaths: {/a: {get: {}}}\n",
            "openapi: 3.1.1\npaths: {/a: {get: {}}}\n",
            "openapi: 3.2.0\npaths: {/a: {get: {}}}\n",
            "swagger: 2.0\npaths: {/a: {get: {}}}\n",
        ],
        &expect![[r#"
            unsupported_version - /openapi
                `openapi: 4.0.0` is not a version that can be read.
            unsupported_version - /swagger
                `swagger: 1.2` is not a version that can be read.
            unsupported_version - /swaggerVersion
                `swaggerVersion: 1.2` is not a version that can be read.
            unsupported_version - /openapi
                `openapi: a list` is not a version that can be read.
            read: 1 operations ["missing-title"]
            read: 1 operations ["missing-title"]
            read: 1 operations ["missing-title"]
            read: 1 operations ["missing-title"]
        "#]],
    );
}

#[test]
fn a_document_without_operations_is_read_and_says_why() {
    let found: Vec<String> = [
        "openapi: 3.1.0\n",
        "openapi: 3.1.0\npaths: {}\n",
        "openapi: 3.1.0\npaths: []\n",
        "openapi: 3.1.0\npaths: {/a: {parameters: []}}\n",
        "openapi: 3.1.0\npaths: {/a: {get: null}}\n",
        "openapi: 3.1.0\nwebhooks: {new: {post: {}}}\n",
    ]
    .iter()
    .map(|document| {
        let (api, diagnostics) = read(document.as_bytes(), &LIMITS).expect("it is a description");
        assert!(api.operations.is_empty());
        let said = diagnostics
            .iter()
            .find(|diagnostic| diagnostic.code == "no-operations")
            .expect("the reader says so");
        assert_eq!(said.severity, Severity::Error);
        let refusal = require_operations(&diagnostics).expect_err("there is no operation");
        assert_eq!(
            (refusal.message.as_str(), refusal.help.as_str()),
            (said.message.as_str(), said.help.as_str())
        );
        let pointer = refusal.pointer.unwrap_or_default();
        format!("{} {pointer} {}\n", refusal.code, refusal.message)
    })
    .collect();
    expect![[r#"
        no_operations /paths The document has no `paths`.
        no_operations /paths The document's `paths` are empty.
        no_operations /paths The document's `paths` hold no operation that can be read.
        no_operations /paths The document's `paths` hold no operation that can be read.
        no_operations /paths The document's `paths` hold no operation that can be read.
        no_operations /paths The document has webhooks only: calls that the API makes, not calls that it takes.
    "#]]
    .assert_eq(&found.concat());
    let (_, diagnostics) =
        read(b"openapi: 3.1.0\npaths: {/a: {get: {}}}\n", &LIMITS).expect("it is a description");
    assert_eq!(require_operations(&diagnostics), Ok(()));
    // What is no JSON gets the JSON error, where YAML finds nothing in it either.
    check(
        &["{'openapi': '3.1.0'}"],
        &expect![[r#"
            document_syntax 1:2 
                The JSON is broken at line 1, column 2: expected a key in double quotes, found `\'`.
        "#]],
    );
}

#[test]
fn bombs_are_refused() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let above = level - 1;
        let aliases = vec![format!("*a{above}"); 9].join(", ");
        writeln!(laughs, "a{level}: &a{level} [{aliases}]").expect("writing to a string");
    }
    let mut block = String::new();
    for level in 0..3_000 {
        writeln!(block, "{}k:", " ".repeat(level % 1_000)).expect("writing to a string");
    }
    let mut deep_block = String::new();
    for level in 0..300 {
        writeln!(deep_block, "{}k:", " ".repeat(level)).expect("writing to a string");
    }
    check(
        &[
            &"[".repeat(100_000),
            &format!("openapi: {}", "[".repeat(100_000)),
            &"{\"a\":".repeat(100_000),
            &laughs,
            &deep_block,
        ],
        &expect![[r#"
            document_too_deep 1:65 /0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0
                The document is nested deeper than 64 levels at line 1, column 65.
            document_too_deep 1:75 /openapi/0
                The document is nested deeper than 64 levels at line 1, column 75.
            document_too_deep 1:321 /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a
                The document is nested deeper than 64 levels at line 1, column 321.
            document_alias_bomb 5:10 /a4/0
                YAML aliases repeat values more than 20 times the size of the document (line 5).
            document_too_deep 65:65 /k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k/k
                The document is nested deeper than 64 levels at line 65, column 65.
        "#]],
    );
    assert!(read(block.as_bytes(), &LIMITS).is_err());
}

#[test]
fn floods_are_refused() {
    let merges = "a: &a {x: 1}\nb: &b {<<: [*a, *a, *a, *a]}\n".to_owned()
        + "c: {<<: [*b, *b, *b, *b]}\nopenapi: 3.0.0\npaths: {/a: {get: {}}}\n";
    check(
        &[
            &format!("[{}0]", "0,".repeat(30_000)),
            &format!("a: [{}0]", "0, ".repeat(30_000)),
            &"- ".repeat(100_000),
            &"? ".repeat(100_000),
            &format!(
                "openapi: 3.0.0\ninfo: {}",
                "&a [".repeat(60) + &"]".repeat(60)
            ),
            &merges,
        ],
        &expect![[r#"
            document_too_many_nodes 1:40001 /19999
                The document holds more than 20000 values (line 1).
            document_too_many_nodes 1:59999 /a/19998
                The document holds more than 20000 values (line 1).
            document_too_deep 1:129 /0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0
                The document is nested deeper than 64 levels at line 1, column 129.
            document_syntax 1:3 
                The YAML is broken at line 1, column 3: a list or a mapping is used as a key.
            read: 0 operations ["missing-title", "no-operations"]
            read: 1 operations ["missing-title"]
        "#]],
    );
}

#[test]
fn bytes_beyond_the_limit_are_refused() {
    let limits = Limits {
        bytes: 1 << 20,
        ..LIMITS
    };
    let refusal = read(&vec![b'a'; (1 << 20) + 1], &limits).expect_err("too large");
    assert_eq!(refusal.code, "document_too_large");
    assert_eq!(refusal.message, "The document is larger than 1 MiB.");
}
