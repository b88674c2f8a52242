//! The switch: which version answers at a name.

use super::{Deployment, DeploymentStatus, ended, select};
use crate::port::run;
use crate::principal::owns;
use crate::tools::owned;
use crate::{Database, Param, Principal, Statement, StoreError, decode, time};

/// A complete version: its modules are written, its health was checked.
#[derive(Debug, Clone, Copy)]
pub struct GoLive<'a> {
    pub deployment_id: &'a str,
    pub url: &'a str,
    pub endpoint: &'a str,
    /// Key of the modules object; needed for what is hosted here.
    pub modules_key: Option<&'a str>,
    pub worker_id: Option<&'a str>,
}

/// This version may go live: `?1` user, `?2` deployment. A hosted one needs a
/// name that its project holds.
macro_rules! ready {
    ($status:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM deployments n WHERE n.id = ?2 AND n.status IN (",
            $status,
            ") AND ",
            owns!("n.project_id"),
            " AND (n.target <> 'mcpengine' OR EXISTS (SELECT 1 FROM slugs c \
             WHERE c.project_id = n.project_id AND c.released_at IS NULL)))"
        )
    };
}

/// One batch: the version is live, the one before it stopped, the name points to
/// it, and the project is deployed where it still has this bundle. Safe to
/// repeat. `Conflict slug_missing` without a claimed name, `deployment_ended`
/// when the deployment failed or was stopped meanwhile.
pub async fn go_live(
    db: &impl Database,
    principal: &Principal,
    live: &GoLive<'_>,
    now: &str,
) -> Result<Deployment, StoreError> {
    time::check(now)?;
    let statements = switch(principal, live, now);
    let mut outcomes = run(db, statements).await?;
    let deployment: Deployment = decode::found(outcomes.last_row(), "deployment")?;
    if outcomes.changes(1) > 0 || deployment.status == DeploymentStatus::Live {
        return Ok(deployment);
    }
    match deployment.status {
        DeploymentStatus::Pending | DeploymentStatus::Building => Err(StoreError::conflict(
            "slug_missing",
            "the project has no hosted name; claim one before going live",
        )),
        _ => Err(ended(&deployment)),
    }
}

fn switch(principal: &Principal, live: &GoLive<'_>, now: &str) -> Vec<Statement> {
    let id = || Param::from(live.deployment_id);
    vec![
        Statement::new(
            concat!(
                "UPDATE deployments SET status = 'stopped', stopped_at = ?3 \
                 WHERE status = 'live' AND id <> ?2 AND (project_id, target) = \
                 (SELECT t.project_id, t.target FROM deployments t WHERE t.id = ?2) AND ",
                ready!("'pending', 'building'")
            ),
            [principal.scope(), id(), now.into()],
        ),
        Statement::new(
            concat!(
                "UPDATE deployments SET status = 'live', url = ?3, endpoint = ?4, \
                 modules_key = ?5, worker_id = ?6 WHERE id = ?2 AND ",
                ready!("'pending', 'building'")
            ),
            [
                principal.scope(),
                id(),
                live.url.into(),
                live.endpoint.into(),
                live.modules_key.into(),
                live.worker_id.into(),
            ],
        ),
        Statement::new(
            concat!(
                "UPDATE slugs SET deployment_id = ?2 WHERE released_at IS NULL AND project_id = \
                 (SELECT t.project_id FROM deployments t WHERE t.id = ?2 \
                 AND t.target = 'mcpengine') AND ",
                ready!("'live'")
            ),
            [principal.scope(), id()],
        ),
        Statement::new(
            concat!(
                "UPDATE projects SET status = 'deployed', updated_at = ?3 \
                 WHERE status IN ('generated', 'tested') AND (id, bundle_id) = \
                 (SELECT t.project_id, t.bundle_id FROM deployments t WHERE t.id = ?2) AND ",
                ready!("'live'")
            ),
            [principal.scope(), id(), now.into()],
        ),
        select(principal, live.deployment_id),
    ]
}

/// Stops what the project has live; its name answers no more but stays its own.
/// Safe to repeat.
pub async fn stop(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    let scope = || [principal.scope(), project_id.into()];
    let statements = vec![
        Statement::new(
            concat!(
                "UPDATE slugs SET deployment_id = NULL \
                 WHERE project_id = ?2 AND released_at IS NULL AND ",
                owns!("?2")
            ),
            scope(),
        ),
        Statement::new(
            concat!(
                "UPDATE deployments SET status = 'stopped', stopped_at = ?3 \
                 WHERE project_id = ?2 AND status = 'live' AND ",
                owns!("?2")
            ),
            [principal.scope(), project_id.into(), now.into()],
        ),
        owned(principal, project_id),
    ];
    let mut outcomes = run(db, statements).await?;
    outcomes
        .last_row()
        .map(|_| ())
        .ok_or(StoreError::NotFound("project"))
}
