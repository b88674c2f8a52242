//! Which tools are on, what they cost, what is wrong, what differs: whole
//! standard output, standard error and exit status.
#![expect(clippy::too_many_lines, reason = "these tests hold whole outputs")]

use std::fs;

use expect_test::expect;
use serde_json::Value;

use crate::support::{check, folder, run, shown};

const SHOP: &str = r##"openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
servers: [{url: "https://shop.test"}]
paths:
  /pets:
    get:
      tags: [Pets]
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer}}, {name: cursor, in: query, schema: {type: string}}]
      responses: {'200': {description: ok}}
    post: {tags: [Pets], operationId: createPet, responses: {'201': {description: made}}}
  /pets/{id}:
    get:
      tags: [Pets]
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok}}
  /orders:
    get: {tags: [Orders], operationId: listOrders, responses: {'200': {description: ok}}}
    delete: {tags: [Orders], operationId: purgeOrders, deprecated: true, responses: {'204': {description: gone}}}
"##;

#[test]
fn filters_turn_off_what_does_not_fit() {
    check(
        &[
            "analyze",
            "-",
            "--tag",
            "pets",
            "--tag",
            "orders",
            "--method",
            "get",
            "--read-only",
        ],
        SHOP,
        &expect![[r#"
            exit 0
            --- stdout
            Shop 1.0.0

            Servers
              https://shop.test

            Auth
              none

            Tools: 5 (3 enabled, about 125 tokens)
              Pets (3)
                GET     /pets  list_pets  (pages by cursor)
                POST    /pets  create_pet  (off: not selected)
                GET     /pets/{id}  get_pet
              Orders (2)
                GET     /orders  list_orders
                DELETE  /orders  purge_orders  (off: deprecated)

            Diagnostics: 0 errors, 0 warnings, 0 notes
            --- stderr
        "#]],
    );
    check(
        &[
            "analyze",
            "-",
            "--path",
            "/pets/*",
            "--path",
            "/none",
            "--tool",
            "createPet",
        ],
        SHOP,
        &expect![[r#"
            exit 1
            --- stdout
            --- stderr
            error[filter_fits_nothing]: no tool fits --path /none; no tool fits --tool createPet
              help: The nearest are --path /pets, /orders, /pets/{id}; --tool create_pet, get_pet, list_pets, purge_orders, list_orders.
        "#]],
    );
    check(
        &["analyze", "-", "--tag", "Pets", "--method", "DELETE"],
        SHOP,
        &expect![[r#"
            exit 1
            --- stdout
            --- stderr
            error[filter_fits_nothing]: each filter fits some tool, but none fits all of them
              help: Leave one of the filters out.
        "#]],
    );
    check(
        &[
            "generate", "-", "--out", "x", "--path", "/orders", "--method", "delete",
        ],
        SHOP,
        &expect![[r#"
            exit 1
            --- stdout
            --- stderr
            error[no_tools]: no tool is on: they are deprecated, or turned off by `x-mcp`
              help: Name those that are wanted with --tool; mcpengine analyze lists all.
        "#]],
    );
}

#[test]
fn json_lists_every_operation_and_generate_writes_the_rest() {
    let folder = folder("filters");
    fs::write(folder.join("shop.yaml"), SHOP).unwrap();
    let chosen = ["--tool", "purge_orders", "--tool", "GET /pets/{id}"];
    let arguments = [&["analyze", "shop.yaml", "--json"][..], &chosen].concat();
    let report: Value = serde_json::from_slice(&run(&folder, &arguments, b"").stdout).unwrap();
    let tools: Vec<(&str, bool, &Value)> = report["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| {
            let name = tool["name"].as_str().unwrap();
            (name, tool["enabled"] == true, &tool["disabledBecause"])
        })
        .collect();
    let not_selected = Value::from("notSelected");
    assert_eq!(
        tools,
        [
            ("list_pets", false, &not_selected),
            ("create_pet", false, &not_selected),
            ("get_pet", true, &Value::Null),
            ("list_orders", false, &not_selected),
            ("purge_orders", true, &Value::Null),
        ]
    );
    let arguments = [&["generate", "shop.yaml", "--out", "out"][..], &chosen].concat();
    assert!(run(&folder, &arguments, b"").status.success());
    let source = fs::read_to_string(folder.join("out/src/tools/orders.ts")).unwrap()
        + &fs::read_to_string(folder.join("out/src/tools/pets.ts")).unwrap();
    assert!(source.contains("\"purge_orders\"") && source.contains("\"get_pet\""));
    assert!(!source.contains("\"list_orders\"") && !source.contains("\"create_pet\""));
}

/// A document of `count` resources with a list and a deletion each.
fn large(count: usize) -> String {
    let paths: Vec<String> = (0..count)
        .map(|n| {
            let operation = |verb: &str| {
                format!(r#"{{"operationId": "{verb}Thing{n}", "responses": {{"200": {{"description": "ok"}}}}}}"#)
            };
            format!(r#""/things{n}": {{"get": {}, "delete": {}}}"#, operation("list"), operation("delete"))
        })
        .collect();
    format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "Large", "version": "1"}}, "paths": {{{}}}}}"#,
        paths.join(", ")
    )
}

#[test]
fn a_large_document_has_a_default_selection_that_can_be_lifted() {
    let folder = folder("large");
    let counts = |arguments: &[&str]| {
        let output = run(&folder, arguments, large(50).as_bytes());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let noted = report["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .any(|found| found["code"] == "default-selection");
        (
            report["toolCount"].clone(),
            report["enabledToolCount"].clone(),
            noted,
        )
    };
    let expected = |enabled: usize, noted| (Value::from(100), Value::from(enabled), noted);
    assert_eq!(counts(&["analyze", "-", "--json"]), expected(60, true));
    assert_eq!(
        counts(&["analyze", "-", "--json", "--all"]),
        expected(100, false)
    );
    assert_eq!(
        counts(&["analyze", "-", "--json", "--select", "all"]),
        expected(100, false)
    );
    assert_eq!(
        counts(&["analyze", "-", "--json", "--select", "default"]),
        expected(60, true)
    );
    assert_eq!(
        counts(&["analyze", "-", "--json", "--method", "get"]),
        expected(50, false)
    );
    let output = run(
        &folder,
        &["analyze", "-", "--all", "--select", "default"],
        b"",
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn cost_is_told_by_tool_and_group_and_in_all() {
    check(
        &["analyze", "-", "--cost"],
        SHOP,
        &expect![[r#"
        exit 0
        --- stdout
        Shop 1.0.0

        Tokens of the tools (estimated)
                46  get_pet
                45  list_pets
                36  purge_orders  (off)
                34  list_orders
                33  create_pet

        Tokens of the groups (enabled, all)
               124      124  pets (3)
                34       70  orders (2)

        158 tokens in the 4 tools that are on, 194 in all 5
        --- stderr
    "#]],
    );
    let output = run(
        &folder("cost"),
        &["analyze", "-", "--cost", "--json"],
        SHOP.as_bytes(),
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let cost = &report["cost"];
    assert_eq!(
        (&cost["all"], &cost["enabled"]),
        (&report["tokens"]["all"], &report["tokens"]["enabled"])
    );
    let sum = |of: &str, field: &str| -> u64 {
        let all = cost[of].as_array().unwrap().iter();
        all.map(|entry| entry[field].as_u64().unwrap()).sum()
    };
    assert_eq!(sum("tools", "tokens"), cost["all"].as_u64().unwrap());
    assert_eq!(sum("groups", "all"), cost["all"].as_u64().unwrap());
    assert_eq!(sum("groups", "enabled"), cost["enabled"].as_u64().unwrap());
}

#[test]
fn doctor_tells_every_finding_with_its_remedy() {
    check(
        &["doctor", "-"],
        SHOP,
        &expect![[r#"
        exit 0
        --- stdout
        Shop 1.0.0

        Nothing to remark: 0 errors, 0 warnings, 0 notes on 5 operations
        --- stderr
    "#]],
    );
    let broken = SHOP
        .replace("servers: [{url: \"https://shop.test\"}]\n", "")
        .replace(
            "parameters: [{name: id",
            "parameters: [{$ref: '#/nowhere'}, {$ref: '#/gone'}, {name: id",
        );
    check(
        &["doctor", "-"],
        &broken,
        &expect![[r#"
        exit 1
        --- stdout
        Shop 1.0.0

        error[missing-ref]: 2 times
          The parameter refers to `#/nowhere`, which the document does not have.
            at /paths/~1pets~1{id}/get/parameters/0
            help: Add what is missing, or correct the reference.
          The parameter refers to `#/gone`, which the document does not have.
            at /paths/~1pets~1{id}/get/parameters/1

        warning[no-server]: once
          the document does not say where the API is
            at /servers
            help: Give the base URL when you deploy, or add `servers` to the document.

        Found: 2 errors, 1 warnings, 0 notes on 5 operations
        --- stderr
    "#]],
    );
    check(
        &["doctor", "-", "--json"],
        &broken,
        &expect![[r#"
        exit 1
        --- stdout
        {"service":"Shop","version":"1.0.0","operations":5,"errors":2,"warnings":1,"notes":0,"findings":[{"severity":"error","code":"missing-ref","count":2,"places":[{"pointer":"/paths/~1pets~1{id}/get/parameters/0","message":"The parameter refers to `#/nowhere`, which the document does not have.","help":"Add what is missing, or correct the reference."},{"pointer":"/paths/~1pets~1{id}/get/parameters/1","message":"The parameter refers to `#/gone`, which the document does not have.","help":"Add what is missing, or correct the reference."}]},{"severity":"warning","code":"no-server","count":1,"places":[{"pointer":"/servers","message":"the document does not say where the API is","help":"Give the base URL when you deploy, or add `servers` to the document."}]}]}
        --- stderr
    "#]],
    );
    check(
        &["doctor", "-"],
        "openapi: [",
        &expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[document_syntax]: The YAML is broken at line 1, column 10 (in /openapi/0): unclosed bracket '['.
          --> <stdin>:1:10
          at /openapi/0
          help: Correct the text at that place: look for a missing quote, a tab, or a wrong indentation on that line or the one before.
    "#]],
    );
}

#[test]
fn diff_tells_what_a_new_version_changes() {
    let folder = folder("diff");
    fs::write(folder.join("a.yaml"), SHOP).unwrap();
    let after = SHOP
        .replace("version: 1.0.0", "version: 2.0.0")
        .replace(
            "{name: limit, in: query, schema",
            "{name: limit, in: query, required: true, schema",
        )
        .replace("/pets/{id}:", "/pets/{petId}:")
        .replace("{name: id,", "{name: petId,")
        .replace(
            "delete: {tags: [Orders], operationId: purgeOrders",
            "put: {tags: [Orders], operationId: replaceOrders",
        );
    fs::write(folder.join("b.yaml"), &after).unwrap();
    expect![[r#"
        exit 0
        --- stdout
        Shop 1.0.0 -> Shop 2.0.0

        Removed
          - DELETE /orders  purge_orders

        Renamed
          > GET /pets/{id} -> GET /pets/{petId}  get_pet
                it is described in other words
              ! `id` is gone
              ! `petId` is new and required

        Changed
          ~ GET /pets  list_pets
              ! `limit` is required now

        Added
          + PUT /orders  replace_orders

        1 added, 1 removed, 1 changed, 1 renamed; 2 of them break callers
        --- stderr
    "#]]
    .assert_eq(&shown(&run(&folder, &["diff", "a.yaml", "b.yaml"], b"")));
    let coded = run(
        &folder,
        &["diff", "a.yaml", "-", "--exit-code", "--json"],
        after.as_bytes(),
    );
    assert_eq!(coded.status.code(), Some(1));
    let difference: Value = serde_json::from_slice(&coded.stdout).unwrap();
    let keys: Vec<&String> = difference.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "old", "new", "breaking", "added", "removed", "changed", "renamed", "service"
        ]
    );
    assert_eq!(difference["new"]["version"], "2.0.0");
    assert_eq!(difference["breaking"], 2);
    expect![[r#"
        exit 0
        --- stdout
        Shop 1.0.0 -> Shop 1.0.0

        0 added, 0 removed, 0 changed, 0 renamed; 0 of them break callers
        --- stderr
    "#]]
    .assert_eq(&shown(&run(
        &folder,
        &["diff", "a.yaml", "a.yaml", "--exit-code"],
        b"",
    )));
    expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[stdin_twice]: standard input has one document, not two
          help: Name a file for one of them.
    "#]]
    .assert_eq(&shown(&run(&folder, &["diff", "-", "-"], b"")));
    expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[file_not_found]: there is no file gone.yaml
          help: Check the path; `-` reads standard input.
    "#]]
    .assert_eq(&shown(&run(&folder, &["diff", "a.yaml", "gone.yaml"], b"")));
}
