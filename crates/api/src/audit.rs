use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One sensitive action of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    pub id: String,
    /// Stable, `object.what`.
    #[schema(example = "personal_token.created")]
    pub action: String,
    /// Id or name of what it was done to; it may be gone since.
    pub object_id: String,
    /// Where the object is part of a project.
    pub project_id: Option<String>,
    /// Of a deployment, who may call it: `token` or `public`; of a checkout, the plan;
    /// of what concerns a member or moves a project, the team.
    pub detail: Option<String>,
    /// The personal access token that acted; null for a session.
    pub token_id: Option<String>,
    /// The `x-request-id` of the request.
    pub request_id: Option<String>,
    pub created_at: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// Newest first; kept for a year.
    pub entries: Vec<AuditEntry>,
    /// Give it back as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}
