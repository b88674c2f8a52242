//! Jobs: a row first, then work under a lease. `attempt` fences: a worker whose
//! lease was taken over can write neither events nor a result.

mod events;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use events::{Event, EventBody, append_events, events_after, last_seq, place};

use crate::limits::check_row;
use crate::port::run;
use crate::principal::edits;
use crate::usage::{self, Spent};
use crate::{Database, Param, Principal, Role, Statement, StoreError, decode, time};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    Done,
    /// By its own fault; another attempt would end the same way.
    Failed,
    /// At its user's wish.
    Cancelled,
    /// Nothing was wrong with it, and every attempt failed.
    Dead,
}

impl Ending {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        }
    }

    const fn state(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed | Self::Cancelled | Self::Dead => "failed",
        }
    }
}

/// The columns of a [`Job`].
macro_rules! columns {
    () => {
        "id, user_id, project_id, kind, state, ending, lease_until, attempt, input, \
         created_at, cancel_requested_at, finished_at"
    };
}
pub(crate) use columns;

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
    /// `None` while it runs, and of jobs that ended before endings were kept.
    pub ending: Option<Ending>,
    pub lease_until: String,
    #[serde(deserialize_with = "decode::integer")]
    pub attempt: i64,
    /// `null` once it has ended: it may hold what was sealed for it alone.
    #[serde(deserialize_with = "decode::json")]
    pub input: Value,
    pub created_at: String,
    /// When its user asked for its end; whoever works on it sees to that.
    pub cancel_requested_at: Option<String>,
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
            edits!("?2")
        ),
        insert_params(principal, job, now)?,
    );
    let mut outcomes = run(db, vec![insert, held(principal, job.id)]).await?;
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

/// The condition that the principal (`?1`) may see, or end, the job `j`: who may do
/// that with its project, and with a project that is not there yet who started it.
macro_rules! visible {
    ($needs:ident) => {
        concat!(
            "(",
            crate::principal::$needs!("j.project_id"),
            " OR (j.user_id = ?1 AND NOT EXISTS \
             (SELECT 1 FROM projects made WHERE made.id = j.project_id)))"
        )
    };
}
use visible;

/// The job, for whoever may see it.
fn select(principal: &Principal, id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT ",
            columns!(),
            " FROM jobs j WHERE j.id = ?2 AND ",
            visible!(reads)
        ),
        [principal.scope(), id.into()],
    )
}

/// The job, for whoever works on it in the name of its user: that ends the job also
/// where the user may not see its project any more.
pub(crate) fn held(principal: &Principal, id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE id = ?2 AND user_id = ?1"
        ),
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
    let mut outcomes = run(db, vec![claim, held(principal, id)]).await?;
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

/// The next attempt by who holds the lease: as [`take_over`], but at once.
/// `Conflict lease_lost` or `job_finished` when it was not ours.
pub async fn try_again(
    db: &impl Database,
    principal: &Principal,
    lease: &Lease,
    lease_until: &str,
) -> Result<Job, StoreError> {
    const NEXT: &str = "UPDATE jobs SET attempt = attempt + 1, lease_until = ?4 \
         WHERE id = ?2 AND user_id = ?1 AND state = 'running' AND attempt = ?3";
    extend(db, principal, lease, NEXT, lease_until).await
}

/// Asks whoever works on the job to end it. Safe to repeat; `Conflict
/// job_finished` once it has ended.
pub async fn request_cancel(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    now: &str,
) -> Result<Job, StoreError> {
    time::check(now)?;
    let ask = Statement::new(
        concat!(
            "UPDATE jobs AS j SET cancel_requested_at = COALESCE(cancel_requested_at, ?3) \
             WHERE id = ?2 AND state = 'running' AND ",
            visible!(edits)
        ),
        [principal.scope(), id.into(), now.into()],
    );
    let mut outcomes = run(db, vec![ask, select(principal, id)]).await?;
    let job: Job = decode::found(outcomes.last_row(), "job")?;
    match job.state {
        JobState::Running if job.cancel_requested_at.is_none() => {
            Err(StoreError::Denied(Role::Editor))
        }
        JobState::Running => Ok(job),
        JobState::Done | JobState::Failed => Err(finished()),
    }
}

/// Extends the lease. `Conflict lease_lost` or `job_finished`: stop working.
pub async fn heartbeat(
    db: &impl Database,
    principal: &Principal,
    lease: &Lease,
    lease_until: &str,
) -> Result<Job, StoreError> {
    const SAME: &str = "UPDATE jobs SET lease_until = ?4 \
         WHERE id = ?2 AND user_id = ?1 AND state = 'running' AND attempt = ?3";
    extend(db, principal, lease, SAME, lease_until).await
}

/// A longer lease for who holds it: `sql` gets `?1` user, `?2` job, `?3` attempt
/// and `?4` the new end.
async fn extend(
    db: &impl Database,
    principal: &Principal,
    lease: &Lease,
    sql: &'static str,
    lease_until: &str,
) -> Result<Job, StoreError> {
    time::check(lease_until)?;
    let params = [
        principal.scope(),
        Param::from(&lease.job_id),
        lease.attempt.into(),
        lease_until.into(),
    ];
    let update = Statement::new(sql, params);
    let mut outcomes = run(db, vec![update, held(principal, &lease.job_id)]).await?;
    let job: Job = decode::found(outcomes.last_row(), "job")?;
    if outcomes.changes(0) == 0 {
        Err(lost(&job))
    } else {
        Ok(job)
    }
}

/// Ends the job with its terminal event, in one batch: so a job has exactly one,
/// whoever races. Its input goes with it, and what it took is written down. `Conflict lease_lost` or `job_finished`
/// when it was not ours.
pub async fn finish(
    db: &impl Database,
    principal: &Principal,
    lease: &Lease,
    ending: Ending,
    spent: Spent,
    terminal: &Event,
    now: &str,
) -> Result<Job, StoreError> {
    time::check(now)?;
    let mut statements = events::inserts(principal, lease, std::slice::from_ref(terminal))?;
    let params = [
        principal.scope(),
        Param::from(&lease.job_id),
        lease.attempt.into(),
        ending.state().into(),
        now.into(),
        ending.as_str().into(),
    ];
    statements.push(usage::statement(principal, lease, ending, spent, now));
    statements.push(Statement::new(
        "UPDATE jobs SET state = ?4, finished_at = ?5, ending = ?6, input = 'null' \
         WHERE id = ?2 AND user_id = ?1 AND state = 'running' AND attempt = ?3",
        params,
    ));
    let update = statements.len() - 1;
    statements.push(held(principal, &lease.job_id));
    let mut outcomes = run(db, statements).await?;
    let job: Job = decode::found(outcomes.last_row(), "job")?;
    if outcomes.changes(update) == 0 {
        Err(lost(&job))
    } else {
        Ok(job)
    }
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
