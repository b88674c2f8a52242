//! The structural oracle: whatever text a plan holds, the generated code has the
//! syntax tree of the same plan with harmless text. A text that broke out of its
//! string, comment, name or key would change the tree.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use mcpengine_codegen::{Project, ProjectOptions, generate};
use mcpengine_plan::ServerPlan;
use mcpengine_typescript::{CompileOptions, SourceFile, check, compile};
use oxc::allocator::Allocator;
use oxc::ast::AstKind;
use oxc::ast_visit::Visit;
use oxc::parser::Parser;
use oxc::semantic::SemanticBuilder;
use oxc::span::{GetSpan, SourceType, Span};
use proptest::prelude::*;
use serde_json::Value;

/// Text that has broken code generators, each with the sink it is meant for.
const PAYLOADS: &[&str] = &[
    "*/ alert(1); /*",
    "`${alert(1)}`",
    "\"; alert(1); //",
    "'; alert(1); //",
    "\\\"; alert(1); //",
    "\\",
    "\\u0022;alert(1)//",
    "\n alert(1)\n",
    "\r\n# alert",
    "\u{2028}alert(1)\u{2029}",
    "</script><script>alert(1)</script>",
    "<!-- x -->",
    "]]>",
    "}; alert(1); const x = {",
    "__proto__",
    "constructor",
    "a\u{0}b",
    "\u{feff}\u{202e}\u{200b}",
    "a b-c",
    "1",
    "delete",
    "@deprecated */",
    "///<reference path=\"x\"/>",
    "${{x}}",
    "#!/usr/bin/env",
    "é😀\u{10ffff}",
    "",
    "../../etc/passwd",
    "https://evil.example/{x}?a=b#c",
    "| a | [b](c) <img src=x onerror=y>",
];

/// Tags and enums of the plan, and what gives a schema its shape: another value
/// would not be a plan.
const FIXED_VALUES: &[&str] = &["location", "style", "encoding", "kind", "type", "mode"];
const FIXED_KEYS: &[&str] = &[
    "$defs",
    "additionalProperties",
    "items",
    "properties",
    "required",
    "type",
];

/// The plan with every free text replaced, the names of properties in schemas
/// among them. The number behind a key keeps the keys of one object apart.
fn rewrite(value: &Value, replace: &mut impl FnMut(&str) -> String, keys: Keys) -> Value {
    match value {
        Value::String(text) => Value::String(replace(text)),
        Value::Array(items) => items
            .iter()
            .map(|item| rewrite(item, replace, keys))
            .collect(),
        Value::Object(map) => {
            let entries = map.iter().enumerate().map(|(index, (key, value))| {
                if keys == Keys::OfPlan {
                    let inner = if key.ends_with("Schema") {
                        Keys::OfSchema
                    } else {
                        keys
                    };
                    let fixed = value.is_string() && FIXED_VALUES.contains(&key.as_str());
                    let value = if fixed {
                        value.clone()
                    } else {
                        rewrite(value, replace, inner)
                    };
                    return (key.clone(), value);
                }
                let new = match (FIXED_KEYS.contains(&key.as_str()), keys, index) {
                    (true, ..) => key.clone(),
                    (false, Keys::OfSchema, 1..) => format!("{}{index}", replace(key)),
                    (false, ..) => replace(key),
                };
                (new, rewrite(value, replace, keys))
            });
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Fixed by the type `ServerPlan`.
    OfPlan,
    /// Free text, to be numbered.
    OfSchema,
    /// Free text that is numbered already.
    Numbered,
}

/// The same plan with a plain word for each text. The same text becomes the same
/// word, so that what is linked by text stays linked.
fn benign_twin(plan: &Value) -> Value {
    let mut seen = Vec::<String>::new();
    let mut word = |text: &str| {
        if text.trim().is_empty() {
            return text.to_owned();
        }
        let index = seen.iter().position(|it| it == text).unwrap_or_else(|| {
            seen.push(text.to_owned());
            seen.len() - 1
        });
        format!("word{index}")
    };
    let mut twin = rewrite(plan, &mut word, Keys::OfPlan);
    // Schemas again from the source: their keys have their numbers already.
    if let (Some(tools), Some(sources)) = (twin["tools"].as_array_mut(), plan["tools"].as_array()) {
        for (tool, source) in tools.iter_mut().zip(sources) {
            for key in ["inputSchema", "outputSchema"] {
                tool[key] = rewrite(&source[key], &mut word, Keys::Numbered);
            }
        }
    }
    // An address is used where it is one: that is for both to see alike.
    twin["service"]["docsUrl"] = plan["service"]["docsUrl"].clone();
    twin
}

/// The shape of a module: its nodes in order with their depth, and what
/// literals, names and keys say left out.
fn shape(path: &str, text: &str) -> String {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::ts()).parse();
    assert!(
        parsed.diagnostics.is_empty(),
        "{path}: {:?}\n{text}",
        parsed.diagnostics
    );
    let analysed = SemanticBuilder::new()
        .with_check_syntax_error(true)
        .build(&parsed.program);
    assert!(
        analysed.diagnostics.is_empty(),
        "{path}: {:?}\n{text}",
        analysed.diagnostics
    );
    let mut shape = Shape::default();
    shape.visit_program(&parsed.program);
    assert!(shape.out.lines().count() > 5, "{path} has no nodes");
    shape.out
}

#[derive(Default)]
struct Shape {
    out: String,
    depth: usize,
    /// Of the keys of the object properties around.
    keys: Vec<Span>,
}

impl<'a> Visit<'a> for Shape {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        if let AstKind::ObjectProperty(property) = kind {
            assert!(!property.method && !property.shorthand, "not plain data");
            self.keys.push(property.key.span());
        }
        let is_key = matches!(kind, AstKind::IdentifierName(_) | AstKind::StringLiteral(_))
            && self.keys.last() == Some(&kind.span());
        // A key is written as a name, a string or a string in brackets.
        let name = if is_key {
            "Key".into()
        } else {
            kind.debug_name()
        };
        let name = name.split('(').next().unwrap_or_default();
        let _ = writeln!(self.out, "{} {name}", self.depth);
        self.depth += 1;
    }

    fn leave_node(&mut self, kind: AstKind<'a>) {
        self.depth -= 1;
        if matches!(kind, AstKind::ObjectProperty(_)) {
            self.keys.pop();
        }
    }
}

/// Whether the file is code that depends on the plan.
fn is_generated_code(path: &str) -> bool {
    path == "src/config.ts" || path == "src/dynamic/tools.ts" || path.starts_with("src/tools/")
}

/// The shapes of all of them; file names differ, so the order of files is none.
fn shapes(project: &Project) -> Vec<String> {
    let code = project
        .files
        .iter()
        .filter(|file| is_generated_code(&file.path));
    let mut shapes: Vec<_> = code.map(|file| shape(&file.path, &file.content)).collect();
    shapes.sort();
    shapes
}

fn both_modes() -> [ServerPlan; 2] {
    [support::petstore(), support::dynamic_petstore()]
}

fn plan_of(value: Value) -> ServerPlan {
    match serde_json::from_value(value) {
        Ok(plan) => plan,
        Err(error) => panic!("the plan parses: {error}"),
    }
}

/// Generates from the plan with hostile text and from its benign twin.
fn compare(plan: &ServerPlan, mut hostile: impl FnMut(usize) -> String) -> Project {
    let base = serde_json::to_value(plan).unwrap_or_default();
    let mut count = 0;
    let mut replace = |text: &str| {
        count += 1;
        hostile(hash(text))
    };
    let evil = rewrite(&base, &mut replace, Keys::OfPlan);
    assert!(
        count > 30 + 10 * plan.tools.len(),
        "the plan has text to replace"
    );
    let benign = benign_twin(&evil);
    let benign = generate(&plan_of(benign), &ProjectOptions::default());
    let evil = generate(&plan_of(evil), &ProjectOptions::default());
    let (evil_shapes, benign_shapes) = (shapes(&evil), shapes(&benign));
    assert_eq!(evil_shapes.len(), benign_shapes.len());
    for (evil_shape, benign_shape) in evil_shapes.iter().zip(&benign_shapes) {
        if let Some(line) = evil_shape
            .lines()
            .zip(benign_shape.lines())
            .position(|(a, b)| a != b)
        {
            panic!(
                "the trees differ at node {line}:\n{:#?}\n{:#?}",
                evil.files, benign.files
            );
        }
        assert_eq!(evil_shape.lines().count(), benign_shape.lines().count());
    }
    check_documents(&evil);
    evil
}

/// The files that are not code.
fn check_documents(project: &Project) {
    let mut folded = BTreeSet::new();
    for file in &project.files {
        let path = &file.path;
        let plain = |it: char| it.is_ascii_alphanumeric() || "-._/".contains(it);
        assert!(
            path.chars().all(plain) && !path.contains("..") && !path.contains("//"),
            "{path}"
        );
        assert!(folded.insert(path.to_lowercase()), "{path} is there twice");
        if path.ends_with(".json") {
            assert!(
                serde_json::from_str::<Value>(&file.content).is_ok(),
                "{path}"
            );
        }
    }
    for line in project.file(".env.example").unwrap_or_default().lines() {
        let (name, _) = line.split_once('=').unwrap_or((line, ""));
        let name = name.strip_prefix('#').unwrap_or(name);
        let plain = name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_');
        assert!(line.is_empty() || line.starts_with("# ") || plain, "{line}");
    }
    let readme = project.file("README.md").unwrap_or_default();
    assert_eq!(
        readme
            .lines()
            .filter(|line| line.starts_with("```"))
            .count(),
        14
    );
    let outside = outside_code(readme);
    for markup in ["<script", "<img", "<!--", "[b](c)"] {
        assert!(!outside.contains(markup), "{readme}");
    }
}

/// Markdown without escaped characters and code spans.
fn outside_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut code = false;
    let mut characters = markdown.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' if !code => drop(characters.next()),
            '`' => code = !code,
            other if !code => out.push(other),
            _ => {}
        }
    }
    assert!(!code, "a code span is open: {markdown}");
    out
}

fn hash(text: &str) -> usize {
    text.bytes().fold(7, |sum: usize, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    })
}

fn compile_all(project: &Project) {
    let files: Vec<_> = project
        .worker_sources()
        .map(|file| SourceFile {
            path: file.path.clone(),
            text: file.content.clone(),
        })
        .collect();
    let server = (
        "@modelcontextprotocol/server".to_owned(),
        "runtime.js".to_owned(),
    );
    let options = CompileOptions {
        bare_imports: BTreeMap::from([server]),
        strip_prefix: "src/".to_owned(),
        ..CompileOptions::default()
    };
    match compile(&files, &options) {
        Ok(modules) => {
            assert_eq!(modules.len(), files.len());
            assert!(modules.iter().any(|module| module.name == "worker.js"));
            for module in modules {
                let printed = SourceFile {
                    path: module.name,
                    text: module.js,
                };
                assert_eq!(check(&printed), Ok(()));
            }
        }
        Err(errors) => panic!("{errors:#?}"),
    }
}

#[test]
fn the_project_of_an_honest_plan_compiles() {
    for plan in both_modes() {
        compile_all(&generate(&plan, &ProjectOptions::default()));
    }
}

/// The printer ends where the compiler's bound on nesting would refuse the code.
#[test]
fn a_deep_schema_compiles() {
    let mut schema = serde_json::json!({"type": "string"});
    for _ in 0..60 {
        schema = Value::Object(
            [("anyOf".to_owned(), Value::Array(vec![schema, Value::Null]))]
                .into_iter()
                .collect(),
        );
    }
    let mut plan = support::petstore();
    plan.tools[0].input_schema = schema.into();
    compile_all(&generate(&plan, &ProjectOptions::default()));
}

#[test]
fn every_payload_in_every_text() {
    for plan in &both_modes() {
        for payload in PAYLOADS {
            let project = compare(plan, |_| (*payload).to_owned());
            compile_all(&project);
            let numbered = compare(plan, |hash| format!("{payload}{}", hash % 1_000));
            compile_all(&numbered);
        }
    }
}

/// The oracle itself: it has to see what it is there to find.
#[test]
fn the_oracle_sees_a_breakout() {
    let honest = shape("a.ts", "export const a = { \"x\": \"b\", y: 1 };");
    assert_eq!(
        honest,
        shape("a.ts", "export const c = { z: 'd', [\"__proto__\"]: 2 };")
    );
    for other in [
        "export const a = { x: \"b\", y: 1 }; alert(1);",
        "export const a = { x: `b`, y: 1 };",
        "export const a = { x: \"b\" + z, y: 1 };",
        "export const a = { x: \"b\", y: 1, z: 2 };",
        "export const a = { [x]: \"b\", y: 1 };",
        "export const a = { x: b, y: 1 };",
    ] {
        assert_ne!(honest, shape("a.ts", other), "{other}");
    }
}

/// Texts for a plan, hostile in all the ways of [`PAYLOADS`] and in ways of chance.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let text = prop_oneof![
        prop::sample::select(PAYLOADS).prop_map(str::to_owned),
        (
            prop::sample::select(PAYLOADS),
            prop::sample::select(PAYLOADS)
        )
            .prop_map(|(a, b)| format!("{a}{b}")),
        "\\PC{0,40}",
        any::<String>(),
    ];
    prop::collection::vec(text, 1..40)
}

/// The plan with three of its tools, so that many cases can be tried.
fn excerpt(mut plan: ServerPlan, salt: usize) -> ServerPlan {
    let first = salt % plan.tools.len();
    plan.tools.rotate_left(first);
    plan.tools.truncate(3);
    plan
}

/// Cases of one mode. `STRUCTURE_CASES` asks for another number, see
/// `cargo xtask bench structure`.
#[expect(clippy::disallowed_methods, reason = "a test has an environment")]
fn config() -> ProptestConfig {
    let wanted = std::env::var("STRUCTURE_CASES").ok();
    ProptestConfig {
        cases: wanted.and_then(|it| it.parse().ok()).unwrap_or(2_500),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_mix_of_texts(texts in texts(), salt in any::<usize>()) {
        let plan = excerpt(support::petstore(), salt);
        compare(&plan, |hash| texts[hash.wrapping_add(salt) % texts.len()].clone());
    }

    #[test]
    fn any_mix_of_texts_in_dynamic_mode(texts in texts(), salt in any::<usize>()) {
        let plan = excerpt(support::dynamic_petstore(), salt);
        compare(&plan, |hash| texts[hash.wrapping_add(salt) % texts.len()].clone());
    }
}
