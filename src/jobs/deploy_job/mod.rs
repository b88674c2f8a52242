//! A bundle in, a version out: live here, or made to be taken away.

mod hosted;
mod npm;
mod own_account;
mod pack;

use std::collections::BTreeMap;
use std::rc::Rc;

use mcpengine_api::{DeployResult, DeployStep, DownloadFormat, Event, HealthCheck, InstallSnippet};
use mcpengine_package::install::{Language, Snippet};
use mcpengine_store::deployments::{self, Deployment, DeploymentStatus, Target};
use mcpengine_store::{ObjectStore, StoreError, keys};
use serde::{Deserialize, Serialize};
use url::Url;

pub(crate) use npm::{Publication, Publisher};
pub(crate) use own_account::OwnAccount;

use crate::clock;
use crate::error::ApiError;
use crate::jobs::generate_job::StoredBundle;
use crate::jobs::{Job, Terminal, attempts};
use crate::project_plan;
use crate::scripts;
use crate::secrets::Sealed;
use crate::wire;

#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) deployment: Deployment,
    /// The project's own; the hosted name is it, or starts from it.
    pub(crate) slug: String,
    pub(crate) bundle: StoredBundle,
    /// Of the request: where the studio is, and so where development's servers are.
    pub(crate) origin: Url,
    pub(crate) destination: Destination,
}

/// What is kept of a deployment for a later attempt.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    pub(crate) deployment_id: String,
    pub(crate) slug: String,
    pub(crate) origin: Url,
    pub(crate) destination: Destination,
}

impl Input {
    /// Of a later attempt.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn load(job: &Job, kept: Kept) -> Result<Self, ApiError> {
        let (db, principal) = (&job.app.db, &job.principal);
        let deployment = deployments::get(db, principal, &kept.deployment_id).await?;
        let key = keys::bundle(&job.project_id, &deployment.bundle_id);
        let bundle = project_plan::object(&job.app, &key).await?;
        Ok(Self {
            bundle: serde_json::from_slice(&bundle)?,
            deployment,
            slug: kept.slug,
            origin: kept.origin,
            destination: kept.destination,
        })
    }
}

/// Where a version goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Destination {
    /// Live here. The secrets are stored once the version has passed its check: a
    /// deployment that fails leaves the credentials of the live one alone.
    Hosted { secrets: Vec<Sealed> },
    /// A Worker in its owner's own Cloudflare account.
    OwnAccount(Box<OwnAccount>),
    /// Taken away, with these settings in its `.env.example`.
    Archive {
        settings: BTreeMap<String, String>,
        form: Archive,
    },
    /// A package, published where it has a token.
    Npm(Box<Publication>),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Archive {
    /// A build context; the image's name where the project's own is not wanted.
    Docker {
        image: Option<String>,
    },
    Download(DownloadFormat),
}

/// Hosted: compile, upload, check, route. Taken away: compile, check, pack, and
/// publish where that is wanted. Either way the version is not live before it was
/// started and listed its tools, and a failure leaves what was live as it was.
pub(crate) async fn run(job: Rc<Job>, input: Input) -> Result<Terminal, ApiError> {
    let id = input.deployment.id.clone();
    let outcome = deploy(&job, input).await;
    if let Err(error) = &outcome
        && !attempts::is_tried_again(&job, error)
    {
        give_up(&job, &id, error).await;
    }
    outcome
}

/// The deployment of a job that is not taken up again.
pub(crate) async fn abandon(job: &Job, project: &str) -> Result<(), ApiError> {
    let (db, principal) = (&job.app.db, &job.principal);
    let rows = deployments::list(db, principal, project).await?;
    for row in rows.into_iter().filter(|row| row.job_id == job.id()) {
        if row.status != DeploymentStatus::Live {
            give_up(job, &row.id, &attempts::interrupted()).await;
        }
    }
    Ok(())
}

async fn deploy(job: &Job, mut input: Input) -> Result<Terminal, ApiError> {
    if input.deployment.status == DeploymentStatus::Live {
        return already_live(input.deployment);
    }
    deployments::set_building(&job.app.db, &job.principal, &input.deployment.id).await?;
    let nothing = Destination::Hosted {
        secrets: Vec::new(),
    };
    match std::mem::replace(&mut input.destination, nothing) {
        Destination::Hosted { secrets } => hosted::deploy(job, input, secrets).await,
        Destination::OwnAccount(account) => own_account::deploy(job, input, *account).await,
        Destination::Archive { settings, form } => pack::deploy(job, input, &settings, form).await,
        Destination::Npm(publication) => npm::deploy(job, input, &publication).await,
    }
}

/// An attempt before put the version live and could not tell. A token that it made
/// is lost with it; the user makes another.
fn already_live(deployment: Deployment) -> Result<Terminal, ApiError> {
    let health = HealthCheck {
        passed: true,
        tools: deployment.config.tools,
        milliseconds: 0,
    };
    Ok(terminal(deployment, health, Vec::new()))
}

/// Marks the deployment failed and takes its objects away, unless it went live
/// after all. Each step is tried whatever became of the one before: the project
/// may have been deleted meanwhile.
async fn give_up(job: &Job, id: &str, error: &ApiError) {
    let (db, principal) = (&job.app.db, &job.principal);
    let line = format!("Failed: {}", error.message);
    let logged = deployments::append_logs(db, principal, id, &[line]).await;
    let failed = deployments::fail(db, principal, id, &clock::now()).await;
    // Only where it is known not to be live: what a name points to must be there.
    let removed = match &failed {
        Ok(_) | Err(StoreError::NotFound(_)) => {
            remove_script(job, id, failed.as_ref().ok()).await;
            remove_objects(job, id).await
        }
        Err(_) => Ok(()),
    };
    for error in [logged.err(), failed.err(), removed.err()]
        .into_iter()
        .flatten()
    {
        crate::log::error!("deployment {id}, giving up: {error}");
    }
}

/// What cannot be taken away now goes with the project, whose row still names it. A
/// Worker in its owner's account stays.
async fn remove_script(job: &Job, id: &str, failed: Option<&Deployment>) {
    let (app, principal) = (&job.app, &job.principal);
    let outcome = match failed {
        Some(row) if row.target != Target::Mcpengine => return,
        Some(row) => match &row.worker_id {
            Some(worker_id) => scripts::delete(app, worker_id).await,
            None => return,
        },
        // The project is gone, with the row, perhaps before the script was there.
        None => scripts::delete_version(app, id).await,
    };
    let outcome = match (outcome, failed) {
        (Ok(()), Some(_)) => deployments::forget_worker(&app.db, principal, id)
            .await
            .map_err(ApiError::from),
        (outcome, _) => outcome,
    };
    if let Err(error) = outcome {
        crate::log::error!("deployment {id}, script: {}", error.message);
    }
}

async fn remove_objects(job: &Job, id: &str) -> Result<(), StoreError> {
    let prefix = keys::deployment_prefix(&job.project_id, id);
    let objects = job.app.objects.list(&prefix).await?;
    job.app.objects.delete(&objects).await
}

#[derive(Default)]
struct Log {
    lines: Vec<String>,
}

impl Log {
    fn step(
        &mut self,
        job: &Job,
        step: DeployStep,
        percent: u8,
        message: &str,
    ) -> Result<(), ApiError> {
        self.lines.push(message.to_owned());
        job.emit(&progress(step, percent, message, job.id(), &job.project_id))
    }
}

/// The event `deploy:progress`.
pub(crate) fn progress(
    step: DeployStep,
    percent: u8,
    message: &str,
    job: &str,
    project: &str,
) -> Event {
    Event::DeployProgress {
        step,
        percent,
        message: message.to_owned(),
        job_id: job.to_owned(),
        project_id: project.to_owned(),
    }
}

/// The end of a deployment that nobody has to be shown anything once.
fn terminal(live: Deployment, health: HealthCheck, install: Vec<Snippet>) -> Terminal {
    Event::DeployLive(result(live, health, install)).into()
}

/// What is told of a version that is live. `token` is left out.
fn result(live: Deployment, health: HealthCheck, install: Vec<Snippet>) -> DeployResult {
    DeployResult {
        target: wire::target(live.target),
        url: live.url.unwrap_or_default(),
        endpoint: live.endpoint,
        status: "live".to_owned(),
        deployment_id: live.id,
        version: live.version,
        access: wire::access(live.access),
        token: None,
        tools: health.tools,
        health,
        artifact: live.artifact.map(wire::artifact),
        install: install.into_iter().map(snippet).collect(),
        logs: live.logs,
    }
}

fn snippet(snippet: Snippet) -> InstallSnippet {
    let language = match snippet.language {
        Language::Shell => "shell",
        Language::Json => "json",
    };
    InstallSnippet {
        title: snippet.title.to_owned(),
        language: language.to_owned(),
        text: snippet.text,
    }
}
