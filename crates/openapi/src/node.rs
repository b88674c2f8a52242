//! The document as it was written: a compact tree that borrows its text.
//!
//! `serde_json::Value` costs twice the memory (a hash map for each object, a
//! number that forgets how it was spelled) and 16 MiB of text has to be read in
//! 96 MB. Here an object is a list in the document's order, strings borrow the
//! text where they hold no escape, and a number is its own spelling, so that
//! `version: 1.10` stays `1.10`.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

/// One value of the document. `Box`-free: at most 16 bytes on wasm32.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node<'t> {
    Null,
    Bool(bool),
    /// The spelling, in JSON's grammar or YAML's core schema (`0x1F`, `+1`, `.5`).
    Number(Cow<'t, str>),
    String(Cow<'t, str>),
    Array(Vec<Node<'t>>),
    /// Keys are unique and in the document's order.
    Object(Vec<Entry<'t>>),
}

/// The most that is kept of one title or description. Tools show 1,024
/// characters; a document that is one long introduction must not cost its size
/// again in every step behind the reader.
pub(crate) const PROSE_BYTES: usize = 32 << 10;

/// The most that is kept of one schema's title or description: there are a
/// hundred times as many, and a tool shows 240 characters of each.
pub(crate) const SCHEMA_PROSE_BYTES: usize = 1 << 10;

/// The text, cut to `limit` bytes between two characters.
pub(crate) fn prose(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}

pub(crate) type Entry<'t> = (Cow<'t, str>, Node<'t>);

impl<'t> Node<'t> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as text: authors write `version: 1.0` and `200:` without quotes.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Node::String(text) | Node::Number(text) => Some(text),
            Node::Bool(true) => Some("true"),
            Node::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// A boolean, also where it was written as the text `"true"` or `"false"`.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Node::Bool(value) => Some(*value),
            Node::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Node::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Node<'t>]> {
        match self {
            Node::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&[Entry<'t>]> {
        match self {
            Node::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// Looks a key up by walking the entries: right for the small objects of a
    /// description, not for `components`; see [`crate::refs::Source`].
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'t>> {
        self.as_object()?
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// Trimmed, non-empty text under `key`, at most [`PROSE_BYTES`] of it.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        let text = prose(self.get(key)?.as_text()?.trim(), PROSE_BYTES);
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// What the value is, for a sentence.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Bool(_) => "a boolean",
            Node::Number(_) => "a number",
            Node::String(_) => "a string",
            Node::Array(_) => "a list",
            Node::Object(_) => "an object",
        }
    }

    /// Counts values, itself included.
    pub(crate) fn count(&self) -> usize {
        match self {
            Node::Array(items) => 1 + items.iter().map(Node::count).sum::<usize>(),
            Node::Object(entries) => {
                1 + entries
                    .iter()
                    .map(|(_, value)| value.count())
                    .sum::<usize>()
            }
            _ => 1,
        }
    }

    /// The same value for the world outside. Depth is bounded by the reader's limit.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Node::Null => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Number(text) => number(text).map_or(Value::Null, Value::Number),
            Node::String(text) => Value::String(text.to_string()),
            Node::Array(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Node::Object(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| (key.to_string(), value.to_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

/// Reads a spelling that [`crate::json`] or [`crate::yaml`] took for a number.
/// Integers beyond 64 bits become the nearest double, as in JavaScript; beyond
/// a double's range the largest double.
pub(crate) fn number(text: &str) -> Option<Number> {
    let plain = text.strip_prefix('+').unwrap_or(text);
    if let Some(digits) = plain.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    if let Some(digits) = plain.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(Number::from);
    }
    if let Ok(value) = plain.parse::<i64>() {
        return Some(Number::from(value));
    }
    if let Ok(value) = plain.parse::<u64>() {
        return Some(Number::from(value));
    }
    let value = plain.parse::<f64>().ok()?;
    Number::from_f64(value.clamp(f64::MIN, f64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_value() {
        let read = |text| number(text).map(|value| value.to_string());
        assert_eq!(read("12").as_deref(), Some("12"));
        assert_eq!(read("+12").as_deref(), Some("12"));
        assert_eq!(read("0x1F").as_deref(), Some("31"));
        assert_eq!(read("0o17").as_deref(), Some("15"));
        assert_eq!(
            read("18446744073709551615").as_deref(),
            Some("18446744073709551615")
        );
        assert_eq!(
            read("-9223372036854776000").as_deref(),
            Some("-9.223372036854776e+18")
        );
        assert_eq!(read("1e999").as_deref(), Some("1.7976931348623157e+308"));
        assert_eq!(read("x"), None);
    }
}
