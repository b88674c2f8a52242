//! Descriptions that are split into files.

mod common;

use expect_test::{expect, expect_file};
use mcpengine_openapi::{Arena, Limits, SourceFile, read_files};
use proptest::prelude::*;

const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    nodes: 50_000,
    depth: 64,
};

/// The whole result, or the refusal.
fn outcome(files: &[(&str, &str)]) -> String {
    let files: Vec<SourceFile<'_>> = files
        .iter()
        .map(|(name, text)| SourceFile {
            name,
            bytes: text.as_bytes(),
        })
        .collect();
    match read_files(&Arena::new(), &files, &LIMITS) {
        Ok((api, diagnostics)) => {
            common::assert_sound(&api, &diagnostics);
            common::render::render(&api, &diagnostics)
        }
        Err(refusal) => format!("{} {}\n", refusal.code, refusal.message),
    }
}

macro_rules! fixture {
    ($folder:literal: $($name:literal),+) => {
        [$(($name, include_str!(concat!("fixtures/files/", $folder, "/", $name)))),+]
    };
}

#[test]
fn files_are_read_as_one_document() {
    let files = fixture!("split": "common.json", "openapi.yaml", "paths/pets.yaml", "schemas/people.yaml", "schemas/pet.yaml");
    expect_file!["fixtures/files/split.txt"].assert_eq(&outcome(&files));
}

#[test]
fn circles_between_files_end() {
    let files = fixture!("loops": "root.yaml", "a.yaml", "b.yaml", "self.yaml");
    expect_file!["fixtures/files/loops.txt"].assert_eq(&outcome(&files));
}

/// Nothing is read that was not given, wherever a reference leads.
#[test]
fn what_is_not_given_is_lost() {
    let files = fixture!("lost": "there.yaml", "notes.txt", "api/root.json", "api/broken.yaml");
    expect_file!["fixtures/files/lost.txt"].assert_eq(&outcome(&files));
}

#[test]
fn files_without_folders_are_known_by_their_last_names() {
    let files = fixture!("flat": "api.yaml", "thing.json", "n.json");
    expect_file!["fixtures/files/flat.txt"].assert_eq(&outcome(&files));
}

#[test]
fn mappings_lead_to_files_too() {
    let files = fixture!("mapping": "api.yaml", "animals.yaml", "dog.yaml");
    expect_file!["fixtures/files/mapping.txt"].assert_eq(&outcome(&files));
}

#[test]
fn names_and_sizes_are_checked() {
    let root = "openapi: 3.1.0\ninfo: {title: t}\npaths: {/a: {get: {}}}\n";
    let big = "x".repeat(1 << 20);
    let flood = format!(
        "openapi: 3.1.0\npaths: {{/a: {{$ref: b.yaml}}}}\nx: [{}0]",
        "0,".repeat(30_000)
    );
    let more = format!("x: [{}0]", "0,".repeat(30_000));
    let deep = format!("openapi: 3.1.0\npaths: {}", "{a: ".repeat(70));
    let cases: [&[(&str, &str)]; 10] = [
        &[],
        &[("a.yaml", root)],
        &[("../../etc/passwd", root), ("b.yaml", "")],
        &[("/etc/passwd", root), ("b.yaml", "")],
        &[("a\\..\\b.yaml", root), ("b.yaml", "")],
        &[("a.yaml", root), ("b.yaml", &big)],
        &[("a.yaml", &flood), ("b.yaml", &more)],
        &[("a.yaml", &deep), ("b.yaml", "")],
        &[("a.md", "# T\n\n`GET /x`\n"), ("b.yaml", "a: b")],
        &[("a.yaml", "a: b"), ("b.yaml", "a: b")],
    ];
    let rows: Vec<String> = cases.iter().map(|files| outcome(files)).collect();
    expect![[r#"
        document_empty The document is empty.
        OpenApi31 t 0.0.0 None

        Get /a at /paths/~1a/get
          - [] None None
        invalid_file_name The file name `../../etc/passwd` leads out of the folder of the files.
        invalid_file_name The file name `/etc/passwd` leads out of the folder of the files.
        invalid_file_name The file name `b.yaml` is the name of two files.
        document_too_large The files are larger than 1 MiB together.
        document_too_many_nodes In `b.yaml`: The document holds more than 19993 values (line 1).
        document_too_deep In `a.yaml`: The document is nested deeper than 64 levels at line 2, column 260.
        Prose T 0.0.0 None

        Get /x at /line/3
          - [] Some("T") None
        Warning prose-document 
          This is prose, not a description for machines: one operation was found in its text, and what it does not say is left open.
        Warning prose-no-server 
          The text names no base URL.
        Info unused-file 
          Nothing refers to `b.yaml`; these files are left out.
        not_an_api_description In `a.yaml`: This is an object with neither `openapi` nor `swagger` (its keys: `a`), not an OpenAPI document.
    "#]].assert_eq(&rows.concat());
}

/// A hundred references to nested parts of one large file are not a hundred copies.
#[test]
fn what_is_repeated_is_bounded() {
    let mut inner = "{type: object}".to_owned();
    let mut components = String::new();
    let mut pointer = "big.yaml#".to_owned();
    for level in 0..50 {
        inner = format!("{{x: '{}', a: {inner}}}", "y".repeat(5_000));
        components += &format!("    C{level}: {{$ref: '{pointer}'}}\n");
        pointer += "/a";
    }
    let root = format!(
        "openapi: 3.1.0\ninfo: {{title: t}}\npaths: {{/a: {{get: {{}}}}}}\ncomponents:\n  schemas:\n{components}"
    );
    let text = outcome(&[("root.yaml", &root), ("big.yaml", &inner)]);
    assert!(text.starts_with("OpenApi31 t"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_files(
        names in prop::collection::vec("[ab./%]{1,6}", 3),
        references in prop::collection::vec("(\\.\\./|\\./)?[ab]{1,2}(#(/[ab~0]{0,2}){0,3})?", 8),
    ) {
        let reference = |at: usize| format!("{{$ref: '{}'}}", references[at]);
        let root = format!(
            "openapi: 3.1.0\npaths: {{/a: {{get: {{parameters: [{}]}}}}, /b: {}}}\ncomponents: {{schemas: {{A: {}, B: {}}}}}\n",
            reference(0), reference(1), reference(2), reference(3)
        );
        let one = format!("a: {}\nb: {{a: {}, discriminator: {{mapping: {{x: '{}'}}}}}}\n", reference(4), reference(5), references[5]);
        let two = format!("[{}, {}]", reference(6), reference(7));
        outcome(&[(&names[0], &root), (&names[1], &one), (&names[2], &two)]);
    }
}
