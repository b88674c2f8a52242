//! Words for types, and what a description says of a value.

use serde_json::{Map, Value, json};

/// Allowed values that are taken from a text.
const MAX_VALUES: usize = 50;

/// The schema that a word for a type means. Empty where it means nothing here.
pub(super) fn schema_of(text: &str) -> Map<String, Value> {
    let lower = text.to_ascii_lowercase();
    let lower = lower.trim();
    if let Some(items) = list_of(lower) {
        let items = schema_of(items);
        return object(json!({ "type": "array", "items": items }));
    }
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
        .collect();
    let found = words.iter().find_map(|word| simple(word));
    let mut schema = found.map(object).unwrap_or_default();
    if words.first().is_some_and(|word| *word == "enum") {
        let values = values_in(
            text.split_once(['(', '[', ':'])
                .map_or("", |(_, inner)| inner),
        );
        if !values.is_empty() {
            schema.insert("enum".to_owned(), json!(values));
        }
    }
    schema
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// `string[]`, `array of strings`, `list<string>`, `[string]`.
fn list_of(text: &str) -> Option<&str> {
    if let Some(inner) = text.strip_suffix("[]") {
        return Some(inner);
    }
    let behind = ["array", "list"]
        .iter()
        .find_map(|word| text.strip_prefix(word));
    if let Some(behind) = behind {
        let behind = behind.trim_start();
        return behind.strip_prefix("of ").or_else(|| {
            behind
                .strip_prefix(['<', '[', '('])?
                .strip_suffix(['>', ']', ')'])
        });
    }
    text.strip_prefix('[')?.strip_suffix(']')
}

fn simple(word: &str) -> Option<Value> {
    Some(
        match word
            .strip_suffix('s')
            .filter(|word| word.len() > 3)
            .unwrap_or(word)
        {
            "string" | "str" | "text" | "varchar" | "char" | "enum" | "keyword" => {
                json!({ "type": "string" })
            }
            "integer" | "int" | "int32" | "int64" | "long" | "bigint" => {
                json!({ "type": "integer" })
            }
            "number" | "numeric" | "float" | "double" | "decimal" => json!({ "type": "number" }),
            "boolean" | "bool" | "flag" => json!({ "type": "boolean" }),
            "array" | "list" => json!({ "type": "array" }),
            "object" | "json" | "hash" | "map" | "dict" | "dictionary" => {
                json!({ "type": "object" })
            }
            "date" => json!({ "type": "string", "format": "date" }),
            "datetime" | "date-time" | "iso8601" | "iso-8601" => {
                json!({ "type": "string", "format": "date-time" })
            }
            "uuid" | "guid" => json!({ "type": "string", "format": "uuid" }),
            "email" => json!({ "type": "string", "format": "email" }),
            "url" | "uri" => json!({ "type": "string", "format": "uri" }),
            "file" | "binary" => json!({ "type": "string", "format": "binary" }),
            _ => return None,
        },
    )
}

/// Whether a text is a word for a type, with marks such as `required` around it.
pub(super) fn is_type(text: &str) -> bool {
    text.len() < 60 && !schema_of(text).is_empty()
}

/// Adds what a description says besides: default and allowed values.
pub(super) fn read_description(schema: &mut Map<String, Value>, description: &str) {
    let lower = description.to_ascii_lowercase();
    // Lower-casing ASCII keeps every byte where it is.
    let behind = |marks: &[&str]| {
        marks
            .iter()
            .find_map(|mark| description.get(lower.find(mark)? + mark.len()..))
    };
    let marks = [
        "one of",
        "possible values",
        "allowed values",
        "valid values",
        "can be `",
        "either `",
    ];
    if !schema.contains_key("enum")
        && let Some(listed) = behind(&marks)
    {
        // The marks that end with a backtick have taken it.
        let listed = match lower.contains("one of") || lower.contains(" values") {
            true => listed.to_owned(),
            false => format!("`{listed}"),
        };
        let sentence = listed.split(". ").next().unwrap_or_default();
        let values = quoted(sentence);
        if values.len() > 1 {
            set_values(schema, &values);
        }
    }
    if !schema.contains_key("default")
        && let Some(text) = behind(&[
            "default: ",
            "default is ",
            "defaults to ",
            "default value is ",
            "default = ",
            "default `",
        ])
    {
        set_default(schema, default_in(text));
    }
}

/// The value at the start of what follows `default`; nothing where the words go
/// on: `default is the owner of the account`.
fn default_in(text: &str) -> &str {
    let value = text.trim_start_matches(['`', '"', ' ', '*']);
    let is_quoted = text
        .get(..text.len() - value.len())
        .is_some_and(|marks| marks.contains(['`', '"']));
    let end = value.find(|c: char| "`\"),;*".contains(c) || c.is_whitespace());
    let (value, behind) = value
        .split_at_checked(end.unwrap_or(value.len()))
        .unwrap_or((value, ""));
    let goes_on = behind.trim_start().starts_with(char::is_alphabetic);
    let is_word = value.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !["true", "false"].contains(&value.to_ascii_lowercase().as_str());
    if goes_on && is_word && !is_quoted {
        ""
    } else {
        value.trim_end_matches('.')
    }
}

pub(super) fn set_default(schema: &mut Map<String, Value>, text: &str) {
    const NOTHING: [&str; 14] = [
        "",
        "-",
        "none",
        "null",
        "nil",
        "n/a",
        "empty",
        "absent",
        "unset",
        "not set",
        "undefined",
        "required",
        "\u{2014}",
        "\u{2013}",
    ];
    let text = text.trim().trim_matches(['`', '"', '\'']);
    if text.len() > 100 || NOTHING.contains(&text.to_ascii_lowercase().as_str()) {
        return;
    }
    if schema.is_empty() {
        let kind = if ["true", "false"].contains(&text) {
            "boolean"
        } else if text.parse::<i64>().is_ok() {
            "integer"
        } else {
            "string"
        };
        schema.insert("type".to_owned(), json!(kind));
    }
    if let Some(value) = typed(schema, text) {
        schema.insert("default".to_owned(), value);
    }
}

/// The text as a value of the schema's type; `None` where it is none.
fn typed(schema: &Map<String, Value>, text: &str) -> Option<Value> {
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => text.replace(',', "").parse::<i64>().ok().map(Value::from),
        Some("number") => text
            .parse::<f64>()
            .ok()
            .filter(|n| n.is_finite())
            .map(Value::from),
        Some("boolean") => text
            .to_ascii_lowercase()
            .parse::<bool>()
            .ok()
            .map(Value::from),
        Some("string") => Some(json!(text)),
        _ => None,
    }
}

pub(super) fn set_values(schema: &mut Map<String, Value>, values: &[String]) {
    let typed: Vec<Value> = values
        .iter()
        .filter_map(|text| typed(schema, text))
        .collect();
    if !typed.is_empty() {
        schema.insert("enum".to_owned(), Value::Array(typed));
    }
}

/// Values between commas.
pub(super) fn values_in(text: &str) -> Vec<String> {
    let spans = quoted(text);
    if spans.len() > 1 {
        return spans;
    }
    let parts = text
        .trim_end_matches([')', ']'])
        .split([',', '|', '/', ';']);
    parts
        .map(|part| part.trim().trim_matches(['`', '"', '\'']).to_owned())
        .filter(|part| !part.is_empty() && part.len() < 60 && !part.contains(' '))
        .take(MAX_VALUES)
        .collect()
}

/// Code spans and quoted words.
fn quoted(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mark = if text.contains('`') { '`' } else { '"' };
    for (index, part) in text.split(mark).enumerate() {
        let is_new =
            !part.is_empty() && part.len() < 60 && !found.iter().any(|known| known == part);
        if index % 2 == 1 && is_new && found.len() < MAX_VALUES {
            found.push(part.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_types_are_known() {
        let cases = [
            ("String", json!({"type": "string"})),
            ("int, optional", json!({"type": "integer"})),
            (
                "array of strings",
                json!({"type": "array", "items": {"type": "string"}}),
            ),
            (
                "uuid[]",
                json!({"type": "array", "items": {"type": "string", "format": "uuid"}}),
            ),
            (
                "list<int>",
                json!({"type": "array", "items": {"type": "integer"}}),
            ),
            (
                "enum(`a`, `b`)",
                json!({"type": "string", "enum": ["a", "b"]}),
            ),
            ("enum: x|y", json!({"type": "string", "enum": ["x", "y"]})),
            ("Customer", json!({})),
            ("", json!({})),
        ];
        for (text, wanted) in cases {
            assert_eq!(Value::Object(schema_of(text)), wanted, "{text}");
        }
    }

    #[test]
    fn descriptions_tell_of_values() {
        let read = |kind: &str, text: &str| {
            let mut schema = schema_of(kind);
            read_description(&mut schema, text);
            Value::Object(schema)
        };
        assert_eq!(
            read("string", "Order. One of `asc`, `desc`. Default: `asc`."),
            json!({"type": "string", "enum": ["asc", "desc"], "default": "asc"})
        );
        assert_eq!(
            read("integer", "How many (defaults to 20, at most 100)"),
            json!({"type": "integer", "default": 20})
        );
        assert_eq!(read("integer", "default: all"), json!({"type": "integer"}));
        let mut schema = schema_of("string");
        set_default(&mut schema, "absent");
        assert_eq!(Value::Object(schema), json!({"type": "string"}));
        assert_eq!(
            read("string", "Whose. Default is the owner of it"),
            json!({"type": "string"})
        );
        assert_eq!(
            read("string", "Which, default: asc"),
            json!({"type": "string", "default": "asc"})
        );
        assert_eq!(
            read("string", "Can be `a` or `b`"),
            json!({"type": "string", "enum": ["a", "b"]})
        );
    }
}
