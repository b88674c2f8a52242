use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Tier {
    Free,
    Pro,
    Team,
    Enterprise,
}

/// What is counted in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum LimitedAction {
    Analyze,
    Generate,
    Deploy,
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum FigureSource {
    /// Promised by the product's brief.
    Brief,
    /// Chosen by the studio where the brief is silent; it may change.
    Default,
}

/// `GET /api/tiers`: from least to most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierList {
    pub tiers: Vec<TierAllowances>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierAllowances {
    pub tier: Tier,
    pub rates: Vec<TierRate>,
    /// Projects with a server at a name of ours, stopped ones included.
    pub servers: TierFigure,
    /// Members of a team, its owner included.
    pub seats: TierFigure,
    pub collaboration: TierFeature,
}

/// So many in so long, counted in a window that slides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierRate {
    pub action: LimitedAction,
    /// Null is without limit.
    pub limit: Option<u32>,
    #[schema(example = 3600)]
    pub window_seconds: u32,
    pub source: FigureSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierFigure {
    /// Null is without limit.
    pub limit: Option<u32>,
    pub source: FigureSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierFeature {
    pub included: bool,
    pub source: FigureSource,
}
