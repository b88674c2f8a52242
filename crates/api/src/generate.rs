use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// `POST /api/generate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenerateRequest {
    pub project_id: String,
    /// Kept as edits of the plan.
    #[serde(default)]
    pub tools: Vec<ToolOverride>,
    #[serde(default)]
    pub auth: Option<AuthOverride>,
    /// Kept as an edit of the plan; without it the mode stays as it is.
    #[serde(default)]
    pub mode: Option<ServerMode>,
}

/// How a server offers its tools: `direct` lists each of them, `dynamic` lists
/// four, which search, describe and call them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ServerMode {
    #[default]
    Direct,
    Dynamic,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ToolOverride {
    /// A tool's key, `GET /pets/{petId}`.
    pub key: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    pub enabled: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthOverride {
    /// Ids of schemes that the server must not use.
    #[serde(default)]
    pub disabled_schemes: Vec<String>,
}

/// The generated project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerBundle {
    pub id: String,
    /// Sorted by path.
    pub files: Vec<BundleFile>,
    #[schema(value_type = Object)]
    pub package_json: Value,
    #[schema(value_type = Object)]
    pub ts_config: Value,
    #[schema(example = "src/server.ts")]
    pub entry_point: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BundleFile {
    pub path: String,
    pub content: String,
}
