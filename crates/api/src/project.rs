use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Access, DeploymentStatus, Role};

/// `draft → analyzed → generated → tested → deployed`; a new analysis moves back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ProjectStatus {
    Draft,
    Analyzed,
    Generated,
    Tested,
    Deployed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    pub id: String,
    /// Whose it is; null for one of your own.
    pub team_id: Option<String>,
    /// What you may do with it.
    pub role: Role,
    pub name: String,
    /// Unique among the owner's projects; the server's slug starts from it.
    pub slug: String,
    pub description: Option<String>,
    pub status: ProjectStatus,
    /// Where the description was fetched from, if it was.
    pub spec_url: Option<String>,
    pub tool_count: u32,
    pub enabled_tool_count: u32,
    /// The live server, where there is one.
    pub server: Option<ProjectServer>,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectServer {
    pub url: String,
    /// What an MCP client is given.
    pub endpoint: String,
    pub access: Access,
    pub status: DeploymentStatus,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectList {
    pub projects: Vec<Project>,
    /// Give it back as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// `POST /api/projects`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateProject {
    /// 1 to 100 characters, one at least no space.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    pub name: String,
    /// `[a-z0-9-]{1,40}`, no hyphen at either end or as both its third and fourth
    /// character, and none of the reserved names; made from the name where absent.
    #[serde(default)]
    #[schema(max_length = 40, pattern = "^(?!..--)[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    pub slug: Option<String>,
    /// At most 2,000 characters.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    pub description: Option<String>,
    /// The team that it is for; one of your own where absent.
    #[serde(default)]
    pub team_id: Option<String>,
}

/// `PATCH /api/projects/{id}`: absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateProject {
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    pub name: Option<String>,
    /// The empty text takes it away.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    pub description: Option<String>,
    /// Applied in order, all or none.
    #[serde(default)]
    pub edits: Option<Vec<Edit>>,
}

/// One change to a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edit {
    /// A tool's key, `GET /pets/{petId}`; empty for the plan itself.
    pub key: String,
    /// The field: `["name"]`, `["title"]`, `["description"]`, `["group"]`,
    /// `["enabled"]`, `["annotations", "readOnlyHint"]`, …; of the plan `["mode"]`, ….
    pub path: Vec<String>,
    pub value: Value,
    /// The value that the editor saw; a different one is a conflict (409).
    pub prev: Value,
}
