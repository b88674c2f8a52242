use std::rc::Rc;

use mcpengine_api::{DeployedCloudflare, DeployedConfig, Deployment, DeploymentList};
use mcpengine_plan::AuthScheme;
use mcpengine_store::audit::Action;
use mcpengine_store::deployments::{self, Activation};
use mcpengine_store::{Principal, Role, StoreError, calls, slugs};
use worker::{Request, Response};

use crate::address;
use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::health;
use crate::hosted::{self, Version};
use crate::http::{json_response, set_header};
use crate::routes::projects::{load_as, named};
use crate::scripts;
use crate::secrets;
use crate::wire;

pub(crate) async fn list_deployments(
    app: &App,
    principal: &Principal,
    project_id: &str,
) -> Result<Response, ApiError> {
    let rows = deployments::list(&app.db, principal, project_id)
        .await
        .map_err(|error| named(error, project_id))?;
    let deployments = rows.into_iter().map(deployment).collect();
    json_response(200, &DeploymentList { deployments })
}

pub(crate) async fn get_deployment(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    let row = deployments::get(&app.db, principal, id).await?;
    json_response(200, &deployment(row))
}

/// The file that the deployment made, as it is saved.
pub(crate) async fn get_artifact(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    let row = deployments::get(&app.db, principal, id).await?;
    let artifact = row.artifact.ok_or_else(|| {
        ApiError::not_found(
            "no_artifact",
            "The deployment has no file to take away: it failed, or it runs where it is",
        )
    })?;
    let found = app.objects.open(&artifact.key).await?;
    let mut response = found
        .ok_or_else(|| ApiError::internal(&format!("the object {} is missing", artifact.key)))?;
    let disposition = format!("attachment; filename=\"{}\"", artifact.name);
    for (name, value) in [
        ("content-type", artifact.media_type.as_str()),
        ("content-disposition", &disposition),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        set_header(&mut response, name, value)?;
    }
    Ok(response)
}

/// Makes an earlier version live again:
/// 1. the version, else 404 `deployment_not_found`; one that failed, is in the
///    making or is not hosted here is a 409;
/// 2. one outside of our own loader is uploaded anew, with the credentials of now;
///    it starts and lists its tools, else 502, and what is live stays live;
/// 3. one batch puts it live and stops the one that was.
pub(crate) async fn activate_deployment(
    app: &Rc<App>,
    principal: &Principal,
    id: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let version = deployments::get(&app.db, principal, id).await?;
    load_as(app, principal, &version.project_id, Role::Editor).await?;
    activate(app, principal, version, request).await
}

/// 1. The version that was live last, else 409 `never_live`; then as
///    [`activate_deployment`].
pub(crate) async fn start_project(
    app: &Rc<App>,
    principal: &Principal,
    project_id: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    load_as(app, principal, project_id, Role::Editor).await?;
    let version = deployments::last_live(&app.db, principal, project_id)
        .await
        .map_err(|error| named(error, project_id))?;
    activate(app, principal, version, request).await
}

/// From the next request on the server answers `server_stopped`. The name stays
/// the project's own.
pub(crate) async fn stop_project(
    app: &App,
    principal: &Principal,
    project_id: &str,
) -> Result<Response, ApiError> {
    load_as(app, principal, project_id, Role::Editor).await?;
    let db = app.noted(principal, Action::ServerStopped, project_id, None, None)?;
    deployments::stop(&db, principal, project_id, &clock::now())
        .await
        .map_err(|error| named(error, project_id))?;
    Ok(Response::builder().with_status(204).empty())
}

async fn activate(
    app: &Rc<App>,
    principal: &Principal,
    version: deployments::Deployment,
    request: &Request,
) -> Result<Response, ApiError> {
    // 1.
    deployments::check_kept(&version)?;
    if version.status == deployments::DeploymentStatus::Live {
        return json_response(200, &deployment(version));
    }
    let slug = slugs::of_project(&app.db, principal, &version.project_id)
        .await?
        .ok_or(StoreError::NotFound("deployment"))?;
    let id = version.id.clone();
    let mut version = Version::try_from(version)?;
    // 2.
    hosted::load_anew(&id);
    let mut sealed = Vec::new();
    scripts::upload(app, principal, &mut version, &mut sealed).await?;
    secrets::store(app, principal, &version.project_id, &sealed).await?;
    let tools = health::check(app, &version).await?;
    calls::set_tools(&app.db, principal, &id, &tools).await?;
    // 3.
    let address = address::of(&app.config, &request.url()?, &slug);
    let activation = Activation {
        deployment_id: &id,
        url: &address.url,
        endpoint: &address.endpoint,
    };
    let (action, project) = (
        Action::DeploymentActivated,
        Some(version.project_id.as_str()),
    );
    let db = app.noted(principal, action, &id, project, None)?;
    let live = deployments::activate(&db, principal, &activation, &clock::now()).await?;
    json_response(200, &deployment(live))
}

pub(super) fn deployment(row: deployments::Deployment) -> Deployment {
    let schemes = row.config.auth_schemes.iter();
    let secrets = schemes.flat_map(AuthScheme::all_secrets);
    let secrets = secrets.map(|secret| secret.name.clone()).collect();
    Deployment {
        id: row.id,
        project_id: row.project_id,
        target: wire::target(row.target),
        status: wire::status(row.status),
        access: wire::access(row.access),
        url: row.url,
        endpoint: row.endpoint,
        artifact: row.artifact.map(wire::artifact),
        version: Some(row.version),
        tools: row.config.tools,
        config: DeployedConfig {
            base_url: row.config.base_url,
            variables: row.config.variables,
            allowed_hosts: row.config.allowed_hosts,
            secrets,
            cloudflare: row.config.cloudflare.map(|own| DeployedCloudflare {
                account_id: own.account_id,
                script_name: own.script_name,
                api_token_last4: own.api_token_last4,
            }),
        },
        logs: row.logs,
        created_at: row.created_at,
        stopped_at: row.stopped_at,
    }
}
