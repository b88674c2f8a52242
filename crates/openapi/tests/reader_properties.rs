//! Whatever collection or text comes in, nothing panics, what comes out is sound,
//! and the time stays within a bound.
#![expect(clippy::disallowed_methods, reason = "a test may look at the clock")]

mod common;

use std::time::{Duration, Instant};

use common::read;
use mcpengine_openapi::Limits;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    nodes: 50_000,
    depth: 64,
};
/// A hundred times what these small inputs take, as machines are shared.
const BOUND: Duration = Duration::from_secs(5);

fn check(bytes: &[u8]) {
    let start = Instant::now();
    match read(bytes, &LIMITS) {
        Ok((api, diagnostics)) => common::assert_sound(&api, &diagnostics),
        Err(refusal) => assert!(!refusal.message.is_empty() && !refusal.help.is_empty()),
    }
    assert!(start.elapsed() < BOUND);
}

const COLLECTIONS: [&str; 6] = [
    include_str!("fixtures/postman/harbour.json"),
    include_str!("fixtures/postman/bodies.json"),
    include_str!("fixtures/postman/auth.json"),
    include_str!("fixtures/postman/addresses.json"),
    include_str!("fixtures/postman/merged.json"),
    include_str!("fixtures/postman/converted.json"),
];

const TEXTS: [&str; 9] = [
    include_str!("fixtures/prose/headings.md"),
    include_str!("fixtures/prose/curl.md"),
    include_str!("fixtures/prose/lists.txt"),
    include_str!("fixtures/prose/tables.md"),
    include_str!("fixtures/prose/template.md"),
    include_str!("fixtures/prose/page.html"),
    include_str!("fixtures/prose/broken.html"),
    include_str!("fixtures/prose/blueprint.md"),
    include_str!("fixtures/prose/slate.md"),
];

/// Cuts a piece out of the text and puts another in its place.
fn mutated(text: &str, from: f64, length: usize, with: &str) -> String {
    let at = text.floor_char_boundary((text.len() as f64 * from) as usize);
    let end = text.floor_char_boundary((at + length).min(text.len()));
    let (before, after) = (text.get(..at), text.get(end..));
    format!(
        "{}{with}{}",
        before.unwrap_or_default(),
        after.unwrap_or_default()
    )
}

/// Marks that mean something to a reader of prose.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "GET /a/{b}",
        "POST ",
        "/c",
        "# ",
        "\n",
        "\n\n",
        "```",
        "`",
        "| ",
        "|---|---|\n",
        "- ",
        "    ",
        "<table>",
        "<td>",
        "</pre>",
        "<pre>",
        "<li>",
        "<!--",
        "<a href='",
        "curl ",
        "-d '",
        "{\"a\": ",
        "}",
        "https://a.example/v1",
        "é",
        "&lt;",
        "{{",
        "}}",
        ":id",
        "Response 200",
        "Base URL: ",
        "\\",
        "\"",
        "Parameters",
        "(integer, required)",
        "***",
        "[x](",
        "\u{2028}",
    ]);
    prop::collection::vec(
        prop_oneof![3 => known.prop_map(str::to_owned), 1 => "\\PC{0,4}"],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

const VALUES: &str = "GET post {{a}} {{a}}/b/:c https://{{a}}.example/{d}?e={{f}} raw formdata \
    urlencoded graphql file bearer apikey oauth2 noauth {\"a\":[1,{{b}}]} Content-Type \
    application/json Authorization : \u{e9} {{ }} /// a=b&c <string> 200";
const KEYS: &str = "name item request url raw host path query variable key value header body mode \
    formdata urlencoded graphql auth type bearer apikey oauth2 response code description content \
    disabled method options src protocol port variables";

fn one_of(words: &'static str) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(words.split_whitespace().collect::<Vec<_>>()).prop_map(str::to_owned)
}

/// Parts of a collection, right and wrong ones.
fn part() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(Value::from("")),
        any::<bool>().prop_map(Value::from),
        any::<i16>().prop_map(Value::from),
        one_of(VALUES).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((one_of(KEYS), inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_prose(text in piece()) {
        check(format!("GET /first\n{text}").as_bytes());
        check(format!("<html>GET /first {text}").as_bytes());
    }

    #[test]
    fn any_mutation(
        which in 0..COLLECTIONS.len() + TEXTS.len(),
        from in 0.0..1.0_f64,
        length in 0..200_usize,
        with in piece(),
    ) {
        let all: Vec<&str> = COLLECTIONS.iter().chain(&TEXTS).copied().collect();
        check(mutated(all[which], from, length, &with).as_bytes());
    }

    #[test]
    fn any_collection(items in prop::collection::vec(part(), 1..4), auth in part(), variable in part()) {
        let schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
        let request = json!({
            "name": "r",
            "request": { "method": "POST", "url": "{{a}}/b", "body": &items[0], "header": &variable },
            "response": &auth,
        });
        let document = json!({
            "info": { "name": "t", "schema": schema },
            "auth": auth,
            "variable": variable,
            "item": [request, { "name": "f", "item": items }],
        });
        check(document.to_string().as_bytes());
    }
}
