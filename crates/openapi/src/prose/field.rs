//! Parameters in tables and lists.

use serde_json::json;

use super::{
    block::Row,
    inline::{bare, folded},
    kind,
};
use crate::outline::{Field, Place};

/// Longer descriptions of one parameter are cut.
const MAX_DESCRIPTION: usize = 2_000;

/// A parameter before it is known where it goes.
#[derive(Debug, PartialEq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) field: Field,
    /// Where its own row says that it goes.
    pub(super) place: Option<Place>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Column {
    Name,
    Type,
    Required,
    Optional,
    In,
    Description,
    Default,
    Example,
    Values,
    Method,
    Path,
    Status,
    Other,
}

fn column(head: &str) -> Column {
    let head = folded(&bare(head)).to_lowercase();
    let head = head.trim_matches(|c: char| !c.is_alphanumeric());
    match head {
        "name" | "parameter" | "param" | "field" | "key" | "property" | "attribute"
        | "argument" | "variable" | "header" | "query parameter" | "path parameter"
        | "parameter name" | "field name" | "query param" | "url parameter" | "parameters"
        | "arguments" | "option" | "attributes" | "fields" | "query" | "element" => Column::Name,
        "type" | "data type" | "datatype" | "format" | "schema" | "value type" => Column::Type,
        "required" | "mandatory" | "required?" | "is required" | "req" | "req'd" | "presence"
        | "required/optional" => Column::Required,
        "optional" => Column::Optional,
        "in" | "location" | "where" | "position" | "param type" | "parameter type"
        | "parameter in" | "located in" | "source" => Column::In,
        "description" | "desc" | "meaning" | "details" | "notes" | "explanation" | "purpose"
        | "comment" | "comments" | "remarks" | "summary" | "what it does" | "info" => {
            Column::Description
        }
        "default" | "default value" | "defaults" => Column::Default,
        "example" | "sample" | "example value" | "examples" => Column::Example,
        "values" | "allowed values" | "possible values" | "enum" | "valid values"
        | "accepted values" => Column::Values,
        "method" | "verb" | "http method" | "http verb" | "http" => Column::Method,
        "path" | "endpoint" | "url" | "route" | "uri" | "resource" => Column::Path,
        "status" | "code" | "status code" | "http status" | "http code" | "response code"
        | "http status code" | "response" => Column::Status,
        _ => Column::Other,
    }
}

/// A table, understood.
#[derive(Debug, PartialEq)]
pub(super) enum Table {
    Fields(Vec<Named>),
    /// Method, path and description of each row.
    Endpoints(Vec<(usize, String)>),
    /// Status and description.
    Statuses(Vec<(usize, String, String)>),
    Unknown,
}

/// What a table lists, by the heads of its columns.
pub(super) fn table(rows: &[Row]) -> Table {
    let Some((head, rows)) = rows.split_first() else {
        return Table::Unknown;
    };
    let columns: Vec<Column> = head.cells.iter().map(|cell| column(cell)).collect();
    let at = |wanted: Column| columns.iter().position(|column| *column == wanted);
    let cell = |row: &Row, at: Option<usize>| at.and_then(|at| row.cells.get(at)).cloned();
    if let (Some(method), Some(path)) = (at(Column::Method), at(Column::Path)) {
        let about = at(Column::Description);
        let text = |row: &Row| {
            let (method, path) = (cell(row, Some(method)), cell(row, Some(path)));
            let about = cell(row, about).unwrap_or_default();
            let method = bare(&method?).trim().to_ascii_uppercase();
            Some((row.line, format!("{method} {} {about}", path?.trim())))
        };
        return Table::Endpoints(rows.iter().filter_map(text).collect());
    }
    let others = [
        Column::Type,
        Column::Required,
        Column::Description,
        Column::In,
        Column::Default,
    ];
    if let Some(name) = at(Column::Name).filter(|_| others.iter().any(|other| at(*other).is_some()))
    {
        return Table::Fields(
            rows.iter()
                .filter_map(|row| named(row, name, &columns))
                .collect(),
        );
    }
    if let Some(status) = at(Column::Status) {
        let about = at(Column::Description).or((status == 0).then_some(1));
        let text = |row: &Row| {
            let code = super::label::status_in(&cell(row, Some(status))?)?;
            Some((row.line, code, cell(row, about).unwrap_or_default()))
        };
        return Table::Statuses(rows.iter().filter_map(text).collect());
    }
    // Endpoints in one cell: `GET /users`.
    Table::Unknown
}

fn named(row: &Row, name: usize, columns: &[Column]) -> Option<Named> {
    let written = row.cells.get(name)?;
    let (name, rest) = split_name(written)?;
    let mut found = Named {
        line: row.line,
        field: Field::new(&name, Place::Query),
        place: None,
    };
    read_marks(&mut found, &rest);
    for (cell, column) in row.cells.iter().zip(columns) {
        let text = folded(cell);
        match column {
            Column::Type => match place_named(&text) {
                Some(place) => found.place = Some(place),
                None => read_marks(&mut found, &bare(&text)),
            },
            Column::In => found.place = place_named(&text),
            Column::Required => found.field.required |= says_yes(&text),
            Column::Optional => found.field.required |= says_no(&text),
            Column::Description => describe(&mut found.field, &text),
            _ => {}
        }
    }
    for (cell, column) in row.cells.iter().zip(columns) {
        let schema = &mut found.field.schema;
        match column {
            Column::Default => kind::set_default(schema, &folded(cell)),
            Column::Values => kind::set_values(schema, &kind::values_in(cell)),
            Column::Example => {
                let text = bare(&folded(cell));
                let is_short = !text.is_empty() && text.len() < 200;
                found.field.example = is_short.then(|| json!(text.trim_matches('"')));
            }
            _ => {}
        }
    }
    finish(&mut found.field);
    Some(found)
}

fn describe(field: &mut Field, text: &str) {
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
fn finish(field: &mut Field) {
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
fn split_name(cell: &str) -> Option<(String, String)> {
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
    if let Some(starred) = name.strip_suffix('*') {
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
fn read_marks(found: &mut Named, text: &str) {
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

fn place_named(text: &str) -> Option<Place> {
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

fn says_yes(text: &str) -> bool {
    let text = bare(text).trim().to_ascii_lowercase();
    [
        "yes",
        "true",
        "required",
        "y",
        "x",
        "1",
        "mandatory",
        "\u{2713}",
        "\u{2714}",
        "\u{2705}",
        "always",
        "\u{2714}\u{fe0f}",
    ]
    .contains(&text.as_str())
        || text.starts_with("yes")
        || text.starts_with("required")
}

fn says_no(text: &str) -> bool {
    let text = bare(text).trim().to_ascii_lowercase();
    ["no", "false", "n", "required"].contains(&text.as_str())
}

/// A list item such as `` `limit` (integer, optional): how many ``. `is_expected`
/// says that a label announced parameters; else the item has to have a type.
pub(super) fn item(text: &str, line: usize, is_expected: bool) -> Option<Named> {
    let text = folded(text);
    let (name, rest) = split_name(&text)?;
    let has_code = text.starts_with('`');
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
mod tests {
    use super::*;

    fn shown(found: &Named) -> String {
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
    fn tables_are_read_by_their_heads() {
        let rows: Vec<Row> = [
            vec![
                "Required?",
                "In",
                "Default",
                "Type",
                "Parameter",
                "Notes",
                "Example",
            ],
            vec![
                "yes",
                "query",
                "20",
                "integer",
                "`limit`",
                "At most 100",
                "5",
            ],
            vec!["No", "body", "-", "string[]", "tags", "", ""],
            vec!["", "", "", "", "name*", "One of `a`, `b`", "a"],
            vec!["", "", "", "", "not a name at all!", "", ""],
            vec![],
        ]
        .into_iter()
        .enumerate()
        .map(|(at, cells)| super::super::block::row(at + 1, cells.into_iter().map(str::to_owned)))
        .collect();
        let Table::Fields(found) = table(&rows) else {
            panic!("no fields");
        };
        expect_test::expect![[r#"
            limit! Some(Query) {"type":"integer","default":20} At most 100 Some(Number(5))
            tags Some(Body) {"type":"array","items":{"type":"string"}} - None
            name! None {} One of `a`, `b` Some(String("a"))
            not None {} - None
        "#]]
        .assert_eq(&found.iter().map(shown).collect::<String>());
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
}
