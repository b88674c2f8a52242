use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /api/projects/{id}/tokens`; the body may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateToken {
    /// For people: who or what uses it. 1 to 60 characters in one line.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 60,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    pub name: Option<String>,
}

/// A new endpoint token, shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointToken {
    pub id: String,
    pub name: String,
    /// `mcpe_` and 70 hexadecimal digits.
    pub token: String,
    pub last4: String,
    pub created_at: String,
}

/// What is kept of an endpoint token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenSummary {
    pub id: String,
    pub name: String,
    /// Its last four characters.
    pub last4: String,
    pub created_at: String,
    /// To the hour; null where no request has come in with it.
    pub last_used_at: Option<String>,
    /// Every request with it is refused since then.
    pub revoked_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenList {
    /// Those that work first, newest first; at most 100.
    pub tokens: Vec<TokenSummary>,
}
