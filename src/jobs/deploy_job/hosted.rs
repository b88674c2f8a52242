//! A version that is hosted here.

use std::collections::BTreeMap;

use mcpengine_api::{BundleFile, DeployStep, Event, HealthCheck};
use mcpengine_package::install;
use mcpengine_store::deployments::{self, Deployment, GoLive};
use mcpengine_store::{calls, keys, slugs, tokens};
use mcpengine_typescript::{CompileError, CompileOptions, Compiler, Platform, SourceFile};

use crate::address;
use crate::clock;
use crate::endpoint_token;
use crate::error::ApiError;
use crate::health;
use crate::hosted::{CompiledModules, Version};
use crate::jobs::deploy_job::{Input, Log, result};
use crate::jobs::{Job, Terminal};
use crate::place::Place;
use crate::scripts;
use crate::secrets::{self, Sealed};

/// Folder of the generated project that becomes the isolate's modules.
pub(super) const SOURCES: &str = "src/";
pub(super) const SDK: &str = "@modelcontextprotocol/server";

/// 1. `compiling`: TypeScript to JavaScript modules;
/// 2. `uploading`: the modules as one object, under the deployment's own key, and
///    where the adapter is `scripts-api` as a script of the deployment's own name;
/// 3. `checking`: the new version, not yet live, lists its tools;
/// 4. `routing`: one batch puts it live and stops the one before.
pub(super) async fn deploy(
    job: &Job,
    mut input: Input,
    mut secrets: Vec<Sealed>,
) -> Result<Terminal, ApiError> {
    let mut log = Log::default();
    let files = std::mem::take(&mut input.bundle.bundle.files);
    let modules_key = upload(job, &input.deployment.id, files, &mut log).await?;
    let mut version = in_isolate(job, &input.deployment, &modules_key);
    place(job, &mut version, &mut secrets, &mut log).await?;
    let (tools, health) = check(job, &version, &mut log).await?;
    calls::set_tools(&job.app.db, &job.principal, &input.deployment.id, &tools).await?;
    let routing = format!("{} tools are there. Routing", health.tools);
    log.step(job, DeployStep::Routing, 85, &routing)?;
    secrets::store(&job.app, &job.principal, &job.project_id, &secrets).await?;
    let (slug, live) = go_live(job, &input, &version, &mut log).await?;
    let token = first_token(job, live.access).await?;
    Ok(terminal(&slug, live, token, health, log))
}

/// Compiles the files and writes their modules; returns the key. The files are
/// gone then: a large project and its modules do not fit into the isolate twice.
pub(super) async fn upload(
    job: &Job,
    deployment: &str,
    files: Vec<BundleFile>,
    log: &mut Log,
) -> Result<String, ApiError> {
    let compiling = "Compiling TypeScript to JavaScript modules";
    log.step(job, DeployStep::Compiling, 15, compiling)?;
    let compiled = compile(files)?;
    let size = compiled.bytes().div_ceil(1_000);
    let uploading = format!("Uploading {} modules, {size} kB", compiled.count());
    log.step(job, DeployStep::Uploading, 40, &uploading)?;
    let key = keys::modules(&job.project_id, deployment);
    let pieces = compiled.into_pieces();
    let written = job.app.objects.put_pieces(&key, pieces, "application/json");
    written.await?;
    Ok(key)
}

/// The version as it is stored, to be started in our own loader.
pub(super) fn in_isolate(job: &Job, deployment: &Deployment, modules_key: &str) -> Version {
    Version {
        project_id: job.project_id.clone(),
        deployment_id: deployment.id.clone(),
        modules_key: modules_key.to_owned(),
        config: deployment.config.clone(),
        place: Place::Isolate,
        token: None,
    }
}

/// Brings the version to where it is going to run. The row says where from before
/// it is there.
async fn place(
    job: &Job,
    version: &mut Version,
    secrets: &mut Vec<Sealed>,
    log: &mut Log,
) -> Result<(), ApiError> {
    let (app, principal) = (&job.app, &job.principal);
    version.place = scripts::place(app, &version.deployment_id).await?;
    if let Some(worker_id) = version.place.worker_id() {
        let uploading = "Uploading the version to Cloudflare";
        log.step(job, DeployStep::Uploading, 50, uploading)?;
        deployments::set_worker(&app.db, principal, &version.deployment_id, &worker_id).await?;
    }
    scripts::upload(app, principal, version, secrets).await
}

/// Starts the new version; the names of the tools it lists.
pub(super) async fn check(
    job: &Job,
    version: &Version,
    log: &mut Log,
) -> Result<(Vec<String>, HealthCheck), ApiError> {
    let checking = "Starting the new version and listing its tools";
    log.step(job, DeployStep::Checking, 60, checking)?;
    let started = clock::now_millis();
    let tools = health::check(&job.app, version);
    let tools = job.unless_stopped(tools).await??;
    let health = HealthCheck {
        passed: true,
        tools: health::count(&tools),
        milliseconds: clock::now_millis().saturating_sub(started),
    };
    Ok((tools, health))
}

/// Claims the name where the project has none yet, and switches it over.
async fn go_live(
    job: &Job,
    input: &Input,
    version: &Version,
    log: &mut Log,
) -> Result<(String, Deployment), ApiError> {
    let (db, principal, id) = (&job.app.db, &job.principal, &input.deployment.id);
    let slug = claim_slug(job, &input.slug).await?;
    let address = address::of(&job.app.config, &input.origin, &slug);
    deployments::append_logs(db, principal, id, &log.lines).await?;
    let worker_id = version.place.worker_id();
    let live = GoLive {
        deployment_id: id,
        url: &address.url,
        endpoint: Some(&address.endpoint),
        modules_key: Some(&version.modules_key),
        artifact: None,
        worker_id: worker_id.as_deref(),
    };
    let live = deployments::go_live(db, principal, &live, &clock::now()).await?;
    log.lines.push(format!("Live at {}", address.endpoint));
    Ok((slug, live))
}

/// Each file is gone as soon as its module is there.
fn compile(mut files: Vec<BundleFile>) -> Result<CompiledModules, ApiError> {
    files.retain(|file| mcpengine_codegen::is_worker_source(&file.path));
    let options = CompileOptions {
        bare_imports: BTreeMap::from([(SDK.to_owned(), "runtime.js".to_owned())]),
        strip_prefix: SOURCES.to_owned(),
        platform: Platform::Isolate,
    };
    let paths = files.iter().map(|file| file.path.as_str());
    let compiler = Compiler::new(paths, &options).map_err(refused)?;
    let mut compiled = CompiledModules::new("worker.js");
    for file in files {
        let source = SourceFile {
            path: file.path,
            text: file.content,
        };
        let module = compiler.compile(&source).map_err(refused)?;
        drop(source);
        compiled.push(&module.name, &module.js)?;
    }
    Ok(compiled)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err asks for"
)]
pub(super) fn refused(errors: Vec<CompileError>) -> ApiError {
    let message = errors.first().map_or_else(
        || "The project does not compile".to_owned(),
        ToString::to_string,
    );
    ApiError::new(422, "compile_failed", message)
}

async fn claim_slug(job: &Job, base: &str) -> Result<String, ApiError> {
    let suffix = crate::digest::hex(&clock::random::<4>()?);
    let candidates = slugs::candidates(base, &suffix);
    let now = clock::now();
    Ok(slugs::claim(
        &job.app.db,
        &job.principal,
        &job.project_id,
        &candidates,
        &now,
    )
    .await?)
}

/// A token where the endpoint wants one and the project has none: later
/// deployments leave the tokens of its clients alone.
async fn first_token(job: &Job, access: deployments::Access) -> Result<Option<String>, ApiError> {
    if access == deployments::Access::Public {
        return Ok(None);
    }
    let held = tokens::list(&job.app.db, &job.principal, &job.project_id).await?;
    if held.iter().any(|token| token.revoked_at.is_none()) {
        return Ok(None);
    }
    let name = "first deployment";
    let minted = endpoint_token::mint(&job.app, &job.principal, &job.project_id, name).await?;
    Ok(Some(minted.token.expose().to_owned()))
}

/// `token` is in the event that the client sees, and in no other.
pub(super) fn terminal(
    name: &str,
    live: Deployment,
    token: Option<String>,
    health: HealthCheck,
    log: Log,
) -> Terminal {
    let asks = live.access == deployments::Access::Token;
    let endpoint = live.endpoint.clone().unwrap_or_default();
    let install = install::endpoint(name, &endpoint, asks);
    let mut shown_once = result(live, health, install);
    shown_once.logs = log.lines;
    let kept = shown_once.clone();
    shown_once.token = token;
    Terminal {
        event: Event::DeployLive(shown_once),
        stored: Some(Event::DeployLive(kept)),
    }
}
