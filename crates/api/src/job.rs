use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum JobKind {
    Analyze,
    Generate,
    Deploy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum JobState {
    Running,
    Done,
    /// It was refused or failed; the same again would fail again.
    Failed,
    /// Its user wanted no more of it.
    Cancelled,
    /// Nothing was wrong with it, and each of its attempts failed on our side.
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub id: String,
    pub kind: JobKind,
    pub project_id: Option<String>,
    pub state: JobState,
    /// Which attempt it is, from 1. An interrupted job is taken up again.
    pub attempt: u32,
    /// When its end was asked for.
    pub cancel_requested_at: Option<String>,
    pub created_at: String,
    pub finished_at: Option<String>,
}
