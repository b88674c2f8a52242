use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a personal access token may do. The session of a person may do all, and
/// alone what concerns the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum TokenScope {
    /// See projects, their versions and their calls.
    #[serde(rename = "projects:read")]
    ProjectsRead,
    /// Import, edit, generate and delete.
    #[serde(rename = "projects:write")]
    ProjectsWrite,
    /// Put servers live, stop and start them; their endpoint tokens.
    #[serde(rename = "servers:deploy")]
    ServersDeploy,
}

impl TokenScope {
    pub const ALL: [Self; 3] = [Self::ProjectsRead, Self::ProjectsWrite, Self::ServersDeploy];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProjectsRead => "projects:read",
            Self::ProjectsWrite => "projects:write",
            Self::ServersDeploy => "servers:deploy",
        }
    }
}

/// `POST /api/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreatePersonalToken {
    /// For people: who or what uses it. 1 to 60 characters in one line.
    #[schema(
        min_length = 1,
        max_length = 60,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    pub name: String,
    /// One at least.
    #[schema(min_items = 1)]
    pub scopes: Vec<TokenScope>,
    /// 1 to 366; 90 where absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 366)]
    pub expires_in_days: Option<u32>,
}

/// A new personal access token, shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonalToken {
    /// `mcpp_` and 70 hexadecimal digits.
    pub token: String,
    #[serde(flatten)]
    pub summary: PersonalTokenSummary,
}

/// What is kept of a personal access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonalTokenSummary {
    pub id: String,
    pub name: String,
    /// Its last four characters.
    pub last4: String,
    pub scopes: Vec<TokenScope>,
    pub created_at: String,
    /// Every request with it is refused from then on.
    pub expires_at: String,
    /// To the hour; null where no request has come in with it.
    pub last_used_at: Option<String>,
    /// Every request with it is refused since then.
    pub revoked_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonalTokenList {
    /// Those that are not revoked first, newest first; at most 100.
    pub tokens: Vec<PersonalTokenSummary>,
}
