use mcpengine_api::{
    CreateTeam, InvitationSummary, Member, Team, TeamDetail, TeamList, TransferTeam, UpdateMember,
    UpdateTeam,
};
use mcpengine_store::audit::Action;
use mcpengine_store::teams::{self, invitations, members};
use mcpengine_store::{Principal, Role, StoreError, slugs};
use worker::{Request, Response};

use crate::app::App;
use crate::clock;
use crate::conditional;
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
    request: &Request,
) -> Result<Response, ApiError> {
    let detail = load(app, principal, id).await?;
    let tag = conditional::tag(&detail, 0)?;
    match conditional::not_modified(request, &tag)? {
        Some(response) => Ok(response),
        None => conditional::tagged_json(&detail, &tag),
    }
}

/// All that [`get_team`] shows. What changes a part of it compares all of it with the
/// tag that the client gives, and that part once more where it writes.
async fn load(app: &App, principal: &Principal, id: &str) -> Result<TeamDetail, ApiError> {
    let row = teams::get(&app.db, principal, id).await?;
    let members = members::list(&app.db, principal, id).await?;
    let invitations = if row.role >= Role::Admin {
        invitations::list(&app.db, principal, id, &clock::now()).await?
    } else {
        Vec::new()
    };
    Ok(TeamDetail {
        team: team(app, row),
        members: members
            .into_iter()
            .map(|row| member(principal, row))
            .collect(),
        invitations: invitations.into_iter().map(invitation).collect(),
    })
}

/// As [`load`], for who changes it.
///
/// # Errors
/// `insufficient_role` (403); then `precondition_failed` (412) where the request says
/// `If-Match` and the team is another by now.
async fn load_for_change(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &Request,
) -> Result<(TeamDetail, bool), ApiError> {
    let detail = load(app, principal, id).await?;
    if wire::role_of(detail.team.role) < Role::Admin {
        return Err(ApiError::insufficient_role(Role::Admin));
    }
    let guarded = conditional::check_if_match(request, &conditional::tag(&detail, 0)?)?;
    Ok((detail, guarded))
}

/// Who said what they have seen is told in the same words, a race or not.
fn in_time(error: StoreError) -> ApiError {
    match ApiError::from(error) {
        error if error.code == "revision_changed" => conditional::precondition_failed(),
        error => error,
    }
}

/// 1. The name, else 400; 2. the team, else 404; 3. an admin, else 403; 4. the team
///    as `If-Match` has it, else 412.
pub(crate) async fn update_team(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: UpdateTeam = read_json(request).await?;
    let (before, guarded) = load_for_change(app, principal, id, request).await?;
    let seen = guarded.then_some(before.team.name.as_str());
    teams::rename(&app.db, principal, id, &body.name, seen)
        .await
        .map_err(in_time)?;
    let detail = load(app, principal, id).await?;
    conditional::tagged_json(&detail.team, &conditional::tag(&detail, 0)?)
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

/// 1. The role, else 400; 2. the team, else 404; 3. an admin, else 403; 4. the team
///    as `If-Match` has it, else 412; 5. the member, else 404; the owner's role stays,
///    409. The answer has the team's new tag, so that another change can follow.
pub(crate) async fn update_member(
    app: &App,
    principal: &Principal,
    id: &str,
    user_id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: UpdateMember = read_json(request).await?;
    let role = wire::role_of(body.role);
    let (before, guarded) = load_for_change(app, principal, id, request).await?;
    let mut members = before.members.iter();
    let seen = members.find(|member| guarded && member.user_id == user_id);
    let seen = seen.map(|member| wire::role_of(member.role));
    let db = app.noted(principal, Action::MemberChanged, user_id, None, Some(id))?;
    members::set_role(&db, principal, id, user_id, role, seen)
        .await
        .map_err(in_time)?;
    let detail = load(app, principal, id).await?;
    let done = Response::builder().with_status(204).empty();
    conditional::tagged(done, &conditional::tag(&detail, 0)?)
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
