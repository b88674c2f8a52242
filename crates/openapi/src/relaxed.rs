//! JSON as people write it into documentation: with comments, trailing commas,
//! placeholders and dots for what is left out.

use serde_json::Value;

/// Longer placeholders are none.
const MAX_PLACEHOLDER: usize = 100;

/// The value that `text` shows; `None` where it shows none.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let text = text.trim();
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(_) => serde_json::from_str(&repair(text)).ok(),
    }
}

/// Like [`parse`], for an object or a list only: prose is full of words and
/// numbers, which are JSON as well.
pub(crate) fn parse_container(text: &str) -> Option<Value> {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        parse(start)
    } else {
        None
    }
}

/// In one pass. Strings stay as they are.
fn repair(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // The last letter that is no space.
    let mut last = ' ';
    // What is open: `true` for an object.
    let mut open: Vec<bool> = Vec::new();
    while let Some(letter) = rest.chars().next() {
        let mut shown = letter;
        let skipped = if letter == '"' {
            // A value has ended: a comma is missing before the next string.
            if matches!(last, '"' | '}' | ']') || last.is_alphanumeric() {
                out.push(',');
            }
            let length = string_length(rest);
            out.push_str(rest.get(..length).unwrap_or(rest));
            length
        } else if let Some(length) = comment(rest).or_else(|| ellipsis(rest)) {
            shown = ' ';
            length
        } else if let Some(length) = placeholder(rest) {
            if open.last() == Some(&true) && last != ':' {
                // Whole entries that a variable holds: nothing is known of them.
                rest = without_comma(rest.get(length..).unwrap_or_default());
                continue;
            }
            out.push_str("null");
            shown = 'l';
            length
        } else if let Some((length, value)) = (last == ':').then(|| word(rest)).flatten() {
            out.push_str(value);
            length
        } else {
            match letter {
                '{' | '[' => open.push(letter == '{'),
                '}' | ']' => {
                    open.pop();
                    drop_comma(&mut out);
                }
                _ => {}
            }
            out.push(letter);
            letter.len_utf8()
        };
        if !shown.is_whitespace() {
            last = shown;
        }
        rest = rest.get(skipped..).unwrap_or_default();
    }
    out
}

/// The text without the comma that it begins with.
fn without_comma(text: &str) -> &str {
    text.trim_start().strip_prefix(',').unwrap_or(text)
}

/// A word that stands for a value, and the value where it is a known one.
fn word(text: &str) -> Option<(usize, &'static str)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let value = match text.get(..end)? {
        "true" | "True" => "true",
        "false" | "False" => "false",
        _ => "null",
    };
    Some((end, value))
}

/// From the opening quote to behind the closing one.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn comment(text: &str) -> Option<usize> {
    if text.starts_with("/*") {
        return Some(text.find("*/").map_or(text.len(), |end| end + 2));
    }
    if text.starts_with("//") || text.starts_with('#') {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    None
}

/// `{{name}}` or `<name>`.
fn placeholder(text: &str) -> Option<usize> {
    for (open, close) in [("{{", "}}"), ("<", ">")] {
        if text.starts_with(open) {
            let near = text.get(..text.floor_char_boundary(MAX_PLACEHOLDER))?;
            let end = near.find(close)?;
            let inner = near.get(open.len()..end)?;
            return (!inner.contains(['"', '\n', ':'])).then_some(end + close.len());
        }
    }
    None
}

fn ellipsis(text: &str) -> Option<usize> {
    if text.starts_with('\u{2026}') {
        return Some('\u{2026}'.len_utf8());
    }
    if !text.starts_with("...") {
        return None;
    }
    Some(text.find(|letter| letter != '.').unwrap_or(text.len()))
}

/// Takes the comma before a closing bracket away.
fn drop_comma(out: &mut String) {
    let kept = out.trim_end();
    if let Some(kept) = kept.strip_suffix(',') {
        out.truncate(kept.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_people_write_is_read() {
        let cases = [
            (
                "{\"a\": 1, // one\n \"b\": [1, 2, ...],}",
                json!({"a": 1, "b": [1, 2]}),
            ),
            (
                "{\"id\": {{userId}}, \"s\": \"{{x}} // \\\" ,}\"}",
                json!({"id": null, "s": "{{x}} // \" ,}"}),
            ),
            ("[<string>, /* two */ 2 ]", json!([null, 2])),
            (
                "{\n{{all}},\n\"a\": 1,\n{{more}}\n\"b\": {{b}}\n{{rest}}\n}",
                json!({"a": 1, "b": null}),
            ),
            ("{ # all\n\"a\": true,\n \u{2026} }", json!({"a": true})),
            (
                "{\"a\": RULE_ID, \"b\": False\n \"c\": [1,] \"d\": {{x}} \"e\": 1}",
                json!({"a": null, "b": false, "c": [1], "d": null, "e": 1}),
            ),
        ];
        for (text, wanted) in cases {
            assert_eq!(parse_container(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_none() {
        for text in [
            "GET /users",
            "12",
            "{",
            "[1, 2",
            "{\"a\"",
            "{{",
            "<a",
            "{a: 1}",
        ] {
            assert_eq!(parse_container(text), None, "{text}");
        }
    }
}
