//! What the scheduled sweeper reads: it acts for nobody in particular, and then
//! works on each job as the user that the job belongs to.

use crate::jobs::Job;
use crate::port::run;
use crate::{Database, Statement, StoreError, decode, time};

/// Jobs whose lease has run out, the longest first. Each is then taken over with
/// [`crate::jobs::take_over`] as `Principal::user(job.user_id)`, or skipped when
/// somebody was faster.
pub async fn expired_jobs(
    db: &impl Database,
    now: &str,
    limit: u32,
) -> Result<Vec<Job>, StoreError> {
    time::check(now)?;
    let expired = Statement::new(
        "SELECT id, user_id, project_id, kind, state, lease_until, attempt, input, result, \
         created_at, finished_at FROM jobs WHERE state = 'running' AND lease_until <= ?1 \
         ORDER BY lease_until LIMIT ?2",
        [now.into(), limit.into()],
    );
    decode::rows(run(db, vec![expired]).await?.last_rows())
}
