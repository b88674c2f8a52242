//! Edits over the engine's plan, numbered without gaps. The plan that people see
//! is the engine's with these applied in order.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::{MAX_EDITS, check_row, rows_per_statement};
use crate::port::run;
use crate::principal::{editable, edits, readable, reads};
use crate::projects::{ProjectPatch, changed_meanwhile};
use crate::{Database, Param, Principal, Statement, StoreError, decode, time};

/// One change of one tool: `path` inside the tool (`["title"]`), the new value
/// and the one that it replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewEdit {
    /// The tool's key, `GET /pets/{petId}`; empty for the plan itself.
    pub key: String,
    pub path: Vec<String>,
    pub value: Value,
    pub prev: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditRow {
    /// From 1.
    #[serde(deserialize_with = "decode::integer")]
    pub revision: i64,
    #[serde(rename = "tool_key")]
    pub key: String,
    #[serde(deserialize_with = "decode::json")]
    pub path: Vec<String>,
    #[serde(deserialize_with = "decode::json")]
    pub value: Value,
    #[serde(deserialize_with = "decode::json")]
    pub prev: Value,
    pub user_id: String,
    pub created_at: String,
}

const COLUMNS: usize = 5;
const SHARED: usize = 5;

/// Appends the edits after `expected_revision` and returns the new revision.
/// `Conflict revision_changed` when others came first: read, rebase, try again.
/// `enabled_tool_count` is the plan's count after them, where they change it.
pub async fn append(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    expected_revision: i64,
    edits: &[NewEdit],
    enabled_tool_count: Option<i64>,
    now: &str,
) -> Result<i64, StoreError> {
    let patch = ProjectPatch::default();
    append_with(
        db,
        principal,
        project_id,
        expected_revision,
        edits,
        enabled_tool_count,
        &patch,
        now,
    )
    .await
}

/// As [`append`], and the project itself is changed with them: all or nothing.
#[expect(clippy::too_many_arguments, reason = "those of `append`, and one")]
pub async fn append_with(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    expected_revision: i64,
    edits: &[NewEdit],
    enabled_tool_count: Option<i64>,
    patch: &ProjectPatch,
    now: &str,
) -> Result<i64, StoreError> {
    time::check(now)?;
    patch.check()?;
    let [name, has_description, description, unchanged_since] = patch.params();
    if edits.len() > MAX_EDITS {
        let what = "edits in one call".into();
        return Err(StoreError::TooLarge {
            what,
            limit: MAX_EDITS,
            actual: edits.len(),
        });
    }
    let rows = edits
        .iter()
        .zip(expected_revision + 1..)
        .map(|(edit, revision)| values(revision, edit))
        .collect::<Result<Vec<_>, _>>()?;
    let revision = expected_revision + i64::try_from(rows.len()).unwrap_or_default();
    let shared = [
        principal.scope(),
        project_id.into(),
        now.into(),
        expected_revision.into(),
        unchanged_since.clone(),
    ];
    // The revision moves in the last statement, so all before it see the old one.
    let mut statements = inserts(&shared, &rows);
    statements.push(Statement::new(
        concat!(
            "UPDATE projects SET revision = ?4, updated_at = ?5, \
             enabled_tool_count = COALESCE(?6, enabled_tool_count), \
             name = COALESCE(?7, name), \
             description = CASE WHEN ?8 = 1 THEN ?9 ELSE description END \
             WHERE id = ?2 AND revision = ?3 AND (?10 IS NULL OR updated_at = ?10) AND ",
            edits!("?2")
        ),
        [
            principal.scope(),
            project_id.into(),
            expected_revision.into(),
            revision.into(),
            now.into(),
            enabled_tool_count.into(),
            name,
            has_description,
            description,
            unchanged_since,
        ],
    ));
    statements.push(editable(principal, project_id));
    let update = statements.len() - 2;
    let mut outcomes = run(db, statements).await?;
    if outcomes.last_rows().is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    if outcomes.changes(update) == 0 {
        return Err(changed_meanwhile());
    }
    Ok(revision)
}

/// All edits after `revision` (0 for all), in order.
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    after_revision: i64,
) -> Result<Vec<EditRow>, StoreError> {
    let edits = Statement::new(
        concat!(
            "SELECT revision, tool_key, path, value, prev, user_id, created_at FROM plan_edits \
             WHERE project_id = ?2 AND revision > ?3 AND ",
            reads!("?2"),
            " ORDER BY revision"
        ),
        [principal.scope(), project_id.into(), after_revision.into()],
    );
    let mut outcomes = run(db, vec![readable(principal, project_id), edits]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    decode::rows(outcomes.rows(1))
}

fn inserts(shared: &[Param; SHARED], rows: &[[Param; COLUMNS]]) -> Vec<Statement> {
    let chunks = rows.chunks(rows_per_statement(COLUMNS, SHARED));
    chunks
        .map(|chunk| Statement {
            sql: insert_sql(chunk.len()).into(),
            params: shared
                .iter()
                .chain(chunk.iter().flatten())
                .cloned()
                .collect(),
        })
        .collect()
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
    format!(
        "INSERT INTO plan_edits (revision, tool_key, path, value, prev, project_id, user_id, \
         created_at) SELECT column1, column2, column3, column4, column5, ?2, ?1, ?3 \
         FROM (VALUES {}) AS rows WHERE {} AND EXISTS \
         (SELECT 1 FROM projects p WHERE p.id = ?2 AND p.revision = ?4 \
         AND (?5 IS NULL OR p.updated_at = ?5))",
        rows.join(", "),
        edits!("?2"),
    )
}

fn values(revision: i64, edit: &NewEdit) -> Result<[Param; COLUMNS], StoreError> {
    let path = Value::from(edit.path.clone()).to_string();
    let values = [
        revision.into(),
        Param::from(&edit.key),
        path.into(),
        edit.value.to_string().into(),
        edit.prev.to_string().into(),
    ];
    check_row("an edit", &values)?;
    Ok(values)
}
