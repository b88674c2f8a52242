//! The switch: which version answers at a name.

use super::{Artifact, Deployment, DeploymentStatus, Target, ended, select, selected};
use crate::port::run;
use crate::principal::{editable, edits};
use crate::{Database, Param, Principal, Statement, StoreError, decode, time};

/// A complete version: its objects are written, its health was checked.
#[derive(Debug, Clone, Copy)]
pub struct GoLive<'a> {
    pub deployment_id: &'a str,
    pub url: &'a str,
    /// What an MCP client is given; `None` for what does not run by itself.
    pub endpoint: Option<&'a str>,
    /// Key of the modules object; needed for what is hosted here.
    pub modules_key: Option<&'a str>,
    pub artifact: Option<&'a Artifact>,
    pub worker_id: Option<&'a str>,
}

/// A version that was live before, under the address that it has now.
#[derive(Debug, Clone, Copy)]
pub struct Activation<'a> {
    pub deployment_id: &'a str,
    pub url: &'a str,
    pub endpoint: &'a str,
}

/// The version `?2` of the user `?1` is in this state: `new` may go live for the
/// first time, `kept` may do so again. A hosted one needs a name that its
/// project holds.
macro_rules! ready {
    (new) => {
        ready!("n.status IN ('pending', 'building')")
    };
    (kept) => {
        ready!("n.status = 'stopped' AND n.target = 'mcpengine' AND n.modules_key IS NOT NULL")
    };
    (live) => {
        ready!("n.status = 'live'")
    };
    ($state:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM deployments n WHERE n.id = ?2 AND ",
            $state,
            " AND ",
            edits!("n.project_id"),
            " AND (n.target <> 'mcpengine' OR EXISTS (SELECT 1 FROM slugs c \
             WHERE c.project_id = n.project_id AND c.released_at IS NULL)))"
        )
    };
}

/// Stops what is live of the target, where `?2` is about to take its place.
macro_rules! stop_before {
    ($state:ident) => {
        concat!(
            "UPDATE deployments SET status = 'stopped', stopped_at = ?3 \
             WHERE status = 'live' AND id <> ?2 AND (project_id, target) = \
             (SELECT t.project_id, t.target FROM deployments t WHERE t.id = ?2) AND ",
            ready!($state)
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
    let statements = switch(principal, live, now)?;
    let mut outcomes = run(db, statements).await?;
    let deployment: Deployment = decode::found(outcomes.last_row(), "deployment")?;
    if outcomes.changes(1) > 0 || deployment.status == DeploymentStatus::Live {
        return Ok(deployment);
    }
    match deployment.status {
        DeploymentStatus::Pending | DeploymentStatus::Building => Err(slug_missing()),
        _ => Err(ended(&deployment)),
    }
}

fn switch(
    principal: &Principal,
    live: &GoLive<'_>,
    now: &str,
) -> Result<Vec<Statement>, StoreError> {
    let artifact = live.artifact.map(serde_json::to_string).transpose();
    let artifact = artifact.map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let id = || Param::from(live.deployment_id);
    let mut statements = vec![
        Statement::new(stop_before!(new), [principal.scope(), id(), now.into()]),
        Statement::new(
            concat!(
                "UPDATE deployments SET status = 'live', url = ?3, endpoint = ?4, \
                 modules_key = ?5, worker_id = ?6, artifact = ?7 WHERE id = ?2 AND ",
                ready!(new)
            ),
            [
                principal.scope(),
                id(),
                live.url.into(),
                live.endpoint.into(),
                live.modules_key.into(),
                live.worker_id.into(),
                artifact.as_deref().into(),
            ],
        ),
    ];
    statements.extend(point(principal, live.deployment_id, now));
    Ok(statements)
}

/// What follows once the version is live: the name points to it, its project is
/// deployed where it still has this bundle and what is live is a running server,
/// and the version is read back.
fn point(principal: &Principal, id: &str, now: &str) -> [Statement; 3] {
    [
        Statement::new(
            concat!(
                "UPDATE slugs SET deployment_id = ?2 WHERE released_at IS NULL AND project_id = \
                 (SELECT t.project_id FROM deployments t WHERE t.id = ?2 \
                 AND t.target = 'mcpengine') AND ",
                ready!(live)
            ),
            [principal.scope(), id.into()],
        ),
        Statement::new(
            concat!(
                "UPDATE projects SET status = 'deployed', updated_at = ?3 \
                 WHERE status IN ('generated', 'tested') AND (id, bundle_id) = \
                 (SELECT t.project_id, t.bundle_id FROM deployments t WHERE t.id = ?2 \
                 AND t.target IN ('mcpengine', 'cloudflare')) AND ",
                ready!(live)
            ),
            [principal.scope(), id.into(), now.into()],
        ),
        select(principal, id),
    ]
}

/// Whether the version is live or can be again: hosted here and complete.
/// `Conflict` with `version_not_hosted`, `version_in_progress` or
/// `version_failed` says why not.
pub fn check_kept(version: &Deployment) -> Result<(), StoreError> {
    let number = &version.version;
    if version.target != Target::Mcpengine {
        let target = version.target.as_str();
        return Err(StoreError::conflict(
            "version_not_hosted",
            format!("version {number} went to {target}; only what is hosted here can be made live"),
        ));
    }
    match version.status {
        DeploymentStatus::Live => Ok(()),
        DeploymentStatus::Stopped if version.modules_key.is_some() => Ok(()),
        DeploymentStatus::Pending | DeploymentStatus::Building => Err(StoreError::conflict(
            "version_in_progress",
            format!("version {number} is still in the making; it goes live by itself"),
        )),
        DeploymentStatus::Failed | DeploymentStatus::Stopped => Err(StoreError::conflict(
            "version_failed",
            format!("version {number} failed and never was live; deploy again"),
        )),
    }
}

/// A version that was live goes live again, in one batch: what is live is
/// stopped, and the name points to this one. Safe to repeat. `Conflict` as
/// [`check_kept`], or `slug_missing`.
///
/// A deployment in the making is left alone: it goes live when it is complete.
pub async fn activate(
    db: &impl Database,
    principal: &Principal,
    version: &Activation<'_>,
    now: &str,
) -> Result<Deployment, StoreError> {
    time::check(now)?;
    let id = version.deployment_id;
    let mut statements = vec![
        Statement::new(
            stop_before!(kept),
            [principal.scope(), id.into(), now.into()],
        ),
        Statement::new(
            concat!(
                "UPDATE deployments SET status = 'live', stopped_at = NULL, url = ?3, \
                 endpoint = ?4 WHERE id = ?2 AND ",
                ready!(kept)
            ),
            [
                principal.scope(),
                id.into(),
                version.url.into(),
                version.endpoint.into(),
            ],
        ),
    ];
    statements.extend(point(principal, id, now));
    let mut outcomes = run(db, statements).await?;
    let deployment: Deployment = decode::found(outcomes.last_row(), "deployment")?;
    check_kept(&deployment)?;
    if deployment.status == DeploymentStatus::Live {
        return Ok(deployment);
    }
    Err(slug_missing())
}

fn slug_missing() -> StoreError {
    StoreError::conflict(
        "slug_missing",
        "the project has no hosted name; claim one before going live",
    )
}

/// The version that a stopped server starts with: the live one where there is
/// one, else the one that was live last. `Conflict never_live` where no version
/// ever was.
pub async fn last_live(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Deployment, StoreError> {
    let version = Statement::new(
        concat!(
            selected!(),
            "WHERE d.project_id = ?2 AND d.target = 'mcpengine' AND d.modules_key IS NOT NULL \
             AND d.status IN ('live', 'stopped') AND ",
            edits!("?2"),
            " ORDER BY CASE WHEN d.status = 'live' THEN 0 ELSE 1 END, d.stopped_at DESC, \
             d.created_at DESC LIMIT 1"
        ),
        [principal.scope(), project_id.into()],
    );
    let mut outcomes = run(db, vec![editable(principal, project_id), version]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    match outcomes.last_row() {
        Some(row) => decode::row(row),
        None => Err(StoreError::conflict(
            "never_live",
            "the project has no version that was live; deploy it first",
        )),
    }
}

/// Stops what the project has live here; its name answers no more but stays its
/// own, and what it has elsewhere stays as it is. Safe to repeat.
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
                edits!("?2")
            ),
            scope(),
        ),
        Statement::new(
            concat!(
                "UPDATE deployments SET status = 'stopped', stopped_at = ?3 \
                 WHERE project_id = ?2 AND status = 'live' AND target = 'mcpengine' AND ",
                edits!("?2")
            ),
            [principal.scope(), project_id.into(), now.into()],
        ),
        editable(principal, project_id),
    ];
    let mut outcomes = run(db, statements).await?;
    outcomes
        .last_row()
        .map(|_| ())
        .ok_or(StoreError::NotFound("project"))
}
