//! A bundle in, a live server out.

use std::collections::BTreeMap;
use std::rc::Rc;

use mcpengine_api::{Access, BundleFile, DeployResult, DeployStep, Event};
use mcpengine_store::deployments::{self, Deployment, GoLive};
use mcpengine_store::{ObjectStore, StoreError, calls, keys, slugs, tokens};
use mcpengine_typescript::{CompileError, CompileOptions, Compiler, SourceFile};
use url::Url;

use crate::address;
use crate::clock;
use crate::endpoint_token;
use crate::error::ApiError;
use crate::health;
use crate::hosted::{CompiledModules, Version};
use crate::jobs::generate_job::StoredBundle;
use crate::jobs::{Job, Terminal};
use crate::secrets::{self, Sealed};

/// Folder of the generated project that becomes the isolate's modules.
const SOURCES: &str = "src/";
const SDK: &str = "@modelcontextprotocol/server";

#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) deployment: Deployment,
    /// The project's own; the hosted name is it, or starts from it.
    pub(crate) slug: String,
    pub(crate) bundle: StoredBundle,
    /// Of the request: where the studio is, and so where development's servers are.
    pub(crate) origin: Url,
    /// Stored once the version has passed its check: a deployment that fails
    /// leaves the credentials of the live one alone.
    pub(crate) secrets: Vec<Sealed>,
}

/// 1. `compiling`: TypeScript to JavaScript modules;
/// 2. `uploading`: the modules as one object, under the deployment's own key;
/// 3. `checking`: the new version, not yet live, lists its tools;
/// 4. `routing`: one batch puts it live and stops the one before.
///
/// A failure leaves what was live as it was.
pub(crate) async fn run(job: Rc<Job>, input: Input) -> Result<Terminal, ApiError> {
    let id = input.deployment.id.clone();
    let outcome = deploy(&job, input).await;
    if let Err(error) = &outcome {
        give_up(&job, &id, error).await;
    }
    outcome
}

/// Marks the deployment failed and takes its modules away, unless it went live
/// after all. Each step is tried whatever became of the one before: the project
/// may have been deleted meanwhile.
async fn give_up(job: &Job, id: &str, error: &ApiError) {
    let (db, principal) = (&job.app.db, &job.principal);
    let line = format!("Failed: {}", error.message);
    let logged = deployments::append_logs(db, principal, id, &[line]).await;
    let failed = deployments::fail(db, principal, id, &clock::now()).await;
    let removed = match failed {
        Err(StoreError::Conflict { .. }) => Ok(()),
        _ => {
            let key = keys::modules(&job.project_id, id);
            job.app.objects.delete(&[key]).await
        }
    };
    for error in [logged.err(), failed.err(), removed.err()]
        .into_iter()
        .flatten()
    {
        worker::console_error!("deployment {id}, giving up: {error}");
    }
}

async fn deploy(job: &Job, mut input: Input) -> Result<Terminal, ApiError> {
    let mut log = Log::default();
    deployments::set_building(&job.app.db, &job.principal, &input.deployment.id).await?;
    let modules_key = upload(job, &mut input, &mut log).await?;
    let tools = check(job, &input, &modules_key, &mut log).await?;
    let routing = format!("{tools} tools are there. Routing");
    log.step(job, DeployStep::Routing, 85, &routing)?;
    secrets::store(&job.app, &job.principal, &job.project_id, &input.secrets).await?;
    let address = go_live(job, &input, &modules_key, &log).await?;
    let token = first_token(job, input.deployment.access).await?;
    log.lines.push(format!("Live at {}", address.endpoint));
    Ok(terminal(input.deployment, address, token, tools, log.lines))
}

/// Compiles the bundle and writes its modules; returns their key. The files are
/// gone then: a large project and its modules do not fit into the isolate twice.
async fn upload(job: &Job, input: &mut Input, log: &mut Log) -> Result<String, ApiError> {
    let compiling = "Compiling TypeScript to JavaScript modules";
    log.step(job, DeployStep::Compiling, 15, compiling)?;
    let compiled = compile(std::mem::take(&mut input.bundle.bundle.files))?;
    let size = compiled.bytes().div_ceil(1_000);
    let uploading = format!("Uploading {} modules, {size} kB", compiled.count());
    log.step(job, DeployStep::Uploading, 40, &uploading)?;
    let key = keys::modules(&job.project_id, &input.deployment.id);
    let pieces = compiled.into_pieces();
    let written = job.app.objects.put_pieces(&key, pieces, "application/json");
    written.await?;
    Ok(key)
}

/// Starts the new version and keeps the names of the tools it lists; their number.
async fn check(
    job: &Job,
    input: &Input,
    modules_key: &str,
    log: &mut Log,
) -> Result<u32, ApiError> {
    let checking = "Starting the new version and listing its tools";
    log.step(job, DeployStep::Checking, 60, checking)?;
    let version = Version {
        project_id: job.project_id.clone(),
        deployment_id: input.deployment.id.clone(),
        modules_key: modules_key.to_owned(),
        config: input.deployment.config.clone(),
    };
    let tools = health::check(&job.app, &version).await?;
    let id = &version.deployment_id;
    calls::set_tools(&job.app.db, &job.principal, id, &tools).await?;
    Ok(health::count(&tools))
}

/// Claims the name where the project has none yet, and switches it over.
async fn go_live(
    job: &Job,
    input: &Input,
    modules_key: &str,
    log: &Log,
) -> Result<address::Address, ApiError> {
    let (db, principal, id) = (&job.app.db, &job.principal, &input.deployment.id);
    let slug = claim_slug(job, &input.slug).await?;
    let address = address::of(&job.app.config, &input.origin, &slug);
    deployments::append_logs(db, principal, id, &log.lines).await?;
    let live = GoLive {
        deployment_id: id,
        url: &address.url,
        endpoint: &address.endpoint,
        modules_key: Some(modules_key),
        worker_id: None,
    };
    deployments::go_live(db, principal, &live, &clock::now()).await?;
    Ok(address)
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

/// Each file is gone as soon as its module is there.
fn compile(mut files: Vec<BundleFile>) -> Result<CompiledModules, ApiError> {
    files.retain(|file| mcpengine_codegen::is_worker_source(&file.path));
    let options = CompileOptions {
        bare_imports: BTreeMap::from([(SDK.to_owned(), "runtime.js".to_owned())]),
        strip_prefix: SOURCES.to_owned(),
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
fn refused(errors: Vec<CompileError>) -> ApiError {
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

fn terminal(
    deployment: Deployment,
    address: address::Address,
    token: Option<String>,
    tools: u32,
    logs: Vec<String>,
) -> Terminal {
    let shown_once = DeployResult {
        url: address.url,
        endpoint: address.endpoint,
        status: "live".to_owned(),
        deployment_id: deployment.id,
        version: deployment.version,
        access: match deployment.access {
            deployments::Access::Token => Access::Token,
            deployments::Access::Public => Access::Public,
        },
        token,
        tools,
        logs,
    };
    let kept = DeployResult {
        token: None,
        ..shown_once.clone()
    };
    Terminal {
        event: Event::DeployLive(shown_once),
        stored: Some(Event::DeployLive(kept)),
    }
}
