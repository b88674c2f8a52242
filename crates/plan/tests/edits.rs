//! Edits over a plan.

mod support;

use mcpengine_plan::{ConflictCode, Edit, ServerPlan, ToolOverride, apply, overrides};
use serde_json::{Value, json};

fn pets() -> ServerPlan {
    support::plan(include_str!("documents/pets.yaml")).0
}

fn edit(key: &str, path: &[&str], value: Value, prev: Value) -> Edit {
    let path = path.iter().map(|part| (*part).to_owned()).collect();
    Edit {
        key: key.to_owned(),
        path,
        value,
        prev,
    }
}

#[test]
fn every_editable_field_takes_its_value() {
    let plan = pets();
    let key = "GET /pets";
    let edits = [
        edit(key, &["name"], json!("browse_pets"), json!("list_pets")),
        edit(key, &["title"], json!("Browse"), json!("List all pets")),
        edit(
            key,
            &["description"],
            json!("Browses."),
            json!("List All Pets."),
        ),
        edit(key, &["group"], json!("catalogue"), json!("pets")),
        edit(key, &["enabled"], json!(false), json!(true)),
        edit(
            key,
            &["annotations", "openWorldHint"],
            json!(false),
            json!(true),
        ),
        edit("", &["name"], json!("Pets"), json!("Pet Store API")),
        edit("", &["auth", "key", "enabled"], json!(false), json!(true)),
    ];
    let (edited, conflicts) = apply(&plan, &edits);
    assert_eq!(conflicts, []);
    let tool = &edited.tools[0];
    assert_eq!(
        (tool.name.as_str(), tool.title.as_str()),
        ("browse_pets", "Browse")
    );
    assert_eq!(
        (tool.description.as_str(), tool.group.as_str()),
        ("Browses.", "catalogue")
    );
    assert!(!tool.enabled && !tool.annotations.open_world_hint);
    assert_eq!(edited.groups[0].title, "Catalogue");
    assert_eq!(edited.service.name, "Pets");
    assert!(edited.auth.schemes[0].secrets.is_empty());
    assert!(edited.tools.iter().all(|tool| tool.auth.is_empty()));
    support::assert_sound(&edited);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn an_edit_that_does_not_fit_is_returned_and_not_applied() {
    let plan = pets();
    let key = "GET /pets";
    for (edit, code) in [
        (
            edit("GET /gone", &["name"], json!("x"), json!("y")),
            ConflictCode::UnknownKey,
        ),
        (
            edit(key, &["inputSchema"], json!({}), json!({})),
            ConflictCode::UnknownPath,
        ),
        (
            edit(key, &[], json!({}), json!({})),
            ConflictCode::UnknownPath,
        ),
        (
            edit(key, &["annotations", "x"], json!(true), json!(false)),
            ConflictCode::UnknownPath,
        ),
        (
            edit(key, &["name"], json!("browse"), json!("stale")),
            ConflictCode::Changed,
        ),
        (
            edit(key, &["name"], json!("two words"), json!("list_pets")),
            ConflictCode::InvalidValue,
        ),
        (
            edit(key, &["name"], json!("CREATE_PET"), json!("list_pets")),
            ConflictCode::InvalidValue,
        ),
        (
            edit(key, &["name"], json!(7), json!("list_pets")),
            ConflictCode::InvalidValue,
        ),
        (
            edit(key, &["title"], json!(" "), json!("List all pets")),
            ConflictCode::InvalidValue,
        ),
        (
            edit(
                key,
                &["description"],
                json!("x".repeat(1_025)),
                json!("List All Pets."),
            ),
            ConflictCode::InvalidValue,
        ),
        (
            edit(
                key,
                &["description"],
                json!("a\u{202e}b"),
                json!("List All Pets."),
            ),
            ConflictCode::InvalidValue,
        ),
        (
            edit(key, &["group"], json!("../up"), json!("pets")),
            ConflictCode::InvalidValue,
        ),
        (
            edit("", &["auth", "gone", "enabled"], json!(false), json!(true)),
            ConflictCode::UnknownKey,
        ),
        (
            edit("", &["slug"], json!("x"), json!("y")),
            ConflictCode::UnknownPath,
        ),
    ] {
        let (after, conflicts) = apply(&plan, std::slice::from_ref(&edit));
        assert_eq!(after, plan, "{edit:?}");
        assert_eq!(conflicts.len(), 1, "{edit:?}");
        assert_eq!((conflicts[0].code, &conflicts[0].edit), (code, &edit));
    }
}

#[test]
fn names_can_be_swapped_in_three_edits_and_mentions_follow() {
    let plan = pets();
    let (edited, conflicts) = apply(
        &plan,
        &[
            edit("GET /pets", &["name"], json!("tmp"), json!("list_pets")),
            edit(
                "POST /pets",
                &["name"],
                json!("list_pets"),
                json!("create_pet"),
            ),
            edit("GET /pets", &["name"], json!("create_pet"), json!("tmp")),
        ],
    );
    assert_eq!(conflicts, []);
    assert_eq!(
        (edited.tools[0].name.as_str(), edited.tools[1].name.as_str()),
        ("create_pet", "list_pets")
    );
    let form = edited
        .app_candidates
        .iter()
        .find(|app| app.pattern == "form")
        .unwrap();
    assert_eq!(form.tools, ["list_pets"]);
}

#[test]
fn overrides_become_edits_that_apply() {
    let plan = pets();
    let wished = [ToolOverride {
        key: "GET /pets".to_owned(),
        name: Some("list_pets".to_owned()),
        title: Some("Browse".to_owned()),
        enabled: Some(false),
        ..ToolOverride::default()
    }];
    let edits = overrides(&plan, &wished);
    assert_eq!(
        edits,
        [
            edit(
                "GET /pets",
                &["title"],
                json!("Browse"),
                json!("List all pets")
            ),
            edit("GET /pets", &["enabled"], json!(false), json!(true)),
        ]
    );
    let (edited, conflicts) = apply(&plan, &edits);
    assert_eq!(conflicts, []);
    assert!(overrides(&edited, &wished).is_empty());
}
