use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a new version of a description changes for those who use its tools.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanChanges {
    pub added: u32,
    pub removed: u32,
    pub changed: u32,
    pub renamed: u32,
    /// How many of them break callers.
    pub breaking: u32,
    /// What concerns all tools: servers and credentials.
    pub service: Vec<FieldChange>,
    /// The first 100, those that break callers before the others.
    pub entries: Vec<ChangeEntry>,
    /// Edits of the project that go on to apply.
    pub edits_kept: u32,
    /// The first 100 that do not.
    pub edit_conflicts: Vec<LostEdit>,
}

/// What became of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEntry {
    pub kind: ChangeKind,
    pub key: String,
    /// The key before, of a renamed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub name: String,
    pub breaks: bool,
    pub changes: Vec<FieldChange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
    /// The same operation under another path.
    Renamed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// `name`, `title`, `description`, `group`, `enabled`, `deprecated`, `input`,
    /// `output`, `annotations`, `auth`, `request`, `pagination`, `servers`.
    pub field: String,
    /// Of the input or output, with dots between levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// Whether a call that was right may fail now, or its answer be misread.
    pub breaks: bool,
    pub message: String,
}

/// An edit that does not apply any more, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LostEdit {
    pub key: String,
    pub path: Vec<String>,
    /// `unknown_key`, `unknown_path`, `changed`, `invalid_value`.
    pub code: String,
    pub message: String,
}
