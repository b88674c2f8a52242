use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What may be shown of a stored credential of the project's API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretSummary {
    /// Environment variable, `TRELLO_API_KEY`.
    pub name: String,
    /// Its last four characters; null where it has fewer than twelve.
    pub last4: Option<String>,
    /// When it was stored, or last replaced.
    pub created_at: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretList {
    /// By name.
    pub secrets: Vec<SecretSummary>,
}
