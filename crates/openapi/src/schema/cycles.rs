//! Schemas that apply themselves to the same value without end, such as
//! `A: {allOf: [A]}`: a validator would never return from them.
//!
//! A reference below `properties` or `items` is no such case: it applies to a
//! part of the value, and values are finite.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Done,
}

/// Removes the references that close such circles, and returns the keys of the
/// schemas that lost one.
pub(super) fn break_endless(schemas: &mut IndexMap<String, Value>) -> Vec<String> {
    let edges: HashMap<String, Vec<String>> = schemas
        .iter()
        .map(|(key, schema)| {
            let mut found = Vec::new();
            in_place(schema, &mut |to| found.push(to.to_owned()));
            (key.clone(), found)
        })
        .collect();
    let mut cuts: Vec<(String, String)> = Vec::new();
    let mut marks: HashMap<&str, Mark> = HashMap::new();
    for start in schemas.keys() {
        if marks.contains_key(start.as_str()) {
            continue;
        }
        // Depth-first without recursion: (schema, next edge to look at).
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        marks.insert(start, Mark::Open);
        while let Some((key, next)) = path.last_mut() {
            let to = edges.get(*key).and_then(|targets| targets.get(*next));
            *next += 1;
            let Some(to) = to else {
                marks.insert(key, Mark::Done);
                path.pop();
                continue;
            };
            match marks.get(to.as_str()) {
                Some(Mark::Open) => cuts.push(((*key).to_owned(), to.clone())),
                Some(Mark::Done) => {}
                None => {
                    marks.insert(to, Mark::Open);
                    path.push((to, 0));
                }
            }
        }
    }
    let mut changed = Vec::new();
    for (from, to) in cuts {
        if let Some(schema) = schemas.get_mut(&from) {
            cut(schema, &to);
            if changed.last() != Some(&from) {
                changed.push(from);
            }
        }
    }
    changed
}

const LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const SINGLES: [&str; 4] = ["not", "if", "then", "else"];

/// Calls `visit` with the key of each reference that applies to the same value.
fn in_place<'v>(schema: &'v Value, visit: &mut impl FnMut(&'v str)) {
    let Value::Object(entries) = schema else {
        return;
    };
    if let Some(key) = entries
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(defs_key)
    {
        visit(key);
    }
    for list in LISTS {
        if let Some(Value::Array(branches)) = entries.get(list) {
            for branch in branches {
                in_place(branch, visit);
            }
        }
    }
    for single in SINGLES {
        if let Some(inner) = entries.get(single) {
            in_place(inner, visit);
        }
    }
    if let Some(Value::Object(dependents)) = entries.get("dependentSchemas") {
        for inner in dependents.values() {
            in_place(inner, visit);
        }
    }
}

/// Removes references to `target` that apply to the same value.
fn cut(schema: &mut Value, target: &str) {
    let Value::Object(entries) = schema else {
        return;
    };
    if entries
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(defs_key)
        == Some(target)
    {
        entries.shift_remove("$ref");
    }
    for list in LISTS {
        if let Some(Value::Array(branches)) = entries.get_mut(list) {
            for branch in branches {
                cut(branch, target);
            }
        }
    }
    for single in SINGLES {
        if let Some(inner) = entries.get_mut(single) {
            cut(inner, target);
        }
    }
    if let Some(Value::Object(dependents)) = entries.get_mut("dependentSchemas") {
        for (_, inner) in dependents {
            cut(inner, target);
        }
    }
}

fn defs_key(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/$defs/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_endless_references_are_cut() {
        let mut schemas: IndexMap<String, Value> = [
            (
                "A",
                json!({"allOf": [{"$ref": "#/$defs/B"}, {"type": "object"}]}),
            ),
            (
                "B",
                json!({"anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/C"}]}),
            ),
            ("C", json!({"properties": {"next": {"$ref": "#/$defs/C"}}})),
            ("D", json!({"$ref": "#/$defs/D", "title": "d"})),
        ]
        .into_iter()
        .map(|(key, schema)| (key.to_owned(), schema))
        .collect();
        let changed = break_endless(&mut schemas);
        assert_eq!(changed, ["B", "D"]);
        assert_eq!(schemas["B"], json!({"anyOf": [{}, {"$ref": "#/$defs/C"}]}));
        assert_eq!(
            schemas["C"],
            json!({"properties": {"next": {"$ref": "#/$defs/C"}}})
        );
        assert_eq!(schemas["D"], json!({"title": "d"}));
    }
}
