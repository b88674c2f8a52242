use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The body of every answer that is not 2xx.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ErrorEnvelope {
    pub error: ErrorBody,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// Stable, snake_case.
    #[schema(example = "project_not_found")]
    pub code: String,
    /// One sentence that names cause, place and, where it helps, the remedy.
    pub message: String,
    /// The same as the `x-request-id` header.
    pub request_id: String,
    /// `pointer`, `line`, `column`, `help`, `limit`, …
    #[schema(value_type = Option<Object>)]
    pub details: Option<Value>,
}
