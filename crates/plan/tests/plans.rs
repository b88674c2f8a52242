//! Whole plans of small documents, each made for a handful of rules.
#![expect(clippy::unwrap_used, reason = "a panic fails the test that calls")]

mod support;

use expect_test::expect_file;
use mcpengine_plan::{PlanOptions, ServerPlan, report};
use support::{assert_sound, plan, read};

const PETS: &str = include_str!("documents/pets.yaml");
const BODIES: &str = include_str!("documents/bodies.yaml");

fn shown(text: &str) -> String {
    let (plan, diagnostics) = plan(text);
    assert_sound(&plan);
    let diagnostics = serde_json::to_value(&diagnostics).unwrap();
    let whole = serde_json::json!({"plan": plan, "diagnostics": diagnostics});
    serde_json::to_string_pretty(&whole).unwrap() + "\n"
}

#[test]
fn a_pet_store() {
    expect_file!["documents/pets.plan.json"].assert_eq(&shown(PETS));
}

#[test]
fn bodies_of_every_kind() {
    expect_file!["documents/bodies.plan.json"].assert_eq(&shown(BODIES));
}

#[test]
fn a_plan_survives_its_json() {
    for text in [PETS, BODIES] {
        let (plan, _) = plan(text);
        let json = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<ServerPlan>(&json).unwrap(), plan);
    }
}

#[test]
fn the_order_of_operations_changes_the_order_of_tools_only() {
    let mut api = read(PETS);
    let sorted = |mut plan: ServerPlan| {
        plan.tools.sort_by(|a, b| a.key.cmp(&b.key));
        plan.groups.sort_by(|a, b| a.id.cmp(&b.id));
        plan
    };
    let before = sorted(mcpengine_plan::plan(&api, &PlanOptions::default()).0);
    api.operations.reverse();
    let after = sorted(mcpengine_plan::plan(&api, &PlanOptions::default()).0);
    assert_eq!(before, after);
}

#[test]
fn the_report_has_every_field_and_every_tool() {
    let api = read(PETS);
    let (plan, diagnostics) = mcpengine_plan::plan(&api, &PlanOptions::default());
    let report = serde_json::to_value(report(&api, &plan, &diagnostics)).unwrap();
    let keys: Vec<&str> = report
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "service",
            "version",
            "description",
            "servers",
            "endpoints",
            "authFlow",
            "toolGroups",
            "appCandidates",
            "rateLimits",
            "toolCount",
            "enabledToolCount",
            "mode",
            "tokens",
            "diagnostics",
            "tools"
        ]
    );
    assert_eq!(
        (&report["toolCount"], &report["enabledToolCount"]),
        (&5.into(), &4.into())
    );
    let tools = report["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 5);
    let cost = |tool: &serde_json::Value| tool["tokens"].as_u64().unwrap();
    let enabled = tools.iter().filter(|tool| tool["enabled"] == true);
    assert_eq!(
        report["tokens"],
        serde_json::json!({
            "all": tools.iter().map(cost).sum::<u64>(),
            "enabled": enabled.map(cost).sum::<u64>(),
        })
    );
    assert_eq!(report["endpoints"][0]["tool"], "list_pets");
    assert_eq!(
        report["authFlow"]["schemes"][0]["secrets"][0]["name"],
        "PET_STORE_API_KEY"
    );
}

#[test]
fn a_document_fetched_from_a_host_is_served_there() {
    let api = read(BODIES);
    let options = PlanOptions {
        source_url: Some("https://docs.bodies.test/openapi.yaml".to_owned()),
        ..PlanOptions::default()
    };
    let (plan, _) = mcpengine_plan::plan(&api, &options);
    assert_eq!(plan.servers[0].url, "https://docs.bodies.test/v2");
}

/// A document that asks for more than there is room for keeps every tool and
/// every required property; each shows less.
#[test]
fn a_small_room_takes_detail_and_no_tool() {
    let words = "words ".repeat(30);
    let properties: serde_json::Map<String, serde_json::Value> = (0..40)
        .map(|n| {
            (
                format!("field_{n}"),
                serde_json::json!({ "type": "string", "description": words }),
            )
        })
        .collect();
    let paths: serde_json::Map<String, serde_json::Value> = (0..50)
        .map(|n| {
            let schema = serde_json::json!({
                "type": "object", "required": ["field_7"], "properties": properties,
            });
            let operation = serde_json::json!({
                "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
                "responses": { "204": { "description": "Done" } },
            });
            (
                format!("/things{n}"),
                serde_json::json!({ "post": operation }),
            )
        })
        .collect();
    let document = serde_json::json!({
        "openapi": "3.1.0", "info": { "title": "Wide", "version": "1" }, "paths": paths,
    });
    let api = read(&document.to_string());
    let bytes_of = |max_bytes| {
        let options = PlanOptions {
            max_bytes,
            ..PlanOptions::default()
        };
        let (plan, _) = mcpengine_plan::plan(&api, &options);
        support::assert_sound(&plan);
        assert_eq!(plan.tools.len(), 50);
        for tool in &plan.tools {
            assert_eq!(
                tool.input_schema.to_value()["required"],
                serde_json::json!(["field_7"])
            );
        }
        let schemas: Vec<String> = plan
            .tools
            .iter()
            .map(|tool| tool.input_schema.as_json().to_owned())
            .collect();
        schemas.iter().map(String::len).sum::<usize>()
    };
    let all = bytes_of(usize::MAX);
    assert!(all > 200_000, "{all}");
    let small = bytes_of(150_000);
    assert!((50_000..150_000).contains(&small), "{small}");
    assert!(bytes_of(0) < small);
}
