use std::collections::BTreeMap;
use std::rc::Rc;

use mcpengine_api::{Access, DeployRequest, DeployStep};
use mcpengine_store::Principal;
use mcpengine_store::deployments::{self, Deployment, DeploymentConfig, NewDeployment};
use mcpengine_store::jobs::{JobKind, Lease, NewJob};
use serde_json::Value;
use worker::{Request, Response};

use crate::app::App;
use crate::clock;
use crate::error::{ApiError, shown};
use crate::http::read_json;
use crate::jobs::deploy_job::{self, Input};
use crate::jobs::generate_job::Upstream;
use crate::jobs::{self, Job};
use crate::routes::projects;
use crate::secrets;
use crate::upstream;

/// Longest credential; JSON keys of service accounts fit.
const SECRET_BYTES: usize = 16 << 10;

/// 1. The fields, else 400; 2. the project, else 404; its bundle, else 409
///    `not_generated`; 3. variables and secrets against the API's own, else 400;
/// 4. no other deployment under way, else 409 `deploy_running`; 5. the secrets,
///    sealed; 6. the job's stream.
pub(crate) async fn deploy(
    app: Rc<App>,
    principal: Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: DeployRequest = read_json(request).await?;
    let project = projects::load(&app, &principal, &body.project_id).await?;
    if project.bundle.is_none() {
        return Err(ApiError::conflict(
            "not_generated",
            "The project has no generated server yet. Call /api/generate first",
        ));
    }
    let bundle = projects::bundle(&app, &project).await?;
    let policy = app.config.egress_policy();
    let resolved = upstream::resolve(&bundle.upstream, &body.config.variables, &policy)?;
    check_secrets(&bundle.upstream, &body.config.secrets)?;
    let config = DeploymentConfig {
        base_url: resolved.base_url,
        variables: resolved.variables,
        allowed_hosts: resolved.hosts,
        auth_schemes: bundle.upstream.schemes.clone(),
        tools: bundle.upstream.tools,
    };
    let access = match body.config.access {
        Access::Token => deployments::Access::Token,
        Access::Public => deployments::Access::Public,
    };
    let sealed = secrets::seal(&app, &principal, &project.id, &body.config.secrets)?;
    let (deployment, lease) = begin(&app, &principal, &project.id, access, &config).await?;
    // From here on the deployment exists: whatever fails is its end.
    let origin = request.url()?;
    let slug = project.slug;
    let job = Job::new(app, principal, JobKind::Deploy, lease, project.id);
    let first = deploy_job::progress(
        DeployStep::Accepted,
        0,
        &format!(
            "Version {} of {}",
            deployment.version, bundle.upstream.service
        ),
        job.id(),
        &job.project_id,
    );
    let input = Input {
        deployment,
        slug,
        bundle,
        origin,
        secrets: sealed,
    };
    jobs::run(job, &first, move |job| deploy_job::run(job, input))
}

/// The deployment and its job, or neither.
async fn begin(
    app: &App,
    principal: &Principal,
    project_id: &str,
    access: deployments::Access,
    config: &DeploymentConfig,
) -> Result<(Deployment, Lease), ApiError> {
    let deployment = NewDeployment {
        id: &clock::new_id()?,
        project_id,
        target: deployments::Target::Mcpengine,
        access,
        config,
    };
    let job = NewJob {
        id: &clock::new_id()?,
        project_id: Some(project_id),
        kind: JobKind::Deploy,
        input: &Value::Null,
        lease_until: &jobs::lease_until(),
    };
    let (deployment, job) =
        deployments::begin(&app.db, principal, &deployment, &job, &clock::now()).await?;
    Ok((deployment, job.lease()))
}

fn check_secrets(upstream: &Upstream, secrets: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let known: Vec<&str> = upstream
        .schemes
        .iter()
        .flat_map(|scheme| &scheme.secrets)
        .map(|secret| secret.name.as_str())
        .collect();
    for (name, value) in secrets {
        if !known.contains(&name.as_str()) {
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            return Err(ApiError::bad_request(
                "unknown_secret",
                format!("The API has no secret {}. It has {known}", shown(name)),
            ));
        }
        // The message must not hold the value.
        if value.is_empty() || value.len() > SECRET_BYTES || value.chars().any(char::is_control) {
            return Err(ApiError::bad_request(
                "invalid_secret",
                format!("{name} is empty, longer than {SECRET_BYTES} bytes or holds line breaks"),
            ));
        }
    }
    Ok(())
}
