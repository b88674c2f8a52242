//! Attempts at a job: by the request that made it, again after a fault of ours,
//! and by whoever finds its lease run out.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::pin_mut;
use mcpengine_store::jobs::{self, Ending, JobKind};
use mcpengine_store::{Principal, StoreError};
use worker::Delay;

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::jobs::events::Events;
use crate::jobs::input::{self, JobInput};
use crate::jobs::{Job, Terminal, deploy_job, lease_until};

/// Attempts that a job has before it counts as dead.
const MAX_ATTEMPTS: i64 = 3;
/// How often the row is asked whether its user wants the job to end.
const LOOK: Duration = Duration::from_secs(1);
/// Looks between two renewals of the lease: a third of it.
const LOOKS_A_RENEWAL: u32 = 10;

/// Works until the job has ended: `first` is its first attempt here, the others
/// come from its row. The job's lease is kept all the while.
pub(crate) async fn drive<W>(job: Rc<Job>, first: W)
where
    W: Future<Output = Result<Terminal, ApiError>>,
{
    let mut job = job;
    let mut outcome = watched(&job, first).await;
    // Not the row's number: a store that does not answer cannot count.
    for tried in job.lease.attempt.. {
        let error = match &outcome {
            Err(error) if is_tried_again(&job, error) && tried < MAX_ATTEMPTS => error,
            _ => break,
        };
        crate::log::note!(
            "job {}: attempt {tried} of {MAX_ATTEMPTS}: {}",
            job.id(),
            error.message
        );
        Delay::from(pause(tried)).await;
        outcome = match next_attempt(&job).await {
            Ok((next, input)) => {
                job = next;
                watched(&job, input::run(Rc::clone(&job), input)).await
            }
            Err(error) => Err(error),
        };
    }
    let ending = ending(&job, &outcome);
    job.finish(outcome, ending).await;
}

fn ending(job: &Job, outcome: &Result<Terminal, ApiError>) -> Ending {
    match outcome {
        Ok(_) => Ending::Done,
        Err(_) if job.is_cancelled() => Ending::Cancelled,
        Err(error) if is_our_fault(error) => Ending::Dead,
        Err(_) => Ending::Failed,
    }
}

/// Whether another attempt follows one that ended this way.
pub(crate) fn is_tried_again(job: &Job, error: &ApiError) -> bool {
    is_our_fault(error) && !job.is_stopped() && job.lease.attempt < MAX_ATTEMPTS
}

/// 1, 4, 9 s.
fn pause(attempt: i64) -> Duration {
    let attempt = u64::try_from(attempt).unwrap_or(1);
    Duration::from_secs(attempt * attempt)
}

/// The store, the platform or nobody answered: the same can succeed next time.
fn is_our_fault(error: &ApiError) -> bool {
    matches!(error.code.as_str(), "store_unavailable" | "internal")
}

/// The work, and beside it somebody who renews the lease and looks whether the
/// user wants it to end or another worker has it.
async fn watched<W>(job: &Rc<Job>, work: W) -> Result<Terminal, ApiError>
where
    W: Future<Output = Result<Terminal, ApiError>>,
{
    let watch = watch(job);
    pin_mut!(work, watch);
    match select(work, watch).await {
        Either::Left((outcome, _)) => outcome,
        // The work itself stops at its next step, and clears up behind it.
        Either::Right(((), work)) => work.await,
    }
}

async fn watch(job: &Job) {
    let (db, principal, lease) = (&job.app.db, &job.principal, &job.lease);
    let mut looks = 0;
    loop {
        Delay::from(LOOK).await;
        looks += 1;
        let row = if looks % LOOKS_A_RENEWAL == 0 {
            jobs::heartbeat(db, principal, lease, &lease_until()).await
        } else {
            jobs::get(db, principal, &lease.job_id).await
        };
        match row {
            Ok(row) if row.cancel_requested_at.is_some() => return job.cancel(),
            Ok(row) if row.attempt != lease.attempt => return job.stop(),
            Err(StoreError::Conflict { .. } | StoreError::NotFound(_)) => return job.stop(),
            // A store that does not answer now may answer at the next look.
            Ok(_) | Err(_) => {}
        }
    }
}

async fn next_attempt(job: &Rc<Job>) -> Result<(Rc<Job>, JobInput), ApiError> {
    let (db, principal) = (&job.app.db, &job.principal);
    let row = jobs::try_again(db, principal, &job.lease, &lease_until()).await?;
    let input = serde_json::from_value(row.input.clone())?;
    Ok((Rc::new(job.again(row.lease())), input))
}

/// Takes a job up whose lease has run out, and works until it has ended. Whoever
/// is faster does it; then this does nothing.
///
/// # Errors
/// Those of the store: then it is still to be taken up.
pub(crate) async fn resume(app: Rc<App>, found: &jobs::Job) -> Result<(), ApiError> {
    let principal = Principal::user(&found.user_id);
    let until = lease_until();
    let taken = jobs::take_over(&app.db, &principal, &found.id, &until, &clock::now()).await;
    let row = match taken {
        Ok(row) => row,
        Err(StoreError::Conflict { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let events = Events::after(&row.id, jobs::last_seq(&app.db, &principal, &row.id).await?);
    let cancelled = row.cancel_requested_at.is_some();
    let input = serde_json::from_value::<JobInput>(row.input.clone());
    let job = Rc::new(Job::taken_up(app, principal, &row, events));
    crate::log::note!("job {}: taken up, attempt {}", row.id, row.attempt);
    let ending = match input {
        _ if cancelled => Ending::Cancelled,
        Ok(input) if row.attempt <= MAX_ATTEMPTS => {
            let work = input::run(Rc::clone(&job), input);
            drive(job, work).await;
            return Ok(());
        }
        Ok(_) => Ending::Dead,
        // Of a job from before inputs were kept.
        Err(_) => Ending::Failed,
    };
    if let (JobKind::Deploy, Some(project)) = (row.kind, &row.project_id) {
        deploy_job::abandon(&job, project).await?;
    }
    job.finish(Err(interrupted()), ending).await;
    Ok(())
}

/// Nothing is left to take the job up from.
pub(crate) fn interrupted() -> ApiError {
    ApiError::new(
        503,
        "job_interrupted",
        "The work was interrupted and nothing of it was kept. Start it again",
    )
}
