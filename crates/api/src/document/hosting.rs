//! Versions of a server, their tokens and credentials, and what they are asked.

use crate::{
    CallLog, CreateToken, Deployment, DeploymentList, DeploymentMetrics, EndpointToken,
    ErrorEnvelope, SecretList, TokenList,
};

#[utoipa::path(get, path = "/api/projects/{id}/deployments", tag = "projects", operation_id = "list_deployments",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "Newest first", body = DeploymentList),
        (status = 404, description = "No such project", body = ErrorEnvelope),
    ))]
pub(super) fn list_deployments() {}

/// Stop the live server; its address stays the project's own.
///
/// Requests to it are answered 503 `server_stopped` from then on. Safe to repeat.
#[utoipa::path(post, path = "/api/projects/{id}/stop", tag = "hosting", operation_id = "stop_project",
    security(("bearer" = ["servers:deploy"])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Nothing of the project is live"),
        (status = 404, description = "No such project", body = ErrorEnvelope),
    ))]
pub(super) fn stop_project() {}

/// Start a stopped server with the version that was live last.
#[utoipa::path(post, path = "/api/projects/{id}/start", tag = "hosting", operation_id = "start_project",
    security(("bearer" = ["servers:deploy"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The version that is live", body = Deployment),
        (status = 404, description = "No such project", body = ErrorEnvelope),
        (status = 409, description = "No version was ever live", body = ErrorEnvelope),
        (status = 502, description = "The version does not start or lists too few tools", body = ErrorEnvelope),
    ))]
pub(super) fn start_project() {}

/// The endpoint tokens, without their text.
#[utoipa::path(get, path = "/api/projects/{id}/tokens", tag = "hosting", operation_id = "list_tokens",
    security(("bearer" = ["servers:deploy"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "Those that work, then revoked ones", body = TokenList),
        (status = 404, description = "No such project", body = ErrorEnvelope),
    ))]
pub(super) fn list_tokens() {}

/// Make another endpoint token; it is shown this once.
#[utoipa::path(post, path = "/api/projects/{id}/tokens", tag = "hosting", operation_id = "create_token",
    security(("bearer" = ["servers:deploy"])),
    params(("id" = String, Path)), request_body = Option<CreateToken>,
    responses(
        (status = 201, description = "The token", body = EndpointToken),
        (status = 400, description = "Invalid name", body = ErrorEnvelope),
        (status = 404, description = "No such project", body = ErrorEnvelope),
        (status = 409, description = "The project has 50 tokens that work", body = ErrorEnvelope),
    ))]
pub(super) fn create_token() {}

/// Revoke an endpoint token: the next request with it is refused.
#[utoipa::path(delete, path = "/api/projects/{id}/tokens/{tokenId}", tag = "hosting", operation_id = "revoke_token",
    security(("bearer" = ["servers:deploy"])),
    params(("id" = String, Path), ("tokenId" = String, Path)),
    responses(
        (status = 204, description = "Revoked"),
        (status = 404, description = "No such project or token", body = ErrorEnvelope),
    ))]
pub(super) fn revoke_token() {}

/// The stored credentials of the project's API, without their text.
#[utoipa::path(get, path = "/api/projects/{id}/secrets", tag = "hosting", operation_id = "list_secrets",
    security(("bearer" = ["servers:deploy"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "By name", body = SecretList),
        (status = 404, description = "No such project", body = ErrorEnvelope),
    ))]
pub(super) fn list_secrets() {}

/// Delete a stored credential: the live server is without it from the next call on.
///
/// To store or replace one, deploy with it.
#[utoipa::path(delete, path = "/api/projects/{id}/secrets/{name}", tag = "hosting", operation_id = "delete_secret",
    security(("bearer" = ["servers:deploy"])),
    params(("id" = String, Path), ("name" = String, Path, description = "Environment variable, `TRELLO_API_KEY`")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such project or credential", body = ErrorEnvelope),
    ))]
pub(super) fn delete_secret() {}

#[utoipa::path(get, path = "/api/deployments/{id}", tag = "hosting", operation_id = "get_deployment",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The version", body = Deployment),
        (status = 404, description = "No such version", body = ErrorEnvelope),
    ))]
pub(super) fn get_deployment() {}

/// Make an earlier version live again, and stop the live one.
///
/// The version is checked first: it has to start and list its tools. Safe to
/// repeat; for the live version it does nothing.
#[utoipa::path(post, path = "/api/deployments/{id}/activate", tag = "hosting", operation_id = "activate_deployment",
    security(("bearer" = ["servers:deploy"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The version, live", body = Deployment),
        (status = 404, description = "No such version", body = ErrorEnvelope),
        (status = 409, description = "It failed, is in the making or is not hosted here", body = ErrorEnvelope),
        (status = 502, description = "It does not start or lists too few tools", body = ErrorEnvelope),
    ))]
pub(super) fn activate_deployment() {}

/// The file that the deployment made: a package, a build context or an archive.
#[utoipa::path(get, path = "/api/deployments/{id}/artifact", tag = "hosting", operation_id = "get_deployment_artifact",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The file, under its name", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, description = "No such version, or it made no file", body = ErrorEnvelope),
    ))]
pub(super) fn get_deployment_artifact() {}

/// What a version was asked: calls, errors, durations and bytes by tool.
#[utoipa::path(get, path = "/api/deployments/{id}/metrics", tag = "hosting", operation_id = "get_deployment_metrics",
    security(("bearer" = ["projects:read"])),
    params(
        ("id" = String, Path),
        ("hours" = Option<u32>, Query, description = "How far back, this hour included", minimum = 1, maximum = 720, example = 24),
    ),
    responses(
        (status = 200, description = "Sums over those hours", body = DeploymentMetrics),
        (status = 400, description = "Bad hours", body = ErrorEnvelope),
        (status = 404, description = "No such version", body = ErrorEnvelope),
    ))]
pub(super) fn get_deployment_metrics() {}

/// The latest requests to a version, of which 200 are kept.
///
/// Newest first, or with `after` those that came in after it, oldest first. With
/// `Accept: text/event-stream` they are events, `call` with `CallEvent` as data:
/// those after `Last-Event-ID` or `after`, else all that are kept, and then each
/// new one within a second. The stream ends after a minute, to be taken up again.
#[utoipa::path(get, path = "/api/deployments/{id}/logs", tag = "hosting", operation_id = "get_deployment_logs",
    security(("bearer" = ["projects:read"])),
    params(
        ("id" = String, Path),
        ("after" = Option<i64>, Query, description = "Id of a call", minimum = 0),
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100, example = 50),
        ("Last-Event-ID" = Option<String>, Header, description = "Continue the stream after this event"),
    ),
    responses(
        (status = 200, description = "One page", body = CallLog),
        (status = 400, description = "Bad after, limit or Last-Event-ID", body = ErrorEnvelope),
        (status = 404, description = "No such version", body = ErrorEnvelope),
    ))]
pub(super) fn get_deployment_logs() {}
