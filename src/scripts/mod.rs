//! The adapter `scripts-api`: versions as scripts of Cloudflare's API, in a dispatch
//! namespace of ours, or as Workers with an address of their own.
//!
//! A script has its deployment's id in its name, so a version stays what it is, and
//! which one answers is decided by the slug's row, as for our own loader.

pub(crate) mod metadata;

use mcpengine_cloudflare::Metadata;
use mcpengine_store::Principal;
use wasm_bindgen::JsValue;

use crate::adapters::cloudflare_api::{CloudflareApi, Upload};
use crate::adapters::loader;
use crate::app::App;
use crate::bindings;
use crate::config::DeployAdapter;
use crate::error::ApiError;
use crate::hosted::Version;
use crate::place::Place;
use crate::scripts::metadata::Door;
use crate::secrets::{self, Opened, Sealed};

/// Where new versions go; for those with an address, the account is asked for its
/// sub-domain.
///
/// # Errors
/// `misconfigured`, or `cloudflare_…`.
pub(crate) async fn place(app: &App, deployment_id: &str) -> Result<Place, ApiError> {
    let namespace = match &app.config.adapter {
        DeployAdapter::Loader => return Ok(Place::Isolate),
        DeployAdapter::ScriptsApi { namespace, .. } => namespace.clone(),
    };
    let script = script_name(deployment_id);
    Ok(match namespace {
        Some(namespace) => Place::Dispatched { namespace, script },
        None => Place::Worker {
            subdomain: platform(app)?.subdomain().await?,
            script,
        },
    })
}

fn script_name(deployment_id: &str) -> String {
    format!("mcpe-{deployment_id}")
}

/// Uploads the version to its place, again where it is there; nothing to do for our
/// own loader. What comes back is new in `sealed` and stored with the rest.
///
/// # Errors
/// `cloudflare_…`, `misconfigured`.
pub(crate) async fn upload(
    app: &App,
    principal: &Principal,
    version: &mut Version,
    sealed: &mut Vec<Sealed>,
) -> Result<(), ApiError> {
    let project_id = &version.project_id;
    let tags = tags(project_id);
    let metadata = match &version.place {
        Place::Isolate => return Ok(()),
        Place::Dispatched { .. } => metadata::dispatched(&version.config, tags),
        Place::Worker { .. } => {
            let known = secrets::of_project(app, principal, project_id, sealed).await?;
            let token = gateway_token(app, principal, project_id, &known, sealed).await?;
            let metadata =
                metadata::standalone(&version.config, Door::Gateway(&token), &known, tags);
            version.token = Some(token);
            metadata
        }
    };
    let api = platform(app)?;
    send(app, &api, version, &metadata).await
}

/// The project's, made where it has none.
async fn gateway_token(
    app: &App,
    principal: &Principal,
    project_id: &str,
    known: &Opened,
    sealed: &mut Vec<Sealed>,
) -> Result<String, ApiError> {
    if let Some(token) = known.get(secrets::GATEWAY_TOKEN) {
        return Ok(token.clone());
    }
    let token = crate::digest::hex(&crate::clock::random::<32>()?);
    let name = secrets::GATEWAY_TOKEN;
    sealed.push(secrets::seal_one(app, principal, project_id, name, &token).await?);
    Ok(token)
}

/// Uploads the version's stored modules with `metadata`, and lets it answer where it
/// has an address.
///
/// # Errors
/// `cloudflare_…`.
pub(crate) async fn send(
    app: &App,
    api: &CloudflareApi,
    version: &Version,
    metadata: &Metadata,
) -> Result<(), ApiError> {
    let Some((namespace, name)) = version.place.script() else {
        return Err(ApiError::internal("an isolate is not uploaded"));
    };
    let script = api.script(namespace, name)?;
    let compiled = modules(app, &version.modules_key).await?;
    let upload = Upload {
        metadata,
        compiled: &compiled,
    };
    api.upload(&script, &upload).await?;
    if namespace.is_none() {
        api.enable(&script).await?;
    }
    Ok(())
}

/// The stored modules and what they import.
async fn modules(app: &App, key: &str) -> Result<JsValue, ApiError> {
    let compiled = app.objects.get_json(key).await?;
    let compiled = compiled.ok_or_else(|| ApiError::internal(&format!("{key} is missing")))?;
    loader::add_runtime(&compiled)
        .map_err(|error| ApiError::internal(&format!("modules: {error:?}")))?;
    Ok(compiled)
}

/// Takes the script away that a deployment's `worker_id` names, where it is ours.
///
/// # Errors
/// `cloudflare_…`.
pub(crate) async fn delete(app: &App, worker_id: &str) -> Result<(), ApiError> {
    let place = Place::parse(Some(worker_id))?;
    let Some((namespace, name)) = place.script() else {
        return Ok(());
    };
    let api = platform(app)?;
    api.delete(&api.script(namespace, name)?).await
}

/// Takes the script of a version away whose row is gone.
///
/// # Errors
/// `cloudflare_…`.
pub(crate) async fn delete_version(app: &App, deployment_id: &str) -> Result<(), ApiError> {
    let DeployAdapter::ScriptsApi { namespace } = &app.config.adapter else {
        return Ok(());
    };
    let name = script_name(deployment_id);
    let api = platform(app)?;
    api.delete(&api.script(namespace.as_deref(), &name)?).await
}

/// By which a script is known to be ours, and whose.
pub(crate) fn tags(project_id: &str) -> Vec<String> {
    vec!["mcpengine".to_owned(), project_tag(project_id)]
}

pub(crate) fn project_tag(project_id: &str) -> String {
    format!("mcpengine-{project_id}")
}

/// Our own account. It is asked for by its versions also when new ones go elsewhere.
fn platform(app: &App) -> Result<CloudflareApi, ApiError> {
    let account = app.config.cloudflare_account.as_deref().unwrap_or_default();
    let token = app.env.secret(bindings::CLOUDFLARE_API_TOKEN);
    let token = token.map(|token| token.to_string()).unwrap_or_default();
    CloudflareApi::new(&app.config.cloudflare.api, account, &token).map_err(|error| {
        ApiError::misconfigured(format!(
            "CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN: {}",
            error.message
        ))
    })
}
