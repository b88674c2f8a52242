use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AuditEntry, Deployment, Edit, PersonalTokenSummary, Project, SecretSummary, ServerBundle, Team,
    TokenSummary,
};

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

/// `DELETE /api/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteAccount {
    /// `delete my account`, word for word.
    #[schema(example = "delete my account")]
    pub confirm: String,
}

/// One line of `GET /api/me/export`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ExportRecord {
    /// Comes first.
    Account {
        account: Account,
    },
    /// One that you are in; its projects are the team's, and not here.
    Team {
        team: Team,
    },
    PersonalToken {
        token: PersonalTokenSummary,
    },
    /// A sensitive action of yours.
    Audit {
        entry: AuditEntry,
    },
    /// One of your own.
    Project {
        project: Box<Project>,
        /// Changes to its plan, in order.
        edits: Vec<Edit>,
        deployments: Vec<Deployment>,
        tokens: Vec<TokenSummary>,
        /// Names of its stored credentials: those themselves are shown to nobody.
        secrets: Vec<SecretSummary>,
    },
    /// Behind its project: the API description as it was given.
    #[serde(rename_all = "camelCase")]
    Description {
        project_id: String,
        text: String,
    },
    /// Behind its project: the generated server.
    #[serde(rename_all = "camelCase")]
    Bundle {
        project_id: String,
        bundle: ServerBundle,
    },
    /// Comes last: without it the export was cut off.
    End {},
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
