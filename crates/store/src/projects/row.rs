//! The row of a project with the server that it has live.

use serde::{Deserialize, Serialize};

use crate::deployments::{Access, DeploymentStatus};
use crate::keys::SpecFormat;
use crate::{Role, Row, StoreError, decode};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectStatus {
    Draft,
    Analyzed,
    Generated,
    Tested,
    Deployed,
}

/// Where the uploaded document is, and what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpecMeta {
    pub key: String,
    pub format: SpecFormat,
    /// Lower-case hex.
    pub sha256: String,
    pub bytes: u64,
}

/// Where the analysis is. The counts and names are what lists show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnalysisMeta {
    pub id: String,
    /// `ServerPlan` before edits.
    pub plan_key: String,
    /// The API's `AnalysisResult`.
    pub analysis_key: String,
    pub service: String,
    pub version: String,
}

/// Where the generated project is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleMeta {
    pub id: String,
    pub key: String,
    /// Number of files.
    pub files: u32,
    pub bytes: u64,
    /// Analysis that it was generated from.
    pub analysis_id: String,
}

/// The server that answers at the project's hosted name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerSummary {
    pub slug: String,
    pub deployment_id: String,
    pub version: String,
    pub url: Option<String>,
    pub endpoint: Option<String>,
    pub access: Access,
    pub status: DeploymentStatus,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Project {
    pub id: String,
    /// Who made it.
    pub user_id: String,
    /// Whose it is; `None` for one of `user_id`'s own.
    pub team_id: Option<String>,
    /// What the principal may do with it.
    pub role: Role,
    pub name: String,
    /// The user's own slug, unique among their projects.
    pub slug: String,
    pub description: Option<String>,
    pub status: ProjectStatus,
    pub spec_url: Option<String>,
    pub spec: Option<SpecMeta>,
    pub analysis: Option<AnalysisMeta>,
    pub bundle: Option<BundleMeta>,
    /// Number of the last edit; 0 without edits.
    pub revision: i64,
    /// Revision that the bundle was generated at.
    pub bundle_revision: Option<i64>,
    pub tool_count: i64,
    pub enabled_tool_count: i64,
    pub server: Option<ServerSummary>,
    pub created_at: String,
    pub updated_at: String,
}

macro_rules! select {
    () => {
        "SELECT p.id, p.user_id, p.team_id, CASE WHEN p.team_id IS NULL THEN 'owner' ELSE \
         (SELECT me.role FROM team_members me WHERE me.team_id = p.team_id AND me.user_id = ?1) \
         END AS role, p.name, p.slug, p.description, p.status, p.spec_url, p.spec_raw, \
         p.analysis, p.server_bundle, p.revision, p.bundle_revision, p.tool_count, \
         p.enabled_tool_count, p.created_at, p.updated_at, s.slug AS server_slug, \
         d.id AS server_deployment_id, d.version AS server_version, d.url AS server_url, \
         d.endpoint AS server_endpoint, d.access AS server_access, d.status AS server_status \
         FROM projects p \
         LEFT JOIN slugs s ON s.project_id = p.id AND s.released_at IS NULL \
         LEFT JOIN deployments d ON d.id = s.deployment_id AND d.status = 'live' "
    };
}
pub(super) use select;

#[derive(Deserialize)]
struct Joined {
    id: String,
    user_id: String,
    team_id: Option<String>,
    role: Role,
    name: String,
    slug: String,
    description: Option<String>,
    status: ProjectStatus,
    spec_url: Option<String>,
    #[serde(deserialize_with = "decode::optional_json")]
    spec_raw: Option<SpecMeta>,
    #[serde(deserialize_with = "decode::optional_json")]
    analysis: Option<AnalysisMeta>,
    #[serde(deserialize_with = "decode::optional_json")]
    server_bundle: Option<BundleMeta>,
    #[serde(deserialize_with = "decode::integer")]
    revision: i64,
    #[serde(deserialize_with = "decode::optional_integer")]
    bundle_revision: Option<i64>,
    #[serde(deserialize_with = "decode::integer")]
    tool_count: i64,
    #[serde(deserialize_with = "decode::integer")]
    enabled_tool_count: i64,
    created_at: String,
    updated_at: String,
    server_slug: Option<String>,
    server_deployment_id: Option<String>,
    server_version: Option<String>,
    server_url: Option<String>,
    server_endpoint: Option<String>,
    server_access: Option<Access>,
    server_status: Option<DeploymentStatus>,
}

impl Project {
    pub(super) fn from_row(row: Row) -> Result<Self, StoreError> {
        let row: Joined = decode::row(row)?;
        let server = match (
            row.server_slug,
            row.server_deployment_id,
            row.server_version,
            row.server_access,
            row.server_status,
        ) {
            (Some(slug), Some(deployment_id), Some(version), Some(access), Some(status)) => {
                Some(ServerSummary {
                    slug,
                    deployment_id,
                    version,
                    url: row.server_url,
                    endpoint: row.server_endpoint,
                    access,
                    status,
                })
            }
            _ => None,
        };
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            team_id: row.team_id,
            role: row.role,
            name: row.name,
            slug: row.slug,
            description: row.description,
            status: row.status,
            spec_url: row.spec_url,
            spec: row.spec_raw,
            analysis: row.analysis,
            bundle: row.server_bundle,
            revision: row.revision,
            bundle_revision: row.bundle_revision,
            tool_count: row.tool_count,
            enabled_tool_count: row.enabled_tool_count,
            server,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
