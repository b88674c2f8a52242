//! The start of a deployment.

use super::{Access, Deployment, DeploymentConfig, Target, select};
use crate::jobs::{self, Job, NewJob};
use crate::limits::check_row;
use crate::port::run;
use crate::principal::edits;
use crate::tiers::{is_server, too_many_servers};
use crate::{Database, Param, Principal, Statement, StoreError, decode, projects};

#[derive(Debug, Clone)]
pub struct NewDeployment<'a> {
    pub id: &'a str,
    pub project_id: &'a str,
    pub target: Target,
    pub access: Access,
    pub config: &'a DeploymentConfig,
    /// How many servers its holder may have ([`crate::tiers`]); `None` is without
    /// limit. Counts for [`Target::Mcpengine`].
    pub server_limit: Option<u32>,
}

/// Makes the deployment, pending, and the job that will carry it out, or neither.
///
/// A deployment in the making whose job has lost its lease is marked failed on
/// the way. `Conflict deploy_running` while another one is in the making,
/// `Conflict not_generated` before there is code to deploy, `Conflict
/// too_many_servers` where the project would be one more server than its holder may
/// have. Counted in the batch that takes effect: exact as long as the database does
/// one batch at a time, as D1 does.
pub async fn begin(
    db: &impl Database,
    principal: &Principal,
    new: &NewDeployment<'_>,
    job: &NewJob<'_>,
    now: &str,
) -> Result<(Deployment, Job), StoreError> {
    jobs::check_times(job, now)?;
    if job.project_id != Some(new.project_id) {
        return Err(StoreError::invalid(
            "invalid_job",
            "the job is for another project",
        ));
    }
    let statements = vec![
        fail_abandoned(principal, new.project_id, now),
        insert(principal, new, job.id, now)?,
        Statement::new(
            concat!(
                "INSERT INTO jobs (id, user_id, project_id, kind, lease_until, input, created_at) \
                 SELECT ?3, ?1, ?2, ?4, ?5, ?6, ?7 WHERE ",
                edits!("?2"),
                " AND EXISTS (SELECT 1 FROM deployments d WHERE d.job_id = ?3 AND d.project_id = ?2)"
            ),
            jobs::insert_params(principal, job, now)?,
        ),
        jobs::held(principal, job.id),
        select(principal, new.id),
    ];
    let mut outcomes = run(db, statements).await.map_err(raced)?;
    if outcomes.changes(1) == 0 {
        return Err(why_not(db, principal, new).await?);
    }
    let job = decode::found(outcomes.rows(3).into_iter().next(), "job")?;
    let deployment = decode::found(outcomes.last_row(), "deployment")?;
    Ok((deployment, job))
}

/// Why nothing was begun.
async fn why_not(
    db: &impl Database,
    principal: &Principal,
    new: &NewDeployment<'_>,
) -> Result<StoreError, StoreError> {
    let project = projects::get(db, principal, new.project_id).await?;
    if matches!(
        project.status,
        projects::ProjectStatus::Draft | projects::ProjectStatus::Analyzed
    ) {
        let message = "generate the server before deploying it";
        return Ok(StoreError::conflict("not_generated", message));
    }
    let active = Statement::new(
        concat!(
            "SELECT 1 AS one FROM deployments a WHERE a.project_id = ?2 \
             AND a.status IN ('pending', 'building') AND ",
            edits!("?2")
        ),
        [principal.scope(), new.project_id.into()],
    );
    if new.server_limit.is_none() || run(db, vec![active]).await?.last_row().is_some() {
        return Ok(running());
    }
    Ok(too_many_servers())
}

fn fail_abandoned(principal: &Principal, project_id: &str, now: &str) -> Statement {
    Statement::new(
        concat!(
            "UPDATE deployments SET status = 'failed', stopped_at = ?3 \
             WHERE project_id = ?2 AND status IN ('pending', 'building') AND ",
            edits!("?2"),
            " AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = deployments.job_id \
             AND j.state = 'running' AND j.lease_until > ?3)"
        ),
        [principal.scope(), project_id.into(), now.into()],
    )
}

/// The condition that the project `p` has a name already, or that its holder may
/// have one more server than they have: `?9` is the limit.
macro_rules! has_room {
    () => {
        concat!(
            "?9 IS NULL OR EXISTS (SELECT 1 FROM slugs named WHERE named.project_id = p.id \
             AND named.released_at IS NULL) OR (SELECT COUNT(*) FROM projects q \
             WHERE q.id <> p.id AND (q.team_id = p.team_id OR (p.team_id IS NULL \
             AND q.team_id IS NULL AND q.user_id = p.user_id)) AND ",
            is_server!(),
            ") < ?9"
        )
    };
}
fn insert(
    principal: &Principal,
    new: &NewDeployment<'_>,
    job_id: &str,
    now: &str,
) -> Result<Statement, StoreError> {
    let config = serde_json::to_string(new.config)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let params = [
        principal.scope(),
        new.project_id.into(),
        now.into(),
        new.id.into(),
        job_id.into(),
        new.target.as_str().into(),
        new.access.as_str().into(),
        config.into(),
        match new.target {
            Target::Mcpengine => new.server_limit.into(),
            _ => Param::Null,
        },
    ];
    check_row("a deployment's configuration", &params)?;
    Ok(Statement::new(
        concat!(
            "INSERT INTO deployments (id, project_id, user_id, job_id, bundle_id, target, access, \
             version, config, created_at) \
             SELECT ?4, p.id, ?1, ?5, p.bundle_id, ?6, ?7, \
             (SELECT CAST(COUNT(*) + 1 AS TEXT) FROM deployments v WHERE v.project_id = p.id), \
             ?8, ?3 FROM projects p WHERE p.id = ?2 AND p.bundle_id IS NOT NULL \
             AND p.status IN ('generated', 'tested', 'deployed') AND ",
            edits!("?2"),
            " AND NOT EXISTS (SELECT 1 FROM deployments a WHERE a.project_id = ?2 \
             AND a.status IN ('pending', 'building')) AND (",
            has_room!(),
            ")"
        ),
        params,
    ))
}

/// On a database with concurrent transactions the unique index decides.
fn raced(error: StoreError) -> StoreError {
    match error {
        StoreError::Conflict {
            code: crate::error::CONSTRAINT,
            ..
        } => running(),
        other => other,
    }
}

fn running() -> StoreError {
    StoreError::conflict(
        "deploy_running",
        "another deployment of this project is running; wait for its end",
    )
}
