//! Dynamic mode in plans, edits and reports.

mod support;

use mcpengine_openapi::{Diagnostic, Severity};
use mcpengine_plan::{
    ConflictCode, Edit, MANY_TOOLS, PlanOptions, Selection, ServerMode, ServerPlan, apply,
    dynamic_tools, edited_mode, list_costs, listed_count, mode_edit, report,
};
use serde_json::{Value, json};

const PETS: &str = include_str!("documents/pets.yaml");

fn options(mode: ServerMode) -> PlanOptions {
    PlanOptions {
        mode,
        ..PlanOptions::default()
    }
}

fn dynamic(text: &str) -> ServerPlan {
    mcpengine_plan::plan(&support::read(text), &options(ServerMode::Dynamic)).0
}

fn mode(value: Value, prev: Value) -> Edit {
    Edit {
        key: String::new(),
        path: vec!["mode".to_owned()],
        value,
        prev,
    }
}

/// A document of so many operations.
fn document(operations: usize) -> String {
    let operation = |n: usize| json!({ "tags": [format!("tag {n}")], "responses": { "204": { "description": "Done" } } });
    let paths: serde_json::Map<String, Value> = (0..operations)
        .map(|n| (format!("/things{n}"), json!({ "get": operation(n) })))
        .collect();
    json!({
        "openapi": "3.1.0", "info": { "title": "Many", "version": "1" },
        "servers": [{ "url": "https://many.test" }], "paths": paths,
    })
    .to_string()
}

#[test]
fn a_plan_says_its_mode_only_where_it_is_another() {
    let (direct, _) = support::plan(PETS);
    let dynamic = dynamic(PETS);
    let json = serde_json::to_value(&direct).unwrap();
    assert_eq!(json.get("mode"), None);
    assert_eq!(serde_json::from_value::<ServerPlan>(json).unwrap(), direct);
    let json = serde_json::to_value(&dynamic).unwrap();
    assert_eq!(json["mode"], "dynamic");
    assert_eq!(serde_json::from_value::<ServerPlan>(json).unwrap(), dynamic);
    assert_eq!((listed_count(&direct), listed_count(&dynamic)), (4, 4));
    assert_eq!(
        ServerPlan {
            mode: ServerMode::Direct,
            ..dynamic
        },
        direct
    );
}

#[test]
fn the_mode_is_edited_like_any_field() {
    let (direct, _) = support::plan(PETS);
    let edit = mode_edit(&direct, ServerMode::Dynamic).unwrap();
    assert_eq!(edit, mode(json!("dynamic"), json!("direct")));
    let (edited, conflicts) = apply(&direct, std::slice::from_ref(&edit));
    assert_eq!(
        (conflicts.as_slice(), &edited),
        ([].as_slice(), &dynamic(PETS))
    );
    assert_eq!(mode_edit(&edited, ServerMode::Dynamic), None);

    for (wrong, code) in [
        (
            mode(json!("both"), json!("direct")),
            ConflictCode::InvalidValue,
        ),
        (
            mode(json!(true), json!("direct")),
            ConflictCode::InvalidValue,
        ),
        (mode(json!("dynamic"), json!(null)), ConflictCode::Changed),
    ] {
        let (after, conflicts) = apply(&direct, std::slice::from_ref(&wrong));
        assert_eq!((conflicts[0].code, &after), (code, &direct), "{wrong:?}");
    }
}

/// The short way to the mode gives what applying all edits gives.
#[test]
fn the_mode_of_edits_is_that_of_the_edited_plan() {
    let (plan, _) = support::plan(PETS);
    let to = |value: &str, prev: &str| mode(json!(value), json!(prev));
    for edits in [
        vec![],
        vec![to("dynamic", "direct")],
        vec![to("dynamic", "direct"), to("direct", "dynamic")],
        vec![to("dynamic", "dynamic"), to("direct", "dynamic")],
        vec![to("dynamic", "direct"), to("dynamic", "direct")],
        vec![to("both", "direct"), mode(json!(7), json!("direct"))],
    ] {
        let applied = apply(&plan, &edits).0.mode;
        assert_eq!(edited_mode(plan.mode, &edits), applied, "{edits:?}");
    }
}

#[test]
fn the_report_shows_what_is_listed() {
    let api = support::read(PETS);
    let plan = dynamic(PETS);
    let report = serde_json::to_value(report(&api, &plan, &[])).unwrap();
    assert_eq!(report["mode"], "dynamic");
    assert_eq!(
        report["dynamicTools"],
        serde_json::to_value(dynamic_tools(&plan)).unwrap()
    );
    let costs = list_costs(&plan);
    assert_eq!(report["listCosts"], serde_json::to_value(costs).unwrap());
    let bytes: usize = report["dynamicTools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool.to_string().len())
        .sum();
    assert_eq!((costs.dynamic.bytes, costs.dynamic.tools), (bytes, 4));
    assert_eq!(costs.direct.tools, 4);
    assert_eq!(report["tools"].as_array().unwrap().len(), 5);
}

/// Whatever the number of tools and groups, the list stays small.
#[test]
fn the_list_does_not_grow_with_the_api() {
    let plan = dynamic(&document(3_000));
    let costs = list_costs(&plan);
    assert_eq!((costs.direct.tools, costs.dynamic.tools), (3_000, 4));
    assert!(costs.dynamic.bytes < 6_000, "{costs:?}");
    let search = &dynamic_tools(&plan)[0];
    let group = &search.input_schema["properties"]["group"];
    assert_eq!(group.get("enum"), None, "3,000 groups are not named");
    for tool in dynamic_tools(&plan) {
        assert!(tool.description.chars().count() <= 1_024);
        assert_eq!(tool.input_schema["type"], "object");
    }
}

/// What the annotations say is true of every tool that the call takes.
#[test]
fn reading_and_writing_are_apart() {
    let hints = |tools: &str| {
        let plan = dynamic(tools);
        dynamic_tools(&plan)
            .into_iter()
            .map(|tool| {
                let it = tool.annotations;
                (tool.name, it.read_only_hint, it.destructive_hint)
            })
            .collect::<Vec<_>>()
    };
    let expected = vec![
        ("search_tools", true, false),
        ("describe_tool", true, false),
        ("call_read_tool", true, false),
        ("call_write_tool", false, true),
    ];
    assert_eq!(hints(PETS), expected);
    assert_eq!(hints(&document(1)), expected);
}

#[test]
fn many_tools_are_worth_a_word() {
    let found = |operations, mode| {
        let options = PlanOptions {
            selection: Selection::All,
            ..options(mode)
        };
        let (_, diagnostics) =
            mcpengine_plan::plan(&support::read(&document(operations)), &options);
        let of_code = |it: &&Diagnostic| it.code == "many-tools";
        diagnostics.iter().find(of_code).cloned()
    };
    assert_eq!(found(MANY_TOOLS, ServerMode::Direct), None);
    assert_eq!(found(MANY_TOOLS + 1, ServerMode::Dynamic), None);
    let diagnostic = found(MANY_TOOLS + 1, ServerMode::Direct).unwrap();
    assert_eq!(diagnostic.severity, Severity::Info);
    assert!(diagnostic.message.starts_with("61 tools are enabled"));
    assert!(diagnostic.help.contains("--mode dynamic"));
}
