//! The tools of a project as rows, for lists and the canvas. The plan in the
//! object store stays the source of what is generated.

use mcpengine_plan::Tool;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::{check_row, rows_per_statement};
use crate::port::run;
use crate::principal::owns;
use crate::{Database, Param, Principal, Statement, StoreError, decode, time};

#[derive(Debug, Clone)]
pub struct NewTool<'a> {
    pub id: String,
    pub tool: &'a Tool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolRow {
    pub id: String,
    /// Stable across imports, `GET /pets/{petId}`.
    #[serde(rename = "tool_key")]
    pub key: String,
    pub name: String,
    pub title: String,
    pub description: String,
    #[serde(rename = "group_name")]
    pub group: String,
    pub method: String,
    pub path: String,
    #[serde(deserialize_with = "decode::json")]
    pub input_schema: Value,
    #[serde(deserialize_with = "decode::optional_json")]
    pub output_schema: Option<Value>,
    #[serde(deserialize_with = "decode::json")]
    pub annotations: Value,
    #[serde(deserialize_with = "decode::boolean")]
    pub enabled: bool,
    #[serde(deserialize_with = "decode::boolean")]
    pub deprecated: bool,
    #[serde(deserialize_with = "decode::integer")]
    pub position: i64,
}

/// Columns of one inserted row, in the order of [`values`].
const COLUMNS: usize = 14;
/// User, project and time, bound once for each statement.
const SHARED: usize = 3;

/// Replaces all tools of the project and its counts, in one batch.
pub async fn replace_all(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    tools: &[NewTool<'_>],
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    let statements = replacing(principal, project_id, tools, now)?;
    let last = statements.len().saturating_sub(1);
    if run(db, statements).await?.changes(last) == 0 {
        return Err(StoreError::NotFound("project"));
    }
    Ok(())
}

/// In the plan's order. `NotFound` when the project is not the principal's.
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Vec<ToolRow>, StoreError> {
    let tools = Statement::new(
        concat!(
            "SELECT id, tool_key, name, title, description, group_name, method, path, \
             input_schema, output_schema, annotations, enabled, deprecated, position \
             FROM tools WHERE project_id = ?2 AND ",
            owns!("?2"),
            " ORDER BY position"
        ),
        [principal.scope(), project_id.into()],
    );
    let mut outcomes = run(db, vec![owned(principal, project_id), tools]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    decode::rows(outcomes.rows(1))
}

/// One row when the project is there and the principal's; for lists, where
/// "none" and "not yours" must differ.
pub(crate) fn owned(principal: &Principal, project_id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT 1 AS one FROM projects WHERE id = ?2 AND ",
            owns!("?2")
        ),
        [principal.scope(), project_id.into()],
    )
}

/// The statements of [`replace_all`]; the last one updates the project's counts.
pub(crate) fn replacing(
    principal: &Principal,
    project_id: &str,
    tools: &[NewTool<'_>],
    now: &str,
) -> Result<Vec<Statement>, StoreError> {
    let project = Param::from(project_id);
    let mut statements = vec![Statement::new(
        concat!("DELETE FROM tools WHERE project_id = ?2 AND ", owns!("?2")),
        [principal.scope(), project.clone()],
    )];
    let rows = tools
        .iter()
        .enumerate()
        .map(|(position, new)| values(position, new))
        .collect::<Result<Vec<_>, _>>()?;
    for chunk in rows.chunks(rows_per_statement(COLUMNS, SHARED)) {
        let mut params = vec![principal.scope(), project.clone(), now.into()];
        params.extend(chunk.iter().flatten().cloned());
        statements.push(Statement {
            sql: insert_sql(chunk.len()).into(),
            params,
        });
    }
    let enabled = tools.iter().filter(|new| new.tool.enabled).count();
    statements.push(Statement::new(
        concat!(
            "UPDATE projects SET tool_count = ?3, enabled_tool_count = ?4, updated_at = ?5 \
             WHERE id = ?2 AND ",
            owns!("?2")
        ),
        [
            principal.scope(),
            project,
            count(tools.len()),
            count(enabled),
            now.into(),
        ],
    ));
    Ok(statements)
}

fn insert_sql(rows: usize) -> String {
    let row = |index: usize| {
        let first = SHARED + 1 + index * COLUMNS;
        let places: Vec<String> = (first..first + COLUMNS)
            .map(|place| format!("?{place}"))
            .collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    // `column1`, … are the names that both SQLite and Postgres give to VALUES.
    let columns: Vec<String> = (1..=COLUMNS)
        .map(|column| format!("column{column}"))
        .collect();
    format!(
        "INSERT INTO tools (id, tool_key, name, title, description, group_name, method, path, \
         input_schema, output_schema, annotations, enabled, deprecated, position, \
         project_id, created_at) SELECT {}, ?2, ?3 FROM (VALUES {}) AS rows WHERE {}",
        columns.join(", "),
        rows.join(", "),
        owns!("?2"),
    )
}

fn values(position: usize, new: &NewTool<'_>) -> Result<[Param; COLUMNS], StoreError> {
    let tool = new.tool;
    let json = |value: &Value| Param::Text(value.to_string());
    let annotations = serde_json::to_string(&tool.annotations)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let values = [
        Param::from(&new.id),
        Param::from(&tool.key),
        Param::from(&tool.name),
        Param::from(&tool.title),
        Param::from(&tool.description),
        Param::from(&tool.group),
        Param::from(&tool.request.method),
        Param::from(&tool.request.path),
        json(&tool.input_schema),
        tool.output_schema.as_ref().map_or(Param::Null, json),
        annotations.into(),
        tool.enabled.into(),
        tool.deprecated.into(),
        count(position),
    ];
    check_row(&format!("the tool {}", tool.name), &values)?;
    Ok(values)
}

fn count(number: usize) -> Param {
    Param::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
