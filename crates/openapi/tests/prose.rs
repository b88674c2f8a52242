//! Documentation in prose.
#![expect(clippy::expect_used, reason = "a test may fail")]

mod common;

use common::read;
use expect_test::{ExpectFile, expect, expect_file};
use mcpengine_openapi::{ApiDescription, Diagnostic, Limits};

fn load(document: &str) -> (ApiDescription<'static>, Vec<Diagnostic>) {
    let (api, diagnostics) = read(document.as_bytes(), &Limits::WORKER).expect("it has endpoints");
    common::assert_sound(&api, &diagnostics);
    (api, diagnostics)
}

fn check(document: &str, expect: &ExpectFile) {
    let (api, diagnostics) = load(document);
    expect.assert_eq(&common::render::render(&api, &diagnostics));
}

#[test]
fn headings_tables_and_lists_are_read() {
    check(
        include_str!("fixtures/prose/headings.md"),
        &expect_file!["fixtures/prose/headings.txt"],
    );
}

#[test]
fn lists_of_labels_are_read() {
    check(
        include_str!("fixtures/prose/bullets.md"),
        &expect_file!["fixtures/prose/bullets.txt"],
    );
}

#[test]
fn sections_have_paths_of_their_own() {
    check(
        include_str!("fixtures/prose/sections.md"),
        &expect_file!["fixtures/prose/sections.txt"],
    );
}

#[test]
fn commands_show_what_no_line_says() {
    check(
        include_str!("fixtures/prose/curl.md"),
        &expect_file!["fixtures/prose/curl.txt"],
    );
}

#[test]
fn plain_lines_are_read() {
    check(
        include_str!("fixtures/prose/lists.txt"),
        &expect_file!["fixtures/prose/lists.golden.txt"],
    );
}

#[test]
fn tables_of_endpoints_are_read() {
    check(
        include_str!("fixtures/prose/tables.md"),
        &expect_file!["fixtures/prose/tables.txt"],
    );
}

#[test]
fn method_and_address_on_lines_of_their_own_are_read() {
    check(
        include_str!("fixtures/prose/template.md"),
        &expect_file!["fixtures/prose/template.txt"],
    );
}

#[test]
fn pages_are_read() {
    check(
        include_str!("fixtures/prose/page.html"),
        &expect_file!["fixtures/prose/page.txt"],
    );
}

#[test]
fn broken_pages_are_read() {
    check(
        include_str!("fixtures/prose/broken.html"),
        &expect_file!["fixtures/prose/broken.txt"],
    );
}

#[test]
fn blueprints_are_read_as_prose() {
    check(
        include_str!("fixtures/prose/blueprint.md"),
        &expect_file!["fixtures/prose/blueprint.txt"],
    );
}

#[test]
fn three_column_pages_are_read() {
    check(
        include_str!("fixtures/prose/slate.md"),
        &expect_file!["fixtures/prose/slate.txt"],
    );
}

/// Pages of site generators: elements of MDX, shortcodes, anchors, definition
/// lists, comments.
#[test]
fn pages_of_site_generators_are_read() {
    check(
        include_str!("fixtures/prose/generators.mdx"),
        &expect_file!["fixtures/prose/generators.txt"],
    );
}

/// What is refused, and as what; or how many operations were read.
fn outcome(document: &str) -> String {
    match read(document.as_bytes(), &Limits::WORKER) {
        Ok((api, diagnostics)) => {
            common::assert_sound(&api, &diagnostics);
            format!("{:?} {}\n", api.dialect, api.operations.len())
        }
        Err(refusal) => format!("{} {}\n", refusal.code, refusal.message),
    }
}

/// Heads of tables are in any language: what the columns hold tells them.
#[test]
fn tables_of_endpoints_are_told_by_their_cells() {
    check(
        include_str!("fixtures/prose/chinese.md"),
        &expect_file!["fixtures/prose/chinese.txt"],
    );
}

/// XML is sent as text, `{}` is no body that has to be sent, and a list of the values
/// of a parameter is no list of parameters.
#[test]
fn bodies_and_values_are_told_apart() {
    check(
        include_str!("fixtures/prose/xml.md"),
        &expect_file!["fixtures/prose/xml.txt"],
    );
}

/// A description with a fault is told of the fault, whatever its texts speak of;
/// what is for machines is not searched for words.
#[test]
fn only_prose_is_read_as_prose() {
    let documents = [
        "GET /x",
        "# Pets\n\nBase URL: https://a.example\n\n## GET /pets\n",
        "[![build](x.svg)](y) [docs](z)\n\n`GET /x`\n",
        "---\ntitle: a\nopenapi: GET /x\n---\nWords\n",
        "<p align=\"center\"><img src=\"x\"></p>\n\n# Pets\n\n`GET /pets`\n",
        "<?xml version=\"1.0\"?><!DOCTYPE html><html><body>GET /x</body></html>",
        "GET / POST words only",
        "openapi: 3.0.0\npaths:\n\t/a: GET /x\n",
        "openapi: 3.0.0\ninfo: {description: GET /x}\npaths: {}\n",
        "{\"openapi\": \"3.0.0\", \"info\": {\"description\": \"GET /x\"}, }}",
        "{\"a\": \"GET /x\"}",
        "[\"GET /x\"]",
        "name: a\non: push\nrun: curl https://a.example/x\n",
        "<?xml version=\"1.0\"?><a>GET /x</a>",
        "#%RAML 1.0\ntitle: GET /x\n",
        "<!DOCTYPE html><html><body>GET a life</body></html>",
        "# Notes\n\n- **First**: of all `this`\n- and @that, which is no YAML\n",
        "---\ntitle: Notes\n---\n\nWords about nothing that could be called.\n",
        "# Errors\n\n| Code | Meaning |\n|------|---------|\n| 400 | Bad |\n| 401: x | No |\n",
        "paths:\n  /x:\n    get: [\n    put: {a: b}\n  /y:\n    get: {c: d}\n",
    ];
    let rows: Vec<String> = documents.iter().map(|document| outcome(document)).collect();
    expect![[r#"
        Prose 1
        Prose 1
        Prose 1
        Prose 1
        Prose 1
        Prose 1
        not_an_api_description This is plain text, not an OpenAPI document.
        document_syntax The YAML is broken at line 3, column 2 (in /paths): tabs disallowed within this context (block indentation).
        OpenApi30 0
        document_syntax The JSON is broken at line 1, column 57: expected a key in double quotes, found `}`.
        not_an_api_description This is an object with neither `openapi` nor `swagger` (its keys: `a`), not an OpenAPI document.
        not_an_api_description This is a list (a JSON array), not an OpenAPI document.
        not_an_api_description This is an object with neither `openapi` nor `swagger` (its keys: `name`, `on`, `run`), not an OpenAPI document.
        not_an_api_description This is an XML document, not an OpenAPI document.
        not_an_api_description This is a RAML document, not an OpenAPI document.
        not_an_api_description No endpoint was found in this text.
        not_an_api_description No endpoint was found in this text.
        not_an_api_description No endpoint was found in this text.
        not_an_api_description No endpoint was found in this text.
        document_syntax The YAML is broken at line 5, column 3 (in /paths/~1x/get/0): while parsing a flow mapping, did not find expected ',' or '}'.
    "#]].assert_eq(&rows.concat());
}

#[test]
fn hostile_texts_end() {
    let many = |piece: &str, count: usize| format!("GET /first\n\n{}", piece.repeat(count));
    let headings: String = (0..30_000).map(|n| format!("## GET /p{n}\n\n")).collect();
    let documents = [
        headings,
        many(
            "## GET /same/{id}\n| a | b |\n|---|---|\n| c | d |\n\n",
            5_000,
        ),
        many("- [", 50_000),
        many("`", 100_001),
        many("<a \"", 50_000),
        many("<pre>", 50_000),
        many("<table\n", 50_000),
        many("<!-- ", 50_000),
        many("<script><SCRIPT></scrip", 20_000),
        many("curl '", 50_000),
        many("> ", 100_000),
        many("```\n{\"a\": [", 30_000),
        many("| a ", 100_000),
        many("GET ", 100_000),
        many("GET /{", 50_000),
        many("&#x", 50_000),
        many("- a\n", 200_000),
        format!("<html>GET /x {}", "<div><p><table><tr><td>".repeat(20_000)),
        format!("<html>GET /x {}", "<h1><li><code>".repeat(50_000)),
        format!("GET /x{}", "/{a}".repeat(50_000)),
        format!("# GET /x\n\n```\n{}\n```\n", "[".repeat(100_000)),
    ];
    let rows: Vec<String> = documents
        .iter()
        .map(|document| {
            let start: String = document.chars().skip(12).take(16).collect();
            format!("{start:?} {}", outcome(document))
        })
        .collect();
    expect![[r###"
        "## GET /p1\n\n## G" Prose 20000
        "## GET /same/{id" Prose 2
        "- [- [- [- [- [-" Prose 1
        "````````````````" Prose 1
        "<a \"<a \"<a \"<a \"" Prose 1
        "<pre><pre><pre><" Prose 1
        "<table\n<table\n<t" Prose 1
        "<!-- <!-- <!-- <" Prose 1
        "<script><SCRIPT>" Prose 1
        "curl 'curl 'curl" Prose 1
        "> > > > > > > > " Prose 1
        "```\n{\"a\": [```\n{" Prose 1
        "| a | a | a | a " Prose 1
        "GET GET GET GET " Prose 1
        "GET /{GET /{GET " Prose 2
        "&#x&#x&#x&#x&#x&" Prose 1
        "- a\n- a\n- a\n- a\n" Prose 1
        " <div><p><table>" Prose 1
        " <h1><li><code><" Prose 1
        "a}/{a}/{a}/{a}/{" Prose 1
        "`\n[[[[[[[[[[[[[[" Prose 1
    "###]]
    .assert_eq(&rows.concat());
}
