//! Schemas that apply themselves to the same value without end, such as
//! `A: {allOf: [A]}`: a validator would never return from them.
//!
//! A reference below `properties` or `items` is no such case: it applies to a
//! part of the value, and values are finite.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::{
    arena::Arena,
    node::{Entry, Node},
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Done,
}

/// Removes the references that close such circles, and returns the keys of the
/// schemas that lost one.
pub(super) fn break_endless<'d>(
    arena: &'d Arena,
    schemas: &mut IndexMap<&'d str, Node<'d>>,
) -> Vec<&'d str> {
    let edges: HashMap<&'d str, Vec<&'d str>> = schemas
        .iter()
        .map(|(key, schema)| {
            let mut found = Vec::new();
            in_place(schema, &mut |to| found.push(to));
            (*key, found)
        })
        .collect();
    let mut cuts: Vec<(&'d str, &'d str)> = Vec::new();
    let mut marks: HashMap<&'d str, Mark> = HashMap::new();
    for start in schemas.keys() {
        if marks.contains_key(start) {
            continue;
        }
        // Depth-first without recursion: (schema, next edge to look at).
        let mut path: Vec<(&'d str, usize)> = vec![(*start, 0)];
        marks.insert(start, Mark::Open);
        while let Some((key, next)) = path.last_mut() {
            let to = edges.get(*key).and_then(|targets| targets.get(*next));
            *next += 1;
            let Some(to) = to.copied() else {
                marks.insert(key, Mark::Done);
                path.pop();
                continue;
            };
            match marks.get(to) {
                Some(Mark::Open) => cuts.push((*key, to)),
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
        if let Some(schema) = schemas.get_mut(from) {
            *schema = without(arena, schema, to);
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
fn in_place<'d>(schema: &Node<'d>, visit: &mut impl FnMut(&'d str)) {
    for (keyword, value) in schema.as_object().unwrap_or_default() {
        match (*keyword, value) {
            ("$ref", Node::String(reference)) => {
                if let Some(key) = defs_key(reference) {
                    visit(key);
                }
            }
            (list, Node::Array(branches)) if LISTS.contains(&list) => {
                branches.iter().for_each(|branch| in_place(branch, visit));
            }
            (single, inner) if SINGLES.contains(&single) => in_place(inner, visit),
            ("dependentSchemas", Node::Object(dependents)) => {
                dependents
                    .iter()
                    .for_each(|(_, inner)| in_place(inner, visit));
            }
            _ => {}
        }
    }
}

/// The schema without references to `target` that apply to the same value.
fn without<'d>(arena: &'d Arena, schema: &Node<'d>, target: &str) -> Node<'d> {
    let Node::Object(entries) = schema else {
        return *schema;
    };
    let mut kept: Vec<Entry<'d>> = Vec::with_capacity(entries.len());
    for (keyword, value) in *entries {
        let value = match (*keyword, value) {
            ("$ref", Node::String(reference)) if defs_key(reference) == Some(target) => continue,
            (list, Node::Array(branches)) if LISTS.contains(&list) => {
                let branches = branches.iter().map(|branch| without(arena, branch, target));
                Node::Array(arena.slice(&branches.collect::<Vec<_>>()))
            }
            (single, inner) if SINGLES.contains(&single) => without(arena, inner, target),
            ("dependentSchemas", Node::Object(dependents)) => {
                let dependents = dependents
                    .iter()
                    .map(|(name, inner)| (*name, without(arena, inner, target)));
                Node::Object(arena.slice(&dependents.collect::<Vec<_>>()))
            }
            _ => *value,
        };
        kept.push((keyword, value));
    }
    Node::Object(arena.slice(&kept))
}

fn defs_key(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/$defs/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, json};
    use serde_json::json;

    #[test]
    fn only_endless_references_are_cut() {
        let text = r##"{
            "A": {"allOf": [{"$ref": "#/$defs/B"}, {"type": "object"}]},
            "B": {"anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/C"}]},
            "C": {"properties": {"next": {"$ref": "#/$defs/C"}}},
            "D": {"$ref": "#/$defs/D", "title": "d"}
        }"##;
        let arena = Arena::new();
        let (root, _) = json::parse(&arena, text, &Limits::WORKER).expect("valid");
        let mut schemas: IndexMap<&str, Node<'_>> = root
            .as_object()
            .unwrap_or_default()
            .iter()
            .copied()
            .collect();
        assert_eq!(break_endless(&arena, &mut schemas), ["B", "D"]);
        assert_eq!(
            schemas["B"].to_value(),
            json!({"anyOf": [{}, {"$ref": "#/$defs/C"}]})
        );
        assert_eq!(
            schemas["C"].to_value(),
            json!({"properties": {"next": {"$ref": "#/$defs/C"}}})
        );
        assert_eq!(schemas["D"].to_value(), json!({"title": "d"}));
    }
}
