//! What a job was asked to do, as its row keeps it: enough for any attempt.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::jobs::{Job, Terminal, analyze_job, deploy_job, generate_job};

/// Credentials in it are sealed; it is gone from the row once the job has ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum JobInput {
    Analyze(analyze_job::Kept),
    /// The project's plan is all it needs.
    Generate,
    Deploy(Box<deploy_job::Kept>),
}

/// One more attempt, from what is kept. On the heap, for it is a large future.
pub(crate) fn run(
    job: Rc<Job>,
    input: JobInput,
) -> LocalBoxFuture<'static, Result<Terminal, ApiError>> {
    async move {
        match input {
            JobInput::Analyze(kept) => {
                let input = analyze_job::Input::load(&job, kept).await?;
                analyze_job::run(job, input).await
            }
            JobInput::Generate => {
                let input = generate_job::Input::load(&job).await?;
                generate_job::run(job, input).await
            }
            JobInput::Deploy(kept) => {
                let input = deploy_job::Input::load(&job, *kept).await?;
                deploy_job::run(job, input).await
            }
        }
    }
    .boxed_local()
}
