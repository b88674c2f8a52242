//! The reading side.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{BUCKETS, Histogram, Outcome, TOOLS_CALL};
use crate::limits::MAX_PAGE;
use crate::port::run;
use crate::principal::reads;
use crate::{Database, Param, Principal, Row, Statement, StoreError, decode, time};

/// Sums over some calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub calls: u64,
    pub errors: u64,
    pub bytes_out: u64,
    pub durations: Histogram,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.errors += other.errors;
        self.bytes_out += other.bytes_out;
        self.durations.add(&other.durations);
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its name, or that of the method where it is not [`TOOLS_CALL`].
    pub name: String,
    pub sums: Sums,
    pub last_error: Option<String>,
    pub last_error_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    /// `2026-11-23T02`.
    pub hour: String,
    pub calls: u64,
    pub errors: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Of all tools.
    pub total: Sums,
    /// The most called first.
    pub tools: Vec<Tool>,
    /// Requests that call no tool, the most frequent first.
    pub methods: Vec<Tool>,
    /// Tool calls, oldest first; hours without calls are left out.
    pub hours: Vec<Hour>,
}

/// One call of the latest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RecentCall {
    /// Ascending within the version, without an order between versions.
    #[serde(deserialize_with = "decode::integer")]
    pub seq: i64,
    pub at: String,
    pub method: String,
    /// Empty where the method is not [`TOOLS_CALL`].
    pub tool: String,
    pub outcome: Outcome,
    #[serde(deserialize_with = "decode::integer")]
    pub duration_ms: i64,
    #[serde(deserialize_with = "decode::integer")]
    pub bytes_out: i64,
    pub error: Option<String>,
}

/// Rows are the principal's: `?1` the user, `?2` the version.
macro_rules! own {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM deployments d WHERE d.id = ?2 AND ",
            reads!("d.project_id"),
            ")"
        )
    };
}

macro_rules! sums {
    () => {
        "SUM(c.calls) AS calls, SUM(c.errors) AS errors, SUM(c.bytes_out) AS bytes_out, \
         MAX(c.max_ms) AS max_ms, SUM(c.b0) AS b0, SUM(c.b1) AS b1, SUM(c.b2) AS b2, \
         SUM(c.b3) AS b3, SUM(c.b4) AS b4, SUM(c.b5) AS b5, SUM(c.b6) AS b6, SUM(c.b7) AS b7, \
         SUM(c.b8) AS b8, SUM(c.b9) AS b9, SUM(c.b10) AS b10, SUM(c.b11) AS b11, \
         SUM(c.b12) AS b12, SUM(c.b13) AS b13, SUM(c.b14) AS b14, SUM(c.b15) AS b15"
    };
}

/// What the version was asked from the hour of `since` on.
pub async fn metrics(
    db: &impl Database,
    principal: &Principal,
    deployment_id: &str,
    since: &str,
) -> Result<Metrics, StoreError> {
    time::check(since)?;
    let mut outcomes = run(db, questions(principal, deployment_id, since)).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("deployment"));
    }
    let errors: Vec<LastError> = decode::rows(outcomes.rows(2))?;
    let mut metrics = Metrics::default();
    for row in outcomes.rows(1) {
        let sums = sums(&row)?;
        let Key { method, tool } = decode::row(row)?;
        let error = errors
            .iter()
            .find(|error| error.method == method && error.tool == tool);
        let is_tool = method == TOOLS_CALL;
        let entry = Tool {
            name: if is_tool { tool } else { method },
            sums,
            last_error: error.map(|error| error.last_error.clone()),
            last_error_at: error.map(|error| error.last_error_at.clone()),
        };
        if is_tool {
            metrics.total.add(&entry.sums);
            metrics.tools.push(entry);
        } else {
            metrics.methods.push(entry);
        }
    }
    metrics.hours = outcomes
        .rows(3)
        .into_iter()
        .map(hour)
        .collect::<Result<_, _>>()?;
    Ok(metrics)
}

/// Whether the version is there, sums by tool, last errors by tool, sums by hour.
fn questions(principal: &Principal, deployment_id: &str, since: &str) -> Vec<Statement> {
    let params = || -> [Param; 3] {
        let hour = time::hour(since).into();
        [principal.scope(), deployment_id.into(), hour]
    };
    let by_tool = concat!(
        "SELECT c.method, c.tool, ",
        sums!(),
        " FROM call_hours c WHERE c.deployment_id = ?2 AND c.hour >= ?3 AND ",
        own!(),
        " GROUP BY c.method, c.tool ORDER BY SUM(c.calls) DESC, c.method, c.tool"
    );
    let last_errors = concat!(
        "SELECT rows.method, rows.tool, rows.last_error, rows.last_error_at FROM \
         (SELECT c.method, c.tool, c.last_error, c.last_error_at, ROW_NUMBER() OVER \
         (PARTITION BY c.method, c.tool ORDER BY c.hour DESC) AS place FROM call_hours c \
         WHERE c.deployment_id = ?2 AND c.hour >= ?3 AND c.last_error IS NOT NULL AND ",
        own!(),
        ") AS rows WHERE rows.place = 1"
    );
    let by_hour = concat!(
        "SELECT c.hour, SUM(c.calls) AS calls, SUM(c.errors) AS errors FROM call_hours c \
         WHERE c.deployment_id = ?2 AND c.hour >= ?3 AND c.method = 'tools/call' AND ",
        own!(),
        " GROUP BY c.hour ORDER BY c.hour"
    );
    vec![
        exists(principal, deployment_id),
        Statement::new(by_tool, params()),
        Statement::new(last_errors, params()),
        Statement::new(by_hour, params()),
    ]
}

fn hour(row: Row) -> Result<Hour, StoreError> {
    let (calls, errors) = (whole(&row, "calls")?, whole(&row, "errors")?);
    let HourKey { hour } = decode::row(row)?;
    Ok(Hour {
        hour,
        calls,
        errors,
    })
}

/// The latest calls, newest first; with `after`, those that came in after it,
/// oldest first. At most `limit`, itself at most [`MAX_PAGE`].
pub async fn recent(
    db: &impl Database,
    principal: &Principal,
    deployment_id: &str,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<RecentCall>, StoreError> {
    macro_rules! page {
        ($order:literal) => {
            concat!(
                "SELECT c.seq, c.at, c.method, c.tool, c.outcome, c.duration_ms, c.bytes_out, \
                 c.error FROM recent_calls c WHERE c.deployment_id = ?2 AND c.seq > ?3 AND ",
                own!(),
                " ORDER BY c.seq ",
                $order,
                " LIMIT ?4"
            )
        };
    }
    let sql = match after {
        None => page!("DESC"),
        Some(_) => page!("ASC"),
    };
    let page = Statement::new(
        sql,
        [
            principal.scope(),
            deployment_id.into(),
            after.unwrap_or_default().into(),
            limit.min(MAX_PAGE).into(),
        ],
    );
    let mut outcomes = run(db, vec![exists(principal, deployment_id), page]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("deployment"));
    }
    decode::rows(outcomes.rows(1))
}

fn exists(principal: &Principal, deployment_id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT d.id FROM deployments d WHERE d.id = ?2 AND ",
            reads!("d.project_id")
        ),
        [principal.scope(), deployment_id.into()],
    )
}

#[derive(Deserialize)]
struct Key {
    method: String,
    tool: String,
}

#[derive(Deserialize)]
struct HourKey {
    hour: String,
}

#[derive(Deserialize)]
struct LastError {
    method: String,
    tool: String,
    last_error: String,
    last_error_at: String,
}

fn sums(row: &Row) -> Result<Sums, StoreError> {
    let mut counts = [0; BUCKETS];
    for (index, count) in counts.iter_mut().enumerate() {
        *count = whole(row, &format!("b{index}"))?;
    }
    Ok(Sums {
        calls: whole(row, "calls")?,
        errors: whole(row, "errors")?,
        bytes_out: whole(row, "bytes_out")?,
        durations: Histogram {
            counts,
            max_ms: u32::try_from(whole(row, "max_ms")?).unwrap_or(u32::MAX),
        },
    })
}

fn whole(row: &Map<String, Value>, column: &str) -> Result<u64, StoreError> {
    row.get(column)
        .and_then(decode::whole)
        .ok_or_else(|| StoreError::Corrupt(format!("{column} is not a count")))
}
