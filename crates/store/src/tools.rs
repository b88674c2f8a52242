//! The tools of a project as rows, for lists and the canvas. The plan in the
//! object store stays the source of what is generated.

use mcpengine_plan::{Schema, Tool};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::{MAX_ROW_BYTES, check_row};
use crate::port::run;
use crate::principal::{edits, readable, reads};
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

/// Bytes of tools that one statement inserts: half of what one value may have.
const CHUNK_BYTES: usize = MAX_ROW_BYTES / 2;

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
            reads!("?2"),
            " ORDER BY position"
        ),
        [principal.scope(), project_id.into()],
    );
    let mut outcomes = run(db, vec![readable(principal, project_id), tools]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    decode::rows(outcomes.rows(1))
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
        concat!("DELETE FROM tools WHERE project_id = ?2 AND ", edits!("?2")),
        [principal.scope(), project.clone()],
    )];
    for rows in chunks(tools)? {
        statements.push(Statement::new(
            INSERT,
            [principal.scope(), project.clone(), now.into(), rows.into()],
        ));
    }
    let enabled = tools.iter().filter(|new| new.tool.enabled).count();
    statements.push(Statement::new(
        concat!(
            "UPDATE projects SET tool_count = ?3, enabled_tool_count = ?4, updated_at = ?5 \
             WHERE id = ?2 AND ",
            edits!("?2")
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

/// Rows come as one JSON array of arrays: an API of 1,200 operations is 5
/// statements instead of 205 of six rows each, which took D1 seven times as long.
/// `json_each` and `json_extract` are SQLite's; for Postgres they are two
/// functions of one line each to define.
const INSERT: &str = concat!(
    "INSERT INTO tools (project_id, created_at, id, tool_key, name, title, description, \
     group_name, method, path, input_schema, output_schema, annotations, enabled, deprecated, \
     position) SELECT ?2, ?3, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
     json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, '$[4]'), \
     json_extract(value, '$[5]'), json_extract(value, '$[6]'), json_extract(value, '$[7]'), \
     json_extract(value, '$[8]'), json_extract(value, '$[9]'), json_extract(value, '$[10]'), \
     CAST(json_extract(value, '$[11]') AS INTEGER), \
     CAST(json_extract(value, '$[12]') AS INTEGER), \
     CAST(json_extract(value, '$[13]') AS INTEGER) FROM json_each(?4) WHERE ",
    edits!("?2")
);

/// The rows as JSON arrays, in the order of [`INSERT`], of about
/// [`CHUNK_BYTES`] each.
fn chunks(tools: &[NewTool<'_>]) -> Result<Vec<String>, StoreError> {
    let mut chunks = Vec::new();
    let mut open = String::new();
    for (position, new) in tools.iter().enumerate() {
        let row = row(position, new)?;
        if !open.is_empty() && open.len() + row.len() > CHUNK_BYTES {
            chunks.push(format!("[{}]", std::mem::take(&mut open)));
        }
        if !open.is_empty() {
            open.push(',');
        }
        open.push_str(&row);
    }
    if !open.is_empty() {
        chunks.push(format!("[{open}]"));
    }
    Ok(chunks)
}

fn row(position: usize, new: &NewTool<'_>) -> Result<String, StoreError> {
    let tool = new.tool;
    let values = serde_json::json!([
        new.id,
        tool.key,
        tool.name,
        tool.title,
        tool.description,
        tool.group,
        tool.request.method,
        tool.request.path,
        tool.input_schema.as_json(),
        tool.output_schema.as_ref().map(Schema::as_json),
        serde_json::to_string(&tool.annotations)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?,
        i32::from(tool.enabled),
        i32::from(tool.deprecated),
        position,
    ]);
    let row = values.to_string();
    check_row(&format!("the tool {}", tool.name), &[Param::from(&row)])?;
    Ok(row)
}

fn count(number: usize) -> Param {
    Param::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
