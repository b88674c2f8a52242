//! Every route of the API, in reading order. A path that is here under another
//! method is answered 405; docs/openapi.json lists the same routes.

use std::rc::Rc;

use mcpengine_store::Principal;
use serde_json::json;
use worker::{Method, Request, Response};

use crate::app::App;
use crate::auth;
use crate::error::ApiError;
use crate::routes::{analyze, deploy, generate, jobs, projects, studio};

/// Whether a route needs to know who asks.
#[derive(Debug, Clone, Copy)]
enum Endpoint {
    /// It tells nothing of anybody.
    Public(Open),
    Guarded(Scoped),
}

use Endpoint::{Guarded, Public};

#[derive(Debug, Clone, Copy)]
enum Open {
    Health,
    Config,
    Openapi,
}

#[derive(Debug, Clone, Copy)]
enum Scoped {
    ListProjects,
    CreateProject,
    GetProject,
    UpdateProject,
    DeleteProject,
    GetAnalysis,
    ListTools,
    GetBundle,
    ListDeployments,
    CreateToken,
    Analyze,
    Generate,
    Deploy,
    GetJob,
    GetJobEvents,
}

const ROUTES: &[(Method, &str, Endpoint)] = &[
    (Method::Get, "/api/health", Public(Open::Health)),
    (Method::Get, "/api/config", Public(Open::Config)),
    (Method::Get, "/api/openapi.json", Public(Open::Openapi)),
    (Method::Get, "/api/projects", Guarded(Scoped::ListProjects)),
    (
        Method::Post,
        "/api/projects",
        Guarded(Scoped::CreateProject),
    ),
    (
        Method::Get,
        "/api/projects/{id}",
        Guarded(Scoped::GetProject),
    ),
    (
        Method::Patch,
        "/api/projects/{id}",
        Guarded(Scoped::UpdateProject),
    ),
    (
        Method::Delete,
        "/api/projects/{id}",
        Guarded(Scoped::DeleteProject),
    ),
    (
        Method::Get,
        "/api/projects/{id}/analysis",
        Guarded(Scoped::GetAnalysis),
    ),
    (
        Method::Get,
        "/api/projects/{id}/tools",
        Guarded(Scoped::ListTools),
    ),
    (
        Method::Get,
        "/api/projects/{id}/bundle",
        Guarded(Scoped::GetBundle),
    ),
    (
        Method::Get,
        "/api/projects/{id}/deployments",
        Guarded(Scoped::ListDeployments),
    ),
    (
        Method::Post,
        "/api/projects/{id}/tokens",
        Guarded(Scoped::CreateToken),
    ),
    (Method::Post, "/api/analyze", Guarded(Scoped::Analyze)),
    (Method::Post, "/api/generate", Guarded(Scoped::Generate)),
    (Method::Post, "/api/deploy", Guarded(Scoped::Deploy)),
    (Method::Get, "/api/jobs/{id}", Guarded(Scoped::GetJob)),
    (
        Method::Get,
        "/api/jobs/{id}/events",
        Guarded(Scoped::GetJobEvents),
    ),
];

/// Finds the route, makes the principal where the route needs one, calls the handler.
pub(crate) async fn route(app: Rc<App>, mut request: Request) -> Result<Response, ApiError> {
    let path = request.path();
    match find(&request.method(), &path) {
        Found::Endpoint(Public(endpoint), _) => match endpoint {
            Open::Health => studio::get_health(&app),
            Open::Config => studio::get_config(&app, &request),
            Open::Openapi => studio::get_openapi(),
        },
        Found::Endpoint(Guarded(endpoint), id) => {
            let principal = auth::principal(&app, &request).await?;
            scoped(app, principal, endpoint, &id, &mut request).await
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
    id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    match endpoint {
        Scoped::ListProjects => projects::list_projects(&app, &principal, request).await,
        Scoped::CreateProject => projects::create_project(&app, &principal, request).await,
        Scoped::GetProject => projects::get_project(&app, &principal, id, request).await,
        Scoped::UpdateProject => projects::update_project(&app, &principal, id, request).await,
        Scoped::DeleteProject => projects::delete_project(&app, &principal, id).await,
        Scoped::GetAnalysis => projects::get_analysis(&app, &principal, id).await,
        Scoped::ListTools => projects::list_tools(&app, &principal, id).await,
        Scoped::GetBundle => projects::get_bundle(&app, &principal, id).await,
        Scoped::ListDeployments => projects::list_deployments(&app, &principal, id).await,
        Scoped::CreateToken => projects::create_token(&app, &principal, id).await,
        Scoped::Analyze => analyze::analyze(app, principal, request).await,
        Scoped::Generate => generate::generate(app, principal, request).await,
        Scoped::Deploy => deploy::deploy(app, principal, request).await,
        Scoped::GetJob => jobs::get_job(&app, &principal, id).await,
        Scoped::GetJobEvents => jobs::get_job_events(app, principal, id, request).await,
    }
}

enum Found {
    /// With the path's `{id}`, empty where it has none.
    Endpoint(Endpoint, String),
    OtherMethods(String),
    Nothing,
}

fn find(method: &Method, path: &str) -> Found {
    let mut allow: Vec<String> = Vec::new();
    for (route_method, pattern, endpoint) in ROUTES {
        let Some(id) = matches(pattern, path) else {
            continue;
        };
        if route_method == method || (*method == Method::Head && *route_method == Method::Get) {
            return Found::Endpoint(*endpoint, id);
        }
        allow.push(route_method.to_string());
    }
    if allow.is_empty() {
        Found::Nothing
    } else {
        Found::OtherMethods(allow.join(", "))
    }
}

/// The value of `{id}` where `path` has the pattern's form.
fn matches(pattern: &str, path: &str) -> Option<String> {
    let mut id = String::new();
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        if expected == "{id}" && !segment.is_empty() {
            segment.clone_into(&mut id);
        } else if expected != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn patterns_match_whole_segments() {
        for (pattern, path, expected) in [
            ("/api/projects", "/api/projects", Some("")),
            ("/api/projects", "/api/projects/", None),
            ("/api/projects/{id}", "/api/projects/7", Some("7")),
            ("/api/projects/{id}", "/api/projects/", None),
            ("/api/projects/{id}", "/api/projects/7/tools", None),
            (
                "/api/projects/{id}/tools",
                "/api/projects/7/tools",
                Some("7"),
            ),
            ("/api/projects/{id}/tools", "/api/projects//tools", None),
        ] {
            assert_eq!(
                matches(pattern, path).as_deref(),
                expected,
                "{pattern} {path}"
            );
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
