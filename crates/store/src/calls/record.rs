//! The writing side: one batch for many calls.

use super::{BUCKETS, DAYS_KEPT, MAX_ERROR_CHARS, Outcome, RECENT_KEPT, TOOLS_CALL, bucket};
use crate::port::run;
use crate::principal::edits;
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

/// The name that a tool is counted under; `d` is the version's row.
macro_rules! counted {
    ($method:literal, $tool:literal) => {
        concat!(
            "CASE WHEN ",
            $method,
            " <> 'tools/call' THEN '' WHEN ",
            $tool,
            " <> '' AND replace(d.tool_names, ' ' || ",
            $tool,
            " || ' ', '') <> d.tool_names THEN ",
            $tool,
            " ELSE '(unknown)' END"
        )
    };
}

/// Most calls of one [`record`].
pub const MAX_CALLS: usize = 100;

/// Counts the calls and keeps them among the latest, oldest first; what is too
/// old goes. Calls of one tool and hour are one statement, and so are the latest of
/// one version: D1 takes longer for a statement than for its rows. A version that
/// is gone keeps nothing, and that is no error. At most [`MAX_CALLS`].
pub async fn record(db: &impl Database, calls: &[Call<'_>]) -> Result<(), StoreError> {
    if calls.len() > MAX_CALLS {
        return Err(StoreError::TooLarge {
            what: "calls of one batch".to_owned(),
            limit: MAX_CALLS,
            actual: calls.len(),
        });
    }
    // In the order of their latest errors: two names may be counted in one row.
    let mut counted: Vec<Counted<'_>> = Vec::new();
    let mut versions: Vec<Latest<'_>> = Vec::new();
    for call in calls {
        time::check(call.at)?;
        let error = call.error.map(|text| cut(text, MAX_ERROR_CHARS));
        match versions.iter_mut().find(|own| own.is_of(call)) {
            Some(own) => own.add(call, error.as_deref()),
            None => versions.push(Latest::of(call, error.as_deref())),
        }
        match counted.iter().position(|counted| counted.takes(call)) {
            Some(at) if error.is_some() => {
                let mut own = counted.remove(at);
                own.add(call, error);
                counted.push(own);
            }
            Some(at) => counted
                .get_mut(at)
                .into_iter()
                .for_each(|own| own.add(call, None)),
            None => counted.push(Counted::of(call, error)),
        }
    }
    let mut statements: Vec<Statement> = versions.iter().map(Latest::statement).collect();
    statements.extend(counted.iter().map(Counted::statement));
    for own in versions {
        statements.extend(prune(own.deployment_id, own.at)?);
    }
    run(db, statements).await.map(drop)
}

fn prune(deployment_id: &str, now: &str) -> Result<[Statement; 2], StoreError> {
    let oldest = time::days_before(now, DAYS_KEPT.into())?;
    Ok([
        Statement::new(
            "DELETE FROM recent_calls WHERE deployment_id = ?1 AND seq <= \
             (SELECT MAX(m.seq) FROM recent_calls m WHERE m.deployment_id = ?1) - ?2",
            [deployment_id.into(), RECENT_KEPT.into()],
        ),
        Statement::new(
            "DELETE FROM call_hours WHERE deployment_id = ?1 AND hour < ?2",
            [deployment_id.into(), time::hour(&oldest).into()],
        ),
    ])
}

/// Calls of one version, method, tool and hour.
struct Counted<'a> {
    /// One of them, for what they have in common.
    call: Call<'a>,
    calls: i64,
    errors: i64,
    bytes_out: i64,
    max_ms: u32,
    /// The last one, with the time of its call.
    error: Option<(String, &'a str)>,
    buckets: [i64; BUCKETS],
}

impl<'a> Counted<'a> {
    fn of(call: &Call<'a>, error: Option<String>) -> Self {
        let mut counted = Self {
            call: *call,
            calls: 0,
            errors: 0,
            bytes_out: 0,
            max_ms: 0,
            error: None,
            buckets: [0; BUCKETS],
        };
        counted.add(call, error);
        counted
    }

    fn takes(&self, call: &Call<'_>) -> bool {
        let own = &self.call;
        own.deployment_id == call.deployment_id
            && own.method == call.method
            && tool(own) == tool(call)
            && time::hour(own.at) == time::hour(call.at)
    }

    fn add(&mut self, call: &Call<'a>, error: Option<String>) {
        self.calls += 1;
        self.errors += i64::from(call.outcome.is_error());
        self.bytes_out = self.bytes_out.saturating_add(call.bytes_out);
        self.max_ms = self.max_ms.max(call.duration_ms);
        self.error = error.map(|text| (text, call.at)).or(self.error.take());
        if let Some(count) = self.buckets.get_mut(bucket(call.duration_ms)) {
            *count += 1;
        }
    }

    fn statement(&self) -> Statement {
        let error = self.error.as_ref();
        let mut params: Vec<Param> = vec![
            self.call.deployment_id.into(),
            self.call.method.into(),
            tool(&self.call).into(),
            time::hour(self.call.at).into(),
            self.errors.into(),
            self.bytes_out.into(),
            self.max_ms.into(),
            error.map(|(text, _)| text.as_str()).into(),
            error.map(|(_, at)| *at).into(),
        ];
        params.extend(self.buckets.map(Param::from));
        params.push(self.calls.into());
        Statement {
            sql: concat!(
                "INSERT INTO call_hours (deployment_id, method, tool, hour, calls, errors, \
                 bytes_out, max_ms, last_error, last_error_at, b0, b1, b2, b3, b4, b5, b6, b7, b8, \
                 b9, b10, b11, b12, b13, b14, b15) SELECT d.id, ?2, ",
                counted!("?2", "?3"),
                ", ?4, ?26, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, \
                 ?20, ?21, ?22, ?23, ?24, ?25 FROM deployments d WHERE d.id = ?1 \
                 ON CONFLICT (deployment_id, hour, method, tool) DO UPDATE SET \
                 calls = call_hours.calls + excluded.calls, \
                 errors = call_hours.errors + excluded.errors, \
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
}

/// Calls of one version, as rows for those that are kept.
struct Latest<'a> {
    deployment_id: &'a str,
    /// Of the latest one.
    at: &'a str,
    /// In the order of the columns of [`KEEP`].
    rows: Vec<serde_json::Value>,
}

/// `?2` is one JSON array of arrays, as `tools::INSERT` has them.
const KEEP: &str = concat!(
    "INSERT INTO recent_calls (deployment_id, method, tool, seq, at, outcome, duration_ms, \
     bytes_out, error) SELECT d.id, json_extract(value, '$[1]'), ",
    counted!("json_extract(value, '$[1]')", "json_extract(value, '$[2]')"),
    ", COALESCE((SELECT MAX(m.seq) FROM recent_calls m WHERE m.deployment_id = d.id), 0) \
     + CAST(json_extract(value, '$[0]') AS INTEGER), json_extract(value, '$[3]'), \
     json_extract(value, '$[4]'), CAST(json_extract(value, '$[5]') AS INTEGER), \
     CAST(json_extract(value, '$[6]') AS INTEGER), json_extract(value, '$[7]') \
     FROM json_each(?2), deployments d WHERE d.id = ?1"
);

impl<'a> Latest<'a> {
    fn of(call: &Call<'a>, error: Option<&str>) -> Self {
        let mut latest = Self {
            deployment_id: call.deployment_id,
            at: call.at,
            rows: Vec::new(),
        };
        latest.add(call, error);
        latest
    }

    fn is_of(&self, call: &Call<'_>) -> bool {
        self.deployment_id == call.deployment_id
    }

    fn add(&mut self, call: &Call<'a>, error: Option<&str>) {
        self.at = call.at.max(self.at);
        self.rows.push(serde_json::json!([
            self.rows.len() + 1,
            call.method,
            tool(call),
            call.at,
            call.outcome.as_str(),
            call.duration_ms,
            call.bytes_out,
            error,
        ]));
    }

    fn statement(&self) -> Statement {
        let rows = serde_json::Value::from(self.rows.as_slice());
        Statement::new(KEEP, [self.deployment_id.into(), rows.to_string().into()])
    }
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
            edits!("project_id")
        ),
        [principal.scope(), deployment_id.into(), joined.into()],
    );
    if run(db, vec![update]).await?.changes(0) == 0 {
        return Err(StoreError::NotFound("deployment"));
    }
    Ok(())
}
