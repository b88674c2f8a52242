use expect_test::{Expect, expect};
use mcpengine_openapi::Limits;
use serde_json::{Value, json};

use super::{PlanChanges, PlanDiff, carry, diff, rebase};
use crate::{ConflictCode, Edit, PlanOptions, ServerPlan, apply, plan};

mod properties;

const BEFORE: &str = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.test/v1'}]
security: [{key: []}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: List pets
      tags: [pets]
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: status, in: query, schema: {type: string, enum: [available, sold]}}
        - {name: owner, in: query, schema: {type: string}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object, required: [total], properties: {total: {type: integer}, pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}}
    post:
      operationId: createPet
      tags: [pets]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: made}}
  /pets/{id}:
    get:
      operationId: getPet
      tags: [pets]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok}}
    delete:
      operationId: deletePet
      tags: [pets]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: gone}}
  /shops:
    get: {operationId: listShops, tags: [shops], responses: {'200': {description: ok}}}
  /old:
    get: {operationId: oldThing, tags: [shops], responses: {'200': {description: ok}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}, address: {type: object, properties: {zip: {type: string}}}}}
";

fn planned(text: &str) -> ServerPlan {
    let arena = mcpengine_openapi::Arena::new();
    let (api, _) = mcpengine_openapi::read(&arena, text.as_bytes(), &Limits::CLI).unwrap();
    plan(&api, &PlanOptions::default()).0
}

/// `BEFORE` with some of its text replaced.
fn after(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(BEFORE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

fn shown(diff: &PlanDiff) -> String {
    let mut lines = Vec::new();
    let changes = |lines: &mut Vec<String>, changes: &[super::Change]| {
        for change in changes {
            let mark = if change.breaks { "!" } else { " " };
            lines.push(format!("  {mark} {:?}: {}", change.field, change.message));
        }
    };
    changes(&mut lines, &diff.service);
    lines.extend(
        diff.added
            .iter()
            .map(|tool| format!("+ {} {}", tool.key, tool.name)),
    );
    lines.extend(
        diff.removed
            .iter()
            .map(|tool| format!("- {} {}", tool.key, tool.name)),
    );
    for moved in &diff.renamed {
        lines.push(format!(
            "> {} to {} {} {}",
            moved.from, moved.to, moved.name, moved.same_path
        ));
        changes(&mut lines, &moved.changes);
    }
    for tool in &diff.changed {
        lines.push(format!("~ {} {}", tool.key, tool.name));
        changes(&mut lines, &tool.changes);
    }
    lines.push(format!("{} break callers\n", diff.breaking()));
    lines.join("\n")
}

fn check(changes: &[(&str, &str)], expected: &Expect) {
    let found = diff(&planned(BEFORE), &planned(&after(changes)));
    expected.assert_eq(&shown(&found));
}

#[test]
fn changes_are_told_by_field_with_what_they_break() {
    check(
        &[
            (
                "name: limit, in: query,",
                "name: limit, in: query, required: true,",
            ),
            ("enum: [available, sold]", "enum: [available, lost]"),
            (
                "- {name: owner, in: query, schema: {type: string}}",
                "- {name: since, in: query, schema: {type: integer}}",
            ),
            (
                "required: [total], properties: {total: {type: integer}",
                "properties: {total: {type: string}",
            ),
            ("summary: List pets", "summary: List the pets"),
        ],
        &expect![[r#"
            ~ GET /pets list_pets
                Title: its title was "List pets"
                Description: it is described in other words
              ! Input: `limit` is required now
              ! Input: `status` cannot be "sold" any more
                Input: `status` can be "lost" now
              ! Input: `owner` is gone
                Input: `since` is new
              ! Output: `total` was integer or null, and is string or null
            1 break callers
        "#]],
    );
    check(
        &[
            (
                "required: [name], properties: {name: {type: string}",
                "required: [name, age], properties: {name: {type: [string, 'null']}, age: {type: integer}",
            ),
            ("zip: {type: string}", "zip: {type: integer}"),
        ],
        &expect![[r#"
            ~ GET /pets list_pets
              ! Output: `pets[].address.zip` was string or null, and is integer or null
                Output: `pets[].age` is new
            ~ POST /pets create_pet
                Input: `name` was string, and is string or null
              ! Input: `address.zip` was string, and is integer
              ! Input: `age` is new and required
            2 break callers
        "#]],
    );
    check(
        &[
            (
                "get: {operationId: listShops,",
                "get: {operationId: listShops, deprecated: true, security: [],",
            ),
            (
                "operationId: getPet\n      tags: [pets]",
                "operationId: fetchPet\n      tags: [animals]",
            ),
            ("name: X-Key", "name: X-Other-Key"),
            ("https://pets.test/v1", "https://pets.test/v2"),
        ],
        &expect![[r#"
                Servers: the server was https://pets.test/v1, and is https://pets.test/v2
              ! Auth: the credential `key` is given in another way
            ~ GET /pets/{id} fetch_pet
              ! Name: it was called `get_pet`
                Title: its title was "Get pet"
                Description: it is described in other words
                Group: it was in the group `pets`
            ~ GET /shops list_shops
                Description: it is described in other words
              ! Enabled: it is off now
                Deprecated: it is deprecated now
                Auth: it needed key, and needs no credential
            3 break callers
        "#]],
    );
}

#[test]
fn operations_that_moved_are_told_from_new_ones() {
    check(
        &[
            ("/pets/{id}:", "/pets/{petId}:"),
            ("{name: id, in: path", "{name: petId, in: path"),
            ("/shops:", "/v2/shops:"),
            (
                "/old:\n    get: {operationId: oldThing",
                "/new:\n    get: {operationId: newThing",
            ),
        ],
        &expect![[r#"
            + GET /new new_thing
            - GET /old old_thing
            > GET /pets/{id} to GET /pets/{petId} get_pet true
                Description: it is described in other words
              ! Input: `id` is gone
              ! Input: `petId` is new and required
            > DELETE /pets/{id} to DELETE /pets/{petId} delete_pet true
                Description: it is described in other words
              ! Input: `id` is gone
              ! Input: `petId` is new and required
            > GET /shops to GET /v2/shops list_shops false
                Description: it is described in other words
            3 break callers
        "#]],
    );
}

#[test]
fn nothing_is_told_of_the_same_document() {
    assert!(diff(&planned(BEFORE), &planned(BEFORE)).is_empty());
}

fn edit(key: &str, path: &[&str], value: Value, prev: Value) -> Edit {
    Edit {
        key: key.to_owned(),
        path: path.iter().map(|part| (*part).to_owned()).collect(),
        value,
        prev,
    }
}

#[test]
fn edits_survive_or_are_reported_with_what_to_do() {
    let old = planned(BEFORE);
    let new = planned(&after(&[
        ("/pets/{id}:", "/pets/{petId}:"),
        ("{name: id, in: path", "{name: petId, in: path"),
        ("/shops:", "/v2/shops:"),
        ("/old:", "/older:"),
        ("operationId: oldThing", "operationId: olderThing"),
        ("summary: List pets", "summary: List the pets"),
    ]));
    let edits = [
        edit(
            "GET /pets/{id}",
            &["name"],
            json!("fetch"),
            json!("get_pet"),
        ),
        edit("GET /pets/{id}", &["name"], json!("pick"), json!("fetch")),
        edit("POST /pets", &["enabled"], json!(false), json!(true)),
        edit("GET /pets", &["title"], json!("Mine"), json!("List pets")),
        edit("GET /shops", &["enabled"], json!(false), json!(true)),
        edit("GET /old", &["title"], json!("Old"), json!("Old thing")),
        edit("", &["name"], json!("Animals"), json!("Pets")),
    ];
    let (edited, conflicts) = apply(&old, &edits);
    assert_eq!(conflicts, []);
    assert_eq!(edited.service.name, "Animals");
    let (kept, conflicts) = rebase(&edits, &old, &new);
    let keys: Vec<(&str, &Value)> = kept
        .iter()
        .map(|edit| (edit.key.as_str(), &edit.value))
        .collect();
    assert_eq!(
        keys,
        [
            ("GET /pets/{petId}", &json!("fetch")),
            ("GET /pets/{petId}", &json!("pick")),
            ("POST /pets", &json!(false)),
            ("", &json!("Animals")),
        ]
    );
    let said: Vec<(ConflictCode, &str)> = conflicts
        .iter()
        .map(|conflict| (conflict.code, conflict.message.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                ConflictCode::Changed,
                "the document itself changes `title` of `GET /pets`: it would be \"List the pets\" \
                 now; make the change again, if it is still wanted"
            ),
            (
                ConflictCode::UnknownKey,
                "`GET /shops` is `GET /v2/shops` now: change `enabled` there, if it is still wanted"
            ),
            (
                ConflictCode::UnknownKey,
                "the document has no `GET /old` any more; its `title` comes back with it"
            ),
        ]
    );
    assert!(
        conflicts
            .iter()
            .all(|conflict| edits.contains(&conflict.edit))
    );

    // The same as a log to which is appended.
    let carried = carry(&edits, &old, new.clone());
    assert_eq!((carried.kept, &carried.conflicts), (4, &conflicts));
    assert_eq!(carried.plan, apply(&new, &kept).0);
    assert_eq!(
        carried.append,
        [edit(
            "GET /pets/{petId}",
            &["name"],
            json!("pick"),
            json!("get_pet")
        )]
    );
    let mut log = edits.to_vec();
    log.extend(carried.append);
    assert_eq!(apply(&new, &log).0, carried.plan);
    assert_eq!(carry(&log, &new, new.clone()).append, []);
}

#[test]
fn a_summary_counts_all_and_shows_what_breaks_first() {
    let old = planned(BEFORE);
    let new = planned(&after(&[
        ("/old:", "/older:"),
        ("operationId: oldThing", "operationId: olderThing"),
        ("summary: List pets", "summary: List the pets"),
        ("zip: {type: string}", "zip: {type: integer}"),
    ]));
    let edits = [edit(
        "GET /old",
        &["title"],
        json!("Old"),
        json!("Old thing"),
    )];
    let (kept, conflicts) = rebase(&edits, &old, &new);
    let changes = PlanChanges::new(&diff(&old, &new), kept.len(), &conflicts, 2);
    let shown = serde_json::to_string_pretty(&changes).unwrap();
    expect![[r#"
        {
          "added": 1,
          "removed": 1,
          "changed": 2,
          "renamed": 0,
          "breaking": 3,
          "service": [],
          "entries": [
            {
              "kind": "removed",
              "key": "GET /old",
              "name": "old_thing",
              "breaks": true,
              "changes": []
            },
            {
              "kind": "changed",
              "key": "GET /pets",
              "name": "list_pets",
              "breaks": true,
              "changes": [
                {
                  "field": "title",
                  "breaks": false,
                  "message": "its title was \"List pets\""
                },
                {
                  "field": "description",
                  "breaks": false,
                  "message": "it is described in other words"
                },
                {
                  "field": "output",
                  "property": "pets[].address.zip",
                  "breaks": true,
                  "message": "`pets[].address.zip` was string or null, and is integer or null"
                }
              ]
            }
          ],
          "editsKept": 0,
          "editConflicts": [
            {
              "key": "GET /old",
              "path": [
                "title"
              ],
              "code": "unknown_key",
              "message": "the document has no `GET /old` any more; its `title` comes back with it"
            }
          ]
        }"#]]
    .assert_eq(&shown);
}

#[test]
fn schemas_that_refer_to_themselves_are_compared_in_bounded_work() {
    let wide = |kind: &str| {
        let node = json!({"$ref": "#/components/schemas/Node"});
        let mut properties: serde_json::Map<String, Value> =
            (0..30).map(|n| (format!("p{n}"), node.clone())).collect();
        properties.insert("leaf".to_owned(), json!({"type": kind}));
        json!({"openapi": "3.1.0", "info": {"title": "Deep", "version": "1"},
            "paths": {"/x": {"post": {"requestBody": {"content": {"application/json": {"schema": node}}},
                "responses": {"204": {"description": ""}}}}},
            "components": {"schemas": {"Node": {"type": "object", "properties": properties}}}})
        .to_string()
    };
    let found = diff(&planned(&wide("string")), &planned(&wide("integer")));
    assert_eq!(found.changed.len(), 1);
    assert!(found.changed[0].changes.iter().any(|change| change.breaks));
}
