use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a version was asked in the last hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentMetrics {
    /// Start of the first hour that is counted.
    pub since: String,
    /// Of all tool calls.
    pub total: CallSums,
    /// The most called first. Names that the version does not list are one entry,
    /// `(unknown)`.
    pub tools: Vec<CallMetrics>,
    /// Requests of other methods than `tools/call`, by method.
    pub methods: Vec<CallMetrics>,
    /// Tool calls by hour, oldest first; hours without calls are left out.
    pub series: Vec<HourMetrics>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallSums {
    pub calls: u64,
    pub errors: u64,
    /// Median of the durations in milliseconds, rounded up to a bucket's bound;
    /// null without calls.
    pub p50_ms: Option<u32>,
    /// The same for 95 of a hundred calls.
    pub p95_ms: Option<u32>,
    /// Bytes of the answers' bodies.
    pub bytes_out: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallMetrics {
    pub name: String,
    #[serde(flatten)]
    pub sums: CallSums,
    /// Without secrets, in one line, at most 300 characters.
    pub last_error: Option<String>,
    pub last_error_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HourMetrics {
    /// Its start.
    pub hour: String,
    pub calls: u64,
    pub errors: u64,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum CallOutcome {
    Ok,
    /// A result with `isError`, which the model sees.
    ToolError,
    /// A JSON-RPC error.
    ProtocolError,
    /// A status of 400 or more without a JSON-RPC message.
    HttpError,
    /// The server did not start or crashed.
    Failed,
    /// The answer was not read to its end. Not counted as an error.
    Cancelled,
}

/// One request to a hosted server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoggedCall {
    /// Ascending within the version.
    pub id: i64,
    pub at: String,
    /// The JSON-RPC method; `(other)` where it is none of the protocol's.
    pub method: String,
    /// Of `tools/call`; `(unknown)` where the version does not list it.
    pub tool: Option<String>,
    pub outcome: CallOutcome,
    /// Until the last byte of the answer.
    pub duration_ms: i64,
    pub bytes_out: i64,
    /// Without secrets, in one line, at most 300 characters.
    pub error: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallLog {
    pub calls: Vec<LoggedCall>,
}

/// An event of the live tail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum CallEvent {
    Call(LoggedCall),
}
