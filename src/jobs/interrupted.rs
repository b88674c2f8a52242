//! The end of a job whose isolate is gone.

use mcpengine_store::jobs::{self, Ending, Job, JobKind};
use mcpengine_store::{Principal, StoreError, deployments};

use crate::adapters::d1::D1;
use crate::clock;
use crate::error::ApiError;

/// Events read at once.
const PAGE: u32 = 200;

/// Takes the job over, once its lease has run out, and ends it with `error
/// job_interrupted`. Whoever is faster does it; then this does nothing.
pub(crate) async fn end(db: &D1, principal: &Principal, job: &Job) -> Result<(), ApiError> {
    let now = clock::now();
    let lease_until = super::lease_until();
    let taken = match jobs::take_over(db, principal, &job.id, &lease_until, &now).await {
        Ok(taken) => taken,
        // Another reader was faster, or the job was not dead after all.
        Err(StoreError::Conflict { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let seq = last_seq(db, principal, &job.id).await? + 1;
    let event = interrupted().event();
    let (event, _) = jobs::place(&job.id, seq, serde_json::to_string(&event)?);
    let ending = Ending::Failed;
    jobs::finish(db, principal, &taken.lease(), ending, None, &event, &now).await?;
    if let (JobKind::Deploy, Some(project)) = (job.kind, &job.project_id) {
        for row in deployments::list(db, principal, project).await? {
            if row.job_id == job.id && row.status != deployments::DeploymentStatus::Live {
                deployments::fail(db, principal, &row.id, &now).await?;
            }
        }
    }
    Ok(())
}

async fn last_seq(db: &D1, principal: &Principal, job: &str) -> Result<i64, ApiError> {
    let mut last = 0;
    loop {
        let page = jobs::events_after(db, principal, job, last, PAGE).await?;
        match page.last() {
            Some(event) => last = event.seq,
            None => return Ok(last),
        }
    }
}

fn interrupted() -> ApiError {
    ApiError::new(
        503,
        "job_interrupted",
        "The work was interrupted and nothing of it was kept. Start it again",
    )
}
