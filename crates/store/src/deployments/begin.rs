//! The start of a deployment.

use super::{Access, Deployment, DeploymentConfig, Target, select};
use crate::jobs::{self, Job, NewJob};
use crate::limits::check_row;
use crate::port::run;
use crate::principal::owns;
use crate::{Database, Principal, Statement, StoreError, decode, projects};

#[derive(Debug, Clone)]
pub struct NewDeployment<'a> {
    pub id: &'a str,
    pub project_id: &'a str,
    pub target: Target,
    pub access: Access,
    pub config: &'a DeploymentConfig,
}

/// Makes the deployment, pending, and the job that will carry it out, or neither.
///
/// A deployment in the making whose job has lost its lease is marked failed on
/// the way. `Conflict deploy_running` while another one is in the making,
/// `Conflict not_generated` before there is code to deploy.
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
                owns!("?2"),
                " AND EXISTS (SELECT 1 FROM deployments d WHERE d.job_id = ?3 AND d.project_id = ?2)"
            ),
            jobs::insert_params(principal, job, now)?,
        ),
        jobs::select(principal, job.id),
        select(principal, new.id),
    ];
    let mut outcomes = run(db, statements).await.map_err(raced)?;
    if outcomes.changes(1) == 0 {
        let project = projects::get(db, principal, new.project_id).await?;
        return Err(match project.status {
            projects::ProjectStatus::Draft | projects::ProjectStatus::Analyzed => {
                StoreError::conflict("not_generated", "generate the server before deploying it")
            }
            _ => running(),
        });
    }
    let job = decode::found(outcomes.rows(3).into_iter().next(), "job")?;
    let deployment = decode::found(outcomes.last_row(), "deployment")?;
    Ok((deployment, job))
}

fn fail_abandoned(principal: &Principal, project_id: &str, now: &str) -> Statement {
    Statement::new(
        concat!(
            "UPDATE deployments SET status = 'failed', stopped_at = ?3 \
             WHERE project_id = ?2 AND status IN ('pending', 'building') AND ",
            owns!("?2"),
            " AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = deployments.job_id \
             AND j.state = 'running' AND j.lease_until > ?3)"
        ),
        [principal.scope(), project_id.into(), now.into()],
    )
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
            owns!("?2"),
            " AND NOT EXISTS (SELECT 1 FROM deployments a WHERE a.project_id = ?2 \
             AND a.status IN ('pending', 'building'))"
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
