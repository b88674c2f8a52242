use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::{PlanChanges, ServerMode};

/// `POST /api/analyze` as JSON: exactly one of `specUrl`, `specFile`, `rawDocs`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnalyzeRequest {
    /// An http(s) address of the description.
    #[serde(default)]
    pub spec_url: Option<String>,
    /// The description itself: OpenAPI, Swagger or a Postman collection.
    #[serde(default)]
    #[schema(min_length = 1)]
    pub spec_file: Option<String>,
    /// Documentation of an API in prose: Markdown, HTML or plain text.
    #[serde(default)]
    #[schema(min_length = 1)]
    pub raw_docs: Option<String>,
    /// Analyse into this project; without it one is made.
    #[serde(default)]
    pub project_id: Option<String>,
    /// The team that a new project is for; one of your own where absent.
    #[serde(default)]
    pub team_id: Option<String>,
}

/// What an analysis found; the tools themselves are at `GET /api/projects/{id}/tools`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnalysisResult {
    pub id: String,
    pub project_id: String,
    pub service: String,
    pub version: String,
    pub description: Option<String>,
    pub servers: Vec<AnalysisServer>,
    pub endpoints: Vec<Endpoint>,
    pub auth_flow: AuthFlow,
    pub tool_groups: Vec<AnalysisGroup>,
    pub app_candidates: Vec<AppCandidate>,
    pub rate_limits: RateLimitInfo,
    pub tool_count: u32,
    pub enabled_tool_count: u32,
    /// Of the plan with its edits.
    #[serde(default)]
    pub mode: ServerMode,
    pub tokens: TokenTotals,
    pub diagnostics: Vec<Diagnostic>,
    /// What differs from the analysis before, where the project had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Box<PlanChanges>>,
}

/// What the tools cost a model, estimated: their names, descriptions and input
/// schemas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenTotals {
    pub all: u64,
    /// Of those that are on.
    pub enabled: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnalysisServer {
    pub url: String,
    pub description: Option<String>,
    pub variables: Vec<AnalysisVariable>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnalysisVariable {
    pub name: String,
    /// The key of `config.variables` of a deployment that sets it.
    pub env: String,
    pub default: Option<String>,
    pub allowed: Vec<String>,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    pub method: String,
    pub path: String,
    pub operation_id: Option<String>,
    pub summary: Option<String>,
    pub tags: Vec<String>,
    pub deprecated: bool,
    /// Name of the tool made from it.
    pub tool: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthFlow {
    pub schemes: Vec<AuthScheme>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthScheme {
    pub id: String,
    /// `apiKey`, `basic`, `bearer`, `oAuth2`, `openIdConnect`, `unsupported`.
    #[serde(rename = "type")]
    pub kind: String,
    pub description: Option<String>,
    /// What the user has to give at deployment (`config.secrets`).
    pub secrets: Vec<SecretSpec>,
    /// What the user can give in place of `secrets`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_credentials: Option<ClientCredentials>,
    /// What else the kind says (`name`, `location`, `flows`, …).
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub extra: serde_json::Map<String, Value>,
}

/// A client's id and secret, with which the server gets access tokens by itself
/// (OAuth 2.0 client credentials, RFC 6749 §4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientCredentials {
    /// Where tokens are got: an `https` URL, or a reference that is resolved against the
    /// base URL of the API.
    pub token_url: String,
    pub scopes: Vec<String>,
    /// The client's id, and its secret.
    pub secrets: Vec<SecretSpec>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretSpec {
    #[schema(example = "PET_STORE_API_KEY")]
    pub name: String,
    pub title: String,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnalysisGroup {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    /// Names of its tools.
    pub tools: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppCandidate {
    pub pattern: String,
    pub name: String,
    pub reason: String,
    pub tools: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateLimitInfo {
    pub headers: Vec<String>,
    pub documents_429: bool,
    pub statements: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    pub code: String,
    pub severity: DiagnosticSeverity,
    /// JSON pointer (RFC 6901) into the description.
    pub pointer: String,
    pub message: String,
    pub help: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DiagnosticSeverity {
    Info,
    Warning,
    Error,
}

/// `GET /api/projects/{id}/tools`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ToolList {
    pub tools: Vec<ToolDefinition>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ToolDefinition {
    /// Stable across re-imports: `GET /pets/{petId}`.
    pub key: String,
    pub name: String,
    pub title: String,
    pub description: String,
    pub group: String,
    pub method: String,
    pub path: String,
    /// JSON Schema 2020-12.
    #[schema(value_type = Object)]
    pub input_schema: Box<RawValue>,
    #[schema(value_type = Option<Object>)]
    pub output_schema: Option<Box<RawValue>>,
    pub annotations: ToolAnnotations,
    /// How a list is asked for page by page, where the description shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    pub enabled: bool,
    /// Why the engine turned it off; a person's own choice needs no reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_because: Option<DisabledBecause>,
    pub deprecated: bool,
    /// What it costs a model, estimated.
    pub tokens: u64,
}

/// Places in the API's answer are names of properties, outermost first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    pub style: PaginationStyle,
    /// Property of the input that says where the page starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Property of the input that says how long a page is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// The next position, or the address of the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Vec<String>>,
    /// Property of the last item whose value is the next position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_item: Option<String>,
    /// Whether there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<Vec<String>>,
    /// How many items there are in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Vec<String>>,
    /// The items; empty where the answer is the list itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum PaginationStyle {
    Cursor,
    Page,
    Offset,
    /// By the `Link` header, or an address in the answer.
    Link,
}

/// `deprecated` in the description, turned off by its `x-mcp` (`hint`), or
/// `notSelected`: there are more tools than a model chooses well from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DisabledBecause {
    Deprecated,
    Hint,
    NotSelected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ToolAnnotations {
    pub read_only_hint: bool,
    pub destructive_hint: bool,
    pub idempotent_hint: bool,
    pub open_world_hint: bool,
}
