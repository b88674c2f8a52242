use mcpengine_api::{
    CreateProject, DisabledBecause, Pagination, PaginationStyle, Project, ProjectList,
    ProjectServer, ProjectStatus, ToolAnnotations, ToolDefinition, ToolList, TransferProject,
    UpdateProject,
};
use mcpengine_plan::ServerMode;
use mcpengine_store::audit::Action;
use mcpengine_store::projects::Whose;
use mcpengine_store::{Principal, Role, projects, slugs, teams};
use serde_json::Value;
use worker::{Request, Response};

use crate::address;
use crate::app::App;
use crate::clock;
use crate::conditional;
use crate::edits;
use crate::endings;
use crate::error::ApiError;
use crate::http::{json_response, page_of, read_json};
use crate::jobs::generate_job::StoredBundle;
use crate::limits;
use crate::project_plan;
use crate::wire;

const NAME_CHARS: usize = 100;
const DESCRIPTION_CHARS: usize = 2_000;

/// 1. `limit` and `cursor`, else 400 `invalid_limit` / `invalid_cursor`.
pub(crate) async fn list_projects(
    app: &App,
    principal: &Principal,
    request: &Request,
) -> Result<Response, ApiError> {
    let (limit, cursor) = page_of(request)?;
    let url = request.url()?;
    let team = url
        .query_pairs()
        .find(|(key, _)| key == "team")
        .map(|(_, value)| value.into_owned());
    let whose = match team.as_deref() {
        None => Whose::All,
        Some("none") => Whose::Own,
        Some(id) => Whose::Team(id),
    };
    let page = projects::list(&app.db, principal, whose, limit, cursor.as_deref()).await?;
    let list = ProjectList {
        projects: page
            .projects
            .into_iter()
            .map(|row| project(app, &url, row))
            .collect(),
        next_cursor: page.next_cursor,
    };
    json_response(200, &list)
}

/// 1. The fields, else 400; 2. the team, where one is named: else 404, and 403 for a
///    viewer; 3. the slug, else 409 `slug_taken`.
pub(crate) async fn create_project(
    app: &App,
    principal: &Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: CreateProject = read_json(request).await?;
    check_text(Some(&body.name), body.description.as_deref())?;
    let slugs = match body.slug {
        Some(slug) => {
            slugs::check_hosted(&slug)?;
            vec![slug]
        }
        None => slugs::candidates(&body.name, &crate::digest::hex(&clock::random::<4>()?)),
    };
    if let Some(team_id) = &body.team_id {
        check_team(app, principal, team_id).await?;
    }
    let new = projects::NewProject {
        id: &app.resource_id()?,
        team_id: body.team_id.as_deref(),
        name: body.name.trim(),
        slugs: &slugs,
        description: body.description.as_deref(),
        spec_url: None,
    };
    let row = projects::create(&app.db, principal, &new, &clock::now()).await?;
    json_response(201, &project(app, &request.url()?, row))
}

pub(crate) async fn get_project(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let row = load(app, principal, id).await?;
    let revision = row.revision;
    let shown = project(app, &request.url()?, row);
    let tag = conditional::tag(&shown, revision)?;
    match conditional::not_modified(request, &tag)? {
        Some(response) => Ok(response),
        None => conditional::tagged_json(&shown, &tag),
    }
}

/// 1. The fields, else 400; 2. the project, else 404, as `If-Match` has it, else
///    412 `precondition_failed`; 3. all of it or nothing, else 409 `edit_conflict`.
pub(crate) async fn update_project(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: UpdateProject = read_json(request).await?;
    check_text(body.name.as_deref(), body.description.as_deref())?;
    let before = load_as(app, principal, id, Role::Editor).await?;
    let url = request.url()?;
    let tag = conditional::tag(&project(app, &url, before.clone()), before.revision)?;
    let guarded = conditional::check_if_match(request, &tag)?;
    let patch = projects::ProjectPatch {
        name: body.name.map(|name| name.trim().to_owned()),
        description: body
            .description
            .map(|text| Some(text).filter(|text| !text.is_empty())),
        unchanged_since: guarded.then(|| before.updated_at.clone()),
    };
    let row = match body.edits.filter(|edits| !edits.is_empty()) {
        Some(given) => {
            let given = edits::from_wire(given);
            match edits::append(app, principal, &before, given, &patch).await {
                Ok(_) => load(app, principal, id).await,
                Err(error) => Err(error),
            }
        }
        None => projects::update(&app.db, principal, id, &patch, &clock::now())
            .await
            .map_err(ApiError::from),
    };
    // Who said what they have seen is told in the same words, a race or not.
    let row = row.map_err(|error| match error.code.as_str() {
        "revision_changed" if guarded => conditional::precondition_failed(),
        _ => error,
    })?;
    let revision = row.revision;
    let shown = project(app, &url, row);
    let tag = conditional::tag(&shown, revision)?;
    conditional::tagged_json(&shown, &tag)
}

/// The project, else 404; an admin of it, else 403; see [`endings::project`].
pub(crate) async fn delete_project(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    load_as(app, principal, id, Role::Admin).await?;
    endings::project(app, principal, id).await?;
    Ok(Response::builder().with_status(204).empty())
}

/// As it was stored, but with the mode that the plan has now: a client has to
/// know it before it offers the other.
pub(crate) async fn get_analysis(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    let row = load(app, principal, id).await?;
    let meta = row.analysis.ok_or_else(project_plan::not_analyzed)?;
    let bytes = project_plan::object(app, &meta.analysis_key).await?;
    let mut analysis: Value = serde_json::from_slice(&bytes)?;
    if let Some(fields) = analysis.as_object_mut() {
        let planned = fields.get("mode").and_then(Value::as_str);
        let planned = planned.and_then(ServerMode::of).unwrap_or_default();
        let mode = project_plan::mode(app, principal, id, planned).await?;
        fields.insert("mode".to_owned(), mode.as_str().into());
    }
    json_response(200, &analysis)
}

pub(crate) async fn list_tools(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let row = load(app, principal, id).await?;
    // The plan is the analysis with the edits; both are read for a new one only.
    let analysis = row
        .analysis
        .as_ref()
        .ok_or_else(project_plan::not_analyzed)?;
    let tag = conditional::weak_tag(&[&row.id, &analysis.id, &row.revision.to_string()]);
    if let Some(response) = conditional::not_modified(request, &tag)? {
        return Ok(response);
    }
    let plan = project_plan::load(app, principal, &row).await?;
    let tools = plan.tools.into_iter().map(tool).collect();
    conditional::tagged_json(&ToolList { tools }, &tag)
}

pub(crate) async fn get_bundle(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    let row = load(app, principal, id).await?;
    let stored = bundle(app, &row).await?;
    json_response(200, &stored.bundle)
}

/// The principal's project.
///
/// # Errors
/// `project_not_found` (404), also where it is somebody else's.
pub(crate) async fn load(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<projects::Project, ApiError> {
    projects::get(&app.db, principal, id)
        .await
        .map_err(|error| named(error, id))
}

/// As [`load`], for what asks for a role.
///
/// # Errors
/// `insufficient_role` (403) for members of its team who do not have it.
pub(crate) async fn load_as(
    app: &App,
    principal: &Principal,
    id: &str,
    needs: Role,
) -> Result<projects::Project, ApiError> {
    let project = load(app, principal, id).await?;
    if project.role < needs {
        return Err(ApiError::insufficient_role(needs));
    }
    Ok(project)
}

/// Whether the principal may make projects in this team.
///
/// # Errors
/// `team_not_found` (404), `insufficient_role` (403).
pub(crate) async fn check_team(
    app: &App,
    principal: &Principal,
    team_id: &str,
) -> Result<(), ApiError> {
    let team = teams::get(&app.db, principal, team_id).await?;
    if team.role < Role::Editor {
        return Err(ApiError::insufficient_role(Role::Editor));
    }
    Ok(())
}

/// 1. The fields, else 400; 2. the project, else 404; an admin of it, else 403;
///    3. the team, else 404; an editor there, else 403; 4. where it has a server, room
///    for one more, else 409 `too_many_servers`.
pub(crate) async fn transfer_project(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: TransferProject = read_json(request).await?;
    let now = clock::now();
    load_as(app, principal, id, Role::Admin).await?;
    let to = body.team_id.as_deref();
    let db = app.noted(principal, Action::ProjectMoved, id, Some(id), to)?;
    let held = match to {
        Some(team_id) => limits::team_holder(app, principal, team_id).await?,
        None => limits::holder(app, principal, None).await?,
    };
    let limit = limits::servers(&held);
    let moved = match to {
        Some(team_id) => projects::to_team(&db, principal, id, team_id, limit, &now).await,
        None => {
            let suffix = crate::digest::hex(&clock::random::<4>()?);
            projects::to_self(&db, principal, id, &suffix, limit, &now).await
        }
    };
    let row = moved.map_err(|error| limits::explained(&held, error.into()))?;
    json_response(200, &project(app, &request.url()?, row))
}

/// The error of a call that looks for the project first.
pub(crate) fn named(error: mcpengine_store::StoreError, id: &str) -> ApiError {
    match error {
        mcpengine_store::StoreError::NotFound(_) => ApiError::project_not_found(id),
        other => other.into(),
    }
}

/// The project's generated bundle.
///
/// # Errors
/// `not_generated` (404) before the first generation.
pub(crate) async fn bundle(
    app: &App,
    project: &projects::Project,
) -> Result<StoredBundle, ApiError> {
    let meta = project.bundle.as_ref().ok_or_else(|| {
        ApiError::not_found("not_generated", "The project has no generated server yet")
    })?;
    Ok(serde_json::from_slice(
        &project_plan::object(app, &meta.key).await?,
    )?)
}

fn check_text(name: Option<&str>, description: Option<&str>) -> Result<(), ApiError> {
    let bad_name = |name: &str| !(1..=NAME_CHARS).contains(&name.trim().chars().count());
    if name.is_some_and(bad_name) {
        let message = format!("name is a text of 1 to {NAME_CHARS} characters");
        return Err(ApiError::bad_request("invalid_name", message));
    }
    if description.is_some_and(|text| text.chars().count() > DESCRIPTION_CHARS) {
        let message = format!("description has at most {DESCRIPTION_CHARS} characters");
        return Err(ApiError::bad_request("invalid_description", message));
    }
    Ok(())
}

pub(super) fn project(app: &App, url: &url::Url, row: projects::Project) -> Project {
    let server = row.server.map(|server| {
        // The port of a development studio may have changed since.
        let address = address::of(&app.config, url, &server.slug);
        ProjectServer {
            url: address.url,
            endpoint: address.endpoint,
            access: wire::access(server.access),
            status: wire::status(server.status),
        }
    });
    Project {
        id: row.id,
        team_id: row.team_id,
        role: wire::role(row.role),
        name: row.name,
        slug: row.slug,
        description: row.description,
        status: match row.status {
            projects::ProjectStatus::Draft => ProjectStatus::Draft,
            projects::ProjectStatus::Analyzed => ProjectStatus::Analyzed,
            projects::ProjectStatus::Generated => ProjectStatus::Generated,
            projects::ProjectStatus::Tested => ProjectStatus::Tested,
            projects::ProjectStatus::Deployed => ProjectStatus::Deployed,
        },
        spec_url: row.spec_url,
        tool_count: count(row.tool_count),
        enabled_tool_count: count(row.enabled_tool_count),
        server,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn tool(tool: mcpengine_plan::Tool) -> ToolDefinition {
    ToolDefinition {
        tokens: mcpengine_plan::tokens(&tool),
        key: tool.key,
        name: tool.name,
        title: tool.title,
        description: tool.description,
        group: tool.group,
        method: tool.request.method,
        path: tool.request.path,
        input_schema: tool.input_schema.into_raw(),
        output_schema: tool.output_schema.map(mcpengine_plan::Schema::into_raw),
        annotations: ToolAnnotations {
            read_only_hint: tool.annotations.read_only_hint,
            destructive_hint: tool.annotations.destructive_hint,
            idempotent_hint: tool.annotations.idempotent_hint,
            open_world_hint: tool.annotations.open_world_hint,
        },
        pagination: tool.pagination.map(pagination),
        enabled: tool.enabled,
        disabled_because: tool.disabled_because.map(|reason| match reason {
            mcpengine_plan::DisabledBecause::Deprecated => DisabledBecause::Deprecated,
            mcpengine_plan::DisabledBecause::Hint => DisabledBecause::Hint,
            mcpengine_plan::DisabledBecause::NotSelected => DisabledBecause::NotSelected,
        }),
        deprecated: tool.deprecated,
    }
}

fn pagination(found: mcpengine_plan::Pagination) -> Pagination {
    Pagination {
        style: match found.style {
            mcpengine_plan::PaginationStyle::Cursor => PaginationStyle::Cursor,
            mcpengine_plan::PaginationStyle::Page => PaginationStyle::Page,
            mcpengine_plan::PaginationStyle::Offset => PaginationStyle::Offset,
            mcpengine_plan::PaginationStyle::Link => PaginationStyle::Link,
        },
        position: found.position,
        size: found.size,
        next: found.next,
        last_item: found.last_item,
        more: found.more,
        total: found.total,
        items: found.items,
    }
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
