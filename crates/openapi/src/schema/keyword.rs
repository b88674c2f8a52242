//! One keyword of a schema: kept, translated, repaired or dropped.

use std::collections::HashSet;

use serde_json::Value;

use super::{Draft, MAX_EXAMPLE, pattern, types};
use crate::{
    model::Dialect,
    node::{Node, SCHEMA_PROSE_BYTES, number, prose},
    place::Place,
    walk::Walker,
    weight,
};

/// More examples than this tell nothing new.
const MAX_EXAMPLES: usize = 5;

impl<'d> Walker<'d> {
    pub(super) fn keyword(
        &mut self,
        draft: &mut Draft,
        key: &str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        match key {
            "type" => self.type_keyword(draft, value, place),
            "enum" => self.enum_keyword(draft, value, place),
            "const" => {
                draft.out.insert(key.to_owned(), value.to_value());
            }
            "default" => {
                if weight::of_node(value, MAX_EXAMPLE + 1) <= MAX_EXAMPLE {
                    draft.out.insert(key.to_owned(), value.to_value());
                }
            }
            "example" => add_example(draft, value),
            "examples" => match value {
                Node::Array(items) => items.iter().for_each(|item| add_example(draft, item)),
                Node::Object(entries) => {
                    for (_, example) in entries {
                        add_example(draft, example.get("value").unwrap_or(example));
                    }
                }
                other => add_example(draft, other),
            },
            "required" => self.required_keyword(draft, value, place),
            "pattern" => self.pattern_keyword(draft, value, place),
            "nullable" | "x-nullable" => draft.nullable |= value.as_bool() == Some(true),
            "title" | "description" | "format" | "contentEncoding" | "contentMediaType"
            | "$comment" => self.text_keyword(draft, key, value, place),
            "multipleOf" | "maximum" | "minimum" | "exclusiveMaximum" | "exclusiveMinimum" => {
                self.number_keyword(draft, key, value, place);
            }
            "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties"
            | "minProperties" | "maxContains" | "minContains" => {
                self.count_keyword(draft, key, value, place);
            }
            "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => match value.as_bool() {
                Some(flag) => {
                    draft.out.insert(key.to_owned(), Value::Bool(flag));
                }
                None => self.invalid(key, value, "true or false", place),
            },
            _ => self.applicator(draft, key, value, place, level),
        }
    }

    fn type_keyword(&mut self, draft: &mut Draft, value: &'d Node<'d>, place: &Place<'_>) {
        let words: Vec<&str> = match value {
            Node::String(word) => vec![word],
            Node::Array(items) => items.iter().filter_map(Node::as_str).collect(),
            // An unquoted `null` in YAML.
            Node::Null => vec!["null"],
            other => return self.invalid("type", other, "the name of a type", place),
        };
        let mut names: Vec<&'static str> = Vec::new();
        for word in words {
            let Some((name, format)) = types::json_type(word) else {
                self.invalid(
                    "type",
                    value,
                    "string, number, integer, boolean, array or object",
                    place,
                );
                // One unknown alternative means that no type can be ruled out.
                return;
            };
            let is_file = word == "file" && self.dialect == Dialect::Swagger20;
            if name != word && !is_file {
                self.report.info(
                    "schema-type",
                    place,
                    format!("`type: {word}` is read as `{name}`."),
                    "Use the names of JSON Schema's types.",
                );
            }
            if let Some(format) = format {
                draft.out.entry("format").or_insert_with(|| format.into());
            }
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let value = match names.as_slice() {
            [] => return self.invalid("type", value, "the name of a type", place),
            [name] => Value::from(*name),
            several => several.iter().copied().map(Value::from).collect(),
        };
        draft.out.insert("type".to_owned(), value);
    }

    fn enum_keyword(&mut self, draft: &mut Draft, value: &'d Node<'d>, place: &Place<'_>) {
        let Some(items) = value.as_array().filter(|items| !items.is_empty()) else {
            return self.invalid("enum", value, "a list of values", place);
        };
        let mut seen = HashSet::new();
        let values: Vec<Value> = items
            .iter()
            .map(Node::to_value)
            .filter(|value| seen.insert(value.to_string()))
            .collect();
        draft.out.insert("enum".to_owned(), Value::Array(values));
    }

    fn required_keyword(&mut self, draft: &mut Draft, value: &'d Node<'d>, place: &Place<'_>) {
        match value {
            Node::Array(_) => {
                if let Value::Array(names) = unique_strings(value)
                    && !names.is_empty()
                {
                    draft.out.insert("required".to_owned(), Value::Array(names));
                }
            }
            // Read by the object that holds this property.
            Node::Bool(_) => self.report.info(
                "schema-required",
                place,
                "`required` stands on a property; it belongs on the object, as a list of names."
                    .to_owned(),
                "Move the property's name into the object's `required` list.",
            ),
            other => self.invalid("required", other, "a list of property names", place),
        }
    }

    fn pattern_keyword(&mut self, draft: &mut Draft, value: &'d Node<'d>, place: &Place<'_>) {
        let Some(text) = value.as_text() else {
            return self.invalid("pattern", value, "a regular expression", place);
        };
        match pattern::ecma(text) {
            Ok(usable) => {
                draft
                    .out
                    .insert("pattern".to_owned(), Value::String(usable.into_owned()));
            }
            Err(reason) => self.bad_pattern(text, reason, place),
        }
    }

    pub(super) fn bad_pattern(&mut self, text: &str, reason: &str, place: &Place<'_>) {
        let shown: String = text.chars().take(80).collect();
        self.report.warn(
            "schema-pattern",
            place,
            format!("The pattern `{shown}` is no ECMAScript regular expression ({reason}) and is ignored."),
            "Write it in the syntax of ECMA-262.",
        );
    }

    fn text_keyword(
        &mut self,
        draft: &mut Draft,
        key: &str,
        value: &'d Node<'d>,
        place: &Place<'_>,
    ) {
        match value {
            Node::Null => {}
            Node::Object(_) | Node::Array(_) => self.invalid(key, value, "text", place),
            scalar => {
                let text =
                    prose(scalar.as_text().unwrap_or_default(), SCHEMA_PROSE_BYTES).to_owned();
                draft.out.insert(key.to_owned(), Value::String(text));
            }
        }
    }

    fn number_keyword(
        &mut self,
        draft: &mut Draft,
        key: &str,
        value: &'d Node<'d>,
        place: &Place<'_>,
    ) {
        match (key, value) {
            ("exclusiveMinimum", Node::Bool(flag)) => draft.exclusive_minimum = *flag,
            ("exclusiveMaximum", Node::Bool(flag)) => draft.exclusive_maximum = *flag,
            _ => match value.as_text().and_then(number) {
                Some(found) if key != "multipleOf" || found.as_f64().is_some_and(|n| n > 0.0) => {
                    draft.out.insert(key.to_owned(), Value::Number(found));
                }
                Some(_) => self.invalid(key, value, "a number above 0", place),
                None => self.invalid(key, value, "a number", place),
            },
        }
    }

    fn count_keyword(
        &mut self,
        draft: &mut Draft,
        key: &str,
        value: &'d Node<'d>,
        place: &Place<'_>,
    ) {
        let whole = value.as_text().and_then(number).and_then(|found| {
            found.as_u64().or_else(|| {
                found
                    .as_f64()
                    .filter(|n| n.fract() == 0.0)
                    .and_then(to_count)
            })
        });
        match whole {
            Some(count) => {
                draft.out.insert(key.to_owned(), Value::from(count));
            }
            None => self.invalid(key, value, "a whole number, 0 or above", place),
        }
    }

    /// 3.0's `exclusiveMinimum: true` qualifies `minimum`; 2020-12 has one number.
    pub(super) fn exclusive_bounds(&mut self, draft: &mut Draft, place: &Place<'_>) {
        for (flag, plain, exclusive) in [
            (draft.exclusive_minimum, "minimum", "exclusiveMinimum"),
            (draft.exclusive_maximum, "maximum", "exclusiveMaximum"),
        ] {
            if !flag {
                continue;
            }
            match draft.out.shift_remove(plain) {
                Some(bound) => {
                    draft.out.insert(exclusive.to_owned(), bound);
                }
                None => self.report.info(
                    "schema-keyword",
                    place,
                    format!("`{exclusive}: true` has no `{plain}` to qualify and is ignored."),
                    "Add the bound.",
                ),
            }
        }
    }

    pub(super) fn invalid(&mut self, key: &str, value: &Node<'_>, wanted: &str, place: &Place<'_>) {
        let found = match value.as_text() {
            Some(text) => format!("`{}`", text.chars().take(40).collect::<String>()),
            None => value.kind().to_owned(),
        };
        self.report.warn(
            "schema-keyword",
            place,
            format!("`{key}` has to be {wanted}, and is {found}; it is read as far as possible."),
            "Correct the keyword's value.",
        );
    }
}

fn add_example(draft: &mut Draft, value: &Node<'_>) {
    if weight::of_node(value, MAX_EXAMPLE + 1) > MAX_EXAMPLE {
        return;
    }
    let examples = draft
        .out
        .entry("examples")
        // Nearly always one: room for four would be most of a property.
        .or_insert_with(|| Value::Array(Vec::with_capacity(1)));
    if let Value::Array(examples) = examples
        && examples.len() < MAX_EXAMPLES
    {
        examples.push(value.to_value());
    }
}

/// The strings of a list, each once.
pub(super) fn unique_strings(node: &Node<'_>) -> Value {
    let mut seen = HashSet::new();
    node.as_array()
        .unwrap_or_default()
        .iter()
        .filter_map(Node::as_text)
        .filter(|name| seen.insert(*name))
        .map(Value::from)
        .collect()
}

fn to_count(value: f64) -> Option<u64> {
    // Counts above 2^53 limit nothing; the cast below is exact under it.
    (0.0..=9_007_199_254_740_992.0)
        .contains(&value)
        .then_some(value as u64)
}
