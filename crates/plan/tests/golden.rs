//! Small documents, each made for one rule, and the tools that they give.
//!
//! `golden/<topic>/<rule>.yaml` (or `.json`) has `<rule>.tools.json` beside it:
//! what the report says of servers, credentials and tools, how each tool is
//! sent, and the diagnostics. The first lines of a document state its rule, so
//! that a change of an expectation can be judged against it. After a change that
//! is meant: `UPDATE_EXPECT=1 cargo test -p mcpengine-plan --test golden`.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test reads and writes the golden files, and may stop"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mcpengine_openapi::{Arena, Limits};
use mcpengine_plan::{PlanOptions, ServerPlan};
use serde_json::{Map, Value, json};

const EXPECTED: &str = ".tools.json";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path);
        }
    }
}

fn is_expectation(path: &Path) -> bool {
    path.to_string_lossy().ends_with(EXPECTED)
}

fn is_document(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "json")) && !is_expectation(path)
}

fn expectation(document: &Path) -> PathBuf {
    let stem = document.file_stem().unwrap().to_string_lossy();
    document.with_file_name(format!("{stem}{EXPECTED}"))
}

/// What a document gives, pretty-printed; a refusal where it is refused.
fn outcome(text: &[u8]) -> String {
    let value = match mcpengine_openapi::read(&Arena::new(), text, &Limits::WORKER) {
        Err(refusal) => json!({"refusal": {
            "code": refusal.code,
            "message": refusal.message,
            "help": refusal.help,
            "pointer": refusal.pointer,
            "position": refusal.position.map(|at| [at.line, at.column]),
        }}),
        Ok((api, mut diagnostics)) => {
            let (plan, more) = mcpengine_plan::plan(&api, &PlanOptions::default());
            diagnostics.extend(more);
            support::assert_sound(&plan);
            let requests = requests(&plan);
            let report = mcpengine_plan::into_report(&api, plan, &diagnostics, 1);
            let report = serde_json::to_value(report).unwrap();
            json!({
                "servers": report["servers"],
                "authFlow": report["authFlow"],
                "tools": report["tools"],
                "requests": requests,
                "diagnostics": report["diagnostics"],
            })
        }
    };
    serde_json::to_string_pretty(&value).unwrap() + "\n"
}

/// How each tool is sent and answered, by its name.
fn requests(plan: &ServerPlan) -> Value {
    let recipe = |tool: &mcpengine_plan::Tool| {
        let recipe = json!({"request": tool.request, "response": tool.response, "auth": tool.auth});
        (tool.name.clone(), recipe)
    };
    Value::Object(plan.tools.iter().map(recipe).collect::<Map<_, _>>())
}

/// A comment in YAML; JSON has none, and says it under `x-rule`.
fn states_its_rule(text: &str) -> bool {
    text.starts_with("# ") || text.contains("\"x-rule\":")
}

#[test]
fn every_document_gives_what_its_rule_says() {
    let mut found = BTreeSet::new();
    files(&root(), &mut found);
    let documents: Vec<&PathBuf> = found.iter().filter(|path| is_document(path)).collect();
    assert!(documents.len() >= 50, "{} documents", documents.len());
    let expected: BTreeSet<PathBuf> = documents.iter().map(|path| expectation(path)).collect();
    let lonely: Vec<_> = found
        .iter()
        .filter(|path| is_expectation(path) && !expected.contains(*path))
        .collect();
    assert!(lonely.is_empty(), "no document for {lonely:?}");

    let bless = std::env::var("UPDATE_EXPECT").is_ok();
    let mut wrong = Vec::new();
    for document in documents {
        let name = document.strip_prefix(root()).unwrap().display();
        let text = fs::read(document).unwrap();
        let head = String::from_utf8_lossy(&text);
        assert!(states_its_rule(&head), "{name} does not state its rule");
        let outcome = outcome(&text);
        let file = expectation(document);
        if bless {
            fs::write(&file, &outcome).unwrap();
        } else if let Some(difference) = difference(&file, &outcome) {
            wrong.push(format!("{name}: {difference}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first line in which the outcome is not the expected one.
fn difference(file: &Path, outcome: &str) -> Option<String> {
    let Ok(expected) = fs::read_to_string(file) else {
        return Some("has no expectation".to_owned());
    };
    if expected == outcome {
        return None;
    }
    let mut lines = expected.lines().zip(outcome.lines()).enumerate();
    Some(match lines.find(|(_, (wanted, got))| wanted != got) {
        Some((at, (wanted, got))) => format!("line {}\n- {wanted}\n+ {got}", at + 1),
        None => "one is longer than the other".to_owned(),
    })
}
