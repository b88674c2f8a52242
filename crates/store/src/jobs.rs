//! Jobs: a row first, then work under a lease. `attempt` fences: a worker whose
//! lease was taken over can write neither events nor a result.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::{MAX_INLINE_EVENT_BYTES, check_row, rows_per_statement};
use crate::port::run;
use crate::principal::owns;
use crate::{Database, Param, Principal, Statement, StoreError, decode, keys, time};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobKind {
    Analyze,
    Generate,
    Test,
    Deploy,
}

impl JobKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Analyze => "analyze",
            Self::Generate => "generate",
            Self::Test => "test",
            Self::Deploy => "deploy",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Running,
    Done,
    Failed,
}

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Done,
    Failed,
}

impl Ending {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    pub id: &'a str,
    /// May name a project that the job itself will make.
    pub project_id: Option<&'a str>,
    pub kind: JobKind,
    /// All that a second attempt needs; large inputs as object keys.
    pub input: &'a Value,
    /// Until when nobody else takes the job up.
    pub lease_until: &'a str,
}

/// The right to work on a job: its id and the attempt that holds the lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub job_id: String,
    pub attempt: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub id: String,
    pub user_id: String,
    pub project_id: Option<String>,
    pub kind: JobKind,
    pub state: JobState,
    pub lease_until: String,
    #[serde(deserialize_with = "decode::integer")]
    pub attempt: i64,
    #[serde(deserialize_with = "decode::json")]
    pub input: Value,
    #[serde(deserialize_with = "decode::optional_json")]
    pub result: Option<Value>,
    pub created_at: String,
    pub finished_at: Option<String>,
}

impl Job {
    /// The lease under which this row says the job runs.
    #[must_use]
    pub fn lease(&self) -> Lease {
        Lease {
            job_id: self.id.clone(),
            attempt: self.attempt,
        }
    }
}

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

/// Makes the job and claims it: attempt 1, until `lease_until`. `NotFound` when
/// the project exists and is somebody else's.
pub async fn create(
    db: &impl Database,
    principal: &Principal,
    job: &NewJob<'_>,
    now: &str,
) -> Result<Job, StoreError> {
    check_times(job, now)?;
    let insert = Statement::new(
        concat!(
            "INSERT INTO jobs (id, user_id, project_id, kind, lease_until, input, created_at) \
             SELECT ?3, ?1, ?2, ?4, ?5, ?6, ?7 WHERE ?2 IS NULL \
             OR NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = ?2) OR ",
            owns!("?2")
        ),
        insert_params(principal, job, now)?,
    );
    let mut outcomes = run(db, vec![insert, select(principal, job.id)]).await?;
    decode::found(outcomes.last_row(), "project")
}

pub(crate) fn check_times(job: &NewJob<'_>, now: &str) -> Result<(), StoreError> {
    time::check(now)?;
    time::check(job.lease_until)
}

/// `?1` user, `?2` project, `?3` id, `?4` kind, `?5` lease, `?6` input, `?7` time.
pub(crate) fn insert_params(
    principal: &Principal,
    job: &NewJob<'_>,
    now: &str,
) -> Result<[Param; 7], StoreError> {
    let params = [
        principal.scope(),
        job.project_id.into(),
        job.id.into(),
        job.kind.as_str().into(),
        job.lease_until.into(),
        job.input.to_string().into(),
        now.into(),
    ];
    check_row("a job's input", &params)?;
    Ok(params)
}

pub async fn get(db: &impl Database, principal: &Principal, id: &str) -> Result<Job, StoreError> {
    let mut outcomes = run(db, vec![select(principal, id)]).await?;
    decode::found(outcomes.last_row(), "job")
}

pub(crate) fn select(principal: &Principal, id: &str) -> Statement {
    Statement::new(
        "SELECT id, user_id, project_id, kind, state, lease_until, attempt, input, result, \
         created_at, finished_at FROM jobs WHERE id = ?2 AND user_id = ?1",
        [principal.scope(), id.into()],
    )
}

/// Takes over a job whose lease has run out: the next attempt, and its lease.
/// `Conflict lease_held` while somebody works on it, `job_finished` afterwards.
pub async fn take_over(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    lease_until: &str,
    now: &str,
) -> Result<Job, StoreError> {
    time::check(now)?;
    time::check(lease_until)?;
    let claim = Statement::new(
        "UPDATE jobs SET attempt = attempt + 1, lease_until = ?3 \
         WHERE id = ?2 AND user_id = ?1 AND state = 'running' AND lease_until <= ?4",
        [principal.scope(), id.into(), lease_until.into(), now.into()],
    );
    let mut outcomes = run(db, vec![claim, select(principal, id)]).await?;
    let job: Job = decode::found(outcomes.last_row(), "job")?;
    if outcomes.changes(0) == 0 {
        return Err(match job.state {
            JobState::Running => {
                StoreError::conflict("lease_held", "another worker is at this job")
            }
            JobState::Done | JobState::Failed => finished(),
        });
    }
    Ok(job)
}

/// Extends the lease. `Conflict lease_lost` or `job_finished`: stop working.
pub async fn heartbeat(
    db: &impl Database,
    principal: &Principal,
    lease: &Lease,
    lease_until: &str,
) -> Result<(), StoreError> {
    time::check(lease_until)?;
    let extend = Statement::new(
        "UPDATE jobs SET lease_until = ?4 \
         WHERE id = ?2 AND user_id = ?1 AND state = 'running' AND attempt = ?3",
        [
            principal.scope(),
            Param::from(&lease.job_id),
            lease.attempt.into(),
            lease_until.into(),
        ],
    );
    let mut outcomes = run(db, vec![extend, select(principal, &lease.job_id)]).await?;
    let job: Job = decode::found(outcomes.last_row(), "job")?;
    if outcomes.changes(0) == 0 {
        Err(lost(&job))
    } else {
        Ok(())
    }
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
    statements.push(select(principal, &lease.job_id));
    let mut outcomes = run(db, statements).await?;
    let job: Job = decode::found(outcomes.last_row(), "job")?;
    if job.state != JobState::Running || job.attempt != lease.attempt {
        return Err(lost(&job));
    }
    Ok(())
}

/// Ends the job with its terminal event, in one batch: so a job has exactly one,
/// whoever races. `Conflict lease_lost` or `job_finished` when it was not ours.
pub async fn finish(
    db: &impl Database,
    principal: &Principal,
    lease: &Lease,
    ending: Ending,
    result: Option<&Value>,
    terminal: &Event,
    now: &str,
) -> Result<Job, StoreError> {
    time::check(now)?;
    let mut statements = inserts(principal, lease, std::slice::from_ref(terminal))?;
    let params = [
        principal.scope(),
        Param::from(&lease.job_id),
        lease.attempt.into(),
        ending.as_str().into(),
        result.map(Value::to_string).into(),
        now.into(),
    ];
    check_row("a job's result", &params)?;
    statements.push(Statement::new(
        "UPDATE jobs SET state = ?4, result = ?5, finished_at = ?6 \
         WHERE id = ?2 AND user_id = ?1 AND state = 'running' AND attempt = ?3",
        params,
    ));
    let update = statements.len() - 1;
    statements.push(select(principal, &lease.job_id));
    let mut outcomes = run(db, statements).await?;
    let job: Job = decode::found(outcomes.last_row(), "job")?;
    if outcomes.changes(update) == 0 {
        Err(lost(&job))
    } else {
        Ok(job)
    }
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
        "SELECT e.seq, e.json, e.object_key FROM job_events e JOIN jobs j ON j.id = e.job_id \
         WHERE e.job_id = ?2 AND j.user_id = ?1 AND e.seq > ?3 ORDER BY e.seq LIMIT ?4",
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

const COLUMNS: usize = 3;
const SHARED: usize = 3;

fn inserts(
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

fn lost(job: &Job) -> StoreError {
    match job.state {
        JobState::Running => {
            StoreError::conflict("lease_lost", "another worker took this job over")
        }
        JobState::Done | JobState::Failed => finished(),
    }
}

fn finished() -> StoreError {
    StoreError::conflict("job_finished", "this job has ended")
}
