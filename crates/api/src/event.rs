use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Access, AnalysisResult, Artifact, DeployTarget, ServerBundle};

/// One event of a stream: `event:` is the `type`, `data:` is this as JSON, `id:`
/// is `<job id>:<sequence number>`. The same JSON goes over the socket.
///
/// Exactly one of [`AnalysisComplete`](Event::AnalysisComplete),
/// [`GenerateComplete`](Event::GenerateComplete), [`DeployLive`](Event::DeployLive),
/// [`Cancelled`](Event::Cancelled) and [`Error`](Event::Error) ends a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type")]
pub enum Event {
    #[serde(rename = "analysis:progress")]
    AnalysisProgress {
        step: AnalysisStep,
        percent: u8,
        #[serde(rename = "jobId")]
        job_id: String,
        #[serde(rename = "projectId")]
        project_id: String,
    },
    #[serde(rename = "analysis:tool_found")]
    AnalysisToolFound { tool: ToolSummary },
    #[serde(rename = "analysis:complete")]
    AnalysisComplete { result: AnalysisResult },
    #[serde(rename = "generate:progress")]
    GenerateProgress {
        file: String,
        percent: u8,
        #[serde(rename = "jobId")]
        job_id: String,
        #[serde(rename = "projectId")]
        project_id: String,
    },
    #[serde(rename = "generate:file_ready")]
    GenerateFileReady { path: String, content: String },
    #[serde(rename = "generate:complete")]
    GenerateComplete { bundle: ServerBundle },
    #[serde(rename = "deploy:progress")]
    DeployProgress {
        step: DeployStep,
        percent: u8,
        message: String,
        #[serde(rename = "jobId")]
        job_id: String,
        #[serde(rename = "projectId")]
        project_id: String,
    },
    #[serde(rename = "deploy:live")]
    DeployLive(DeployResult),
    /// The job's user asked for its end.
    #[serde(rename = "cancelled")]
    Cancelled {
        #[serde(rename = "jobId")]
        job_id: String,
        #[serde(rename = "projectId")]
        project_id: String,
    },
    #[serde(rename = "error")]
    Error {
        code: String,
        message: String,
        /// Whether the same request can succeed when it is made again.
        recoverable: bool,
        #[schema(value_type = Option<Object>)]
        details: Option<Value>,
    },
}

impl Event {
    /// The wire name, as in `type` and the `event:` line.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AnalysisProgress { .. } => "analysis:progress",
            Self::AnalysisToolFound { .. } => "analysis:tool_found",
            Self::AnalysisComplete { .. } => "analysis:complete",
            Self::GenerateProgress { .. } => "generate:progress",
            Self::GenerateFileReady { .. } => "generate:file_ready",
            Self::GenerateComplete { .. } => "generate:complete",
            Self::DeployProgress { .. } => "deploy:progress",
            Self::DeployLive(_) => "deploy:live",
            Self::Cancelled { .. } => "cancelled",
            Self::Error { .. } => "error",
        }
    }

    /// Whether the stream ends with it.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        is_terminal(self.name())
    }
}

/// Whether an event of this name ends its stream.
#[must_use]
pub fn is_terminal(name: &str) -> bool {
    matches!(
        name,
        "analysis:complete" | "generate:complete" | "deploy:live" | "error" | "cancelled"
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AnalysisStep {
    Accepted,
    Fetching,
    Reading,
    Planning,
    Saving,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeployStep {
    Accepted,
    Compiling,
    Uploading,
    Routing,
    Checking,
    /// Files become an archive.
    Packing,
    /// The archive goes to a registry.
    Publishing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ToolSummary {
    pub name: String,
    pub title: String,
    pub description: String,
    pub group: String,
    pub method: String,
    pub path: String,
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeployResult {
    pub target: DeployTarget,
    /// Where it is: of the server, of the package in its registry, or of the file
    /// to take away.
    pub url: String,
    /// What an MCP client is given; `null` for what does not run by itself.
    pub endpoint: Option<String>,
    #[schema(example = "live")]
    pub status: String,
    pub deployment_id: String,
    pub version: String,
    pub access: Access,
    /// An endpoint token, once, where this deployment made one.
    pub token: Option<String>,
    /// How many tools the live server listed.
    pub tools: u32,
    pub health: HealthCheck,
    /// What there is to take away.
    pub artifact: Option<Artifact>,
    /// How it is used, in the order of use. They hold no secret.
    pub install: Vec<InstallSnippet>,
    pub logs: Vec<String>,
}

/// The last check before a version counts: it was started and asked for its tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthCheck {
    pub passed: bool,
    /// How many tools it listed.
    pub tools: u32,
    /// From the first request to the last answer.
    pub milliseconds: u64,
}

/// A text to paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstallSnippet {
    /// What it is for.
    #[schema(example = "Claude Code")]
    pub title: String,
    /// `shell` or `json`.
    pub language: String,
    pub text: String,
}
