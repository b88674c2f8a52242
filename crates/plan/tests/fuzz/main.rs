//! Whatever comes in, what comes out is sound: documents of the golden folder,
//! broken byte by byte, and hostile ones grown from a grammar.
//!
//! Ten seconds for each test; `MCPENGINE_FUZZ_MINUTES` gives all of them
//! together longer, as `cargo xtask test --fuzz MINUTES` does. A failure prints
//! the document, shrunk where its grammar allows: it becomes a golden one.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a panic fails the test that calls; time and folders are read"
)]

mod checks;
mod grammar;
mod mutate;
#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::Value;

/// How many tests share the minutes.
const TESTS: u32 = 6;

/// Documents between two looks at the clock.
const CASES: u32 = 4;

fn span() -> Duration {
    let minutes = std::env::var("MCPENGINE_FUZZ_MINUTES")
        .ok()
        .and_then(|text| text.parse::<f64>().ok())
        .filter(|minutes| *minutes > 0.0 && *minutes < 10_000.0);
    match minutes {
        Some(minutes) => Duration::from_secs_f64(minutes * 60.0) / TESTS,
        None => Duration::from_secs(10),
    }
}

/// Stack for growing documents: unoptimised, a grammar within a grammar takes
/// more than a test has. What is tested gets no more than [`checks::STACK`].
const STACK: usize = 64 << 20;

/// Checks documents of a strategy for as long as there is time.
fn fuzz<S: Strategy<Value = Vec<u8>> + 'static>(strategy: fn() -> S, check: fn(&[u8])) {
    let work = move || run(&strategy(), check);
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    if let Err(why) = thread.unwrap().join() {
        std::panic::resume_unwind(why);
    }
}

fn run(strategy: &impl Strategy<Value = Vec<u8>>, check: fn(&[u8])) {
    let end = Instant::now() + span();
    let mut documents = 0_u64;
    while Instant::now() < end {
        let mut runner = TestRunner::new(Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        });
        let result = runner.run(strategy, |document| {
            check(&document);
            Ok(())
        });
        match result {
            Ok(()) => documents += u64::from(CASES),
            Err(TestError::Fail(why, document)) => {
                panic!("{why}\n{}", String::from_utf8_lossy(&document))
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(documents > 0);
}

fn text(document: &Value) -> Vec<u8> {
    document.to_string().into_bytes()
}

#[test]
fn json_documents_that_are_broken_byte_by_byte() {
    fuzz(|| mutate::documents("json"), checks::any);
}

#[test]
fn yaml_documents_that_are_broken_byte_by_byte() {
    fuzz(|| mutate::documents("yaml"), checks::any);
}

#[test]
fn hostile_documents_of_openapi_3() {
    fuzz(
        || grammar::openapi().prop_map(|it| text(&it)),
        checks::whole,
    );
}

#[test]
fn hostile_documents_of_swagger_2() {
    fuzz(
        || grammar::swagger().prop_map(|it| text(&it)),
        checks::whole,
    );
}

#[test]
fn documents_in_another_order() {
    fuzz(
        || grammar::openapi().prop_map(|it| text(&it)),
        checks::order,
    );
}

#[test]
fn documents_that_share_much() {
    fuzz(
        || grammar::sharing().prop_map(|it| text(&it)),
        checks::whole,
    );
}

/// Not grown: so large that nothing that takes each tool times each other one ends in
/// time.
#[test]
fn a_document_that_asks_for_all_of_its_many_tools() {
    let operation = serde_json::json!({"x-mcp": true, "responses": {"204": {"description": "x"}}});
    let path = |n: usize| format!("/things{n}/{{id}}");
    let item = |n: usize| (path(n), serde_json::json!({"get": operation.clone()}));
    let paths: serde_json::Map<String, Value> = (0..18_000).map(item).collect();
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": {"title": "Many", "version": "1"},
        "servers": [{"url": "https://many.test"}],
        "paths": paths,
    });
    checks::quick(&text(&document));
}
