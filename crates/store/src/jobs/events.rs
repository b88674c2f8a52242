//! The events of a job: in their rows, or in objects where they are too large.

use serde::Deserialize;

use super::{Job, JobState, Lease, held, lost, visible};
use crate::limits::{MAX_INLINE_EVENT_BYTES, check_row, rows_per_statement};
use crate::port::run;
use crate::{Database, Param, Principal, Statement, StoreError, decode, keys};

/// Where the JSON of an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventBody {
    Inline(String),
    /// Key of an object, written before the row.
    Object(String),
}

/// One event; `seq` counts from 1 and goes on over attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub seq: i64,
    pub body: EventBody,
}

/// Where an event of this size belongs: in its row, or in the object whose key
/// is returned with it and which must be written first.
#[must_use]
pub fn place(job_id: &str, seq: i64, json: String) -> (Event, Option<(String, String)>) {
    if json.len() <= MAX_INLINE_EVENT_BYTES {
        return (
            Event {
                seq,
                body: EventBody::Inline(json),
            },
            None,
        );
    }
    let key = keys::event(job_id, seq);
    (
        Event {
            seq,
            body: EventBody::Object(key.clone()),
        },
        Some((key, json)),
    )
}

/// Appends events, all or none. The sequence numbers are the worker's; one that
/// is already there is `Conflict constraint`.
pub async fn append_events(
    db: &impl Database,
    principal: &Principal,
    lease: &Lease,
    events: &[Event],
) -> Result<(), StoreError> {
    let mut statements = inserts(principal, lease, events)?;
    statements.push(held(principal, &lease.job_id));
    let mut outcomes = run(db, statements).await?;
    let job: Job = decode::found(outcomes.last_row(), "job")?;
    if job.state != JobState::Running || job.attempt != lease.attempt {
        return Err(lost(&job));
    }
    Ok(())
}

#[derive(Deserialize)]
struct EventRow {
    #[serde(deserialize_with = "decode::integer")]
    seq: i64,
    json: Option<String>,
    object_key: Option<String>,
}

/// Events after `seq` (0 for all), in order, at most `limit`. Empty for a job
/// that is not the principal's; use [`get`] to tell the two apart.
pub async fn events_after(
    db: &impl Database,
    principal: &Principal,
    job_id: &str,
    seq: i64,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let events = Statement::new(
        concat!(
            "SELECT e.seq, e.json, e.object_key FROM job_events e JOIN jobs j ON j.id = e.job_id \
             WHERE e.job_id = ?2 AND e.seq > ?3 AND ",
            visible!(reads),
            " ORDER BY e.seq LIMIT ?4"
        ),
        [principal.scope(), job_id.into(), seq.into(), limit.into()],
    );
    let rows: Vec<EventRow> = decode::rows(run(db, vec![events]).await?.last_rows())?;
    rows.into_iter()
        .map(|row| {
            let body = match (row.json, row.object_key) {
                (Some(json), None) => EventBody::Inline(json),
                (None, Some(key)) => EventBody::Object(key),
                _ => return Err(StoreError::Corrupt("an event without a body".into())),
            };
            Ok(Event { seq: row.seq, body })
        })
        .collect()
}

/// Number of the job's last event, 0 where there is none. As [`events_after`], 0 too
/// for a job that is not the principal's.
pub async fn last_seq(
    db: &impl Database,
    principal: &Principal,
    job_id: &str,
) -> Result<i64, StoreError> {
    #[derive(Deserialize)]
    struct Last {
        #[serde(deserialize_with = "decode::integer")]
        seq: i64,
    }
    let last = Statement::new(
        concat!(
            "SELECT COALESCE(MAX(e.seq), 0) AS seq FROM job_events e JOIN jobs j \
             ON j.id = e.job_id WHERE e.job_id = ?2 AND ",
            visible!(reads)
        ),
        [principal.scope(), job_id.into()],
    );
    let row = run(db, vec![last]).await?.last_row();
    row.map_or(Ok(0), |row| decode::row::<Last>(row).map(|last| last.seq))
}

const COLUMNS: usize = 3;
const SHARED: usize = 3;

/// Inserts that take effect only while the lease holds.
pub(super) fn inserts(
    principal: &Principal,
    lease: &Lease,
    events: &[Event],
) -> Result<Vec<Statement>, StoreError> {
    let mut statements = Vec::new();
    for chunk in events.chunks(rows_per_statement(COLUMNS, SHARED)) {
        let mut params = vec![
            principal.scope(),
            Param::from(&lease.job_id),
            lease.attempt.into(),
        ];
        let mut places = Vec::with_capacity(chunk.len());
        for event in chunk {
            let first = params.len() + 1;
            places.push(format!("(?{first}, ?{}, ?{})", first + 1, first + 2));
            let (json, key) = match &event.body {
                EventBody::Inline(json) => (Param::from(json), Param::Null),
                EventBody::Object(key) => (Param::Null, Param::from(key)),
            };
            let values = [event.seq.into(), json, key];
            check_row("an event", &values)?;
            params.extend(values);
        }
        let sql = format!(
            "INSERT INTO job_events (job_id, seq, json, object_key) \
             SELECT ?2, column1, column2, column3 FROM (VALUES {}) AS rows WHERE EXISTS \
             (SELECT 1 FROM jobs j WHERE j.id = ?2 AND j.user_id = ?1 \
             AND j.state = 'running' AND j.attempt = ?3)",
            places.join(", ")
        );
        statements.push(Statement {
            sql: sql.into(),
            params,
        });
    }
    Ok(statements)
}
