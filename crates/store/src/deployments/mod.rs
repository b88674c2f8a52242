//! Deployments: versions of a project's server, immutable once live.
//!
//! pending → building → live ⇄ stopped, or failed. One is in the making at a
//! time, one of a target is live; both are unique indexes of the schema too. Of a
//! target that is taken away, a package or an archive, live is the newest.

mod begin;
mod live;
mod workers;

use serde::{Deserialize, Serialize};

pub use begin::{NewDeployment, begin};
pub use live::{Activation, GoLive, activate, check_kept, go_live, last_live, stop};
pub use workers::{forget_worker, set_worker, workers};

use crate::limits::{MAX_LOG_BYTES, MAX_PAGE};
use crate::port::run;
use crate::principal::{edits, readable, reads};
use crate::{Database, Principal, Statement, StoreError, decode, time};

macro_rules! selected {
    () => {
        "SELECT d.id, d.project_id, d.user_id, d.job_id, d.bundle_id, d.target, d.status, \
         d.access, d.url, d.endpoint, d.worker_id, d.version, d.modules_key, d.artifact, d.config, \
         d.logs, d.created_at, d.stopped_at FROM deployments d "
    };
}
use selected;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// Hosted here.
    Mcpengine,
    Npm,
    Docker,
    Cloudflare,
    Download,
}

impl Target {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mcpengine => "mcpengine",
            Self::Npm => "npm",
            Self::Docker => "docker",
            Self::Cloudflare => "cloudflare",
            Self::Download => "download",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeploymentStatus {
    Pending,
    Building,
    Live,
    Failed,
    Stopped,
}

/// Who may call the endpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// A bearer token of the project.
    #[default]
    Token,
    /// Anybody.
    Public,
}

impl Access {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Public => "public",
        }
    }
}

/// All that the gateway and the outbound entrypoint need of a version, so that
/// serving it reads one row. It never holds a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentConfig {
    /// Resolved upstream base URL, no trailing slash.
    pub base_url: String,
    /// Server variables by environment name.
    pub variables: std::collections::BTreeMap<String, String>,
    /// `host` or `host:port` that the isolate may reach, canonical
    /// (`mcpengine_fetch_policy::host_allowed`).
    pub allowed_hosts: Vec<String>,
    /// How credentials are added, by scheme id.
    pub auth_schemes: Vec<mcpengine_plan::AuthScheme>,
    /// Number of tools served.
    pub tools: u32,
    /// Where it is in its owner's own account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloudflare: Option<CloudflareAccount>,
}

/// A Worker in somebody's own Cloudflare account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudflareAccount {
    pub account_id: String,
    pub script_name: String,
    /// Of the API token, which is a credential of the project.
    pub api_token_last4: Option<String>,
}

/// What a deployment leaves to take away: an object and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// Of the object.
    pub key: String,
    /// Name of the file, as it is saved.
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    pub id: String,
    pub project_id: String,
    pub user_id: String,
    pub job_id: String,
    /// Bundle that is deployed.
    pub bundle_id: String,
    pub target: Target,
    pub status: DeploymentStatus,
    pub access: Access,
    pub url: Option<String>,
    pub endpoint: Option<String>,
    pub worker_id: Option<String>,
    /// `1`, `2`, … within the project.
    pub version: String,
    pub modules_key: Option<String>,
    #[serde(deserialize_with = "decode::optional_json")]
    pub artifact: Option<Artifact>,
    #[serde(deserialize_with = "decode::json")]
    pub config: DeploymentConfig,
    #[serde(deserialize_with = "decode::json")]
    pub logs: Vec<String>,
    pub created_at: String,
    pub stopped_at: Option<String>,
}

/// The deployment, where its project is the principal's (`?1`, id `?2`).
fn select(principal: &Principal, id: &str) -> Statement {
    Statement::new(
        concat!(selected!(), "WHERE d.id = ?2 AND ", reads!("d.project_id")),
        [principal.scope(), id.into()],
    )
}

pub async fn get(
    db: &impl Database,
    principal: &Principal,
    id: &str,
) -> Result<Deployment, StoreError> {
    let mut outcomes = run(db, vec![select(principal, id)]).await?;
    decode::found(outcomes.last_row(), "deployment")
}

/// Newest first, at most [`MAX_PAGE`].
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Vec<Deployment>, StoreError> {
    let deployments = Statement::new(
        concat!(
            selected!(),
            "WHERE d.project_id = ?2 AND ",
            reads!("?2"),
            " ORDER BY d.created_at DESC, d.id DESC LIMIT ?3"
        ),
        [principal.scope(), project_id.into(), MAX_PAGE.into()],
    );
    let mut outcomes = run(db, vec![readable(principal, project_id), deployments]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    decode::rows(outcomes.rows(1))
}

/// pending → building. Safe to repeat; `Conflict deployment_ended` afterwards.
pub async fn set_building(
    db: &impl Database,
    principal: &Principal,
    id: &str,
) -> Result<Deployment, StoreError> {
    let update = Statement::new(
        concat!(
            "UPDATE deployments SET status = 'building' \
             WHERE id = ?2 AND status IN ('pending', 'building') AND ",
            edits!("deployments.project_id")
        ),
        [principal.scope(), id.into()],
    );
    changed(db, vec![update, select(principal, id)]).await
}

/// pending or building → failed; what was live stays live. Safe to repeat.
pub async fn fail(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    now: &str,
) -> Result<Deployment, StoreError> {
    time::check(now)?;
    let update = Statement::new(
        concat!(
            "UPDATE deployments SET status = 'failed', stopped_at = COALESCE(stopped_at, ?3) \
             WHERE id = ?2 AND status IN ('pending', 'building', 'failed') AND ",
            edits!("deployments.project_id")
        ),
        [principal.scope(), id.into(), now.into()],
    );
    changed(db, vec![update, select(principal, id)]).await
}

/// Appends lines to the log. Lines over [`MAX_LOG_BYTES`] in all are dropped:
/// a log must not stop a deployment.
pub async fn append_logs(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    lines: &[String],
) -> Result<(), StoreError> {
    if lines.is_empty() {
        return Ok(());
    }
    let items = serde_json::Value::from(lines.to_vec()).to_string();
    let items = items.get(1..items.len() - 1).unwrap_or_default().to_owned();
    let mut statements = vec![select(principal, id)];
    if items.len() <= MAX_LOG_BYTES {
        let limit = i64::try_from(MAX_LOG_BYTES - items.len()).unwrap_or_default();
        // Grown as text, so that two appends cannot lose each other's lines:
        // both SQLite and Postgres know substr, and their JSON functions differ.
        statements.push(Statement::new(
            concat!(
                "UPDATE deployments SET logs = substr(logs, 1, length(logs) - 1) || \
                 CASE WHEN logs = '[]' THEN '' ELSE ',' END || ?3 || ']' \
                 WHERE id = ?2 AND length(logs) < ?4 AND ",
                edits!("deployments.project_id")
            ),
            [principal.scope(), id.into(), items.into(), limit.into()],
        ));
    }
    let mut outcomes = run(db, statements).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("deployment"));
    }
    Ok(())
}

/// Runs a guarded update followed by its select.
async fn changed(db: &impl Database, statements: Vec<Statement>) -> Result<Deployment, StoreError> {
    let mut outcomes = run(db, statements).await?;
    let deployment = decode::found(outcomes.last_row(), "deployment")?;
    if outcomes.changes(0) == 0 {
        return Err(ended(&deployment));
    }
    Ok(deployment)
}

fn ended(deployment: &Deployment) -> StoreError {
    let state = match deployment.status {
        DeploymentStatus::Pending | DeploymentStatus::Building => "still in the making",
        DeploymentStatus::Live => "live",
        DeploymentStatus::Failed => "failed",
        DeploymentStatus::Stopped => "stopped",
    };
    StoreError::conflict(
        "deployment_ended",
        format!(
            "version {} is {state} and cannot change this way",
            deployment.version
        ),
    )
}
