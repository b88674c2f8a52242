use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Tier;

/// `GET /api/me`: the account that the token is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub id: String,
    /// As the identity provider gave it; null where it gave none.
    pub email: Option<String>,
    pub name: Option<String>,
    /// What counts for the account's own projects.
    pub tier: Tier,
    pub created_at: String,
}

/// How the front end signs in: authorization code with PKCE, as a public client of
/// an OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthConfig {
    /// The issuer's address.
    pub authority: String,
    /// Its discovery document.
    pub metadata_url: String,
    /// Empty where no client is configured.
    pub client_id: String,
    /// To ask for, between spaces.
    pub scopes: String,
    /// The built-in issuer of development, which signs in without a question.
    pub built_in: bool,
}
