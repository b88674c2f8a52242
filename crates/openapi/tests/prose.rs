//! Documentation in prose.
#![expect(clippy::expect_used, reason = "a test may fail")]

mod common;

use expect_test::{ExpectFile, expect, expect_file};
use mcpengine_openapi::{ApiDescription, Diagnostic, Limits, read};

fn load(document: &str) -> (ApiDescription, Vec<Diagnostic>) {
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
