//! Operations, parameters, bodies, responses, servers and security.
#![expect(clippy::expect_used, reason = "a test may fail")]

mod common;

use common::read;
use expect_test::{ExpectFile, expect, expect_file};
use indexmap::IndexMap;
use mcpengine_openapi::{ApiDescription, Diagnostic, Limits, Operation, SecurityRequirement};

fn load(document: &str) -> (ApiDescription<'static>, Vec<Diagnostic>) {
    let (api, diagnostics) = read(document.as_bytes(), &Limits::WORKER).expect("it has operations");
    common::assert_sound(&api, &diagnostics);
    (api, diagnostics)
}

/// Operations with all that they hold, and the diagnostics.
fn check(document: &str, expect: &ExpectFile) {
    let (api, diagnostics) = load(document);
    let mut out = String::new();
    for operation in &api.operations {
        out += &format!(
            "{:?} {} at {}\n",
            operation.method, operation.path, operation.pointer
        );
        for found in &operation.parameters {
            let marks = [
                (found.required, "required"),
                (found.deprecated, "deprecated"),
                (found.explode, "explode"),
                (found.allow_reserved, "reserved"),
            ];
            let marks: Vec<&str> = marks
                .iter()
                .filter(|(set, _)| *set)
                .map(|(_, name)| *name)
                .collect();
            out += &format!(
                "  {:?} {} {:?} {marks:?} {} {:?} {:?} {:?}\n",
                found.location,
                found.name,
                found.style,
                found.schema,
                found.description.unwrap_or("-"),
                found.content_type.unwrap_or("-"),
                found.example.map(|example| example.to_value())
            );
        }
        if let Some(body) = &operation.body {
            out += &format!("  body required={} {:?}\n", body.required, body.description);
            out += &media(body.content);
        }
        for response in &operation.responses {
            let headers: Vec<&str> = response.headers.iter().map(|(name, _)| *name).collect();
            out += &format!(
                "  {} {:?} {headers:?}\n",
                response.status, response.description
            );
            out += &media(response.content);
        }
        if !operation.security.is_empty() {
            out += &format!("  security {:?}\n", security(operation));
        }
        if !operation.servers.is_empty() {
            out += &format!("  servers {:?}\n", operation.servers);
        }
    }
    for found in &diagnostics {
        out += &format!(
            "{:?} {} {}\n  {}\n",
            found.severity, found.code, found.pointer, found.message
        );
    }
    expect.assert_eq(&out);
}

/// As maps, which is what they are.
fn security(operation: &Operation<'_>) -> Vec<IndexMap<String, Vec<String>>> {
    let requirement = |found: &SecurityRequirement<'_>| {
        let schemes = found.iter();
        let owned = |texts: &&[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        schemes
            .map(|(name, scopes)| ((*name).to_owned(), owned(scopes)))
            .collect()
    };
    operation.security.iter().map(requirement).collect()
}

fn media(content: &[mcpengine_openapi::MediaType<'_>]) -> String {
    content
        .iter()
        .map(|media| {
            let schema = media
                .schema
                .as_ref()
                .map_or("-".to_owned(), ToString::to_string);
            let encoding: IndexMap<_, _> = media.encoding.iter().copied().collect();
            format!(
                "    {} {schema} {encoding:?} {:?}\n",
                media.media_type,
                media.example.map(|example| example.to_value())
            )
        })
        .collect()
}

#[test]
fn parameters_are_merged_and_defaulted() {
    check(
        include_str!("fixtures/parameters.yaml"),
        &expect_file!["fixtures/parameters.txt"],
    );
}

#[test]
fn paths_are_brought_into_form() {
    check(
        include_str!("fixtures/paths.yaml"),
        &expect_file!["fixtures/paths.txt"],
    );
}

#[test]
fn bodies_and_responses_are_read() {
    check(
        include_str!("fixtures/bodies.yaml"),
        &expect_file!["fixtures/bodies.txt"],
    );
}

#[test]
fn swagger_2_is_read_in_full() {
    check(
        include_str!("fixtures/swagger2.yaml"),
        &expect_file!["fixtures/swagger2.txt"],
    );
}

#[test]
fn servers_and_security_are_read() {
    let (api, diagnostics) = load(include_str!("fixtures/servers.yaml"));
    let out = format!(
        "{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n",
        (
            &api.dialect,
            &api.title,
            &api.version,
            &api.description,
            &api.docs_url
        ),
        &api.servers,
        &api.tags,
        &api.security_schemes,
        &api.x_mcp.map(|written| written.to_value()),
    );
    expect_file!["fixtures/servers.txt"].assert_eq(&out);
    let operations: Vec<_> = api
        .operations
        .iter()
        .map(|found| {
            let tags = found.tags.join(",");
            let extension = found.x_mcp.as_ref().map(ToString::to_string);
            let servers: Vec<&str> = found
                .servers
                .iter()
                .map(|server| server.url.as_str())
                .collect();
            format!(
                "{:?} {:?} {tags} {extension:?} {servers:?}\n",
                found.method,
                security(found)
            )
        })
        .collect();
    expect![[r#"
        Query [{"basic": []}, {}] a,b Some("{\"path\":1}") []
        Get []  Some("{\"enabled\":false,\"path\":1}") ["https://other"]
        Post [{"bearer": []}]  Some("{\"path\":1}") []
    "#]]
    .assert_eq(&operations.concat());
    let codes: Vec<_> = diagnostics
        .iter()
        .map(|found| format!("{} {}\n", found.code, found.pointer))
        .collect();
    expect![[r#"
        undeclared-server-variable /servers/0
        invalid-server /servers/1
        invalid-security-scheme /components/securitySchemes/bad
        invalid-security-scheme /components/securitySchemes/worse
        invalid-security-scheme /components/securitySchemes/worst
        unknown-security-scheme /security/2/missing
        unsupported-method /paths/~1a/additionalOperations/LOCK
    "#]]
    .assert_eq(&codes.concat());
}

#[test]
fn scalars_keep_what_the_author_wrote() {
    let (api, diagnostics) = load(
        "openapi: 3.1.0\n\
         info: {title: NO, version: 2020-01-01}\n\
         paths:\n  /a:\n    get:\n      summary: 12\n      responses: {200: {description: yes}}\n\
         x-mcp: [NO, on, 0x1F, 0o17, 1e3, .5, ~, null, true, 12:30, 2020-01-01, 18446744073709551616, .inf, +1, 1_000, !!str 12, !!int '7', !odd z]\n",
    );
    assert_eq!((api.title, api.version), ("NO", "2020-01-01"));
    assert_eq!(api.operations[0].summary, Some("12"));
    assert_eq!(api.operations[0].responses[0].status, "200");
    expect![[r#"["NO","on",31,15,1000.0,0.5,null,null,true,"12:30","2020-01-01",1.8446744073709552e+19,".inf",1,"1_000","12",7,"z"]"#]].assert_eq(&api.x_mcp.expect("an extension").to_string());
    assert_eq!(
        diagnostics
            .iter()
            .map(|found| found.code)
            .collect::<Vec<_>>(),
        ["yaml-tag"]
    );
}

#[test]
fn tolerated_json_is_read() {
    let (api, diagnostics) = load(
        "{\"openapi\": \"3.0.0\", \"info\": {\"title\": \"\\ud83d\\ude00 \\ud800x\\u0041\"},\n\
         \"x-mcp\": [NaN, -Infinity, 1e999, 123456789012345678901234567890, -0],\n\
         \"paths\": {\"/a\": {\"get\": {}, \"get\": {\"summary\": \"second\"}}}}",
    );
    assert_eq!(api.title, "\u{1F600} \u{FFFD}xA");
    assert_eq!(api.operations[0].summary, Some("second"));
    expect!["[null,null,1.7976931348623157e+308,1.2345678901234568e+29,0]"]
        .assert_eq(&api.x_mcp.expect("an extension").to_string());
    expect![[r#"
        [
            Diagnostic {
                code: "duplicate-key",
                severity: Warning,
                pointer: "/paths/~1a/get",
                message: "The key `get` at line 3, column 18 is written again later in the same object; the later value is used.",
                help: "Keep one of the two.",
            },
        ]
    "#]].assert_debug_eq(&diagnostics);

    let (api, diagnostics) =
        load("{\"openapi\": \"3.0.0\", # a comment\n \"paths\": {\"/a\": {\"get\": {}},},}");
    assert_eq!(api.operations.len(), 1);
    assert_eq!(diagnostics[0].code, "lenient-json");
}

#[test]
fn merge_keys_and_aliases_are_applied() {
    let (api, diagnostics) = load(
        "openapi: 3.0.0\ninfo: {title: t}\n\
         x-mcp:\n  base: &base {a: 1, b: 2}\n  one: {<<: *base, b: 3}\n  two: {c: 4, <<: [{a: 9}, *base]}\n  same: *base\n\
         paths: {/a: {get: {}}}\n---\nsecond: document\n",
    );
    expect![[r#"{"base":{"a":1,"b":2},"one":{"a":1,"b":3},"two":{"c":4,"a":9,"b":2},"same":{"a":1,"b":2}}"#]].assert_eq(&api.x_mcp.expect("an extension").to_string());
    assert_eq!(
        diagnostics
            .iter()
            .map(|found| found.code)
            .collect::<Vec<_>>(),
        ["more-documents"]
    );
}

#[test]
fn an_operations_x_mcp_goes_over_that_of_its_path() {
    let text = "openapi: 3.1.0\npaths:\n  /a:\n    x-mcp: {group: g, enabled: false}\n    \
         get: {x-mcp: {name: n, group: own}}\n    put: {x-mcp: true}\n    delete: {x-mcp: false}\n    \
         post: {}\n  /b: {x-mcp: false, get: {x-mcp: {name: n}}}\n";
    let (api, _) = read(text.as_bytes(), &Limits::CLI).expect("a description");
    let found: Vec<String> = api
        .operations
        .iter()
        .map(|operation| {
            format!(
                "{:?} {}\n",
                operation.method,
                operation.x_mcp.as_ref().expect("one")
            )
        })
        .collect();
    expect![[r#"
        Get {"name":"n","group":"own","enabled":false}
        Put {"enabled":true,"group":"g"}
        Delete {"enabled":false,"group":"g"}
        Post {"group":"g","enabled":false}
        Get {"name":"n","enabled":false}
    "#]]
    .assert_eq(&found.concat());
}

#[test]
fn rate_limits_in_extensions_are_kept_as_text() {
    let text = "openapi: 3.1.0\nx-ratelimit: 100/minute\ninfo: {title: T, x-rate-limit: 100/minute}\n\
         paths:\n  /a:\n    X-Rate-Limit-Policy: {limit: 5, window: [1, hour], note: {}}\n    \
         get: {x-ratelimit-limit: 7, x-rates: 1}\n";
    let (api, _) = read(text.as_bytes(), &Limits::CLI).expect("a description");
    assert_eq!(
        api.rate_limits,
        ["100/minute", "limit 5 window 1 hour", "7"].map(str::to_owned)
    );
}
