//! What hosted servers are asked: counters by hour and tool, and the latest
//! calls one by one. Recording has no principal, as the call has none; reading
//! has.

mod latency;
mod read;
mod record;

use serde::{Deserialize, Serialize};

pub use latency::{BUCKETS, Histogram, bucket};
pub use read::{Hour, Metrics, RecentCall, Sums, Tool, metrics, recent};
pub use record::{Call, MAX_CALLS, record, set_tools};

/// The method whose calls are counted by tool.
pub const TOOLS_CALL: &str = "tools/call";
/// The name under which tools are counted that the version does not list.
pub const UNKNOWN_TOOL: &str = "(unknown)";
/// Calls that are kept one by one for each version.
pub const RECENT_KEPT: u32 = 200;
/// Days that counters are kept.
pub const DAYS_KEPT: u32 = 30;
/// Characters of an error that are kept.
pub const MAX_ERROR_CHARS: usize = 300;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Ok,
    /// A result with `isError`: what the model gets to see.
    ToolError,
    /// A JSON-RPC error.
    ProtocolError,
    /// A status of 400 or more without a JSON-RPC message.
    HttpError,
    /// The server did not start, crashed or broke off its answer.
    Failed,
    /// The client went away before the answer was complete.
    Cancelled,
}

impl Outcome {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ToolError => "tool_error",
            Self::ProtocolError => "protocol_error",
            Self::HttpError => "http_error",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it is counted as an error: a client that goes away is none.
    #[must_use]
    pub const fn is_error(self) -> bool {
        !matches!(self, Self::Ok | Self::Cancelled)
    }
}
