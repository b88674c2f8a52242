//! `enum`, `const`, `default` and `examples`, in the type that their schema names.
//!
//! JSON Schema (2020-12 validation §6.1) lets a value through only where both the
//! type and the list allow it. Documents are written otherwise every day: a list
//! of numbers for a string, or the values of a list's items on the list itself.
//! As they stand, these accept nothing, and the field could never be filled.

use std::borrow::Cow;

use super::Draft;
use crate::{
    arena::Arena,
    node::{self, Node},
    place::Place,
    walk::Walker,
};

/// More values than this are not told one by one.
const MAX_LABELS: usize = 30;

const HELP: &str = "Give the values in the type of the schema.";

impl<'d> Walker<'d> {
    /// Brings the values of a schema that names its type into that type. What has
    /// no place in it goes; where no value of `enum` has one, the type goes.
    pub(super) fn fit_values(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        let holds_values =
            |(key, _): &(&str, Node<'_>)| matches!(*key, "enum" | "const" | "default" | "examples");
        if !draft.out.iter().any(holds_values) {
            return;
        }
        let Some(types) = draft.get("type").map(|types| names(&types)) else {
            return;
        };
        self.fit_enum(draft, &types, place);
        let arena = self.source.arena;
        if let Some(value) = draft.get_mut("const")
            && let Some(better) = in_type(value, &types)
        {
            *value = better;
        }
        if let Some(value) = draft.get("default").filter(|value| *value != Node::Null) {
            let items = draft.get("items");
            match default_of(arena, &value, &types, items.as_ref()) {
                Some(better) => draft.put("default", better),
                None => {
                    draft.remove("default");
                }
            }
        }
        if !draft.examples.is_empty() {
            let examples = draft.examples.iter();
            draft.examples = examples
                .filter_map(|value| in_type(value, &types))
                .collect();
            if draft.examples.is_empty() {
                draft.remove("examples");
            }
        }
    }

    fn fit_enum(&mut self, draft: &mut Draft<'d>, types: &[&str], place: &Place<'_>) {
        let Some(values) = draft.get("enum").and_then(|values| values.as_array()) else {
            return;
        };
        if values.iter().all(|value| fits(value, types)) {
            return;
        }
        let is_list = |value: &Node<'_>| matches!(value, Node::Array(_));
        if only(types) == Some("array") && !values.iter().any(is_list) {
            return self.enum_of_items(draft, values, place);
        }
        // Who lists `null` means it, also without `nullable`.
        draft.nullable |= values.contains(&Node::Null);
        let fitted = |value: &Node<'d>| match value {
            Node::Null => Some(*value),
            other => in_type(other, types),
        };
        let kept: Vec<Node<'d>> = values.iter().filter_map(fitted).collect();
        if kept.iter().any(|value| *value != Node::Null) {
            if kept.len() < values.len() {
                self.misfit(place, "values that its type rules out, which are left out");
            }
            draft.put("enum", Node::Array(self.source.arena.slice(&kept)));
        } else if let Some(labels) = labels(values, types) {
            self.misfit(place, "names of its numbers, which are told in words");
            let text = match draft.get("description") {
                Some(Node::String(text)) => Cow::Owned(format!("{text}\n\nOne of {labels}.")),
                _ => Cow::Owned(format!("One of {labels}.")),
            };
            draft.remove("enum");
            draft.put("description", Node::String(self.source.arena.text(&text)));
        } else if values.iter().any(|value| *value != Node::Null) {
            self.misfit(
                place,
                "only values that its type rules out, so the type is ignored",
            );
            draft.remove("type");
        }
    }

    /// `type: array, enum: [a, b]` names what the items can be.
    fn enum_of_items(&mut self, draft: &mut Draft<'d>, values: &'d [Node<'d>], place: &Place<'_>) {
        draft.remove("enum");
        let items = match draft.get("items") {
            Some(Node::Object(items)) => items,
            None | Some(Node::Bool(true)) => &[],
            _ => return,
        };
        draft.nullable |= values.contains(&Node::Null);
        self.misfit(
            place,
            "values of its items, which say what each item can be",
        );
        let has = |keyword: &str| items.iter().any(|(key, _)| *key == keyword);
        if has("enum") || has("const") {
            return;
        }
        let named = items.iter().find(|(key, _)| *key == "type");
        let types = named.map(|(_, types)| names(types));
        let fitted = |value: &Node<'d>| match &types {
            Some(types) => in_type(value, types),
            None => Some(*value),
        };
        let values = values.iter().filter(|value| **value != Node::Null);
        let kept: Vec<Node<'d>> = values.filter_map(fitted).collect();
        if kept.is_empty() {
            return;
        }
        let arena = self.source.arena;
        let mut with_enum = items.to_vec();
        if items.is_empty() && kept.iter().all(|value| value.as_str().is_some()) {
            with_enum.push(("type", Node::String("string")));
        }
        with_enum.push(("enum", Node::Array(arena.slice(&kept))));
        draft.put("items", Node::Object(arena.slice(&with_enum)));
    }

    fn misfit(&mut self, place: &Place<'_>, what: &str) {
        self.report
            .info("schema-enum", place, format!("`enum` has {what}."), HELP);
    }
}

/// Numbers with their names, as they stand in `enum: ["0 (Private)", "1 (Public)"]`.
fn labels(values: &[Node<'_>], types: &[&str]) -> Option<String> {
    let is_number = |name: &&str| matches!(*name, "integer" | "number" | "null");
    let texts: Vec<&str> = values.iter().filter_map(Node::as_str).collect();
    let starts_with_number = |text: &&str| {
        text.strip_prefix('-')
            .unwrap_or(text)
            .starts_with(|c: char| c.is_ascii_digit())
    };
    let are_labels = types.iter().all(is_number) && texts.iter().all(starts_with_number);
    (are_labels && !texts.is_empty()).then(|| {
        let shown = texts.get(..MAX_LABELS).unwrap_or(&texts);
        let more = if texts.len() > shown.len() {
            ", …"
        } else {
            ""
        };
        format!("{}{more}", shown.join(", "))
    })
}

/// A default in the schema's type; `None` where it can't be meant.
fn default_of<'d>(
    arena: &'d Arena,
    value: &Node<'d>,
    types: &[&str],
    items: Option<&Node<'d>>,
) -> Option<Node<'d>> {
    let item_types = items.and_then(|items| items.get("type")).map(names);
    let item = |value: &Node<'d>| match &item_types {
        Some(types) => in_type(value, types),
        None => Some(*value),
    };
    match (value, only(types)) {
        // What switches are in PHP and Perl.
        (Node::Number("0"), Some("boolean")) => Some(Node::Bool(false)),
        (Node::Number("1"), Some("boolean")) => Some(Node::Bool(true)),
        (Node::Array(values), Some("array")) if item_types.is_some() => {
            if values
                .iter()
                .all(|value| item(value).is_some_and(|better| better == *value))
            {
                return Some(*value);
            }
            let values: Option<Vec<Node<'d>>> = values.iter().map(item).collect();
            values.map(|values| Node::Array(arena.slice(&values)))
        }
        (Node::String("") | Node::Object(_), Some("array")) => None,
        (Node::String(_) | Node::Number(_) | Node::Bool(_), Some("array")) => {
            item(value).map(|only| Node::Array(arena.slice(&[only])))
        }
        _ => in_type(value, types),
    }
}

/// The value as one of JSON Schema's types allows it, rewritten where only its
/// spelling was wrong: `"10"` for an integer, `1.10` for a string. `None` where no
/// type allows it; without types, anything goes.
#[must_use]
pub fn in_type<'d>(value: &Node<'d>, types: &[&str]) -> Option<Node<'d>> {
    if types.is_empty() || fits(value, types) {
        return Some(*value);
    }
    match (value, only(types)?) {
        // As it is spelled: `1.10` without quotes is meant as that text.
        (Node::Number(text), "string") => Some(Node::String(text)),
        (Node::Bool(flag), "string") => Some(Node::String(if *flag { "true" } else { "false" })),
        (Node::String(text), "integer" | "number") => {
            let is_plain = text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.'));
            let number = Node::Number(text);
            (is_plain && node::number(text).is_some() && fits(&number, types)).then_some(number)
        }
        (Node::String("true"), "boolean") => Some(Node::Bool(true)),
        (Node::String("false"), "boolean") => Some(Node::Bool(false)),
        _ => None,
    }
}

fn fits(value: &Node<'_>, types: &[&str]) -> bool {
    types.iter().any(|name| match (value, *name) {
        (Node::Null, "null")
        | (Node::Bool(_), "boolean")
        | (Node::String(_), "string")
        | (Node::Array(_), "array")
        | (Node::Object(_), "object")
        | (Node::Number(_), "number") => true,
        (Node::Number(text), "integer") => {
            let number = node::number(text).and_then(|number| number.as_f64());
            number.is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    })
}

/// The only type beside `null`.
fn only<'n>(types: &[&'n str]) -> Option<&'n str> {
    let mut names = types.iter().copied().filter(|name| *name != "null");
    names.next().filter(|_| names.next().is_none())
}

/// The names in `type`, which is one or a list of them.
fn names<'d>(types: &Node<'d>) -> Vec<&'d str> {
    match types {
        Node::Array(names) => names.iter().filter_map(Node::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}
