//! Every route of the API, in reading order. A path that is here under another
//! method is answered 405; docs/openapi.json lists the same routes.

mod table;

use std::rc::Rc;

use mcpengine_store::Principal;
use serde_json::json;
use worker::{Request, Response};

use crate::app::App;
use crate::auth;
use crate::error::ApiError;
use crate::idempotency::{self, Begun};
use crate::routes::{
    account, analyze, audit, billing, calls, deploy, deployments, export, generate, invitations,
    jobs, limits, personal_tokens, projects, secrets, studio, teams, tokens, webhooks,
};

use table::{Guarded, Open, Public, ROUTES, Scoped, Sharing};

/// Finds the route, makes the principal where the route needs one, calls the handler.
pub(crate) async fn route(app: Rc<App>, mut request: Request) -> Result<Response, ApiError> {
    let path = request.path();
    // Not `Request::method`, to which every method that it does not know is GET.
    match find(&request.inner().method(), &path) {
        Found::Endpoint(Public(endpoint), _) => match endpoint {
            Open::Health => studio::get_health(&app),
            Open::Config => studio::get_config(&app, &request),
            Open::Openapi => studio::get_openapi(),
            Open::Tiers => limits::get_tiers(),
            Open::ClerkWebhook => webhooks::receive_clerk(&app, &mut request).await,
            Open::StripeWebhook => webhooks::receive_stripe(&app, &mut request).await,
        },
        Found::Endpoint(Guarded(access, endpoint), ids) => {
            let principal = auth::principal(&app, &request, access).await?;
            if endpoint.makes_something() {
                return once(app, principal, endpoint, &ids, request).await;
            }
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

/// A request that makes something, which its `Idempotency-Key` lets happen once.
async fn once(
    app: Rc<App>,
    principal: Principal,
    endpoint: Scoped,
    ids: &Ids,
    mut request: Request,
) -> Result<Response, ApiError> {
    match idempotency::begin(&app, &principal, &mut request).await? {
        Begun::Plain => scoped(app, principal, endpoint, ids, &mut request).await,
        Begun::Answer(response) => Ok(response),
        Begun::Follow(job) => jobs::get_job_events(app, principal, &job, &request).await,
        Begun::Work(mut work) => {
            let again = (Rc::clone(&app), principal.clone());
            let result = scoped(app, principal, endpoint, ids, &mut work.request).await;
            work.end(&again.0, &again.1, result).await
        }
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
        Scoped::GetBilling => billing::get_billing(&app, &principal).await,
        Scoped::StartCheckout => billing::start_checkout(&app, &principal, request).await,
        Scoped::OpenBillingPortal => billing::open_billing_portal(&app, &principal, request).await,
        Scoped::DeleteMe => account::delete_me(&app, &principal, request).await,
        Scoped::ExportMe => export::export_me(app, principal, request),
        Scoped::ListPersonalTokens => personal_tokens::list_personal_tokens(&app, &principal).await,
        Scoped::CreatePersonalToken => {
            personal_tokens::create_personal_token(&app, &principal, request).await
        }
        Scoped::RevokePersonalToken => {
            personal_tokens::revoke_personal_token(&app, &principal, id).await
        }
        Scoped::ListAudit => audit::list_audit(&app, &principal, request).await,
        Scoped::GetAnalysis => projects::get_analysis(&app, &principal, id).await,
        Scoped::ListTools => projects::list_tools(&app, &principal, id, request).await,
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
        Sharing::GetTeam => teams::get_team(app, principal, id, request).await,
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
    Endpoint(table::Endpoint, Ids),
    OtherMethods(String),
    Nothing,
}

fn find(method: &str, path: &str) -> Found {
    let mut allow: Vec<String> = Vec::new();
    for (route_method, pattern, endpoint) in ROUTES {
        let Some(ids) = matches(pattern, path) else {
            continue;
        };
        let is_head = method == "HEAD" && *route_method == worker::Method::Get;
        if route_method.as_ref() == method || is_head {
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
    use crate::auth::scopes::Access;

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

    /// What may be sent again says so in the document, and nothing else does.
    #[test]
    fn the_document_names_what_takes_an_idempotency_key() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("../docs/openapi.json")).expect("JSON");
        for (method, path, endpoint) in ROUTES {
            let operation = &document["paths"][*path][method.to_string().to_lowercase()];
            let parameters = operation["parameters"].as_array();
            let documented = parameters
                .into_iter()
                .flatten()
                .any(|parameter| parameter["name"] == "Idempotency-Key");
            let taken = matches!(endpoint, Guarded(_, scoped) if scoped.makes_something());
            assert_eq!(documented, taken, "{method} {path}");
        }
    }

    /// A method that the platform's library does not know is no GET.
    #[test]
    fn an_unknown_method_is_refused() {
        for method in ["QUERY", "TRACE", "get", ""] {
            let Found::OtherMethods(allow) = find(method, "/api/projects") else {
                panic!("{method} is answered");
            };
            assert_eq!(allow, "GET, POST", "{method}");
        }
        assert!(matches!(find("HEAD", "/api/projects"), Found::Endpoint(..)));
        assert!(matches!(
            find("HEAD", "/api/deploy"),
            Found::OtherMethods(_)
        ));
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
