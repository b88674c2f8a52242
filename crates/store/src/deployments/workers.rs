//! Where versions are outside of our own loader: scripts of Cloudflare's API. The
//! row names one before it is made, so that whatever stops a deployment, somebody
//! knows what there is to take away.

use serde::Deserialize;

use super::{Deployment, changed, select};
use crate::port::run;
use crate::principal::{edits, manageable, manages};
use crate::{Database, Principal, Statement, StoreError, decode};

/// Keeps where the version, still in the making, is going to run. Safe to repeat;
/// `Conflict deployment_ended` afterwards.
pub async fn set_worker(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    worker_id: &str,
) -> Result<Deployment, StoreError> {
    let update = Statement::new(
        concat!(
            "UPDATE deployments SET worker_id = ?3 \
             WHERE id = ?2 AND status IN ('pending', 'building') AND ",
            edits!("deployments.project_id")
        ),
        [principal.scope(), id.into(), worker_id.into()],
    );
    changed(db, vec![update, select(principal, id)]).await
}

/// The version failed, and what was made of it is gone. Safe to repeat.
pub async fn forget_worker(
    db: &impl Database,
    principal: &Principal,
    id: &str,
) -> Result<(), StoreError> {
    let statements = vec![
        Statement::new(
            concat!(
                "UPDATE deployments SET worker_id = NULL WHERE id = ?2 AND status = 'failed' AND ",
                edits!("deployments.project_id")
            ),
            [principal.scope(), id.into()],
        ),
        select(principal, id),
    ];
    let mut outcomes = run(db, statements).await?;
    decode::found::<Deployment>(outcomes.last_row(), "deployment").map(drop)
}

#[derive(Deserialize)]
struct Worker {
    worker_id: String,
}

/// What the project's versions have outside, of those that are hosted here: all
/// that goes when the project goes. None while the marketplace lists the project,
/// for then it does not go.
pub async fn workers(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Vec<String>, StoreError> {
    let workers = Statement::new(
        concat!(
            "SELECT worker_id FROM deployments WHERE project_id = ?2 AND target = 'mcpengine' \
             AND worker_id IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM marketplace_listings m WHERE m.project_id = ?2) AND ",
            manages!("?2"),
            " ORDER BY created_at, id"
        ),
        [principal.scope(), project_id.into()],
    );
    let mut outcomes = run(db, vec![manageable(principal, project_id), workers]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    let rows: Vec<Worker> = decode::rows(outcomes.rows(1))?;
    Ok(rows.into_iter().map(|row| row.worker_id).collect())
}
