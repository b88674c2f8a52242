//! The keywords of a schema that hold data or bounds, checked one by one.

use mcpengine_openapi::{Node, STRING_FORMATS, in_type, number};

use super::copy::Copier;
use super::direction::Direction;
use super::pattern;
use super::view::View;

/// Bytes of a default value or of an example worth showing.
const MAX_DEFAULT: usize = 200;
const MAX_EXAMPLE: usize = 80;

impl<'a> Copier<'a, '_> {
    /// `enum`, `const`, `default`, `format`, bounds and examples.
    pub(super) fn put_values(&mut self, view: &View<'a>) {
        if self.direction == Direction::Output {
            return;
        }
        let listed = self.put_enum(view);
        if view.bounded
            && let Some(value) = view.get("const")
        {
            self.put_small("const", value, MAX_DEFAULT);
        }
        // Others (`int64`, `float`, a vendor's own) cost tokens, and some validators
        // refuse what they don't know.
        if let Some(format) = view
            .text("format")
            .filter(|format| STRING_FORMATS.contains(format))
        {
            self.put("format", &Node::String(format));
        }
        if view.bounded {
            self.put_rarer(view, listed);
        }
        if self.detail.examples
            && let Some(example) = self.example(view)
        {
            self.put("examples", &Node::Array(&[example]));
        }
    }

    /// One example that takes little room.
    fn example(&self, view: &View<'a>) -> Option<Node<'a>> {
        let given = match view.get("examples") {
            Some(Node::Array(examples)) => *examples,
            _ => &[],
        };
        let sample = view
            .get("default")
            .filter(|value| self.detail.samples && **value != Node::Null)
            .filter(|_| view.get("enum").is_none());
        let all = given.iter().chain(sample);
        let mut small = all
            .filter(|value| is_scalar(value) && size(value) <= MAX_EXAMPLE)
            .peekable();
        small.peek()?;
        let types = view.types();
        small.find_map(|value| in_type(value, &types))
    }

    /// What only a [`View::bounded`] schema can have. Where all values are listed,
    /// bounds add nothing, or take values away: Adyen's `MALE` is one letter long.
    fn put_rarer(&mut self, view: &View<'a>, listed: bool) {
        for keyword in ["contentEncoding", "contentMediaType"] {
            if let Some(name) = view.text(keyword) {
                self.put(keyword, &Node::String(name));
            }
        }
        if !listed {
            if let Some(pattern) = view
                .text("pattern")
                .filter(|pattern| pattern::is_portable(pattern))
            {
                self.put("pattern", &Node::String(pattern));
            }
            self.put_bounds(view);
        }
        if !self.detail.samples
            && let Some(value) = view.get("default").filter(|value| **value != Node::Null)
        {
            self.put_small("default", value, MAX_DEFAULT);
        }
    }

    /// Writes a keyword whose value takes at most `limit` bytes.
    pub(crate) fn put_small(&mut self, keyword: &str, value: &Node<'_>, limit: usize) {
        if size(value) <= limit {
            self.put(keyword, value);
        }
    }

    fn put_bounds(&mut self, view: &View<'a>) {
        for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
            if let Some(value @ Node::Number(text)) = view.get(keyword)
                && !is_machine_bound(text)
            {
                self.put(keyword, value);
            }
        }
        if let Some(value) = view.get("multipleOf")
            && value
                .as_number()
                .and_then(|number| number.as_f64())
                .is_some_and(|number| number > 0.0)
        {
            self.put("multipleOf", value);
        }
        for keyword in [
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
        ] {
            // `minLength: 0` and the like say nothing; the reader left digits.
            let count = view
                .get(keyword)
                .and_then(Node::as_text)
                .and_then(|text| text.parse::<u64>().ok())
                .filter(|count| *count < i64::from(i32::MAX).unsigned_abs());
            if let Some(count) = count.filter(|count| *count > 0 || keyword.starts_with("max")) {
                self.key(keyword);
                self.out.push_str(&count.to_string());
            }
        }
        if view.get("uniqueItems") == Some(&Node::Bool(true)) {
            self.key("uniqueItems");
            self.out.push_str("true");
        }
    }

    /// What is said of an `enum` that has too many values to be listed.
    pub(super) fn enum_note(&mut self, view: &View<'a>) -> Option<String> {
        if self.direction == Direction::Output {
            return None;
        }
        let values = view.get("enum").and_then(Node::as_array)?;
        if values.len() <= self.detail.values {
            return None;
        }
        self.cut = true;
        let shown: Vec<String> = values.iter().take(12).map(plain).collect();
        Some(format!(
            "One of {} values: {}, …",
            values.len(),
            shown.join(", ")
        ))
    }

    /// Whether the values were listed.
    fn put_enum(&mut self, view: &View<'a>) -> bool {
        let Some(Node::Array(values)) = view.get("enum") else {
            return false;
        };
        if values.is_empty() || values.len() > self.detail.values {
            return false;
        }
        self.key("enum");
        self.out.push('[');
        let start = self.out.len();
        let types = view.types();
        for value in *values {
            let from = self.out.len();
            if from > start {
                self.out.push(',');
            }
            let at = self.out.len();
            let fitted = in_type(value, &types);
            fitted.as_ref().unwrap_or(value).write_json(&mut self.out);
            // A value that its type made equal to another. Few are rewritten.
            let is_text = matches!(value, Node::String(_));
            if !is_text && has_item(&self.out, start, from, at) {
                self.out.truncate(from);
            }
        }
        if view.allows_null() && !types.is_empty() && !values.contains(&Node::Null) {
            self.out.push_str(",null");
        }
        self.out.push(']');
        true
    }
}

/// Whether the item at `at` stands already between `start` and `end`.
fn has_item(out: &str, start: usize, end: usize, at: usize) -> bool {
    let (Some(before), Some(item)) = (out.get(start..end), out.get(at..)) else {
        return false;
    };
    // Items are scalars nearly always; a comma in a text only hides a repetition.
    before.split(',').any(|known| known == item)
}

fn plain(value: &Node<'_>) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Bounds of 32- and 64-bit integers, which generators write out.
fn is_machine_bound(text: &str) -> bool {
    // Shorter ones are smaller, in any spelling but an exponent's.
    if text.len() < 10 && !text.contains(['e', 'E', 'x']) {
        return false;
    }
    number(text)
        .and_then(|number| number.as_f64())
        .is_some_and(|number| number.abs() >= 2_147_483_647.0)
}

fn is_scalar(value: &Node<'_>) -> bool {
    !matches!(value, Node::Object(_) | Node::Array(_) | Node::Null)
}

/// Bytes of a value as JSON, nearly.
pub(crate) fn size(value: &Node<'_>) -> usize {
    match value {
        Node::Null | Node::Bool(true) => 4,
        Node::Bool(false) => 5,
        Node::Number(text) => text.len(),
        Node::String(text) => text.len() + 2,
        Node::Array(items) => 2 + items.iter().map(|item| size(item) + 1).sum::<usize>(),
        Node::Object(entries) => {
            2 + entries
                .iter()
                .map(|(key, value)| key.len() + 4 + size(value))
                .sum::<usize>()
        }
    }
}
