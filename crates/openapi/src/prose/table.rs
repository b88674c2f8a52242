//! Tables: of parameters, of endpoints, of statuses.

use serde_json::json;

use super::{
    block::Row,
    field::{Named, describe, finish, place_named, read_marks, split_name},
    inline::{bare, folded},
    kind,
};
use crate::outline::{Field, Place, method_named};

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
        | "arguments" | "option" | "attributes" | "fields" | "query" | "element" | "参数名"
        | "参数" | "参数名称" | "名称" | "字段" | "字段名" => Column::Name,
        "type" | "data type" | "datatype" | "format" | "schema" | "value type" | "kind"
        | "类型" | "数据类型" | "参数类型" => Column::Type,
        "required" | "mandatory" | "required?" | "is required" | "req" | "req'd" | "presence"
        | "required/optional" | "必需" | "必须" | "必填" | "是否必须" | "是否必填" | "是否必需" => {
            Column::Required
        }
        "optional" => Column::Optional,
        "in" | "location" | "where" | "position" | "param type" | "parameter type"
        | "parameter in" | "located in" | "source" | "位置" => Column::In,
        "description" | "desc" | "meaning" | "details" | "notes" | "explanation" | "purpose"
        | "comment" | "comments" | "remarks" | "summary" | "what it does" | "info" | "说明"
        | "描述" | "备注" | "参数说明" => Column::Description,
        "default" | "default value" | "defaults" | "默认值" | "默认" => Column::Default,
        "example" | "sample" | "example value" | "examples" | "示例" | "示例值" => {
            Column::Example
        }
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
    let by_head = at(Column::Method).zip(at(Column::Path));
    if let Some((method, path)) = by_head.or_else(|| endpoint_columns(rows)) {
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
        // `Query parameter` above the names says where they go.
        let head = head.cells.get(name).map(|cell| cell.to_lowercase());
        let head = head.unwrap_or_default();
        let place = ["query", "path", "header"]
            .into_iter()
            .find(|word| head.contains(word))
            .and_then(place_named);
        let named = rows.iter().filter_map(|row| named(row, name, &columns));
        let placed = named.map(|found| Named {
            place: found.place.or(place),
            ..found
        });
        return Table::Fields(placed.collect());
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

/// The columns of methods and of paths, told by what is in each of their cells: heads
/// are in any language.
fn endpoint_columns(rows: &[Row]) -> Option<(usize, usize)> {
    let first = rows.first()?;
    let all = |is: fn(&str) -> bool| {
        let mut columns = 0..first.cells.len();
        columns.find(|at| {
            let mut rows = rows.iter();
            rows.all(|row| row.cells.get(*at).is_some_and(|cell| is(bare(cell).trim())))
        })
    };
    let method = all(is_method)?;
    let path = all(|cell| cell.starts_with('/') || cell.starts_with("http"))?;
    Some((method, path))
}

fn is_method(cell: &str) -> bool {
    let mut words = cell.split([',', '/', '|', ' ']).filter(|it| !it.is_empty());
    words.clone().next().is_some() && words.all(|word| method_named(word).is_some())
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
        "是",
        "必须",
        "必填",
    ]
    .contains(&text.as_str())
        || text.starts_with("yes")
        || text.starts_with("required")
}

fn says_no(text: &str) -> bool {
    let text = bare(text).trim().to_ascii_lowercase();
    ["no", "false", "n", "required"].contains(&text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::field::tests::shown;

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
}
