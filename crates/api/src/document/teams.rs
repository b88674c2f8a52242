//! Operations on teams, as in `super`.

use crate::{
    CreateInvitation, CreateTeam, ErrorEnvelope, Invitation, InvitationOffer, InvitationToken,
    Project, Team, TeamDetail, TeamList, TransferProject, TransferTeam, UpdateMember, UpdateTeam,
};

/// The teams that you are in.
#[utoipa::path(get, path = "/api/teams", tag = "teams", operation_id = "list_teams",
    security(("bearer" = ["projects:read"])),
    responses(
        (status = 200, description = "By name", body = TeamList),
        (status = 403, description = "Not with this token", body = ErrorEnvelope),
    ))]
pub(super) fn list_teams() {}

/// Make a team, whose owner you are.
#[utoipa::path(post, path = "/api/teams", tag = "teams", operation_id = "create_team",
    security(("bearer" = ["session"])),
    request_body = CreateTeam,
    responses(
        (status = 201, description = "Made", body = Team),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
        (status = 409, description = "Too many teams", body = ErrorEnvelope),
    ))]
pub(super) fn create_team() {}

#[utoipa::path(get, path = "/api/teams/{id}", tag = "teams", operation_id = "get_team",
    security(("bearer" = ["projects:read"])),
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The team with its members", body = TeamDetail),
        (status = 404, description = "No such team", body = ErrorEnvelope),
    ))]
pub(super) fn get_team() {}

/// Rename a team. For admins.
#[utoipa::path(patch, path = "/api/teams/{id}", tag = "teams", operation_id = "update_team",
    security(("bearer" = ["session"])),
    params(("id" = String, Path)), request_body = UpdateTeam,
    responses(
        (status = 200, description = "The team as it is now", body = Team),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Your role does not allow it", body = ErrorEnvelope),
        (status = 404, description = "No such team", body = ErrorEnvelope),
    ))]
pub(super) fn update_team() {}

/// Delete a team that has no projects and no subscription. For its owner.
#[utoipa::path(delete, path = "/api/teams/{id}", tag = "teams", operation_id = "delete_team",
    security(("bearer" = ["session"])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 403, description = "Your role does not allow it", body = ErrorEnvelope),
        (status = 404, description = "No such team", body = ErrorEnvelope),
        (status = 409, description = "It has projects or a subscription", body = ErrorEnvelope),
    ))]
pub(super) fn delete_team() {}

/// Hand a team on. For its owner, who becomes an admin.
#[utoipa::path(post, path = "/api/teams/{id}/transfer", tag = "teams", operation_id = "transfer_team",
    security(("bearer" = ["session"])),
    params(("id" = String, Path)), request_body = TransferTeam,
    responses(
        (status = 200, description = "The team as it is now", body = Team),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Your role does not allow it", body = ErrorEnvelope),
        (status = 404, description = "No such team or member", body = ErrorEnvelope),
    ))]
pub(super) fn transfer_team() {}

/// Give a member another role. For admins; the owner's stays.
#[utoipa::path(patch, path = "/api/teams/{id}/members/{userId}", tag = "teams", operation_id = "update_member",
    security(("bearer" = ["session"])),
    params(("id" = String, Path), ("userId" = String, Path)), request_body = UpdateMember,
    responses(
        (status = 204, description = "In effect from the next request on"),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Your role does not allow it", body = ErrorEnvelope),
        (status = 404, description = "No such team or member", body = ErrorEnvelope),
        (status = 409, description = "The owner has to hand the team on", body = ErrorEnvelope),
    ))]
pub(super) fn update_member() {}

/// Take a member out, for admins; or leave the team yourself.
#[utoipa::path(delete, path = "/api/teams/{id}/members/{userId}", tag = "teams", operation_id = "remove_member",
    security(("bearer" = ["session"])),
    params(("id" = String, Path), ("userId" = String, Path)),
    responses(
        (status = 204, description = "Out from the next request on; what they made stays"),
        (status = 403, description = "Your role does not allow it", body = ErrorEnvelope),
        (status = 404, description = "No such team or member", body = ErrorEnvelope),
        (status = 409, description = "The owner has to hand the team on", body = ErrorEnvelope),
    ))]
pub(super) fn remove_member() {}

/// Ask somebody in. For admins. The answer is the only place that holds the link.
#[utoipa::path(post, path = "/api/teams/{id}/invitations", tag = "teams", operation_id = "create_invitation",
    security(("bearer" = ["session"])),
    params(("id" = String, Path)), request_body = CreateInvitation,
    responses(
        (status = 201, description = "The link, good for seven days", body = Invitation),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Your role does not allow it", body = ErrorEnvelope),
        (status = 404, description = "No such team", body = ErrorEnvelope),
        (status = 409, description = "No seat is left", body = ErrorEnvelope),
    ))]
pub(super) fn create_invitation() {}

/// Take an invitation back. For admins.
#[utoipa::path(delete, path = "/api/teams/{id}/invitations/{invitationId}", tag = "teams", operation_id = "revoke_invitation",
    security(("bearer" = ["session"])),
    params(("id" = String, Path), ("invitationId" = String, Path)),
    responses(
        (status = 204, description = "Its link does not work any more"),
        (status = 403, description = "Your role does not allow it", body = ErrorEnvelope),
        (status = 404, description = "No such team or invitation", body = ErrorEnvelope),
    ))]
pub(super) fn revoke_invitation() {}

/// What an invitation is to. A POST, so that its token is in no log of addresses.
#[utoipa::path(post, path = "/api/invitations/preview", tag = "teams", operation_id = "preview_invitation",
    security(("bearer" = ["session"])),
    request_body = InvitationToken,
    responses(
        (status = 200, description = "The team and your role in it", body = InvitationOffer),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
        (status = 404, description = "Taken, taken back, or too old", body = ErrorEnvelope),
    ))]
pub(super) fn preview_invitation() {}

/// Join a team.
#[utoipa::path(post, path = "/api/invitations/accept", tag = "teams", operation_id = "accept_invitation",
    security(("bearer" = ["session"])),
    request_body = InvitationToken,
    responses(
        (status = 200, description = "The team that you are in now", body = Team),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Not by a personal token", body = ErrorEnvelope),
        (status = 404, description = "Taken, taken back, or too old", body = ErrorEnvelope),
    ))]
pub(super) fn accept_invitation() {}

/// Move a project into a team, or make it your own. For admins of it who may edit
/// in the team. Its server and its address stay; its stored credentials go with it.
#[utoipa::path(post, path = "/api/projects/{id}/transfer", tag = "projects", operation_id = "transfer_project",
    security(("bearer" = ["session"])),
    params(("id" = String, Path)), request_body = TransferProject,
    responses(
        (status = 200, description = "The project as it is now", body = Project),
        (status = 400, description = "Invalid field", body = ErrorEnvelope),
        (status = 403, description = "Your role does not allow it", body = ErrorEnvelope),
        (status = 404, description = "No such project or team", body = ErrorEnvelope),
        (status = 409, description = "Its server has no room there", body = ErrorEnvelope),
    ))]
pub(super) fn transfer_project() {}
