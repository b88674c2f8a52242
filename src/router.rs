//! Every route of the API, in reading order. A path that is here under another
//! method is answered 405; docs/openapi.json lists the same routes.

use std::rc::Rc;

use mcpengine_api::TokenScope;
use mcpengine_store::Principal;
use serde_json::json;
use worker::{Method, Request, Response};

use crate::app::App;
use crate::auth;
use crate::auth::scopes::Access;
use crate::error::ApiError;
use crate::routes::{
    account, analyze, calls, deploy, deployments, generate, invitations, jobs, limits,
    personal_tokens, projects, secrets, studio, teams, tokens,
};

/// Whether a route needs to know who asks.
#[derive(Debug, Clone, Copy)]
enum Endpoint {
    /// It tells nothing of anybody.
    Public(Open),
    /// How it may be signed in to, and what it does.
    Guarded(Access, Scoped),
}

use Endpoint::{Guarded, Public};

const ANY: Access = Access::Any;
const SESSION: Access = Access::Session;
const READ: Access = Access::Scope(TokenScope::ProjectsRead);
const WRITE: Access = Access::Scope(TokenScope::ProjectsWrite);
const DEPLOY: Access = Access::Scope(TokenScope::ServersDeploy);

#[derive(Debug, Clone, Copy)]
enum Open {
    Health,
    Config,
    Openapi,
    Tiers,
}

#[derive(Debug, Clone, Copy)]
enum Scoped {
    GetMe,
    ListPersonalTokens,
    CreatePersonalToken,
    RevokePersonalToken,
    Team(Sharing),
    ListProjects,
    CreateProject,
    GetProject,
    UpdateProject,
    DeleteProject,
    TransferProject,
    GetAnalysis,
    ListTools,
    GetBundle,
    ListDeployments,
    StopProject,
    StartProject,
    ListTokens,
    CreateToken,
    RevokeToken,
    ListSecrets,
    DeleteSecret,
    GetDeployment,
    ActivateDeployment,
    GetArtifact,
    GetMetrics,
    GetLogs,
    Analyze,
    Generate,
    Deploy,
    GetJob,
    CancelJob,
    GetJobEvents,
    GetUsage,
}

/// What concerns teams: who is in them, and who is asked in.
#[derive(Debug, Clone, Copy)]
enum Sharing {
    ListTeams,
    CreateTeam,
    GetTeam,
    UpdateTeam,
    DeleteTeam,
    TransferTeam,
    UpdateMember,
    RemoveMember,
    CreateInvitation,
    RevokeInvitation,
    PreviewInvitation,
    AcceptInvitation,
}

const ROUTES: &[(Method, &str, Endpoint)] = &[
    (Method::Get, "/api/health", Public(Open::Health)),
    (Method::Get, "/api/config", Public(Open::Config)),
    (Method::Get, "/api/openapi.json", Public(Open::Openapi)),
    (Method::Get, "/api/tiers", Public(Open::Tiers)),
    (Method::Get, "/api/me", Guarded(ANY, Scoped::GetMe)),
    (
        Method::Get,
        "/api/tokens",
        Guarded(SESSION, Scoped::ListPersonalTokens),
    ),
    (
        Method::Post,
        "/api/tokens",
        Guarded(SESSION, Scoped::CreatePersonalToken),
    ),
    (
        Method::Delete,
        "/api/tokens/{id}",
        Guarded(SESSION, Scoped::RevokePersonalToken),
    ),
    (
        Method::Get,
        "/api/teams",
        Guarded(READ, Scoped::Team(Sharing::ListTeams)),
    ),
    (
        Method::Post,
        "/api/teams",
        Guarded(SESSION, Scoped::Team(Sharing::CreateTeam)),
    ),
    (
        Method::Get,
        "/api/teams/{id}",
        Guarded(READ, Scoped::Team(Sharing::GetTeam)),
    ),
    (
        Method::Patch,
        "/api/teams/{id}",
        Guarded(SESSION, Scoped::Team(Sharing::UpdateTeam)),
    ),
    (
        Method::Delete,
        "/api/teams/{id}",
        Guarded(SESSION, Scoped::Team(Sharing::DeleteTeam)),
    ),
    (
        Method::Post,
        "/api/teams/{id}/transfer",
        Guarded(SESSION, Scoped::Team(Sharing::TransferTeam)),
    ),
    (
        Method::Patch,
        "/api/teams/{id}/members/{userId}",
        Guarded(SESSION, Scoped::Team(Sharing::UpdateMember)),
    ),
    (
        Method::Delete,
        "/api/teams/{id}/members/{userId}",
        Guarded(SESSION, Scoped::Team(Sharing::RemoveMember)),
    ),
    (
        Method::Post,
        "/api/teams/{id}/invitations",
        Guarded(SESSION, Scoped::Team(Sharing::CreateInvitation)),
    ),
    (
        Method::Delete,
        "/api/teams/{id}/invitations/{invitationId}",
        Guarded(SESSION, Scoped::Team(Sharing::RevokeInvitation)),
    ),
    (
        Method::Post,
        "/api/invitations/preview",
        Guarded(SESSION, Scoped::Team(Sharing::PreviewInvitation)),
    ),
    (
        Method::Post,
        "/api/invitations/accept",
        Guarded(SESSION, Scoped::Team(Sharing::AcceptInvitation)),
    ),
    (
        Method::Get,
        "/api/projects",
        Guarded(READ, Scoped::ListProjects),
    ),
    (
        Method::Post,
        "/api/projects",
        Guarded(WRITE, Scoped::CreateProject),
    ),
    (
        Method::Get,
        "/api/projects/{id}",
        Guarded(READ, Scoped::GetProject),
    ),
    (
        Method::Patch,
        "/api/projects/{id}",
        Guarded(WRITE, Scoped::UpdateProject),
    ),
    (
        Method::Delete,
        "/api/projects/{id}",
        Guarded(WRITE, Scoped::DeleteProject),
    ),
    (
        Method::Post,
        "/api/projects/{id}/transfer",
        Guarded(SESSION, Scoped::TransferProject),
    ),
    (
        Method::Get,
        "/api/projects/{id}/analysis",
        Guarded(READ, Scoped::GetAnalysis),
    ),
    (
        Method::Get,
        "/api/projects/{id}/tools",
        Guarded(READ, Scoped::ListTools),
    ),
    (
        Method::Get,
        "/api/projects/{id}/bundle",
        Guarded(READ, Scoped::GetBundle),
    ),
    (
        Method::Get,
        "/api/projects/{id}/deployments",
        Guarded(READ, Scoped::ListDeployments),
    ),
    (
        Method::Post,
        "/api/projects/{id}/stop",
        Guarded(DEPLOY, Scoped::StopProject),
    ),
    (
        Method::Post,
        "/api/projects/{id}/start",
        Guarded(DEPLOY, Scoped::StartProject),
    ),
    (
        Method::Get,
        "/api/projects/{id}/tokens",
        Guarded(DEPLOY, Scoped::ListTokens),
    ),
    (
        Method::Post,
        "/api/projects/{id}/tokens",
        Guarded(DEPLOY, Scoped::CreateToken),
    ),
    (
        Method::Delete,
        "/api/projects/{id}/tokens/{tokenId}",
        Guarded(DEPLOY, Scoped::RevokeToken),
    ),
    (
        Method::Get,
        "/api/projects/{id}/secrets",
        Guarded(DEPLOY, Scoped::ListSecrets),
    ),
    (
        Method::Delete,
        "/api/projects/{id}/secrets/{name}",
        Guarded(DEPLOY, Scoped::DeleteSecret),
    ),
    (
        Method::Get,
        "/api/deployments/{id}",
        Guarded(READ, Scoped::GetDeployment),
    ),
    (
        Method::Post,
        "/api/deployments/{id}/activate",
        Guarded(DEPLOY, Scoped::ActivateDeployment),
    ),
    (
        Method::Get,
        "/api/deployments/{id}/artifact",
        Guarded(READ, Scoped::GetArtifact),
    ),
    (
        Method::Get,
        "/api/deployments/{id}/metrics",
        Guarded(READ, Scoped::GetMetrics),
    ),
    (
        Method::Get,
        "/api/deployments/{id}/logs",
        Guarded(READ, Scoped::GetLogs),
    ),
    (
        Method::Post,
        "/api/analyze",
        Guarded(WRITE, Scoped::Analyze),
    ),
    (
        Method::Post,
        "/api/generate",
        Guarded(WRITE, Scoped::Generate),
    ),
    (Method::Post, "/api/deploy", Guarded(DEPLOY, Scoped::Deploy)),
    (Method::Get, "/api/jobs/{id}", Guarded(READ, Scoped::GetJob)),
    (
        Method::Post,
        "/api/jobs/{id}/cancel",
        Guarded(WRITE, Scoped::CancelJob),
    ),
    (
        Method::Get,
        "/api/jobs/{id}/events",
        Guarded(READ, Scoped::GetJobEvents),
    ),
    (Method::Get, "/api/usage", Guarded(READ, Scoped::GetUsage)),
];

/// Finds the route, makes the principal where the route needs one, calls the handler.
pub(crate) async fn route(app: Rc<App>, mut request: Request) -> Result<Response, ApiError> {
    let path = request.path();
    match find(&request.method(), &path) {
        Found::Endpoint(Public(endpoint), _) => match endpoint {
            Open::Health => studio::get_health(&app),
            Open::Config => studio::get_config(&app, &request),
            Open::Openapi => studio::get_openapi(),
            Open::Tiers => limits::get_tiers(),
        },
        Found::Endpoint(Guarded(access, endpoint), ids) => {
            let principal = auth::principal(&app, &request, access).await?;
            scoped(app, principal, endpoint, &ids, &mut request).await
        }
        Found::OtherMethods(allow) => {
            Err(
                ApiError::new(405, "method_not_allowed", format!("Use {allow}"))
                    .with_details(json!({ "allow": allow })),
            )
        }
        Found::Nothing => Err(ApiError::not_found(
            "no_such_route",
            format!("There is nothing at {}", crate::error::shown(&path)),
        )),
    }
}

async fn scoped(
    app: Rc<App>,
    principal: Principal,
    endpoint: Scoped,
    Ids { id, sub_id }: &Ids,
    request: &mut Request,
) -> Result<Response, ApiError> {
    match endpoint {
        Scoped::ListProjects => projects::list_projects(&app, &principal, request).await,
        Scoped::CreateProject => projects::create_project(&app, &principal, request).await,
        Scoped::GetProject => projects::get_project(&app, &principal, id, request).await,
        Scoped::UpdateProject => projects::update_project(&app, &principal, id, request).await,
        Scoped::TransferProject => projects::transfer_project(&app, &principal, id, request).await,
        Scoped::Team(call) => sharing(&app, &principal, call, id, sub_id, request).await,
        Scoped::DeleteProject => projects::delete_project(&app, &principal, id).await,
        Scoped::GetMe => account::get_me(&app, &principal).await,
        Scoped::ListPersonalTokens => personal_tokens::list_personal_tokens(&app, &principal).await,
        Scoped::CreatePersonalToken => {
            personal_tokens::create_personal_token(&app, &principal, request).await
        }
        Scoped::RevokePersonalToken => {
            personal_tokens::revoke_personal_token(&app, &principal, id).await
        }
        Scoped::GetAnalysis => projects::get_analysis(&app, &principal, id).await,
        Scoped::ListTools => projects::list_tools(&app, &principal, id).await,
        Scoped::GetBundle => projects::get_bundle(&app, &principal, id).await,
        Scoped::ListDeployments => deployments::list_deployments(&app, &principal, id).await,
        Scoped::StopProject => deployments::stop_project(&app, &principal, id).await,
        Scoped::StartProject => deployments::start_project(&app, &principal, id, request).await,
        Scoped::ListTokens => tokens::list_tokens(&app, &principal, id).await,
        Scoped::CreateToken => tokens::create_token(&app, &principal, id, request).await,
        Scoped::RevokeToken => tokens::revoke_token(&app, &principal, id, sub_id).await,
        Scoped::ListSecrets => secrets::list_secrets(&app, &principal, id).await,
        Scoped::DeleteSecret => secrets::delete_secret(&app, &principal, id, sub_id).await,
        Scoped::GetDeployment => deployments::get_deployment(&app, &principal, id).await,
        Scoped::ActivateDeployment => {
            deployments::activate_deployment(&app, &principal, id, request).await
        }
        Scoped::GetArtifact => deployments::get_artifact(&app, &principal, id).await,
        Scoped::GetMetrics => calls::get_metrics(&app, &principal, id, request).await,
        Scoped::GetLogs => calls::get_logs(app, principal, id, request).await,
        Scoped::Analyze => analyze::analyze(app, principal, request).await,
        Scoped::Generate => generate::generate(app, principal, request).await,
        Scoped::Deploy => deploy::deploy(app, principal, request).await,
        Scoped::GetJob => jobs::get_job(&app, &principal, id).await,
        Scoped::CancelJob => jobs::cancel_job(&app, &principal, id).await,
        Scoped::GetJobEvents => jobs::get_job_events(app, principal, id, request).await,
        Scoped::GetUsage => limits::get_usage(&app, &principal).await,
    }
}

async fn sharing(
    app: &App,
    principal: &Principal,
    call: Sharing,
    id: &str,
    sub_id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    match call {
        Sharing::ListTeams => teams::list_teams(app, principal).await,
        Sharing::CreateTeam => teams::create_team(app, principal, request).await,
        Sharing::GetTeam => teams::get_team(app, principal, id).await,
        Sharing::UpdateTeam => teams::update_team(app, principal, id, request).await,
        Sharing::DeleteTeam => teams::delete_team(app, principal, id).await,
        Sharing::TransferTeam => teams::transfer_team(app, principal, id, request).await,
        Sharing::UpdateMember => teams::update_member(app, principal, id, sub_id, request).await,
        Sharing::RemoveMember => teams::remove_member(app, principal, id, sub_id).await,
        Sharing::CreateInvitation => {
            invitations::create_invitation(app, principal, id, request).await
        }
        Sharing::RevokeInvitation => {
            invitations::revoke_invitation(app, principal, id, sub_id).await
        }
        Sharing::PreviewInvitation => {
            invitations::preview_invitation(app, principal, request).await
        }
        Sharing::AcceptInvitation => invitations::accept_invitation(app, principal, request).await,
    }
}

mod paths;
use paths::{Ids, matches};

enum Found {
    Endpoint(Endpoint, Ids),
    OtherMethods(String),
    Nothing,
}

fn find(method: &Method, path: &str) -> Found {
    let mut allow: Vec<String> = Vec::new();
    for (route_method, pattern, endpoint) in ROUTES {
        let Some(ids) = matches(pattern, path) else {
            continue;
        };
        if route_method == method || (*method == Method::Head && *route_method == Method::Get) {
            return Found::Endpoint(*endpoint, ids);
        }
        allow.push(route_method.to_string());
    }
    if allow.is_empty() {
        Found::Nothing
    } else {
        Found::OtherMethods(allow.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn patterns_match_whole_segments() {
        for (pattern, path, expected) in [
            ("/api/projects", "/api/projects", Some(("", ""))),
            ("/api/projects", "/api/projects/", None),
            ("/api/projects/{id}", "/api/projects/7", Some(("7", ""))),
            ("/api/projects/{id}", "/api/projects/", None),
            ("/api/projects/{id}", "/api/projects/7/tools", None),
            (
                "/api/projects/{id}/tools",
                "/api/projects/7/tools",
                Some(("7", "")),
            ),
            ("/api/projects/{id}/tools", "/api/projects//tools", None),
            (
                "/x/{id}/tokens/{tokenId}",
                "/x/7/tokens/8",
                Some(("7", "8")),
            ),
            ("/x/{id}/tokens/{tokenId}", "/x/7/tokens/", None),
            ("/x/{id}/tokens/{tokenId}", "/x//tokens/8", None),
            ("/x/{id}/tokens/{tokenId}", "/x/7/tokens", None),
        ] {
            let expected = expected.map(|(id, sub_id)| Ids {
                id: id.to_owned(),
                sub_id: sub_id.to_owned(),
            });
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    /// The document says of each route how it may be signed in to, as the table does.
    #[test]
    fn the_document_states_every_scope() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("../docs/openapi.json")).expect("JSON");
        for (method, path, endpoint) in ROUTES {
            let operation = &document["paths"][*path][method.to_string().to_lowercase()];
            let expected = match endpoint {
                Public(_) if operation.is_null() => continue,
                Public(_) => json!([{}]),
                Guarded(Access::Any, _) => serde_json::Value::Null,
                Guarded(Access::Session, _) => json!([{ "bearer": ["session"] }]),
                Guarded(Access::Scope(scope), _) => json!([{ "bearer": [scope.name()] }]),
            };
            assert_eq!(operation["security"], expected, "{method} {path}");
        }
    }

    /// The committed document is the API's one description: it lists every route
    /// but its own.
    #[test]
    fn the_document_lists_every_route() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("../docs/openapi.json")).expect("JSON");
        let documented: BTreeSet<String> = document["paths"]
            .as_object()
            .expect("paths")
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().expect("a path item").keys();
                methods.map(move |method| format!("{} {path}", method.to_uppercase()))
            })
            .collect();
        let routed: BTreeSet<String> = ROUTES
            .iter()
            .filter(|(_, path, _)| *path != "/api/openapi.json")
            .map(|(method, path, _)| format!("{method} {path}"))
            .collect();
        assert_eq!(routed, documented);
    }
}
