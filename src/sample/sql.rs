//! The sample's few statements, run one batch at a time.

use std::borrow::Cow;

use mcpengine_store::{Database, Param, Statement};
use serde_json::{Map, Value};

use super::Problem;

pub(super) type Row = Map<String, Value>;

pub(super) fn statement(sql: impl Into<Cow<'static, str>>, params: Vec<Param>) -> Statement {
    Statement {
        sql: sql.into(),
        params,
    }
}

/// Rows of one SELECT.
pub(super) async fn rows(
    db: &impl Database,
    sql: impl Into<Cow<'static, str>>,
    params: Vec<Param>,
) -> Result<Vec<Row>, Problem> {
    let outcomes = db.batch(vec![statement(sql, params)]).await?;
    Ok(outcomes
        .into_iter()
        .next()
        .map(|outcome| outcome.rows)
        .unwrap_or_default())
}

/// A page of rows and the count of all that match.
pub(super) async fn page(
    db: &impl Database,
    columns: &str,
    from: &str,
    params: Vec<Param>,
    order: &str,
    (limit, offset): (i64, i64),
) -> Result<(Vec<Row>, i64), Problem> {
    let mut paged = params.clone();
    paged.extend([Param::Integer(limit), Param::Integer(offset)]);
    let n = paged.len();
    let select = format!(
        "SELECT {columns} FROM {from} ORDER BY {order} LIMIT ?{} OFFSET ?{n}",
        n - 1
    );
    let count = format!("SELECT COUNT(*) AS total FROM {from}");
    let mut outcomes = db
        .batch(vec![statement(select, paged), statement(count, params)])
        .await?
        .into_iter();
    let items = outcomes
        .next()
        .map(|outcome| outcome.rows)
        .unwrap_or_default();
    let total = outcomes
        .next()
        .and_then(|outcome| outcome.rows.into_iter().next())
        .map_or(0, |row| integer(&row, "total"));
    Ok((items, total))
}

/// Rows changed by one statement.
pub(super) async fn change(
    db: &impl Database,
    sql: impl Into<Cow<'static, str>>,
    params: Vec<Param>,
) -> Result<u64, Problem> {
    let outcomes = db.batch(vec![statement(sql, params)]).await?;
    Ok(outcomes.first().map_or(0, |outcome| outcome.changes))
}

/// D1 gives numbers as floats.
pub(super) fn integer(row: &Row, column: &str) -> i64 {
    let value = row.get(column);
    #[expect(clippy::cast_possible_truncation, reason = "counts and years")]
    value
        .and_then(|value| {
            value
                .as_i64()
                .or_else(|| value.as_f64().map(|number| number as i64))
        })
        .unwrap_or_default()
}

pub(super) fn string(row: &Row, column: &str) -> Value {
    row.get(column).cloned().unwrap_or_default()
}
