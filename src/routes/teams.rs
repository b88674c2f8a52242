use mcpengine_api::{
    CreateTeam, InvitationSummary, Member, Team, TeamDetail, TeamList, TransferTeam, UpdateMember,
    UpdateTeam,
};
use mcpengine_store::audit::Action;
use mcpengine_store::teams::{self, invitations, members};
use mcpengine_store::{Principal, Role, slugs};
use worker::{Request, Response};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::http::{json_response, read_json};
use crate::team_tier;
use crate::wire;

pub(crate) async fn list_teams(app: &App, principal: &Principal) -> Result<Response, ApiError> {
    let rows = teams::list(&app.db, principal).await?;
    let teams = rows.into_iter().map(|row| team(app, row)).collect();
    json_response(200, &TeamList { teams })
}

/// 1. The name, else 400; 2. room for another, else 409 `too_many_teams`.
pub(crate) async fn create_team(
    app: &App,
    principal: &Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: CreateTeam = read_json(request).await?;
    let new = teams::NewTeam {
        id: &app.resource_id()?,
        name: &body.name,
        slugs: &slugs::candidates(&body.name, &crate::digest::hex(&clock::random::<4>()?)),
    };
    let row = teams::create(&app.db, principal, &new, &clock::now()).await?;
    json_response(201, &team(app, row))
}

/// The team, else 404. Invitations are for admins.
pub(crate) async fn get_team(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    let row = teams::get(&app.db, principal, id).await?;
    let members = members::list(&app.db, principal, id).await?;
    let invitations = if row.role >= Role::Admin {
        invitations::list(&app.db, principal, id, &clock::now()).await?
    } else {
        Vec::new()
    };
    let detail = TeamDetail {
        team: team(app, row),
        members: members
            .into_iter()
            .map(|row| member(principal, row))
            .collect(),
        invitations: invitations.into_iter().map(invitation).collect(),
    };
    json_response(200, &detail)
}

/// 1. The name, else 400; 2. the team, else 404; 3. an admin, else 403.
pub(crate) async fn update_team(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: UpdateTeam = read_json(request).await?;
    let row = teams::rename(&app.db, principal, id, &body.name).await?;
    json_response(200, &team(app, row))
}

/// 1. The team, else 404; 2. its owner, else 403; 3. neither projects nor a
///    subscription, else 409.
pub(crate) async fn delete_team(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    // An entry about a team that is not one's own would be about nothing.
    teams::get(&app.db, principal, id).await?;
    let db = app.noted(principal, Action::TeamDeleted, id, None, None)?;
    teams::delete(&db, principal, id).await?;
    Ok(Response::builder().with_status(204).empty())
}

/// 1. The fields, else 400; 2. the team, else 404; 3. its owner, else 403; 4. the
///    member, else 404.
pub(crate) async fn transfer_team(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: TransferTeam = read_json(request).await?;
    if teams::get(&app.db, principal, id).await?.role < Role::Owner {
        return Err(ApiError::insufficient_role(Role::Owner));
    }
    let db = app.noted(principal, Action::TeamTransferred, id, None, None)?;
    members::transfer(&db, principal, id, &body.user_id).await?;
    let row = teams::get(&app.db, principal, id).await?;
    json_response(200, &team(app, row))
}

/// 1. The role, else 400; 2. the team, else 404; 3. an admin, else 403; 4. the
///    member, else 404; the owner's role stays, 409.
pub(crate) async fn update_member(
    app: &App,
    principal: &Principal,
    id: &str,
    user_id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: UpdateMember = read_json(request).await?;
    let role = wire::role_of(body.role);
    let db = app.noted(principal, Action::MemberChanged, user_id, None, Some(id))?;
    members::set_role(&db, principal, id, user_id, role).await?;
    Ok(Response::builder().with_status(204).empty())
}

/// As [`update_member`]; everybody but the owner may take themselves out.
pub(crate) async fn remove_member(
    app: &App,
    principal: &Principal,
    id: &str,
    user_id: &str,
) -> Result<Response, ApiError> {
    teams::get(&app.db, principal, id).await?;
    let db = app.noted(principal, Action::MemberRemoved, user_id, None, Some(id))?;
    members::remove(&db, principal, id, user_id).await?;
    Ok(Response::builder().with_status(204).empty())
}

pub(super) fn team(app: &App, row: teams::Team) -> Team {
    let allowed = team_tier::of(&app.config, &row);
    Team {
        id: row.id,
        name: row.name,
        slug: row.slug,
        tier: wire::tier(allowed.tier),
        seats: allowed.seats,
        role: wire::role(row.role),
        member_count: u32::try_from(row.member_count).unwrap_or_default(),
        project_count: u32::try_from(row.project_count).unwrap_or_default(),
        created_at: row.created_at,
    }
}

fn member(principal: &Principal, row: members::Member) -> Member {
    Member {
        email: row.known_email().map(str::to_owned),
        you: row.user_id == principal.user_id(),
        user_id: row.user_id,
        name: row.name,
        role: wire::role(row.role),
        joined_at: row.created_at,
    }
}

pub(super) fn invitation(row: invitations::Invitation) -> InvitationSummary {
    InvitationSummary {
        id: row.id,
        email: row.email,
        role: wire::role(row.role),
        created_at: row.created_at,
        expires_at: row.expires_at,
    }
}
