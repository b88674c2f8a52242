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

/// Where a generated server goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeployTarget {
    /// Hosted here.
    Mcpengine,
    /// A Worker in the user's own Cloudflare account.
    Cloudflare,
    /// A package for npm, published where `config.npm` has a token.
    Npm,
    /// A build context with a `Dockerfile`, as `.tar.gz`.
    Docker,
    /// An archive of the project, or a bundle for desktop clients.
    Download,
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
    /// encrypted, never given back, and kept until they are replaced. A target
    /// that is taken away holds none: there they are set where it runs.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// For the target `cloudflare` only, which needs it.
    #[serde(default)]
    pub cloudflare: Option<CloudflareConfig>,
    /// For the target `npm` only.
    #[serde(default)]
    pub npm: Option<NpmConfig>,
    /// For the target `docker` only.
    #[serde(default)]
    pub docker: Option<DockerConfig>,
    /// For the target `download` only.
    #[serde(default)]
    pub download: Option<DownloadConfig>,
}

/// The account, and what the server is called there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloudflareConfig {
    /// 32 hexadecimal digits.
    #[schema(example = "023e105f4ecef8ad9ca31a8372d0c353")]
    pub account_id: String,
    /// An API token of the account with the permission Workers Scripts: Edit. It is
    /// stored encrypted, never given back, and kept for later deployments.
    #[serde(default)]
    pub api_token: Option<String>,
    /// Name of the Worker and first part of its address, a DNS label; the project's
    /// slug where absent. A Worker that another project or somebody else made is
    /// not replaced.
    #[serde(default)]
    pub script_name: Option<String>,
    /// Makes a new access token, shown once in `deploy:live`; the one that clients
    /// have is not valid any more. Without it they keep theirs.
    #[serde(default)]
    pub new_access_token: bool,
}

/// The package, and where it is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NpmConfig {
    /// `name` or `@scope/name`; the project's own where absent.
    #[serde(default)]
    pub package_name: Option<String>,
    /// SemVer; the project's own where absent. A registry takes a version once.
    #[serde(default)]
    pub version: Option<String>,
    /// SPDX expression.
    #[serde(default)]
    #[schema(example = "MIT")]
    pub license: Option<String>,
    /// Where the source is kept, an https address.
    #[serde(default)]
    pub repository: Option<String>,
    /// Address of the registry to publish to, as `npm config get registry` prints
    /// it; needed with `token`.
    #[serde(default)]
    pub registry: Option<String>,
    /// Distribution tag; `latest` where absent.
    #[serde(default)]
    pub tag: Option<String>,
    /// Who may install a package with a scope; without one everybody may.
    #[serde(default)]
    pub access: NpmAccess,
    /// A token of the registry that may publish the package. It is used once and
    /// not stored. Without it the tarball is made and not published.
    #[serde(default)]
    pub token: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum NpmAccess {
    #[default]
    Public,
    Restricted,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DockerConfig {
    /// Name of the image, `acme/pets-mcp`; the project's own where absent.
    #[serde(default)]
    pub image: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DownloadConfig {
    #[serde(default)]
    pub format: DownloadFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DownloadFormat {
    /// The TypeScript project.
    #[default]
    Zip,
    /// An MCP bundle, which desktop clients install with a click.
    Mcpb,
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
    /// What there is to take away.
    pub artifact: Option<Artifact>,
    /// `1`, `2`, … within the project.
    pub version: Option<String>,
    /// How many tools the version serves.
    pub tools: u32,
    pub config: DeployedConfig,
    pub logs: Vec<String>,
    pub created_at: String,
    pub stopped_at: Option<String>,
}

/// A file that a deployment made, at `GET /api/deployments/{id}/artifact`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// Name of the file.
    #[schema(example = "pets-mcp-0.1.0.tgz")]
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// What a version was deployed with. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeployedConfig {
    /// Of the API, without a slash at its end; empty for what is taken away, which
    /// is told it where it runs.
    pub base_url: String,
    /// Server variables by their `env` name.
    pub variables: BTreeMap<String, String>,
    /// `host` or `host:port` that the server can reach.
    pub allowed_hosts: Vec<String>,
    /// Names of the credentials that the API takes; their values are never shown.
    pub secrets: Vec<String>,
    /// Of the target `cloudflare`.
    pub cloudflare: Option<DeployedCloudflare>,
}

/// Where a server is in its owner's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeployedCloudflare {
    pub account_id: String,
    pub script_name: String,
    /// The last characters of the API token, all that is ever shown of it.
    pub api_token_last4: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentList {
    /// Newest first.
    pub deployments: Vec<Deployment>,
}
