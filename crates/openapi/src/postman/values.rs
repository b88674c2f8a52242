//! Values as text: what a type, an example and a variable look like in them.

use serde_json::{Map, Value, json};

use super::{Reader, text::replace_parts, url::Entry};
use crate::outline::{Field, Place, is_secret, placeholder_type, typed};

/// Longer examples of parameters are left out.
const MAX_EXAMPLE: usize = 200;
/// Longer texts with variables are none.
const MAX_FILLED: usize = 4_096;
/// Queries with more parts are cut.
const MAX_PAIRS: usize = 1_000;

/// `a=b&c` as entries.
pub(super) fn query_pairs(query: &str) -> Vec<Entry> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .take(MAX_PAIRS)
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Entry {
                name: name.to_owned(),
                value: (!value.is_empty()).then(|| value.to_owned()),
                ..Entry::default()
            }
        })
        .collect()
}

/// The name in `{{name}}`, where that is the whole text. Postman's own variables
/// (`{{$guid}}`) go without their sign.
pub(super) fn variable_name(text: &str) -> Option<&str> {
    let name = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let name = name.trim_start_matches('$');
    (!name.is_empty() && !name.contains(['{', '}'])).then_some(name)
}

impl Reader<'_, '_> {
    /// The text with the values of the collection's variables in place of a
    /// single `{{name}}`; `None` where the value is not known.
    pub(super) fn resolved<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        let mut text = text.trim();
        for _ in 0..5 {
            let Some(name) = variable_name(text) else {
                return (!text.contains("{{")).then_some(text);
            };
            text = self.variables.get(name)?.trim();
        }
        None
    }

    /// The text with the values of the collection's variables in it; `None` where
    /// one is not known.
    pub(super) fn filled(&self, text: &str) -> Option<String> {
        let mut text = text.trim().to_owned();
        for _ in 0..5 {
            if !text.contains("{{") {
                return Some(text);
            }
            let mut is_known = true;
            text = replace_parts(&text, str::to_owned, |name| {
                let value = self.variables.get(name).filter(|_| !is_secret(name));
                is_known &= value.is_some();
                value.cloned().unwrap_or_default()
            });
            if !is_known || text.len() > MAX_FILLED {
                return None;
            }
        }
        None
    }

    /// A parameter or form field as the collection shows it.
    pub(super) fn field(&self, entry: &Entry, place: Place, base: &str) -> Field {
        let mut field = Field::new(&entry.name, place);
        if !entry.at.is_empty() {
            field.at = format!("{base}{}", entry.at);
        }
        let (required, description) = marked_required(entry.description.as_deref());
        field.required = required;
        field.description = description;
        if let Some(named) = entry.value.as_deref().and_then(placeholder_schema) {
            field.schema = named;
            return field;
        }
        let value = entry
            .value
            .as_deref()
            .and_then(|value| self.resolved(value));
        match value.filter(|value| !value.is_empty() && value.len() <= MAX_EXAMPLE) {
            Some(value) => {
                let (kind, example) = typed(&entry.name, value);
                field = field.of_type(kind);
                field.example = Some(example);
                field
            }
            None => field.of_type("string"),
        }
    }
}

/// Converters from OpenAPI write `(Required)` before the description.
fn marked_required(description: Option<&str>) -> (bool, Option<String>) {
    let Some(text) = description else {
        return (false, None);
    };
    let lower = text.get(..10).unwrap_or_default().to_ascii_lowercase();
    let (required, rest) = if lower == "(required)" {
        (true, text.get(10..).unwrap_or_default().trim())
    } else {
        (false, text)
    };
    (required, (!rest.is_empty()).then(|| rest.to_owned()))
}

/// The schema of a value that is only named: `<integer>`, `<date>`.
fn placeholder_schema(value: &str) -> Option<Map<String, Value>> {
    let kind = placeholder_type(value)?;
    let format = match value.trim() {
        "<dateTime>" | "<date-time>" => Some("date-time"),
        "<date>" => Some("date"),
        "<uuid>" => Some("uuid"),
        _ => None,
    };
    let mut schema = Map::from_iter([("type".to_owned(), json!(kind))]);
    if let Some(format) = format {
        schema.insert("format".to_owned(), json!(format));
    }
    Some(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_converters_are_understood() {
        assert_eq!(
            marked_required(Some("(Required) The id")),
            (true, Some("The id".to_owned()))
        );
        assert_eq!(marked_required(Some("(Required)")), (true, None));
        assert_eq!(
            marked_required(Some("Required")),
            (false, Some("Required".to_owned()))
        );
        assert_eq!(
            placeholder_schema("<long>").map(Value::Object),
            Some(json!({"type": "integer"}))
        );
        assert_eq!(placeholder_schema("<b>"), None);
    }

    #[test]
    fn variables_have_names() {
        assert_eq!(variable_name(" {{ id }} "), Some("id"));
        assert_eq!(variable_name("{{$guid}}"), Some("guid"));
        assert_eq!(variable_name("{{a}}{{b}}"), None);
        assert_eq!(variable_name("{{}}"), None);
    }
}
