//! The keywords of a schema that hold data or bounds, checked one by one.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::copy::{Copier, Direction};
use super::pattern;
use super::view::View;

/// Formats that a model or a validator can use. Others (`int64`, `float`, a
/// vendor's own) cost tokens, and some validators refuse what they don't know.
const FORMATS: [&str; 16] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "uuid",
    "regex",
    "json-pointer",
    "password",
    "byte",
    "binary",
];

/// Bytes of a default value or of an example worth showing.
const MAX_DEFAULT: usize = 200;
const MAX_EXAMPLE: usize = 80;

impl<'a> Copier<'a, '_> {
    /// `enum`, `const`, `default`, `format`, bounds and examples.
    pub(super) fn put_values(&mut self, map: &mut Map<String, Value>, view: &View<'a>) {
        if self.direction == Direction::Output {
            return;
        }
        self.put_enum(map, view);
        if let Some(value) = view.get("const").filter(|value| size(value) <= MAX_DEFAULT) {
            self.put(map, "const", value.clone());
        }
        if let Some(format) = view
            .text("format")
            .filter(|format| FORMATS.contains(format))
        {
            self.put(map, "format", Value::String(format.to_owned()));
        }
        for keyword in ["contentEncoding", "contentMediaType"] {
            if let Some(name) = view.text(keyword) {
                self.put(map, keyword, Value::String(name.to_owned()));
            }
        }
        if let Some(pattern) = view
            .text("pattern")
            .filter(|pattern| pattern::is_portable(pattern))
        {
            self.put(map, "pattern", Value::String(pattern.to_owned()));
        }
        self.put_bounds(map, view);
        if let Some(value) = view
            .get("default")
            .filter(|value| !value.is_null() && size(value) <= MAX_DEFAULT)
        {
            self.put(map, "default", value.clone());
        }
        if self.detail.examples
            && let Some(Value::Array(examples)) = view.get("examples")
            && let Some(example) = examples
                .iter()
                .find(|value| is_scalar(value) && size(value) <= MAX_EXAMPLE)
        {
            self.put(map, "examples", Value::Array(vec![example.clone()]));
        }
    }

    fn put(&mut self, map: &mut Map<String, Value>, keyword: &str, value: Value) {
        self.spend(keyword.len() + 4 + size(&value));
        map.insert(keyword.to_owned(), value);
    }

    fn put_bounds(&mut self, map: &mut Map<String, Value>, view: &View<'a>) {
        for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
            if let Some(value) = view
                .get(keyword)
                .filter(|value| value.is_number() && !is_machine_bound(value))
            {
                self.put(map, keyword, value.clone());
            }
        }
        if let Some(value) = view
            .get("multipleOf")
            .filter(|value| value.as_f64().is_some_and(|n| n > 0.0))
        {
            self.put(map, "multipleOf", value.clone());
        }
        for keyword in [
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
        ] {
            // `minLength: 0` and the like say nothing.
            let count = view
                .get(keyword)
                .and_then(whole)
                .filter(|count| *count < i64::from(i32::MAX).unsigned_abs());
            if let Some(count) = count.filter(|count| *count > 0 || keyword.starts_with("max")) {
                self.put(map, keyword, Value::from(count));
            }
        }
        if view.get("uniqueItems") == Some(&Value::Bool(true)) {
            self.put(map, "uniqueItems", Value::Bool(true));
        }
    }

    fn put_enum(&mut self, map: &mut Map<String, Value>, view: &View<'a>) {
        let Some(Value::Array(values)) = view.get("enum") else {
            return;
        };
        if values.is_empty() {
            return;
        }
        let types = view.types();
        let mut values: Vec<Value> = values.iter().map(|value| coerced(value, &types)).collect();
        if view.allows_null() && !types.is_empty() && !values.contains(&Value::Null) {
            values.push(Value::Null);
        }
        unique(&mut values);
        if values.len() > self.detail.values {
            self.cut = true;
            let shown: Vec<String> = values.iter().take(12).map(plain).collect();
            let note = format!("One of {} values: {}, …", values.len(), shown.join(", "));
            let description = match map.get("description").and_then(Value::as_str) {
                Some(before) => format!("{before} {note}"),
                None => note,
            };
            self.put(map, "description", Value::String(description));
            return;
        }
        self.put(map, "enum", Value::Array(values));
    }
}

/// A value of `enum` in the type that the schema asks for: YAML reads an
/// unquoted `1.0` or `true` in a list of strings as something else.
fn coerced(value: &Value, types: &[&str]) -> Value {
    match (types, value) {
        (["string"], Value::Number(number)) => Value::String(number.to_string()),
        (["string"], Value::Bool(flag)) => Value::String(flag.to_string()),
        (["integer" | "number"], Value::String(text)) => text
            .parse::<serde_json::Number>()
            .map_or_else(|_| value.clone(), Value::Number),
        (["boolean"], Value::String(text)) => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

fn unique(values: &mut Vec<Value>) {
    if values.len() > 24 {
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.to_string()));
    } else {
        let mut at = 1;
        while at < values.len() {
            if values
                .get(..at)
                .zip(values.get(at))
                .is_some_and(|(before, value)| before.contains(value))
            {
                values.remove(at);
            } else {
                at += 1;
            }
        }
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A count, also where a document writes `10.0`.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value
            .as_f64()
            .filter(|n| n.fract() == 0.0 && *n >= 0.0 && *n < 1e15)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be a whole number in range"
        )]
        Some(number as u64)
    })
}

/// Bounds of 32- and 64-bit integers, which generators write out.
fn is_machine_bound(value: &Value) -> bool {
    value.as_f64().is_some_and(|n| n.abs() >= 2_147_483_647.0)
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array() && !value.is_null()
}

/// Bytes of a value as JSON, nearly.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.len() + 2,
        Value::Array(items) => 2 + items.iter().map(|item| size(item) + 1).sum::<usize>(),
        Value::Object(map) => {
            2 + map
                .iter()
                .map(|(key, value)| key.len() + 4 + size(value))
                .sum::<usize>()
        }
    }
}

/// The value without spare room: a map that was grown key by key holds a
/// quarter of what it reserves, and a plan has a hundred thousand of them.
pub(crate) fn compact(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            // Collecting reserves exactly what is there.
            Value::Object(
                map.into_iter()
                    .map(|(key, value)| (key, compact(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(compact).collect()),
        Value::String(mut text) => {
            text.shrink_to_fit();
            Value::String(text)
        }
        other => other,
    }
}
