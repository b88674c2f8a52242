use std::rc::Rc;

use mcpengine_api::{DeployRequest, DeployStep};
use mcpengine_store::audit::Action as Audited;
use mcpengine_store::deployments::{self, Deployment, NewDeployment};
use mcpengine_store::jobs::{JobKind, Lease, NewJob};
use mcpengine_store::projects::Project;
use mcpengine_store::{Principal, Role};
use mcpengine_tiers::Action;
use url::Url;
use worker::{Request, Response};

use crate::app::App;
use crate::clock;
use crate::destination::{self, Wanted};
use crate::error::ApiError;
use crate::http::read_json;
use crate::jobs::deploy_job::{self, Input, Kept};
use crate::jobs::input::JobInput;
use crate::jobs::{self, Job};
use crate::limits::{self, Use};
use crate::routes::projects;

/// 1. The fields, else 400; 2. the project, else 404; its bundle, else 409
///    `not_generated`; 3. what the target takes, against the API's own variables
///    and secrets, else 400; 4. one use of the tier's rate, else 429; 5. no other
///    deployment under way, else 409 `deploy_running`, and room for a server, else
///    409 `too_many_servers`; 6. the job's stream.
pub(crate) async fn deploy(
    app: Rc<App>,
    principal: Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: DeployRequest = read_json(request).await?;
    let project = projects::load_as(&app, &principal, &body.project_id, Role::Editor).await?;
    if project.bundle.is_none() {
        return Err(ApiError::conflict(
            "not_generated",
            "The project has no generated server yet. Call /api/generate first",
        ));
    }
    let bundle = projects::bundle(&app, &project).await?;
    let wanted = destination::of(&app, &principal, &project, &bundle.upstream, body).await?;
    let origin = request.url()?;
    let slug = project.slug.clone();
    let held = limits::holder(&app, &principal, Some(&project.id)).await?;
    let one = limits::take(&app, held, Action::Deploy).await?;
    let begun = begin(&app, &principal, (&project, &one), &wanted, &origin).await;
    let begun = begun.map_err(|error| one.explained(error));
    let (deployment, lease) = one.unless_failed(&app, begun).await?;
    // From here on the deployment exists: whatever fails is its end.
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
        destination: wanted.destination,
    };
    one.told(jobs::run(job, &first, move |job| {
        deploy_job::run(job, input)
    })?)
}

/// The deployment and its job, or neither.
async fn begin(
    app: &App,
    principal: &Principal,
    (project, one): (&Project, &Use),
    wanted: &Wanted,
    origin: &Url,
) -> Result<(Deployment, Lease), ApiError> {
    let (id, project_id) = (clock::new_id()?, project.id.as_str());
    let kept = Kept {
        deployment_id: id.clone(),
        slug: project.slug.clone(),
        origin: origin.clone(),
        destination: wanted.destination.clone(),
    };
    let deployment = NewDeployment {
        id: &id,
        project_id,
        target: wanted.target,
        access: wanted.access,
        config: &wanted.config,
        server_limit: one.server_limit(),
    };
    let job = NewJob {
        id: &one.job_id,
        project_id: Some(project_id),
        kind: JobKind::Deploy,
        input: &serde_json::to_value(JobInput::Deploy(Box::new(kept)))?,
        lease_until: &jobs::lease_until(),
    };
    let (action, access) = (Audited::DeploymentCreated, wanted.access.as_str());
    let db = app.noted(principal, action, &id, Some(project_id), Some(access))?;
    let (deployment, job) =
        deployments::begin(&db, principal, &deployment, &job, &clock::now()).await?;
    Ok((deployment, job.lease()))
}
