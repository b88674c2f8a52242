//! The writing side: one batch for each call.

use super::{BUCKETS, DAYS_KEPT, MAX_ERROR_CHARS, Outcome, RECENT_KEPT, TOOLS_CALL, bucket};
use crate::port::run;
use crate::principal::owns;
use crate::{Database, Param, Principal, Statement, StoreError, time};

/// One request to a hosted server that was let in.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    pub deployment_id: &'a str,
    /// When it came in.
    pub at: &'a str,
    /// One of a closed set: each that ever comes makes rows.
    pub method: &'a str,
    /// As the caller names it; only with [`TOOLS_CALL`]. A name that the version
    /// does not list is kept as [`super::UNKNOWN_TOOL`].
    pub tool: &'a str,
    pub outcome: Outcome,
    /// Until the answer's last byte.
    pub duration_ms: u32,
    /// Of the answer's body.
    pub bytes_out: i64,
    /// Redacted by the caller; cut here to [`MAX_ERROR_CHARS`].
    pub error: Option<&'a str>,
}

/// The version's row with the name that the tool is counted under: `?1` is the
/// version, `?2` the method, `?3` the tool's name.
macro_rules! counted {
    () => {
        "CASE WHEN ?2 <> 'tools/call' THEN '' \
         WHEN ?3 <> '' AND replace(d.tool_names, ' ' || ?3 || ' ', '') <> d.tool_names \
         THEN ?3 ELSE '(unknown)' END"
    };
}

/// Counts the call and keeps it among the latest; what is too old goes. A
/// version that is gone keeps nothing, and that is no error.
pub async fn record(db: &impl Database, call: &Call<'_>) -> Result<(), StoreError> {
    time::check(call.at)?;
    let error = call.error.map(|text| cut(text, MAX_ERROR_CHARS));
    let oldest = time::days_before(call.at, DAYS_KEPT.into())?;
    let statements = vec![
        count(call, error.as_deref()),
        keep(call, error.as_deref()),
        Statement::new(
            "DELETE FROM recent_calls WHERE deployment_id = ?1 AND seq <= \
             (SELECT MAX(m.seq) FROM recent_calls m WHERE m.deployment_id = ?1) - ?2",
            [call.deployment_id.into(), RECENT_KEPT.into()],
        ),
        Statement::new(
            "DELETE FROM call_hours WHERE deployment_id = ?1 AND hour < ?2",
            [call.deployment_id.into(), time::hour(&oldest).into()],
        ),
    ];
    run(db, statements).await.map(drop)
}

fn count(call: &Call<'_>, error: Option<&str>) -> Statement {
    let mut params: Vec<Param> = vec![
        call.deployment_id.into(),
        call.method.into(),
        tool(call).into(),
        time::hour(call.at).into(),
        call.outcome.is_error().into(),
        call.bytes_out.into(),
        call.duration_ms.into(),
        error.into(),
        error.map(|_| call.at).into(),
    ];
    let own = bucket(call.duration_ms);
    params.extend((0..BUCKETS).map(|index| Param::from(index == own)));
    Statement {
        sql: concat!(
            "INSERT INTO call_hours (deployment_id, method, tool, hour, calls, errors, bytes_out, \
             max_ms, last_error, last_error_at, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, \
             b12, b13, b14, b15) SELECT d.id, ?2, ",
            counted!(),
            ", ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, \
             ?21, ?22, ?23, ?24, ?25 FROM deployments d WHERE d.id = ?1 \
             ON CONFLICT (deployment_id, hour, method, tool) DO UPDATE SET \
             calls = call_hours.calls + 1, errors = call_hours.errors + excluded.errors, \
             bytes_out = call_hours.bytes_out + excluded.bytes_out, \
             max_ms = CASE WHEN excluded.max_ms > call_hours.max_ms \
             THEN excluded.max_ms ELSE call_hours.max_ms END, \
             last_error = COALESCE(excluded.last_error, call_hours.last_error), \
             last_error_at = COALESCE(excluded.last_error_at, call_hours.last_error_at), \
             b0 = call_hours.b0 + excluded.b0, b1 = call_hours.b1 + excluded.b1, \
             b2 = call_hours.b2 + excluded.b2, b3 = call_hours.b3 + excluded.b3, \
             b4 = call_hours.b4 + excluded.b4, b5 = call_hours.b5 + excluded.b5, \
             b6 = call_hours.b6 + excluded.b6, b7 = call_hours.b7 + excluded.b7, \
             b8 = call_hours.b8 + excluded.b8, b9 = call_hours.b9 + excluded.b9, \
             b10 = call_hours.b10 + excluded.b10, b11 = call_hours.b11 + excluded.b11, \
             b12 = call_hours.b12 + excluded.b12, b13 = call_hours.b13 + excluded.b13, \
             b14 = call_hours.b14 + excluded.b14, b15 = call_hours.b15 + excluded.b15"
        )
        .into(),
        params,
    }
}

fn keep(call: &Call<'_>, error: Option<&str>) -> Statement {
    Statement::new(
        concat!(
            "INSERT INTO recent_calls (deployment_id, method, tool, seq, at, outcome, \
             duration_ms, bytes_out, error) SELECT d.id, ?2, ",
            counted!(),
            ", COALESCE((SELECT MAX(m.seq) FROM recent_calls m WHERE m.deployment_id = d.id), 0) \
             + 1, ?4, ?5, ?6, ?7, ?8 FROM deployments d WHERE d.id = ?1"
        ),
        [
            call.deployment_id.into(),
            call.method.into(),
            tool(call).into(),
            call.at.into(),
            call.outcome.as_str().into(),
            call.duration_ms.into(),
            call.bytes_out.into(),
            error.into(),
        ],
    )
}

/// A name with a space could match where two listed names meet.
fn tool<'a>(call: &Call<'a>) -> &'a str {
    let is_name = call.method == TOOLS_CALL && !call.tool.contains(' ');
    if is_name { call.tool } else { "" }
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// Keeps which tools the version lists: these are counted by name.
pub async fn set_tools(
    db: &impl Database,
    principal: &Principal,
    deployment_id: &str,
    names: &[String],
) -> Result<(), StoreError> {
    let mut joined = String::from(" ");
    for name in names {
        joined.push_str(name);
        joined.push(' ');
    }
    let update = Statement::new(
        concat!(
            "UPDATE deployments SET tool_names = ?3 WHERE id = ?2 AND ",
            owns!("project_id")
        ),
        [principal.scope(), deployment_id.into(), joined.into()],
    );
    if run(db, vec![update]).await?.changes(0) == 0 {
        return Err(StoreError::NotFound("deployment"));
    }
    Ok(())
}
