//! A version as a Worker in its owner's own Cloudflare account. It stands on its own:
//! it holds its API's credentials, and asks for an access token itself.

use mcpengine_api::DeployStep;
use mcpengine_store::deployments::{self, Access, Deployment, GoLive};
use serde::{Deserialize, Serialize};

use crate::adapters::cloudflare_api::CloudflareApi;
use crate::clock;
use crate::error::{ApiError, shown};
use crate::hosted::Version;
use crate::jobs::deploy_job::{Input, Log, hosted};
use crate::jobs::{Job, Terminal};
use crate::place::Place;
use crate::scripts;
use crate::scripts::metadata::{self, Door};
use crate::secrets::{self, Sealed};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnAccount {
    pub(crate) account_id: String,
    pub(crate) script_name: String,
    /// Of the request, the account's token among them.
    pub(crate) secrets: Vec<Sealed>,
    pub(crate) new_access_token: bool,
}

/// What clients of the Worker send.
struct AccessToken {
    text: String,
    /// Whether nobody has been shown it yet.
    is_new: bool,
}

/// 1. `compiling`, and `checking` in our own loader: what does not start never
///    reaches the account;
/// 2. `routing`: the account's sub-domain, and whose Worker has the name, else 409
///    `script_taken`;
/// 3. `uploading`: from here on the account runs it, so what it was given is stored;
/// 4. `checking`: it lists its tools at its own address.
pub(super) async fn deploy(
    job: &Job,
    mut input: Input,
    mut account: OwnAccount,
) -> Result<Terminal, ApiError> {
    let mut log = Log::default();
    let id = input.deployment.id.clone();
    let files = std::mem::take(&mut input.bundle.bundle.files);
    let modules_key = hosted::upload(job, &id, files, &mut log).await?;
    let mut version = hosted::in_isolate(job, &input.deployment, &modules_key);
    hosted::check(job, &version, &mut log).await?;

    let api = api(job, &account).await?;
    version.place = place(job, &api, &account.script_name, &mut log).await?;
    let token = upload(
        job,
        &api,
        &mut account,
        &mut version,
        &input.deployment,
        &mut log,
    )
    .await?;
    let (_, health) = hosted::check(job, &version, &mut log).await?;
    let live = go_live(job, &version, &mut log).await?;
    let shown = token.filter(|token| token.is_new).map(|token| token.text);
    Ok(hosted::terminal(
        &account.script_name,
        live,
        shown,
        health,
        log,
    ))
}

/// The account, by the token of the request or of an earlier one.
async fn api(job: &Job, account: &OwnAccount) -> Result<CloudflareApi, ApiError> {
    let (app, principal) = (&job.app, &job.principal);
    let known = secrets::of_project(app, principal, &job.project_id, &account.secrets).await?;
    let token = known.get(secrets::CLOUDFLARE_API_TOKEN);
    let token = token.ok_or_else(|| ApiError::internal("the account's token is gone"))?;
    CloudflareApi::new(&app.config.cloudflare.api, &account.account_id, token)
}

/// Where the Worker is going to be, where the name is free or the project's own.
async fn place(
    job: &Job,
    api: &CloudflareApi,
    name: &str,
    log: &mut Log,
) -> Result<Place, ApiError> {
    let routing = format!("Looking for the place of the Worker {name}");
    log.step(job, DeployStep::Routing, 65, &routing)?;
    let subdomain = api.subdomain().await?;
    let script = api.script(None, name)?;
    let own = scripts::project_tag(&job.project_id);
    match api.tags(&script).await? {
        Some(tags) if !tags.contains(&own) => Err(ApiError::conflict(
            "script_taken",
            format!(
                "The account has a Worker {} that this project did not make. Choose another config.cloudflare.scriptName",
                shown(name)
            ),
        )),
        _ => Ok(Place::Worker {
            subdomain,
            script: name.to_owned(),
        }),
    }
}

async fn upload(
    job: &Job,
    api: &CloudflareApi,
    account: &mut OwnAccount,
    version: &mut Version,
    deployment: &Deployment,
    log: &mut Log,
) -> Result<Option<AccessToken>, ApiError> {
    let (app, principal) = (&job.app, &job.principal);
    let uploading = format!("Uploading the Worker {}", account.script_name);
    log.step(job, DeployStep::Uploading, 70, &uploading)?;
    let token = match deployment.access {
        Access::Public => None,
        Access::Token => Some(access_token(job, account).await?),
    };
    let secrets = &account.secrets;
    let known = secrets::of_project(app, principal, &job.project_id, secrets).await?;
    let door = match &token {
        Some(token) => Door::Token(&token.text),
        None => Door::Public,
    };
    let tags = scripts::tags(&job.project_id);
    let metadata = metadata::standalone(&version.config, door, &known, tags);
    if let Some(worker_id) = version.place.worker_id() {
        deployments::set_worker(&app.db, principal, &version.deployment_id, &worker_id).await?;
    }
    scripts::send(app, api, version, &metadata).await?;
    secrets::store(app, principal, &job.project_id, secrets).await?;
    version.token = token.as_ref().map(|token| token.text.clone());
    Ok(token)
}

/// The one that clients have already, or a new one.
async fn access_token(job: &Job, account: &mut OwnAccount) -> Result<AccessToken, ApiError> {
    let (app, principal, project) = (&job.app, &job.principal, &job.project_id);
    let name = secrets::CLOUDFLARE_ACCESS_TOKEN;
    if !account.new_access_token {
        let mut known = secrets::of_project(app, principal, project, &[]).await?;
        if let Some(text) = known.remove(name) {
            return Ok(AccessToken {
                text,
                is_new: false,
            });
        }
    }
    let prefix = mcpengine_vault::token::ENDPOINT_PREFIX;
    let minted = mcpengine_vault::token::mint(prefix, clock::random()?);
    let text = minted.expose().to_owned();
    let sealed = secrets::seal_one(app, principal, project, name, &text).await?;
    account.secrets.push(sealed);
    Ok(AccessToken { text, is_new: true })
}

async fn go_live(job: &Job, version: &Version, log: &mut Log) -> Result<Deployment, ApiError> {
    let (db, principal) = (&job.app.db, &job.principal);
    let address = version.place.address(&job.app.config)?;
    let address = address.ok_or_else(|| ApiError::internal("a Worker without an address"))?;
    let url = address.as_str().trim_end_matches('/');
    let endpoint = format!("{url}/mcp");
    deployments::append_logs(db, principal, &version.deployment_id, &log.lines).await?;
    let worker_id = version.place.worker_id();
    let live = GoLive {
        deployment_id: &version.deployment_id,
        url,
        endpoint: Some(&endpoint),
        modules_key: Some(&version.modules_key),
        artifact: None,
        worker_id: worker_id.as_deref(),
    };
    let live = deployments::go_live(db, principal, &live, &clock::now()).await?;
    log.lines.push(format!("Live at {endpoint}"));
    Ok(live)
}
