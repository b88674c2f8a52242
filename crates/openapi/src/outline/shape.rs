//! The schema that examples suggest.
//!
//! Examples show what may be there, never what must: nothing becomes `required`,
//! and a field that is only ever `null` accepts anything.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// Deeper parts of an example say nothing.
const MAX_LEVELS: usize = 12;
/// Elements of a list that are looked at.
const MAX_ITEMS: usize = 50;
/// Objects with more keys than this are taken for mappings.
const MAX_PROPERTIES: usize = 250;

/// What was seen in one place of all examples.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Shape {
    null: bool,
    boolean: bool,
    integer: bool,
    number: bool,
    string: bool,
    /// The format that all strings had so far.
    format: Option<&'static str>,
    items: Option<Box<Shape>>,
    is_array: bool,
    properties: Option<IndexMap<String, Shape>>,
}

impl Shape {
    /// Looks at one more example. Each new field is paid from `budget`; what it
    /// does not cover is left out.
    pub(crate) fn learn(&mut self, value: &Value, budget: &mut usize) {
        self.learn_at(value, budget, 0);
    }

    fn learn_at(&mut self, value: &Value, budget: &mut usize, level: usize) {
        match value {
            Value::Null => self.null = true,
            Value::Bool(_) => self.boolean = true,
            Value::Number(number) if number.is_f64() => self.number = true,
            Value::Number(_) => self.integer = true,
            Value::String(text) => self.see_text(text),
            Value::Array(items) => {
                self.is_array = true;
                if level >= MAX_LEVELS {
                    return;
                }
                for item in items.iter().take(MAX_ITEMS) {
                    self.items
                        .get_or_insert_default()
                        .learn_at(item, budget, level + 1);
                }
            }
            Value::Object(entries) => {
                let properties = self.properties.get_or_insert_default();
                if level >= MAX_LEVELS {
                    return;
                }
                for (key, value) in entries {
                    if !properties.contains_key(key) {
                        let Some(left) = budget.checked_sub(1) else {
                            return;
                        };
                        if properties.len() > MAX_PROPERTIES {
                            return;
                        }
                        *budget = left;
                    }
                    let inner = properties.entry(key.clone()).or_default();
                    inner.learn_at(value, budget, level + 1);
                }
            }
        }
    }

    /// Whether all that was seen is `{}`.
    pub(super) fn has(&self, name: &str) -> bool {
        let properties = self.properties.as_ref();
        properties.is_some_and(|properties| properties.contains_key(name))
    }

    pub(super) fn is_blank(&self) -> bool {
        let blank = Self {
            properties: Some(IndexMap::new()),
            ..Self::default()
        };
        *self == blank
    }

    /// A text, or the name of a type that stands for a value.
    fn see_text(&mut self, text: &str) {
        match placeholder_type(text) {
            Some("integer") => self.integer = true,
            Some("number") => self.number = true,
            Some("boolean") => self.boolean = true,
            Some(_) => self.see_string(None),
            None => self.see_string(format_of(text)),
        }
    }

    fn see_string(&mut self, format: Option<&'static str>) {
        self.format = if self.string && self.format != format {
            None
        } else {
            format
        };
        self.string = true;
    }

    pub(super) fn merge(&mut self, other: Shape) {
        self.null |= other.null;
        self.boolean |= other.boolean;
        self.integer |= other.integer;
        self.number |= other.number;
        self.is_array |= other.is_array;
        if other.string {
            self.see_string(other.format);
        }
        match (&mut self.items, other.items) {
            (Some(items), Some(other)) => items.merge(*other),
            (None, Some(other)) => self.items = Some(other),
            (_, None) => {}
        }
        if let Some(others) = other.properties {
            let properties = self.properties.get_or_insert_default();
            for (key, value) in others {
                properties.entry(key).or_default().merge(value);
            }
        }
    }

    /// JSON Schema.
    pub(super) fn schema(self) -> Map<String, Value> {
        let mut types: Vec<&str> = Vec::new();
        let mut schema = Map::new();
        if self.boolean {
            types.push("boolean");
        }
        if self.number {
            types.push("number");
        } else if self.integer {
            types.push("integer");
        }
        if self.string {
            types.push("string");
        }
        if self.is_array {
            types.push("array");
        }
        if self.properties.is_some() {
            types.push("object");
        }
        if self.null && !types.is_empty() {
            types.push("null");
        }
        match types.as_slice() {
            [] => {}
            [one] => drop(schema.insert("type".to_owned(), json!(one))),
            several => drop(schema.insert("type".to_owned(), json!(several))),
        }
        if let Some(format) = self.format {
            schema.insert("format".to_owned(), json!(format));
        }
        if let Some(items) = self.items {
            schema.insert("items".to_owned(), Value::Object(items.schema()));
        }
        if let Some(properties) = self.properties {
            object(&mut schema, properties);
        }
        schema
    }
}

/// An object with names, or a mapping whose keys are data.
fn object(schema: &mut Map<String, Value>, properties: IndexMap<String, Shape>) {
    let is_mapping = properties.len() > MAX_PROPERTIES
        || (properties.len() > 1 && properties.keys().all(|key| is_identity(key)));
    if !is_mapping {
        let properties: Map<String, Value> = properties
            .into_iter()
            .map(|(key, shape)| (key, Value::Object(shape.schema())))
            .collect();
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        return;
    }
    let mut values = Shape::default();
    for (_, shape) in properties {
        values.merge(shape);
    }
    schema.insert(
        "additionalProperties".to_owned(),
        Value::Object(values.schema()),
    );
}

/// The type that `<integer>` and the like name, which converters write in place of
/// values.
pub(crate) fn placeholder_type(text: &str) -> Option<&'static str> {
    Some(match text.trim().strip_prefix('<')?.strip_suffix('>')? {
        "string" | "dateTime" | "date-time" | "date" | "uuid" | "uri" | "email" => "string",
        "integer" | "long" | "int32" | "int64" => "integer",
        "number" | "float" | "double" => "number",
        "boolean" => "boolean",
        _ => return None,
    })
}

/// A key that is the id of something, not the name of a field.
fn is_identity(key: &str) -> bool {
    (!key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())) || is_uuid(key)
}

/// `8-4-4-4-12` hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Formats that cannot be mistaken.
fn format_of(text: &str) -> Option<&'static str> {
    if is_uuid(text) {
        return Some("uuid");
    }
    let bytes = text.as_bytes();
    let has_form = |form: &str| {
        form.bytes().zip(bytes).all(|(wanted, found)| match wanted {
            b'0' => found.is_ascii_digit(),
            other => *found == other,
        })
    };
    if bytes.len() == 10 && has_form("0000-00-00") {
        return Some("date");
    }
    let has_zone = || {
        text.ends_with('Z')
            || text
                .get(19..)
                .is_some_and(|zone| zone.contains(['+', '-']) && zone.len() >= 6)
    };
    if (20..=35).contains(&bytes.len()) && has_form("0000-00-00T00:00:00") && has_zone() {
        return Some("date-time");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(examples: &[Value]) -> Value {
        let mut shape = Shape::default();
        for example in examples {
            shape.learn(example, &mut 1_000);
        }
        Value::Object(shape.schema())
    }

    #[test]
    fn examples_become_schemas() {
        let found = schema(&[
            json!({"a": 1, "b": [{"c": "x"}, {"d": null}], "e": {}, "at": "2024-01-02T03:04:05Z"}),
            json!({"a": 1.5, "b": null, "on": "2024-01-02"}),
        ]);
        let wanted = json!({
            "type": "object",
            "properties": {
                "a": {"type": "number"},
                "b": {
                    "type": ["array", "null"],
                    "items": {
                        "type": "object",
                        "properties": {"c": {"type": "string"}, "d": {}},
                    },
                },
                "e": {"type": "object"},
                "at": {"type": "string", "format": "date-time"},
                "on": {"type": "string", "format": "date"},
            },
        });
        assert_eq!(found, wanted);
    }

    #[test]
    fn keys_that_are_data_make_a_mapping() {
        let found = schema(&[json!({"17": {"a": 1}, "18": {"b": true}})]);
        let wanted = json!({
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}},
            },
        });
        assert_eq!(found, wanted);
    }

    #[test]
    fn learning_ends_with_the_budget() {
        let mut shape = Shape::default();
        let mut budget = 2;
        shape.learn(&json!({"a": 1, "b": 2, "c": 3}), &mut budget);
        assert_eq!(budget, 0);
        let wanted = json!({"a": {"type": "integer"}, "b": {"type": "integer"}});
        assert_eq!(shape.schema().get("properties"), Some(&wanted));
    }

    #[test]
    fn deep_examples_end() {
        let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
        let text = schema(&[deep]).to_string();
        assert_eq!(text.matches("items").count(), MAX_LEVELS);
    }
}
