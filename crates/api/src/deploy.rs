use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /api/deploy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeployRequest {
    pub project_id: String,
    pub target: DeployTarget,
    #[serde(default)]
    pub config: DeployConfig,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeployTarget {
    Mcpengine,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeployConfig {
    /// Who may call the endpoint; `token` where absent.
    #[serde(default)]
    pub access: Access,
    /// Server variables by their `env` name, and `API_BASE_URL`, which replaces
    /// the base URL that the description gives.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Credentials by the name that the analysis gives them. They are stored
    /// encrypted, never given back, and kept until they are replaced.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    /// `Authorization: Bearer` with an endpoint token.
    #[default]
    Token,
    Public,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeploymentStatus {
    Pending,
    Building,
    Live,
    Failed,
    Stopped,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    pub id: String,
    pub project_id: String,
    pub target: DeployTarget,
    pub status: DeploymentStatus,
    pub access: Access,
    pub url: Option<String>,
    pub endpoint: Option<String>,
    /// `1`, `2`, … within the project.
    pub version: Option<String>,
    /// How many tools the version serves.
    pub tools: u32,
    pub config: DeployedConfig,
    pub logs: Vec<String>,
    pub created_at: String,
    pub stopped_at: Option<String>,
}

/// What a version was deployed with. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeployedConfig {
    /// Of the API, without a slash at its end.
    pub base_url: String,
    /// Server variables by their `env` name.
    pub variables: BTreeMap<String, String>,
    /// `host` or `host:port` that the server can reach.
    pub allowed_hosts: Vec<String>,
    /// Names of the credentials that the API takes; their values are never shown.
    pub secrets: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentList {
    /// Newest first.
    pub deployments: Vec<Deployment>,
}
