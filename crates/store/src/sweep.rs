//! What the scheduled sweeper reads: it acts for nobody in particular, and then
//! works on each job as the user that the job belongs to.

use crate::jobs::{Job, columns};
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
        concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE state = 'running' AND lease_until <= ?1 \
             ORDER BY lease_until LIMIT ?2"
        ),
        [now.into(), limit.into()],
    );
    decode::rows(run(db, vec![expired]).await?.last_rows())
}

/// One running job, whoever's it is; `None` where there is no such job or it has
/// ended. For whoever is told of a job by its id alone.
pub async fn running_job(db: &impl Database, id: &str) -> Result<Option<Job>, StoreError> {
    let running = Statement::new(
        concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE id = ?1 AND state = 'running'"
        ),
        [id.into()],
    );
    let mut outcomes = run(db, vec![running]).await?;
    outcomes.last_row().map(decode::row).transpose()
}
