use std::collections::BTreeMap;

use expect_test::expect;
use mcpengine_openapi::{ApiDescription, Method};
use serde_json::json;

use super::{MOST, Path};
use crate::fixtures::{api, operation};
use crate::{DisabledBecause, Edit, PlanOptions, Selection, ServerPlan, apply, plan};

const VERBS: [(Method, &str, &str); 5] = [
    (Method::Get, "list", ""),
    (Method::Post, "create", ""),
    (Method::Get, "get", "/{id}"),
    (Method::Put, "update", "/{id}"),
    (Method::Delete, "delete", "/{id}"),
];

/// A shop: three central resources with others below them, and much beside.
fn shop() -> ApiDescription<'static> {
    let mut operations = Vec::new();
    let mut resource = |tag: &'static str, path: &str, noun: &str| {
        for (method, verb, end) in VERBS {
            let path = format!("/v1{path}{}", end.replace("id", &format!("{noun}Id")));
            let mut operation = operation(method, &path, Some(&format!("{verb} {noun}")));
            operation.tags = vec![tag];
            operations.push(operation);
        }
    };
    for (tag, path, noun) in [
        ("Customers", "/customers", "customer"),
        ("Customers", "/customers/{customerId}/addresses", "address"),
        ("Customers", "/customers/{customerId}/cards", "card"),
        ("Orders", "/orders", "order"),
        ("Orders", "/orders/{orderId}/items", "item"),
        ("Orders", "/orders/{orderId}/items/{itemId}/notes", "note"),
        ("Products", "/products", "product"),
        ("Products", "/products/{productId}/images", "image"),
        ("Admin", "/admin/users", "admin_user"),
        ("Admin", "/admin/keys", "admin_key"),
        ("Webhooks", "/webhooks", "webhook"),
        ("Currencies", "/currencies", "currency"),
        ("Bulk", "/bulk/jobs", "bulk_job"),
        ("Reports", "/reports", "report"),
        ("Shipping", "/shipping/labels", "label"),
        ("Shipping", "/shipping/rates", "rate"),
    ] {
        resource(tag, path, noun);
    }
    let mut search = operation(Method::Post, "/v1/search", Some("search"));
    search.tags = vec!["Search"];
    operations.push(search);
    api(operations)
}

fn planned(api: &ApiDescription<'_>, selection: Selection) -> ServerPlan {
    let options = PlanOptions {
        selection,
        ..PlanOptions::default()
    };
    plan(api, &options).0
}

fn enabled(plan: &ServerPlan) -> Vec<&str> {
    let enabled = plan.tools.iter().filter(|tool| tool.enabled);
    enabled.map(|tool| tool.name.as_str()).collect()
}

#[test]
fn a_large_api_starts_with_what_most_tasks_need() {
    let plan = planned(&shop(), Selection::Default);
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for tool in plan.tools.iter().filter(|tool| tool.enabled) {
        groups.entry(&tool.group).or_default().push(&tool.name);
    }
    let shown: String = groups
        .iter()
        .map(|(group, names)| format!("{group}: {}\n", names.join(" ")))
        .collect();
    expect![[r#"
        admin: list_admin_key
        currencies: list_currency create_currency get_currency update_currency delete_currency
        customers: list_customer create_customer get_customer update_customer delete_customer list_address create_address get_address update_address list_card create_card get_card update_card
        orders: list_order create_order get_order update_order delete_order list_item create_item get_item update_item delete_item list_note create_note get_note update_note
        products: list_product create_product get_product update_product delete_product list_image create_image get_image update_image
        reports: list_report create_report get_report update_report delete_report
        search: search
        shipping: list_label create_label get_label update_label list_rate create_rate get_rate update_rate
        webhooks: list_webhook create_webhook get_webhook update_webhook
    "#]].assert_eq(&shown);
    assert_eq!(enabled(&plan).len(), MOST);
    for tool in &plan.tools {
        let expected = (!tool.enabled).then_some(DisabledBecause::NotSelected);
        assert_eq!(tool.disabled_because, expected, "{}", tool.key);
    }
}

#[test]
fn what_was_chosen_is_said_and_can_be_undone() {
    let (_, diagnostics) = plan(&shop(), &PlanOptions::default());
    let said: Vec<_> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code == "default-selection")
        .collect();
    assert_eq!(said.len(), 1);
    assert_eq!(
        said[0].message,
        "60 of 81 tools are on: more than 60 leave a model no room to choose well"
    );
    let whole = planned(&shop(), Selection::All);
    assert_eq!(enabled(&whole).len(), 81);
    let small = api(shop().operations.split_off(21));
    let (small, diagnostics) = plan(&small, &PlanOptions::default());
    assert_eq!(enabled(&small).len(), MOST);
    assert!(diagnostics.iter().all(|d| d.code != "default-selection"));
}

#[test]
fn the_order_of_the_document_chooses_nothing() {
    let mut api = shop();
    let sorted = |plan: &ServerPlan| {
        let mut keys: Vec<String> = plan
            .tools
            .iter()
            .filter(|tool| tool.enabled)
            .map(|tool| tool.key.clone())
            .collect();
        keys.sort_unstable();
        keys
    };
    let expected = sorted(&planned(&api, Selection::Default));
    for step in [1, 7, 30] {
        api.operations.rotate_left(step);
        assert_eq!(sorted(&planned(&api, Selection::Default)), expected);
        api.operations.reverse();
        assert_eq!(sorted(&planned(&api, Selection::Default)), expected);
    }
}

#[test]
fn hints_and_deprecation_come_first() {
    let mut api = shop();
    for operation in &mut api.operations {
        let id = operation.operation_id.unwrap_or_default();
        if id.ends_with("bulk_job") {
            operation.x_mcp = Some(crate::fixtures::node(&json!({"enabled": true})));
        } else if id == "list customer" {
            operation.x_mcp = Some(crate::fixtures::node(&json!(false)));
        } else if id == "list order" {
            operation.deprecated = true;
        }
    }
    let plan = planned(&api, Selection::Default);
    let because = |name: &str| {
        let tool = plan.tools.iter().find(|tool| tool.name == name).unwrap();
        (tool.enabled, tool.disabled_because)
    };
    assert_eq!(enabled(&plan).len(), MOST);
    assert_eq!(because("delete_bulk_job"), (true, None));
    assert_eq!(
        because("list_customer"),
        (false, Some(DisabledBecause::Hint))
    );
    assert_eq!(
        because("list_order"),
        (false, Some(DisabledBecause::Deprecated))
    );
    assert_eq!(
        because("delete_note"),
        (false, Some(DisabledBecause::NotSelected))
    );

    // The document turns on more than that: all of them stay on, and no other.
    for operation in api.operations.iter_mut().take(70) {
        operation.x_mcp = Some(crate::fixtures::node(&json!(true)));
    }
    assert_eq!(enabled(&planned(&api, Selection::Default)).len(), 70);
}

#[test]
fn what_was_on_stays_on_when_the_document_is_read_again() {
    let mut api = shop();
    let before = planned(&api, Selection::Default);
    let keep: Vec<String> = before
        .tools
        .iter()
        .filter(|tool| tool.enabled)
        .map(|tool| tool.key.clone())
        .collect();
    // Ten more, all of them more important than what was chosen last.
    for n in 0..10 {
        let path = format!("/v1/customers/{{customerId}}/cards{n}");
        let mut list = operation(Method::Get, &path, Some(&format!("list cards {n}")));
        list.tags = vec!["Customers"];
        api.operations.push(list);
    }
    let options = PlanOptions {
        keep: keep.iter().cloned().collect(),
        ..PlanOptions::default()
    };
    let (again, _) = plan(&api, &options);
    let on: Vec<String> = again
        .tools
        .iter()
        .filter(|tool| tool.enabled)
        .map(|tool| tool.key.clone())
        .collect();
    assert_eq!(on, keep);
    // What is gone makes room.
    api.operations
        .retain(|operation| operation.path != "/v1/customers");
    let (again, _) = plan(&api, &options);
    assert_eq!(enabled(&again).len(), MOST);
}

#[test]
fn who_turns_a_tool_on_or_off_needs_no_reason() {
    let plan = planned(&shop(), Selection::Default);
    let off = plan.tools.iter().find(|tool| !tool.enabled).unwrap();
    let edit = |value: bool| Edit {
        key: off.key.clone(),
        path: vec!["enabled".to_owned()],
        value: value.into(),
        prev: (!value).into(),
    };
    let state = |edits: &[Edit]| {
        let (edited, conflicts) = apply(&plan, edits);
        assert!(conflicts.is_empty());
        let tool = edited.tools.into_iter().find(|tool| tool.key == off.key);
        tool.map(|tool| (tool.enabled, tool.disabled_because))
    };
    assert_eq!(
        state(&[]),
        Some((false, Some(DisabledBecause::NotSelected)))
    );
    assert_eq!(state(&[edit(true)]), Some((true, None)));
    assert_eq!(state(&[edit(true), edit(false)]), Some((false, None)));
}

/// Folders and files, which hold things, and many small groups beside them.
#[test]
fn what_the_main_things_hold_comes_before_small_groups() {
    let mut operations = Vec::new();
    let mut add = |method, path: &str, tag: &str| {
        let mut operation = operation(method, path, None);
        operation.tags = vec![crate::fixtures::text(tag)];
        operations.push(operation);
    };
    for thing in ["folders", "files"] {
        add(Method::Get, &format!("/{thing}/{{id}}"), thing);
        add(Method::Post, &format!("/{thing}"), thing);
        for part in 0..10 {
            let (path, tag) = (
                format!("/{thing}/{{id}}/parts{part}"),
                format!("{thing} {part}"),
            );
            for method in [Method::Get, Method::Post, Method::Put] {
                add(method, &path, &tag);
            }
        }
    }
    add(Method::Get, "/folders/{id}/items", "folders");
    add(Method::Get, "/search", "search");
    for number in 0..24 {
        let path = format!("/barrier{number}_segments");
        add(Method::Get, &path, &path);
        add(Method::Post, &path, &path);
        add(Method::Get, &format!("{path}/{{id}}"), &path);
    }
    let plan = planned(&api(operations), Selection::Default);
    for key in ["GET /folders/{id}/items", "GET /search"] {
        let tool = plan.tools.iter().find(|tool| tool.key == key).unwrap();
        assert!(tool.enabled, "{key}");
    }
}

#[test]
fn contents_are_as_central_as_what_holds_them() {
    for (path, holder, is_content) in [
        ("/folders/{id}/items", "/folders", true),
        ("/repos/{owner}/{repo}/contents/{path}", "/repos", true),
        ("/conversations.history", "/conversations", true),
        ("/files/content", "/files", true),
        ("/pets/{id}", "/pets", false),
        ("/pets/{id}/toys", "/pets/{}/toys", false),
        ("/items/{id}", "/items", false),
    ] {
        let path = Path::of(path);
        assert_eq!(path.holder(), holder);
        assert_eq!(path.is_content(), is_content, "{holder}");
    }
    assert!(Path::of("/v2/search").is_search());
    assert!(!Path::of("/charges/search").is_search());
}

#[test]
fn a_search_stands_behind_a_list_of_the_same_things() {
    let mut api = shop();
    for path in [
        "/v1/customers/search",
        "/v1/orders/search",
        "/v1/products/search",
    ] {
        let mut search = operation(Method::Get, path, None);
        search.tags = vec!["Search"];
        api.operations.push(search);
    }
    let plan = planned(&api, Selection::Default);
    let is_on = |key: &str| {
        let tool = plan.tools.iter().find(|tool| tool.key == key);
        tool.map(|tool| tool.enabled)
    };
    for noun in ["customers", "orders", "products"] {
        assert_eq!(is_on(&format!("GET /v1/{noun}")), Some(true), "{noun}");
    }
    // Each would have taken the place of another deed of the same group.
    assert_eq!(is_on("POST /v1/orders"), Some(true));
    assert_eq!(is_on("GET /v1/orders/{orderId}"), Some(true));
}
