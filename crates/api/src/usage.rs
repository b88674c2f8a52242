use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{LimitedAction, Tier};

/// `GET /api/usage`: the account first, then each team that it is in, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageReport {
    pub holders: Vec<HolderUsage>,
}

/// What is used of one tier: an account's own, or a team's, whose members share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HolderUsage {
    /// Null for the account's own.
    pub team: Option<UsageTeam>,
    /// The one that counts now.
    pub tier: Tier,
    pub actions: Vec<ActionUsage>,
    pub servers: ServerUsage,
    /// By day and action, oldest first, of the last 30 days; days without any are
    /// left out.
    pub history: Vec<UsageDay>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageTeam {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActionUsage {
    pub action: LimitedAction,
    /// In the window that ends now.
    pub used: u32,
    /// Null is without limit.
    pub limit: Option<u32>,
    #[schema(example = 3600)]
    pub window_seconds: u32,
    /// When one more becomes possible than is now; null where nothing is used, and
    /// without a limit.
    pub reset_at: Option<String>,
}

/// Projects with a server at a name of ours, stopped ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerUsage {
    pub used: u32,
    /// Null is without limit.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageDay {
    /// In UTC.
    #[schema(example = "2026-11-24")]
    pub day: String,
    pub action: LimitedAction,
    /// Jobs that ended.
    pub count: u32,
    /// Of these, those that failed or were cancelled.
    pub unsuccessful: u32,
    /// Of the language model; null where none was asked.
    pub tokens: Option<u64>,
    /// From the start of each job to its end, all together.
    pub duration_ms: u64,
}
