use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Tier;

/// What somebody may do in a team and with its projects; each can do what those
/// before it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Sees projects, their files, versions and measures.
    Viewer,
    /// Makes and changes projects, deploys them, holds their tokens and credentials.
    Editor,
    /// Deletes and moves projects, invites and removes people.
    Admin,
    /// Deletes the team, hands it on, pays for it. One for each team.
    Owner,
}

/// A team, as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    pub id: String,
    pub name: String,
    pub slug: String,
    /// `free` without a subscription that is in force.
    pub tier: Tier,
    /// How many may be in it, open invitations included; null for any number.
    pub seats: Option<u32>,
    /// What you may do in it.
    pub role: Role,
    pub member_count: u32,
    pub project_count: u32,
    pub created_at: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamList {
    /// By name; at most 100.
    pub teams: Vec<Team>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    pub user_id: String,
    pub name: Option<String>,
    /// As the identity provider gave it; null where it gave none.
    pub email: Option<String>,
    pub role: Role,
    /// Whether this is you.
    pub you: bool,
    pub joined_at: String,
}

/// `GET /api/teams/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamDetail {
    #[serde(flatten)]
    pub team: Team,
    /// The owner first, then by role and name; at most 1,000.
    pub members: Vec<Member>,
    /// Those that are open, newest first; for admins, otherwise empty.
    pub invitations: Vec<InvitationSummary>,
}

/// `POST /api/teams`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateTeam {
    /// 1 to 80 characters in one line.
    #[schema(
        min_length = 1,
        max_length = 80,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    pub name: String,
}

/// `PATCH /api/teams/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateTeam {
    /// 1 to 80 characters in one line.
    #[schema(
        min_length = 1,
        max_length = 80,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    pub name: String,
}

/// `PATCH /api/teams/{id}/members/{userId}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateMember {
    /// Not `owner`: that is handed on.
    pub role: Role,
}

/// `POST /api/teams/{id}/transfer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransferTeam {
    /// The member who becomes the owner; you become an admin.
    pub user_id: String,
}

/// `POST /api/projects/{id}/transfer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransferProject {
    /// The team it moves to; null makes it one of your own.
    pub team_id: Option<String>,
}

/// `POST /api/teams/{id}/invitations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateInvitation {
    /// Whom it is for, for people to see: nothing is sent to it.
    #[schema(
        max_length = 254,
        pattern = r"^[^@\s\x00-\x1f\x7f-\x9f]+@[^\s\x00-\x1f\x7f-\x9f]+$"
    )]
    pub email: String,
    /// Not `owner`.
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationSummary {
    pub id: String,
    pub email: String,
    pub role: Role,
    pub created_at: String,
    /// The link works until then.
    pub expires_at: String,
}

/// A new invitation. Give its link to whom it is for: it works once, for whoever
/// opens it signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// A page of the studio, shown this once.
    pub url: String,
    #[serde(flatten)]
    pub summary: InvitationSummary,
}

/// `POST /api/invitations/preview` and `POST /api/invitations/accept`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InvitationToken {
    /// What is behind `#` in the invitation's link.
    pub token: String,
}

/// What an invitation is to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationOffer {
    pub team_id: String,
    pub team_name: String,
    pub role: Role,
    /// Name of who asked.
    pub invited_by: Option<String>,
    pub expires_at: String,
    /// Whether you are in the team already.
    pub joined: bool,
}
