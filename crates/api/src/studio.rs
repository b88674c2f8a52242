use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AuthConfig;

/// `GET /api/health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    pub status: String,
    pub version: String,
    pub environment: Environment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Environment {
    Development,
    Production,
}

/// `GET /api/config`: what the front end needs to know before its first call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioConfig {
    pub environment: Environment,
    /// Servers live at `{slug}.{domain}`.
    pub domain: String,
    /// Bytes, decoded.
    pub max_spec_bytes: u64,
    /// The sample API's own document; only in development.
    pub sample_spec_url: Option<String>,
    pub auth: AuthConfig,
}
