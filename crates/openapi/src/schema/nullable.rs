//! `nullable: true` of OpenAPI 3.0 (and `x-nullable` of 2.0) in JSON Schema.

use crate::{
    arena::Arena,
    node::{Entry, Node},
};

/// Keywords that describe and do not constrain: they stay outside when a schema
/// becomes one branch of `anyOf`.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
];

const NULL: Node<'static> = Node::Object(&[("type", Node::String("null"))]);

/// Makes the schema accept `null` as well.
///
/// OpenAPI 3.0.3 gives `nullable` no effect without `type`; authors who write it
/// beside `$ref` or `allOf` nevertheless mean it, so that is honoured.
pub(super) fn allow_null<'d>(arena: &'d Arena, schema: &mut Vec<Entry<'d>>) {
    let combined =
        |keyword: &str| ["$ref", "allOf", "anyOf", "oneOf", "not", "if"].contains(&keyword);
    if schema.iter().any(|(keyword, _)| combined(keyword)) {
        with_null_branch(arena, schema);
        return;
    }
    for (keyword, value) in schema {
        match (*keyword, *value) {
            ("type", Node::String(name)) if name != "null" => {
                let both = [Node::String(name), Node::String("null")];
                *value = Node::Array(arena.slice(&both));
            }
            ("type", Node::Array(names)) => {
                *value = with(arena, names, Node::String("null"));
            }
            ("enum", Node::Array(values)) => *value = with(arena, values, Node::Null),
            ("const", only) if only != Node::Null => {
                (*keyword, *value) = ("enum", Node::Array(arena.slice(&[only, Node::Null])));
            }
            _ => {}
        }
    }
}

/// The list with one more value, if it has it not yet.
fn with<'d>(arena: &'d Arena, values: &'d [Node<'d>], more: Node<'d>) -> Node<'d> {
    if values.contains(&more) {
        return Node::Array(values);
    }
    let mut all = values.to_vec();
    all.push(more);
    Node::Array(arena.slice(&all))
}

fn with_null_branch<'d>(arena: &'d Arena, schema: &mut Vec<Entry<'d>>) {
    let mut outer: Vec<Entry<'d>> = Vec::new();
    for name in ANNOTATIONS {
        outer.extend(schema.iter().find(|(keyword, _)| keyword == name));
    }
    schema.retain(|(keyword, _)| !ANNOTATIONS.contains(keyword));
    // `{anyOf: […]}` alone takes one more branch rather than one more level.
    if let [(keyword @ ("anyOf" | "oneOf"), Node::Array(branches))] = schema.as_slice() {
        let names_null = |name: &Node<'_>| name.as_str() == Some("null");
        let has_null = branches.iter().any(|branch| match branch.get("type") {
            Some(Node::Array(names)) => names.iter().any(names_null),
            Some(name) => names_null(name),
            None => false,
        });
        let all = if has_null {
            Node::Array(branches)
        } else {
            let mut all = branches.to_vec();
            all.push(NULL);
            Node::Array(arena.slice(&all))
        };
        outer.push((keyword, all));
    } else {
        let inner = Node::Object(arena.slice(schema));
        outer.push(("anyOf", Node::Array(arena.slice(&[inner, NULL]))));
    }
    *schema = outer;
}
