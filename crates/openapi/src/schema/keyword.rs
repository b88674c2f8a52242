//! One keyword of a schema: kept, translated, repaired or dropped.

use std::{borrow::Cow, collections::HashSet};

use super::{Draft, MAX_EXAMPLE, pattern, pattern::Word, types};
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
        draft: &mut Draft<'d>,
        key: &'d str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        match key {
            "type" => self.type_keyword(draft, value, place),
            "enum" => self.enum_keyword(draft, value, place),
            "const" => draft.put(key, *value),
            "default" => {
                if weight::of_node(value, MAX_EXAMPLE + 1) <= MAX_EXAMPLE {
                    draft.put(key, *value);
                }
            }
            "example" => add_example(draft, value),
            "examples" => match value {
                Node::Array(items) => items.iter().for_each(|item| add_example(draft, item)),
                Node::Object(entries) => {
                    for (_, example) in *entries {
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
                Some(flag) => draft.put(key, Node::Bool(flag)),
                None => self.invalid(key, value, "true or false", place),
            },
            _ => self.applicator(draft, key, value, place, level),
        }
    }

    fn type_keyword(&mut self, draft: &mut Draft<'d>, value: &'d Node<'d>, place: &Place<'_>) {
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
            if let Some(format) = format
                && draft.get("format").is_none()
            {
                draft.put("format", Node::String(format));
            }
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let made = match names.as_slice() {
            [] => return self.invalid("type", value, "the name of a type", place),
            // As it was written, where that is how it is called.
            [name] if value.as_str() == Some(name) => *value,
            [name] => Node::String(name),
            several => {
                let written = value.as_array().unwrap_or_default().iter();
                if written
                    .map(Node::as_str)
                    .eq(several.iter().map(|name| Some(*name)))
                {
                    *value
                } else {
                    self.string_list(several.iter().copied())
                }
            }
        };
        draft.put("type", made);
    }

    fn enum_keyword(&mut self, draft: &mut Draft<'d>, value: &'d Node<'d>, place: &Place<'_>) {
        let Some(items) = value.as_array().filter(|items| !items.is_empty()) else {
            return self.invalid("enum", value, "a list with a value in it", place);
        };
        let mut texts: HashSet<&str> = HashSet::with_capacity(items.len());
        if items
            .iter()
            .all(|item| item.as_str().is_some_and(|text| texts.insert(text)))
        {
            draft.put("enum", *value);
            return;
        }
        let mut seen = HashSet::new();
        let kept: Vec<Node<'d>> = items
            .iter()
            .filter(|item| seen.insert(item.to_value().to_string()))
            .copied()
            .collect();
        draft.put("enum", Node::Array(self.source.arena.slice(&kept)));
    }

    fn required_keyword(&mut self, draft: &mut Draft<'d>, value: &'d Node<'d>, place: &Place<'_>) {
        match value {
            Node::Array(_) => {
                let names = self.unique_strings(value);
                if names.as_array().is_some_and(|names| !names.is_empty()) {
                    draft.put("required", names);
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

    fn pattern_keyword(&mut self, draft: &mut Draft<'d>, value: &'d Node<'d>, place: &Place<'_>) {
        let Some(text) = value.as_text() else {
            return self.invalid("pattern", value, "a regular expression", place);
        };
        match pattern::word(text) {
            Some(Word::Format) => {
                if draft.get("format").is_none() {
                    draft.put("format", Node::String(text));
                }
                return self.bad_pattern(text, "it is the name of a `format`", place);
            }
            Some(Word::Prose) => return self.bad_pattern(text, "it is a description", place),
            None => {}
        }
        match pattern::ecma(text) {
            Ok(usable) => {
                let usable = match usable {
                    Cow::Borrowed(usable) => usable,
                    Cow::Owned(usable) => self.source.arena.text(&usable),
                };
                draft.put("pattern", Node::String(usable));
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
        draft: &mut Draft<'d>,
        key: &'d str,
        value: &'d Node<'d>,
        place: &Place<'_>,
    ) {
        match value {
            Node::Null => {}
            Node::Object(_) | Node::Array(_) => self.invalid(key, value, "text", place),
            scalar => {
                let text = prose(scalar.as_text().unwrap_or_default(), SCHEMA_PROSE_BYTES);
                draft.put(key, Node::String(text));
            }
        }
    }

    fn number_keyword(
        &mut self,
        draft: &mut Draft<'d>,
        key: &'d str,
        value: &'d Node<'d>,
        place: &Place<'_>,
    ) {
        match (key, value) {
            ("exclusiveMinimum", Node::Bool(flag)) => draft.exclusive_minimum = *flag,
            ("exclusiveMaximum", Node::Bool(flag)) => draft.exclusive_maximum = *flag,
            _ => match value.as_text().and_then(number) {
                Some(found) if key != "multipleOf" || found.as_f64().is_some_and(|n| n > 0.0) => {
                    draft.put(key, Node::Number(value.as_text().unwrap_or("0")));
                }
                Some(_) => self.invalid(key, value, "a number above 0", place),
                None => self.invalid(key, value, "a number", place),
            },
        }
    }

    fn count_keyword(
        &mut self,
        draft: &mut Draft<'d>,
        key: &'d str,
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
                let spelled = value.as_text().unwrap_or_default();
                let is_plain = spelled.bytes().all(|byte| byte.is_ascii_digit());
                let spelled = if is_plain {
                    spelled
                } else {
                    self.source.arena.text(&count.to_string())
                };
                draft.put(key, Node::Number(spelled));
            }
            None => self.invalid(key, value, "a whole number, 0 or above", place),
        }
    }

    /// 3.0's `exclusiveMinimum: true` qualifies `minimum`; 2020-12 has one number.
    pub(super) fn exclusive_bounds(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        for (flag, plain, exclusive) in [
            (draft.exclusive_minimum, "minimum", "exclusiveMinimum"),
            (draft.exclusive_maximum, "maximum", "exclusiveMaximum"),
        ] {
            if !flag {
                continue;
            }
            match draft.remove(plain) {
                Some(bound) => draft.put(exclusive, bound),
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

fn add_example<'d>(draft: &mut Draft<'d>, value: &Node<'d>) {
    if draft.examples.len() < MAX_EXAMPLES && weight::of_node(value, MAX_EXAMPLE + 1) <= MAX_EXAMPLE
    {
        draft.put("examples", Node::Null);
        draft.examples.push(*value);
    }
}

impl<'d> Walker<'d> {
    pub(super) fn string_list(&self, texts: impl Iterator<Item = &'d str>) -> Node<'d> {
        let texts: Vec<Node<'d>> = texts.map(Node::String).collect();
        Node::Array(self.source.arena.slice(&texts))
    }

    /// The strings of a list, each once.
    pub(super) fn unique_strings(&self, node: &Node<'d>) -> Node<'d> {
        let items = node.as_array().unwrap_or_default();
        let mut seen = HashSet::new();
        if items
            .iter()
            .all(|item| item.as_str().is_some_and(|name| seen.insert(name)))
        {
            return *node;
        }
        seen.clear();
        let names = items.iter().filter_map(Node::as_text);
        self.string_list(names.filter(|name| seen.insert(*name)))
    }
}

fn to_count(value: f64) -> Option<u64> {
    // Counts above 2^53 limit nothing; the cast below is exact under it.
    (0.0..=9_007_199_254_740_992.0)
        .contains(&value)
        .then_some(value as u64)
}
