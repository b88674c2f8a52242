use mcpengine_openapi::{MediaType, Method, Operation, RequestBody};
use serde_json::{Value, json};

use crate::fixtures::{api, node, operation, response};
use crate::{PlanOptions, plan};

fn media(schema: Value) -> Vec<MediaType<'static>> {
    vec![MediaType {
        media_type: "application/json",
        schema: Some(node(&schema)),
        encoding: &[],
        example: None,
    }]
}

/// A `GET` that answers with a list of objects.
fn list(path: &str, id: &str, properties: Value) -> Operation<'static> {
    let item = json!({"type": "object", "properties": properties});
    get(path, id, json!({"type": "array", "items": item}))
}

fn get(path: &str, id: &str, schema: Value) -> Operation<'static> {
    let mut get = operation(Method::Get, path, Some(id));
    get.responses = vec![response("200", media(schema))];
    get.tags = vec!["Things"];
    get
}

fn takes(method: Method, path: &str, id: &str, properties: Value) -> Operation<'static> {
    let mut takes = operation(method, path, Some(id));
    takes.body = Some(RequestBody {
        required: true,
        description: None,
        content: media(json!({"type": "object", "properties": properties})).leak(),
    });
    takes.tags = vec!["Things"];
    takes
}

/// The candidate of a pattern as `name: reason [tools]`.
fn found(pattern: &str, operations: Vec<Operation<'static>>) -> Option<String> {
    let (plan, _) = plan(&api(operations), &PlanOptions::default());
    let candidate = plan
        .app_candidates
        .into_iter()
        .find(|app| app.pattern == pattern)?;
    let tools = candidate.tools.join(", ");
    Some(format!(
        "{}: {} [{tools}]",
        candidate.name, candidate.reason
    ))
}

fn text() -> Value {
    json!({"type": "string"})
}

fn number() -> Value {
    json!({"type": "integer"})
}

fn moment() -> Value {
    json!({"type": "string", "format": "date-time"})
}

/// Pattern, operations, and what has to be found.
type Case = (&'static str, Vec<Operation<'static>>, Option<&'static str>);

fn check(cases: Vec<Case>) {
    for (at, (pattern, operations, expected)) in cases.into_iter().enumerate() {
        assert_eq!(
            found(pattern, operations).as_deref(),
            expected,
            "{pattern} {at}"
        );
    }
}

#[test]
fn lists_are_shown_by_what_their_items_have() {
    let status = json!({"type": "string", "enum": ["open", "done"]});
    let tasks = || {
        list(
            "/tasks",
            "listTasks",
            json!({"id": text(), "status": text()}),
        )
    };
    check(vec![
        (
            "kanban",
            vec![
                tasks(),
                takes(
                    Method::Patch,
                    "/tasks/{id}",
                    "updateTask",
                    json!({"status": status}),
                ),
            ],
            Some(
                "Tasks board: Items carry `status`, and `update_task` can change it. [list_tasks, update_task]",
            ),
        ),
        // What changes the status of something else moves no card.
        (
            "kanban",
            vec![
                tasks(),
                takes(
                    Method::Patch,
                    "/projects/{id}",
                    "updateProject",
                    json!({"status": status}),
                ),
            ],
            None,
        ),
        (
            "calendar",
            vec![list(
                "/events",
                "listEvents",
                json!({"name": text(), "start_at": moment(), "end_at": moment()}),
            )],
            Some("Events calendar: Items run from `start_at` to `end_at`. [list_events]"),
        ),
        (
            "calendar",
            vec![list(
                "/participants",
                "listParticipants",
                json!({"start_on_enter": {"type": "boolean"}, "end_on_exit": {"type": "boolean"}}),
            )],
            None,
        ),
        (
            "chart",
            vec![list(
                "/sales",
                "listSales",
                json!({"date": moment(), "total_amount": number(), "units": number()}),
            )],
            Some("Sales chart: Items have numbers (`total_amount`, …) over `date`. [list_sales]"),
        ),
        // Ids and times are numbers, and no measures.
        (
            "chart",
            vec![list(
                "/users",
                "listUsers",
                json!({"created": moment(), "team_id": number(), "updated_at": number(), "tz_offset": number()}),
            )],
            None,
        ),
        (
            "timeline",
            vec![list(
                "/activity",
                "listActivity",
                json!({"text": text(), "created_at": moment()}),
            )],
            Some("Activity timeline: Items happen at `created_at`. [list_activity]"),
        ),
        (
            "timeline",
            vec![list("/pets", "listPets", json!({"created_at": moment()}))],
            None,
        ),
        (
            "card-list",
            vec![list(
                "/people",
                "listPeople",
                json!({"display_name": text(), "avatar_url": text()}),
            )],
            Some(
                "People cards: Items have a picture (`avatar_url`) and a `display_name`. [list_people]",
            ),
        ),
        (
            "card-list",
            vec![list(
                "/vms",
                "listVms",
                json!({"name": text(), "image_details": {"type": "object", "properties": {"id": text()}}}),
            )],
            None,
        ),
        (
            "data-grid",
            vec![list(
                "/orders",
                "orders/list",
                json!({"id": text(), "sum": number(), "paid": {"type": "boolean"}}),
            )],
            Some("Orders table: Items have 3 plain fields. [list_orders]"),
        ),
        (
            "data-grid",
            vec![list(
                "/orders",
                "listOrders",
                json!({"id": text(), "sum": number()}),
            )],
            None,
        ),
    ]);
}

#[test]
fn records_and_what_is_written_have_their_own() {
    let record = |fields: &[&str]| {
        let properties: serde_json::Map<String, Value> = fields
            .iter()
            .map(|field| ((*field).to_owned(), text()))
            .collect();
        json!({"type": "object", "properties": properties})
    };
    let many = |path: &'static str, id: &'static str| list(path, id, json!({"id": text()}));
    check(vec![
        (
            "detail-view",
            vec![get(
                "/pets/{id}.json",
                "getPet",
                record(&["a", "b", "c", "d"]),
            )],
            Some("Pet details: `get_pet` returns one record with 4 fields. [get_pet]"),
        ),
        (
            "detail-view",
            vec![get(
                "/settings",
                "getSettings",
                record(&["a", "b", "c", "d"]),
            )],
            None,
        ),
        (
            "detail-view",
            vec![get("/pets/{id}", "getPet", record(&["a", "b", "c"]))],
            None,
        ),
        (
            "form",
            vec![takes(
                Method::Post,
                "/pets",
                "createPet",
                json!({"name": text(), "age": number()}),
            )],
            Some("Create pet form: `create_pet` takes 2 fields. [create_pet]"),
        ),
        // A question is no form, and neither is a single field.
        (
            "form",
            vec![takes(
                Method::Post,
                "/pets/search",
                "searchPets",
                json!({"name": text(), "age": number()}),
            )],
            None,
        ),
        (
            "form",
            vec![takes(
                Method::Post,
                "/pets",
                "createPet",
                json!({"name": text()}),
            )],
            None,
        ),
        (
            "dashboard",
            vec![
                many("/a", "listA"),
                many("/b", "listB"),
                many("/c", "listC"),
                many("/x/{id}/d", "listD"),
            ],
            Some("Things dashboard: 3 lists of the group need no input. [list_a, list_b, list_c]"),
        ),
        (
            "dashboard",
            vec![
                many("/a", "listA"),
                many("/b", "listB"),
                many("/x/{id}/c", "listC"),
            ],
            None,
        ),
    ]);
}

#[test]
fn tools_that_are_off_feed_nothing() {
    let mut off = list(
        "/orders",
        "listOrders",
        json!({"id": text(), "sum": number(), "at": text()}),
    );
    assert!(found("data-grid", vec![off.clone()]).is_some());
    off.x_mcp = Some(node(&json!(false)));
    assert_eq!(found("data-grid", vec![off]), None);
}

#[test]
fn there_is_one_of_each_and_a_handful_in_all() {
    let operations = (0..20)
        .map(|n| {
            let fields = json!({"name": text(), "icon": text(), "at": moment(), "total": number(), "sum": number(),
                "start": moment(), "end": moment()});
            list(&format!("/events{n}"), &format!("listEvents{n}"), fields)
        })
        .collect();
    let (plan, _) = plan(&api(operations), &PlanOptions::default());
    let patterns: Vec<&str> = plan
        .app_candidates
        .iter()
        .map(|app| app.pattern.as_str())
        .collect();
    assert_eq!(
        patterns,
        ["calendar", "card-list", "dashboard", "chart", "data-grid"]
    );
}
