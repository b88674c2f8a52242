//! Parameters: names, marks, descriptions, list items.

use super::{
    inline::{bare, folded},
    kind,
};
use crate::outline::{Field, Place};

/// Longer descriptions of one parameter are cut.
const MAX_DESCRIPTION: usize = 2_000;
/// Parameters that one sentence names.
const MAX_NAMED: usize = 20;

/// A parameter before it is known where it goes.
#[derive(Debug, PartialEq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) field: Field,
    /// Where its own row says that it goes.
    pub(super) place: Option<Place>,
}

pub(super) fn describe(field: &mut Field, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let lower = text.to_ascii_lowercase();
    for mark in [
        "required.",
        "(required)",
        "**required",
        "required,",
        "[required]",
    ] {
        field.required |= lower.starts_with(mark);
    }
    let kept = text.get(..text.floor_char_boundary(MAX_DESCRIPTION));
    field.description = kept.map(str::to_owned);
}

/// What the description says besides, once the type is known. An example stays
/// only where it is of the type.
pub(super) fn finish(field: &mut Field) {
    if let Some(text) = field.description.clone() {
        kind::read_description(&mut field.schema, &text);
    }
    if let Some(example) = field.example.take() {
        let text = example.as_str().unwrap_or_default().to_owned();
        field.example = match field.schema.get("type").and_then(|kind| kind.as_str()) {
            Some("string") | None => Some(example),
            Some(_) => serde_json::from_str(&text).ok(),
        };
    }
}

/// The name in a cell, and what else the cell says.
pub(super) fn split_name(cell: &str) -> Option<(String, String)> {
    let text = cell.trim();
    let (name, rest) = match text
        .strip_prefix('`')
        .and_then(|inner| inner.split_once('`'))
    {
        Some((name, rest)) => (name.trim().to_owned(), rest.to_owned()),
        None => {
            let text = bare(text);
            let text = text.trim();
            let end = text.find(|c: char| c.is_whitespace() || c == '(' || c == ',');
            let (name, rest) = text.split_at_checked(end.unwrap_or(text.len()))?;
            (name.to_owned(), rest.to_owned())
        }
    };
    let mut rest = rest;
    let mut name = name.as_str();
    // `name?` may be left out, whatever footnote its star points to.
    let starred = name.trim_end_matches('*');
    if let Some(optional) = starred.strip_suffix('?') {
        name = optional;
    } else if starred.len() < name.len() {
        name = starred;
        rest.push_str(" required");
    }
    if rest.trim() == "*" {
        rest.push_str(" required");
    }
    let name = name.trim_matches(['"', '\'']).trim_end_matches(':');
    let name = match name
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'))
    {
        Some(inner) => inner,
        None => name.strip_prefix(':').unwrap_or(name),
    };
    is_name(name).then(|| (name.to_owned(), rest))
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]$@:".contains(&byte))
}

/// Reads `integer, required, default 20` into the field.
pub(super) fn read_marks(found: &mut Named, text: &str) {
    let lower = text.to_ascii_lowercase();
    let schema = kind::schema_of(text);
    if !schema.is_empty() && found.field.schema.is_empty() {
        found.field.schema = schema;
    }
    if lower.contains("required") && !lower.contains("not required") {
        found.field.required = true;
    }
    for (mark, place) in [
        ("query", Place::Query),
        ("path", Place::Path),
        ("header", Place::Header),
        ("body", Place::Body),
    ] {
        let is_there = lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == mark);
        if is_there && found.place.is_none() {
            found.place = Some(place);
        }
    }
}

pub(super) fn place_named(text: &str) -> Option<Place> {
    let text = bare(text).trim().to_ascii_lowercase();
    Some(match text.as_str() {
        "query" | "querystring" | "query string" | "query parameter" | "query param" => {
            Place::Query
        }
        "path" | "url" | "uri" | "route" | "path parameter" | "url path" => Place::Path,
        "header" | "headers" => Place::Header,
        "body" | "form" | "formdata" | "form data" | "json" | "payload" | "request body"
        | "json body" | "post" => Place::Body,
        _ => return None,
    })
}

/// A list item such as `` `limit` (integer, optional): how many ``. `is_expected`
/// says that a label announced parameters; else the item has to have a type.
pub(super) fn item(text: &str, line: usize, is_expected: bool) -> Option<Named> {
    let text = folded(text);
    let (name, rest) = split_name(&text)?;
    let has_code = text.starts_with('`');
    // "`a` are orders that …" is a sentence.
    if rest.starts_with(" are ") {
        return None;
    }
    let rest = rest
        .trim()
        .trim_start_matches([':', '-', '\u{2013}', '\u{2014}'])
        .trim();
    let mut found = Named {
        line,
        field: Field::new(&name, Place::Query),
        place: None,
    };
    let (marks, about) = split_marks(rest);
    let has_marks = !marks.is_empty() && (kind::is_type(&marks) || has_mark(&marks));
    let is_separated = rest.len() < text.len() - name.len();
    if !has_marks && !(is_expected && (has_code || is_separated)) {
        return None;
    }
    if !has_code
        && !has_marks
        && !text
            .get(name.len()..)?
            .trim_start()
            .starts_with([':', '-', '\u{2013}', '\u{2014}'])
    {
        return None;
    }
    if has_marks {
        read_marks(&mut found, &marks);
        describe(&mut found.field, about);
    } else {
        describe(&mut found.field, rest);
    }
    finish(&mut found.field);
    Some(found)
}

/// Parameters that a sentence names: ``with the query params `page`, `size`.``
pub(super) fn queries(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let Some(start) = lower.find("query param") else {
        return Vec::new();
    };
    let sentence = text.get(start..).unwrap_or_default();
    let sentence = sentence.split(". ").next().unwrap_or_default();
    // What stands in code is every other part.
    let spans = sentence.split('`').skip(1).step_by(2);
    let names = spans.filter(|name| is_name(name) && !name.contains([':', '@']));
    names.take(MAX_NAMED).map(str::to_owned).collect()
}

fn has_mark(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("required") || lower.contains("optional")
}

/// `(integer, optional): how many`, `integer required - how many` and
/// `integer - how many` as marks and description.
fn split_marks(rest: &str) -> (String, &str) {
    let trim = |text: &str| -> usize {
        let kept = text.trim_start_matches([':', '-', '\u{2013}', '\u{2014}', ' ', '.', ',']);
        text.len() - kept.len()
    };
    let open = rest.strip_prefix(['(', '[', '<', '{']);
    if let Some((inner, behind)) = open.and_then(|inner| inner.split_once([')', ']', '>', '}'])) {
        return (bare(inner), behind.get(trim(behind)..).unwrap_or(behind));
    }
    let end = [": ", " - ", " \u{2013} ", " \u{2014} ", ". "]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
        .unwrap_or(rest.len());
    let (marks, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if marks.split_whitespace().count() <= 4 {
        (bare(marks), behind.get(trim(behind)..).unwrap_or(behind))
    } else {
        (String::new(), rest)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::prose) fn shown(found: &Named) -> String {
        let Field {
            name,
            required,
            description,
            schema,
            example,
            ..
        } = &found.field;
        let mark = if *required { "!" } else { "" };
        let schema = serde_json::Value::Object(schema.clone());
        let about = description.as_deref().unwrap_or("-");
        format!(
            "{name}{mark} {:?} {schema} {about} {example:?}\n",
            found.place
        )
    }

    #[test]
    fn list_items_are_read() {
        let cases = [
            (
                "`limit` (integer, optional): How many. Defaults to 20.",
                false,
            ),
            ("id (string, required) - The id", false),
            (
                "`name` string **required** — Whose"
                    .replace("**", "")
                    .leak(),
                false,
            ),
            ("`after` - A cursor", true),
            ("`after` - A cursor", false),
            ("page: Which page", true),
            ("Note that pages are counted", true),
            ("`X-Trace` (header, string)", false),
        ];
        let all: String = cases
            .iter()
            .map(|(text, expected)| {
                item(text, 1, *expected).map_or("-\n".to_owned(), |found| shown(&found))
            })
            .collect();
        expect_test::expect![[r#"
            limit None {"type":"integer","default":20} How many. Defaults to 20. None
            id! None {"type":"string"} The id None
            name! None {"type":"string"} Whose None
            after None {} A cursor None
            -
            page None {} Which page None
            -
            X-Trace Some(Header) {"type":"string"} - None
        "#]]
        .assert_eq(&all);
    }

    #[test]
    fn sentences_name_parameters() {
        assert_eq!(
            queries("Pages by the query params `page`, `page_size`. Roles: `ADMIN`."),
            ["page", "page_size"]
        );
        assert_eq!(
            queries("Query parameters: `q` (words), `a b`, `x:y`"),
            ["q"]
        );
        assert!(queries("The query is `page`.").is_empty());
    }
}
