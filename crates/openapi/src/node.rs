//! The document as it was written: a compact tree that borrows its text.
//!
//! `serde_json::Value` costs four times the memory (a hash map for each object, a
//! number that forgets how it was spelled) and 16 MiB of text has to be read in
//! 96 MB. Here an object is a list in the document's order, strings borrow the
//! text where they hold no escape, and a number is its own spelling, so that
//! `version: 1.10` stays `1.10`. Everything lives in an [`crate::Arena`].

use serde_json::{Map, Number, Value};

/// One value of a document, or of a schema that was made of one. 12 bytes on
/// wasm32, and a copy shares what is inside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node<'a> {
    Null,
    Bool(bool),
    /// The spelling, in JSON's grammar or YAML's core schema (`0x1F`, `+1`, `.5`).
    Number(&'a str),
    String(&'a str),
    Array(&'a [Node<'a>]),
    /// Keys are unique and in the document's order.
    Object(&'a [Entry<'a>]),
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

/// One key of an object and its value.
pub type Entry<'a> = (&'a str, Node<'a>);

impl<'a> Node<'a> {
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as text: authors write `version: 1.0` and `200:` without quotes.
    #[must_use]
    pub fn as_text(&self) -> Option<&'a str> {
        match self {
            Node::String(text) | Node::Number(text) => Some(text),
            Node::Bool(true) => Some("true"),
            Node::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// A boolean, also where it was written as the text `"true"` or `"false"`.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Node::Bool(value) => Some(*value),
            Node::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Node::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_array(&self) -> Option<&'a [Node<'a>]> {
        match self {
            Node::Array(items) => Some(items),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_object(&self) -> Option<&'a [Entry<'a>]> {
        match self {
            Node::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The number, where there is one of any kind.
    #[must_use]
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Node::Number(text) => number(text),
            _ => None,
        }
    }

    /// Looks a key up by walking the entries: right for the small objects of a
    /// description, not for `components`; see [`crate::refs::Source`].
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a Node<'a>> {
        self.as_object()?
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
    }

    /// Trimmed, non-empty text under `key`, at most 32 kB of it.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        let text = prose(self.get(key)?.as_text()?.trim(), PROSE_BYTES);
        (!text.is_empty()).then_some(text)
    }

    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
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

    /// Whether both are the same value at the same place in memory, which is
    /// cheaper to tell than whether they are equal.
    pub(crate) fn is_same(&self, other: &Node<'_>) -> bool {
        match (self, other) {
            (Node::Null, Node::Null) => true,
            (Node::Bool(left), Node::Bool(right)) => left == right,
            (Node::Number(left), Node::Number(right))
            | (Node::String(left), Node::String(right)) => {
                left.as_ptr() == right.as_ptr() && left.len() == right.len()
            }
            (Node::Array(left), Node::Array(right)) => {
                left.as_ptr().addr() == right.as_ptr().addr() && left.len() == right.len()
            }
            (Node::Object(left), Node::Object(right)) => {
                left.as_ptr().addr() == right.as_ptr().addr() && left.len() == right.len()
            }
            _ => false,
        }
    }

    /// The same value for the world outside. Depth is bounded by the reader's limit.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Node::Null => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Number(text) => number(text).map_or(Value::Null, Value::Number),
            Node::String(text) => Value::String((*text).to_owned()),
            Node::Array(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Node::Object(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| ((*key).to_owned(), value.to_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

impl Node<'_> {
    /// Appends the value as compact JSON.
    pub fn write_json(&self, out: &mut String) {
        match self {
            Node::Null => out.push_str("null"),
            Node::Bool(true) => out.push_str("true"),
            Node::Bool(false) => out.push_str("false"),
            Node::Number(text) => write_number(text, out),
            Node::String(text) => write_json_string(text, out),
            Node::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Node::Object(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_json_string(key, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

/// As compact JSON.
impl std::fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::new();
        self.write_json(&mut out);
        f.write_str(&out)
    }
}

fn write_number(text: &str, out: &mut String) {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = (1..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'))
        && text != "-0";
    if is_plain {
        out.push_str(text);
    } else {
        match number(text) {
            Some(number) => out.push_str(&number.to_string()),
            None => out.push_str("null"),
        }
    }
}

/// Appends a JSON string (RFC 8259 §7), quotes included.
pub fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
    {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut letters = from.chars();
        match letters.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some(control) => {
                out.push_str("\\u00");
                let code = u32::from(control);
                for digit in [code >> 4, code & 15] {
                    out.extend(char::from_digit(digit, 16));
                }
            }
            None => {}
        }
        rest = letters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// Reads the spelling of a [`Node::Number`].
/// Integers beyond 64 bits become the nearest double, as in JavaScript; beyond
/// a double's range the largest double.
#[must_use]
pub fn number(text: &str) -> Option<Number> {
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

    #[test]
    fn what_is_written_is_json() {
        let text = "a\"b\\c\n\u{1}\u{7f}é\u{2028}";
        let items = [
            Node::Null,
            Node::Bool(true),
            Node::Number("0x10"),
            Node::Number("-0"),
            Node::Number("007"),
            Node::Number("1.50"),
            Node::Number("12345678901234567890123"),
            Node::String(text),
        ];
        let node = Node::Object(&[("k\"", Node::Array(&items))]);
        assert_eq!(node.to_string(), node.to_value().to_string());
    }
}
