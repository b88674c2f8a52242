//! What holds for any two versions of a document and any edits.

use proptest::prelude::*;
use serde_json::json;

use super::{after, edit, planned};
use crate::diff::{carry, diff, rebase};
use crate::{Edit, ServerPlan, apply};

/// Documents that differ in some of a handful of ways.
fn document() -> impl Strategy<Value = ServerPlan> {
    const WAYS: [(&str, &str); 8] = [
        ("/pets/{id}:", "/pets/{petId}:"),
        ("operationId: listPets", "operationId: browsePets"),
        ("summary: List pets", "summary: Pets, listed"),
        ("/shops:", "/stores:"),
        ("/old:", "/older:"),
        ("operationId: createPet", "operationId: list_shops"),
        ("tags: [shops]", "deprecated: true, tags: [others]"),
        ("title: Pets", "title: Animals"),
    ];
    prop::collection::vec(any::<bool>(), WAYS.len()).prop_map(|picked| {
        let ways: Vec<(&str, &str)> = WAYS
            .iter()
            .zip(picked)
            .filter_map(|(way, picked)| picked.then_some(*way))
            .collect();
        planned(&after(&ways))
    })
}

/// Edits as people make them, some of them stale.
fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let key = prop::sample::select(vec![
        "",
        "GET /pets",
        "POST /pets",
        "GET /pets/{id}",
        "GET /pets/{petId}",
        "GET /shops",
        "GET /gone",
    ]);
    let change = prop_oneof![
        prop::sample::select(vec![
            "list_pets",
            "browse",
            "get_pet",
            "list_shops",
            "two words"
        ])
        .prop_map(|name| (vec!["name"], json!(name))),
        any::<bool>().prop_map(|on| (vec!["enabled"], json!(on))),
        Just((vec!["group"], json!("mine"))),
        Just((vec!["annotations", "readOnlyHint"], json!(false))),
        Just((vec!["auth", "key", "enabled"], json!(false))),
    ];
    let prev = prop::sample::select(vec![
        json!("list_pets"),
        json!("get_pet"),
        json!("browse"),
        json!("pets"),
        json!(true),
        json!(false),
    ]);
    prop::collection::vec(
        (key, change, prev).prop_map(|(key, (path, value), prev)| edit(key, &path, value, prev)),
        0..12,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_does_not_differ_from_itself(plan in document()) {
        prop_assert!(diff(&plan, &plan).is_empty());
    }

    #[test]
    fn every_tool_is_told_once(old in document(), new in document()) {
        let found = diff(&old, &new);
        let stays = new.tools.len() - found.added.len();
        prop_assert_eq!(stays, old.tools.len() - found.removed.len());
        prop_assert!(found.changed.len() + found.renamed.len() <= stays);
        prop_assert_eq!(found.is_empty(), old == new);
    }

    #[test]
    fn no_edit_is_lost_silently(old in document(), new in document(), edits in edits()) {
        let (kept, conflicts) = rebase(&edits, &old, &new);
        prop_assert_eq!(kept.len() + conflicts.len(), edits.len());
        prop_assert!(conflicts.iter().all(|conflict| edits.contains(&conflict.edit)));
        prop_assert!(conflicts.iter().all(|conflict| !conflict.message.is_empty()));
        prop_assert_eq!(apply(&new, &kept).1, Vec::new());
        let carried = carry(&edits, &old, new.clone());
        prop_assert_eq!(carried.kept, kept.len());
        prop_assert!(carried.conflicts.iter().all(|conflict| conflicts.contains(conflict)));
        let mut log = edits.clone();
        log.extend(carried.append);
        prop_assert_eq!(apply(&new, &log).0, carried.plan);
        // Over the plan that they were made on, exactly those that fit are kept.
        let (same, stale) = rebase(&edits, &old, &old);
        let (edited, refused) = apply(&old, &edits);
        prop_assert_eq!(stale.len(), refused.len());
        prop_assert_eq!(apply(&old, &same).0, edited);
    }
}
