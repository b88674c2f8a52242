//! The only ways for text of a plan to get into generated code: one printer for
//! literals, one mangler for identifiers, one sanitiser for comments.
//!
//! Plans are made from documents that strangers wrote. Whatever they hold, the
//! printed code has the same syntax tree, apart from the values of literals.

mod identifiers;
mod text;

use serde_json::{Map, Value};

pub(crate) use identifiers::Identifiers;
pub(crate) use text::{comment, is_hidden, string};

/// Lines are broken behind this column where they can be.
const WIDTH: usize = 80;

/// Deeper values are printed as empty ones: an empty schema allows everything.
const MAX_DEPTH: usize = 96;

/// Prints a value as a TypeScript expression. `indent` is that of the line it
/// starts on, `column` where it starts; `reserve` characters come behind it.
pub(crate) fn literal(value: &Value, indent: usize, column: usize) -> String {
    let mut printer = Printer {
        out: String::new(),
        column,
    };
    printer.value(value, indent, 0, 1);
    printer.out
}

/// Prints an object as [`literal`] does, always with one property a line.
pub(crate) fn object(map: &Map<String, Value>) -> String {
    let mut printer = Printer {
        out: String::new(),
        column: WIDTH,
    };
    printer.object(map, 0, 0);
    printer.out
}

struct Printer {
    out: String,
    /// Of the next character, in characters from 0.
    column: usize,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        for _ in 0..indent {
            self.out.push(' ');
        }
        self.column = indent;
    }

    /// `tail` characters follow on the same line.
    fn value(&mut self, value: &Value, indent: usize, depth: usize, tail: usize) {
        match value {
            Value::Array(items) if depth < MAX_DEPTH && !items.is_empty() => {
                self.array(items, indent, depth, tail);
            }
            Value::Object(map) if depth < MAX_DEPTH && !map.is_empty() => {
                match inline_object(map, WIDTH.saturating_sub(self.column + tail)) {
                    Some(text) => self.push(&text),
                    None => self.object(map, indent, depth),
                }
            }
            Value::Array(_) => self.push("[]"),
            Value::Object(_) => self.push("{}"),
            scalar => self.push(&scalar_text(scalar)),
        }
    }

    fn object(&mut self, map: &Map<String, Value>, indent: usize, depth: usize) {
        self.push("{");
        for (key, value) in map {
            self.line(indent + 2);
            let key = property_key(key);
            self.push(&key);
            self.push(":");
            if is_long_string(value, WIDTH.saturating_sub(self.column + 2)) && key.len() > 2 {
                self.line(indent + 4);
            } else {
                self.push(" ");
            }
            self.value(value, indent + 2, depth + 1, 1);
            self.push(",");
        }
        self.line(indent);
        self.push("}");
    }

    fn array(&mut self, items: &[Value], indent: usize, depth: usize, tail: usize) {
        if let Some(text) = inline_array(items, WIDTH.saturating_sub(self.column + tail)) {
            return self.push(&text);
        }
        self.push("[");
        if items.iter().all(Value::is_number) {
            self.numbers(items, indent + 2);
        } else {
            for item in items {
                self.line(indent + 2);
                self.value(item, indent + 2, depth + 1, 1);
                self.push(",");
            }
        }
        self.line(indent);
        self.push("]");
    }

    /// As many numbers on a line as fit.
    fn numbers(&mut self, items: &[Value], indent: usize) {
        self.line(indent);
        for (index, item) in items.iter().enumerate() {
            let text = scalar_text(item);
            if index > 0 {
                if self.column + text.len() + 2 > WIDTH {
                    self.line(indent);
                } else {
                    self.push(" ");
                }
            }
            self.push(&text);
            self.push(",");
        }
    }
}

fn is_long_string(value: &Value, room: usize) -> bool {
    value.is_string() && scalar_text(value).chars().count() > room
}

/// The array on one line of at most `room` characters, where it reads well.
fn inline_array(items: &[Value], room: usize) -> Option<String> {
    let large = |item: &Value| match item {
        Value::Array(items) => items.len() > 1,
        Value::Object(map) => map.len() > 1,
        _ => false,
    };
    if items.len() > 1 && items.iter().all(large) {
        return None;
    }
    let mut text = String::from("[");
    for item in items {
        if text.len() > 1 {
            text.push_str(", ");
        }
        text.push_str(&inline_part(item, room.checked_sub(text.chars().count())?)?);
    }
    text.push(']');
    (text.chars().count() <= room).then_some(text)
}

/// The same for an object; one with an object in it is not put on one line.
fn inline_object(map: &Map<String, Value>, room: usize) -> Option<String> {
    let mut text = String::from("{ ");
    for (key, value) in map {
        if value.as_object().is_some_and(|map| !map.is_empty()) {
            return None;
        }
        if text.len() > 2 {
            text.push_str(", ");
        }
        text.push_str(&property_key(key));
        text.push_str(": ");
        text.push_str(&inline_part(
            value,
            room.checked_sub(text.chars().count())?,
        )?);
    }
    text.push_str(" }");
    (text.chars().count() <= room).then_some(text)
}

/// A part of a line. Each level takes room, so this ends after `room` levels.
fn inline_part(value: &Value, room: usize) -> Option<String> {
    match value {
        Value::Array(items) if items.is_empty() => Some("[]".to_owned()),
        Value::Object(map) if map.is_empty() => Some("{}".to_owned()),
        Value::Array(items) => inline_array(items, room.checked_sub(1)?),
        Value::Object(map) => inline_object(map, room.checked_sub(1)?),
        scalar => Some(scalar_text(scalar)),
    }
}

fn scalar_text(value: &Value) -> String {
    match value {
        Value::String(text) => string(text),
        other => other.to_string(),
    }
}

/// The key of a property in an object literal.
fn property_key(key: &str) -> String {
    if key == "__proto__" {
        // As a plain key it would set the prototype.
        return "[\"__proto__\"]".to_owned();
    }
    let mut characters = key.chars();
    let starts = characters
        .next()
        .is_some_and(|it| it.is_ascii_alphabetic() || "_$".contains(it));
    if starts && characters.all(|it| it.is_ascii_alphanumeric() || "_$".contains(it)) {
        key.to_owned()
    } else {
        string(key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::literal;

    #[test]
    fn literals_read_well() {
        let value = json!({
            "type": "object",
            "properties": {"a-b": {"type": "integer", "enum": (0..40).collect::<Vec<i64>>()}, "__proto__": {}},
            "required": ["a-b"],
            "oneOf": [{"type": "string", "x": 1}, {"type": "null", "x": -1.5e300}],
            "description": "a ".repeat(50),
        });
        expect_test::expect![[r#"
            {
              type: "object",
              properties: {
                "a-b": {
                  type: "integer",
                  enum: [
                    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
                    20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37,
                    38, 39,
                  ],
                },
                ["__proto__"]: {},
              },
              required: ["a-b"],
              oneOf: [
                { type: "string", x: 1 },
                { type: "null", x: -1.5e+300 },
              ],
              description:
                "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a ",
            }"#]]
        .assert_eq(&literal(&value, 0, 0));
    }

    #[test]
    fn deep_values_end() {
        let mut value = json!(1);
        for _ in 0..1_000 {
            value = Value::Array(vec![value]);
            value = Value::Object([("a".to_owned(), value)].into_iter().collect());
        }
        let printed = literal(&value, 0, 0);
        assert_eq!(printed.matches("a: [").count(), 48);
        assert!(printed.contains("{}"), "{printed}");
    }
}
