//! The OpenAPI 3.1 document of the studio's own API.
//!
//! The functions below exist for their attributes alone: the handlers live in
//! the edge, which natively cannot run, and the document has to be made natively.

#![expect(dead_code, reason = "only the attributes are used")]

mod billing;
mod common;
mod hosting;
mod limits;
mod teams;

use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::{
    Account, AnalysisResult, AnalyzeRequest, AuditPage, CallEvent, CreatePersonalToken,
    CreateProject, DeleteAccount, DeployRequest, ErrorEnvelope, Event, ExportRecord,
    GenerateRequest, Health, Job, PersonalToken, PersonalTokenList, Project, ProjectList,
    ServerBundle, StudioConfig, ToolList, UpdateProject,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "MCPEngine Studio",
        description = "Any API description in, a live MCP server out.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        get_health,
        get_config,
        limits::get_tiers,
        limits::get_usage,
        get_me,
        delete_me,
        export_me,
        list_personal_tokens,
        create_personal_token,
        revoke_personal_token,
        list_audit,
        list_projects,
        create_project,
        get_project,
        update_project,
        delete_project,
        get_analysis,
        list_tools,
        get_bundle,
        hosting::list_deployments,
        hosting::stop_project,
        hosting::start_project,
        hosting::list_tokens,
        hosting::create_token,
        hosting::revoke_token,
        hosting::list_secrets,
        hosting::delete_secret,
        hosting::get_deployment,
        hosting::activate_deployment,
        hosting::get_deployment_artifact,
        hosting::get_deployment_metrics,
        hosting::get_deployment_logs,
        billing::get_billing,
        billing::start_checkout,
        billing::open_billing_portal,
        billing::receive_clerk_webhook,
        billing::receive_stripe_webhook,
        analyze,
        generate,
        deploy,
        get_job,
        cancel_job,
        get_job_events,
        teams::list_teams,
        teams::create_team,
        teams::get_team,
        teams::update_team,
        teams::delete_team,
        teams::transfer_team,
        teams::update_member,
        teams::remove_member,
        teams::create_invitation,
        teams::revoke_invitation,
        teams::preview_invitation,
        teams::accept_invitation,
        teams::transfer_project,
    ),
    components(schemas(Event, CallEvent)),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Document;

/// Every operation asks for a token, but for those that say otherwise.
struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "A token of the studio's identity provider, or a personal access token with the \
                 scope that the operation names; `session` takes the former only",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The document as data.
///
/// # Errors
/// Only if the document holds something that JSON cannot express.
pub fn document() -> serde_json::Result<serde_json::Value> {
    serde_json::to_value(Document::openapi()).map(common::complete)
}

/// The document as indented JSON with a final newline, as it is committed.
///
/// # Errors
/// Only if the document holds something that JSON cannot express.
pub fn document_json() -> serde_json::Result<String> {
    serde_json::to_string_pretty(&document()?).map(|json| json + "\n")
}

#[utoipa::path(get, path = "/api/health", tag = "studio", operation_id = "get_health",
    security(()),
    responses((status = 200, description = "The Worker answers", body = Health)))]
fn get_health() {}

#[utoipa::path(get, path = "/api/config", tag = "studio", operation_id = "get_config",
    security(()),
    responses((status = 200, description = "What the front end starts from", body = StudioConfig)))]
fn get_config() {}

/// The account that the token is about.
#[utoipa::path(get, path = "/api/me", tag = "account", operation_id = "get_me",
    responses(
        (status = 200, description = "The account", body = Account),
        (status = 401, description = "No token, or one that is not accepted", body = ErrorEnvelope),
        (status = 403, description = "The account was deleted", body = ErrorEnvelope),
    ))]
fn get_me() {}

/// Delete the account with all that is its own. Nothing of it can be had back.
#[utoipa::path(delete, path = "/api/me", tag = "account", operation_id = "delete_me",
    security(("bearer" = ["session"])),
    request_body = DeleteAccount,
    responses(
        (status = 204, description = "Deleted"),
        (status = 400, description = "Not confirmed", body = ErrorEnvelope),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
        (status = 409, description = "You own a team, or the marketplace lists a project", body = ErrorEnvelope),
    ))]
fn delete_me() {}

/// All that the account holds, one JSON record a line.
#[utoipa::path(get, path = "/api/me/export", tag = "account", operation_id = "export_me",
    security(("bearer" = ["session"])),
    responses(
        (status = 200, description = "Records, the last of them `end`", content_type = "application/x-ndjson", body = ExportRecord),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
    ))]
fn export_me() {}

/// Your personal access tokens.
#[utoipa::path(get, path = "/api/tokens", tag = "account", operation_id = "list_personal_tokens",
    security(("bearer" = ["session"])),
    responses(
        (status = 200, description = "Those that are not revoked first", body = PersonalTokenList),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
    ))]
fn list_personal_tokens() {}

/// Make a personal access token. The answer is the only place that holds it.
#[utoipa::path(post, path = "/api/tokens", tag = "account", operation_id = "create_personal_token",
    security(("bearer" = ["session"])),
    request_body = CreatePersonalToken,
    responses(
        (status = 201, description = "The token", body = PersonalToken),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
        (status = 409, description = "Too many tokens", body = ErrorEnvelope),
    ))]
fn create_personal_token() {}

/// Revoke a personal access token, from the next request on.
#[utoipa::path(delete, path = "/api/tokens/{id}", tag = "account", operation_id = "revoke_personal_token",
    security(("bearer" = ["session"])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Revoked"),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
        (status = 404, description = "No such token", body = ErrorEnvelope),
    ))]
fn revoke_personal_token() {}

/// Sensitive actions of your account, newest first.
#[utoipa::path(get, path = "/api/audit", tag = "account", operation_id = "list_audit",
    security(("bearer" = ["session"])),
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before",
            pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z_[0-9a-f-]{36}$"),
    ),
    responses(
        (status = 200, description = "One page", body = AuditPage),
        (status = 400, description = "Bad limit or cursor", body = ErrorEnvelope),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
    ))]
fn list_audit() {}

/// List projects, newest first.
#[utoipa::path(get, path = "/api/projects", tag = "projects", operation_id = "list_projects",
    security(("bearer" = ["projects:read"])),
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before",
            pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z_[0-9a-f-]{36}$"),
        ("team" = Option<String>, Query, description = "Id of a team, or `none` for your own; all where absent"),
    ),
    responses(
        (status = 200, description = "One page", body = ProjectList),
        (status = 400, description = "Bad limit or cursor", body = ErrorEnvelope),
    ))]
fn list_projects() {}

/// Create an empty project.
#[utoipa::path(post, path = "/api/projects", tag = "projects", operation_id = "create_project",
    security(("bearer" = ["projects:write"])),
    request_body = CreateProject,
    responses(
        (status = 201, description = "Created", body = Project),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 404, description = "No such team", body = ErrorEnvelope),
        (status = 409, description = "The slug is taken", body = ErrorEnvelope),
    ))]
fn create_project() {}

#[utoipa::path(get, path = "/api/projects/{id}", tag = "projects", operation_id = "get_project",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The project", body = Project),
        (status = 404, description = "No such project", body = ErrorEnvelope),
    ))]
fn get_project() {}

/// Rename a project or edit its plan.
#[utoipa::path(patch, path = "/api/projects/{id}", tag = "projects", operation_id = "update_project",
    security(("bearer" = ["projects:write"])),
    params(("id" = String, Path)), request_body = UpdateProject,
    responses(
        (status = 200, description = "The project as it is now", body = Project),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 404, description = "No such project", body = ErrorEnvelope),
        (status = 409, description = "An edit conflicts", body = ErrorEnvelope),
    ))]
fn update_project() {}

/// Stop the server and delete everything of the project.
#[utoipa::path(delete, path = "/api/projects/{id}", tag = "projects", operation_id = "delete_project",
    security(("bearer" = ["projects:write"])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such project", body = ErrorEnvelope),
        (status = 409, description = "The marketplace lists it", body = ErrorEnvelope),
    ))]
fn delete_project() {}

#[utoipa::path(get, path = "/api/projects/{id}/analysis", tag = "projects", operation_id = "get_analysis",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The latest analysis", body = AnalysisResult),
        (status = 404, description = "No such project, or not analysed yet", body = ErrorEnvelope),
    ))]
fn get_analysis() {}

/// The tools with edits applied, disabled ones included.
#[utoipa::path(get, path = "/api/projects/{id}/tools", tag = "projects", operation_id = "list_tools",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "Every tool", body = ToolList),
        (status = 404, description = "No such project, or not analysed yet", body = ErrorEnvelope),
    ))]
fn list_tools() {}

/// The generated TypeScript project.
#[utoipa::path(get, path = "/api/projects/{id}/bundle", tag = "projects", operation_id = "get_bundle",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "Every file", body = ServerBundle),
        (status = 404, description = "No such project, or not generated yet", body = ErrorEnvelope),
    ))]
fn get_bundle() {}

/// Read an API description and plan its tools.
///
/// The body may also be the description itself (any content type), or a form
/// with a file `specFile`; several of them are one description that is split,
/// whose references are resolved by the files' names.
#[utoipa::path(post, path = "/api/analyze", tag = "pipeline", operation_id = "analyze",
    security(("bearer" = ["projects:write"])),
    request_body = AnalyzeRequest,
    responses(
        (status = 200, description = "`analysis:progress`, `analysis:tool_found`, then `analysis:complete` or `error`",
            content_type = "text/event-stream", body = Event),
        (status = 400, description = "Not one description", body = ErrorEnvelope),
        (status = 404, description = "No such project", body = ErrorEnvelope),
        (status = 413, description = "Over the size limit", body = ErrorEnvelope),
        (status = 429, description = "The tier's rate is used up: `Retry-After` says how long", body = ErrorEnvelope),
    ))]
fn analyze() {}

/// Generate the TypeScript project from the plan.
#[utoipa::path(post, path = "/api/generate", tag = "pipeline", operation_id = "generate",
    security(("bearer" = ["projects:write"])),
    request_body = GenerateRequest,
    responses(
        (status = 200, description = "`generate:progress`, `generate:file_ready`, then `generate:complete` or `error`",
            content_type = "text/event-stream", body = Event),
        (status = 400, description = "Invalid override", body = ErrorEnvelope),
        (status = 404, description = "No such project", body = ErrorEnvelope),
        (status = 409, description = "Not analysed yet, or an override conflicts", body = ErrorEnvelope),
        (status = 429, description = "The tier's rate is used up: `Retry-After` says how long", body = ErrorEnvelope),
    ))]
fn generate() {}

/// Put the generated server live, or make what is taken away.
#[utoipa::path(post, path = "/api/deploy", tag = "pipeline", operation_id = "deploy",
    security(("bearer" = ["servers:deploy"])),
    request_body = DeployRequest,
    responses(
        (status = 200, description = "`deploy:progress`, then `deploy:live` or `error`",
            content_type = "text/event-stream", body = Event),
        (status = 400, description = "Invalid config", body = ErrorEnvelope),
        (status = 404, description = "No such project", body = ErrorEnvelope),
        (status = 409, description = "Not generated yet, or a deployment is running", body = ErrorEnvelope),
        (status = 429, description = "The tier's rate is used up: `Retry-After` says how long", body = ErrorEnvelope),
    ))]
fn deploy() {}

#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", operation_id = "get_job",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The job", body = Job),
        (status = 404, description = "No such job", body = ErrorEnvelope),
    ))]
fn get_job() {}

/// End a job at its next step. It then ends with the event `cancelled`, or with
/// its result where that was faster.
#[utoipa::path(post, path = "/api/jobs/{id}/cancel", tag = "jobs", operation_id = "cancel_job",
    security(("bearer" = ["projects:write"])),
    params(("id" = String, Path)),
    responses(
        (status = 202, description = "Its end is asked for", body = Job),
        (status = 404, description = "No such job", body = ErrorEnvelope),
        (status = 409, description = "It has ended already", body = ErrorEnvelope),
    ))]
fn cancel_job() {}

/// Replay a job's events and follow them to the terminal one.
#[utoipa::path(get, path = "/api/jobs/{id}/events", tag = "jobs", operation_id = "get_job_events",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path), ("Last-Event-ID" = Option<String>, Header, description = "Continue after this event")),
    responses(
        (status = 200, description = "The events", content_type = "text/event-stream", body = Event),
        (status = 404, description = "No such job", body = ErrorEnvelope),
    ))]
fn get_job_events() {}
