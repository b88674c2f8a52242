//! The plan of one MCP server: everything that code generation and hosting
//! need, and nothing of the dialect that it came from.
//!
//! A plan is stored as JSON (camelCase) and is the unit that people edit. Plain
//! data with public fields; property order in schemas is significant.

use serde::{Deserialize, Serialize};

use crate::schema::Schema;

use crate::ServerMode;

use crate::Pagination;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerPlan {
    pub service: Service,
    /// Base URLs; the first is the default. Empty when the document names none.
    pub servers: Vec<UpstreamServer>,
    pub auth: AuthPlan,
    /// In the order of their first tool.
    pub groups: Vec<ToolGroup>,
    /// One tool per operation, in the document's order, disabled ones included.
    pub tools: Vec<Tool>,
    pub app_candidates: Vec<AppCandidate>,
    pub rate_limits: RateLimits,
    #[serde(default, skip_serializing_if = "ServerMode::is_default")]
    pub mode: ServerMode,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// For people, e.g. `Pet Store`.
    pub name: String,
    /// `[a-z0-9-]{1,40}`, no leading or trailing hyphen, e.g. `pet-store`.
    pub slug: String,
    /// Prefix of environment variables: `[A-Z][A-Z0-9_]*`, e.g. `PET_STORE`.
    pub env_prefix: String,
    pub version: String,
    pub description: Option<String>,
    pub docs_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpstreamServer {
    /// Absolute (`https://{region}.example.com/v1`) or, where the document does
    /// not say which host, a path (`/v1`) that needs a base URL at deployment.
    pub url: String,
    pub description: Option<String>,
    pub variables: Vec<ServerVariable>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerVariable {
    pub name: String,
    /// Environment variable that sets it, e.g. `PET_STORE_REGION`.
    pub env: String,
    pub default: Option<String>,
    pub allowed: Vec<String>,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthPlan {
    pub schemes: Vec<AuthScheme>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthScheme {
    /// `[A-Za-z0-9_-]{1,64}`, unique in the plan; made from the document's name.
    pub id: String,
    #[serde(flatten)]
    pub kind: AuthKind,
    pub description: Option<String>,
    /// What the user has to give, in the order that `kind` documents.
    pub secrets: Vec<SecretSpec>,
    /// What the user can give in place of `secrets`, where the server can get its
    /// access tokens by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_credentials: Option<ClientCredentials>,
}

impl AuthScheme {
    /// Sets of secrets of which one is enough, what lasts longest first.
    pub fn choices(&self) -> impl Iterator<Item = &[SecretSpec]> {
        let client = self.client_credentials.iter();
        client
            .map(|client| client.secrets.as_slice())
            .chain([self.secrets.as_slice()])
    }

    /// All that the user can give.
    pub fn all_secrets(&self) -> impl Iterator<Item = &SecretSpec> {
        self.choices().flatten()
    }
}

/// The client credentials grant of OAuth 2.0 (RFC 6749 §4.4): with an id and a secret
/// of its own a server gets access tokens, and new ones when they expire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientCredentials {
    /// An `https` URL, or a reference that is resolved against the base URL of the API.
    pub token_url: String,
    /// What is asked for where the authorization server does not choose by itself.
    pub scopes: Vec<String>,
    /// Two secrets: client id, client secret.
    pub secrets: Vec<SecretSpec>,
}

/// How a credential reaches the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum AuthKind {
    /// One secret, sent as `name` in a header, the query or a cookie.
    ApiKey {
        name: String,
        location: ParamLocation,
    },
    /// Two secrets: user name, password (RFC 7617).
    Basic,
    /// One secret: the token (RFC 6750).
    Bearer { format: Option<String> },
    /// One secret: an access token, sent as bearer. `flows` is for people; a server
    /// follows one of them, see [`AuthScheme::client_credentials`].
    OAuth2 { flows: Vec<OAuthFlow> },
    /// One secret: an access token, sent as bearer.
    OpenIdConnect { url: String },
    /// Known, but not usable from a generated server (mutual TLS, digest, …).
    Unsupported { reason: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OAuthFlow {
    pub kind: String,
    pub authorization_url: Option<String>,
    pub token_url: Option<String>,
    pub scopes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretSpec {
    /// Environment variable, e.g. `PET_STORE_API_KEY`.
    pub name: String,
    /// For people, e.g. `API key`.
    pub title: String,
    pub description: Option<String>,
}

/// One way to authenticate: scheme ids that apply together. No scheme: anonymous.
pub type AuthAlternative = Vec<String>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolGroup {
    /// `[a-z0-9-]{1,48}`, unique: the file name of the group in generated code.
    pub id: String,
    pub title: String,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    /// Stable across re-imports: method and path template, `GET /pets/{petId}`.
    pub key: String,
    /// `[a-zA-Z0-9_-]{1,64}`, unique in the plan.
    pub name: String,
    pub title: String,
    /// At most 1,024 characters; never empty.
    pub description: String,
    /// Id of a [`ToolGroup`].
    pub group: String,
    /// Whether the generated server has it.
    pub enabled: bool,
    /// Why it is off, where the engine turned it off: a person's own choice
    /// needs no reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_because: Option<DisabledBecause>,
    pub deprecated: bool,
    /// JSON Schema 2020-12, root `type: object` without combinators; shared
    /// schemas under its own `$defs`.
    pub input_schema: Schema,
    /// The same of the success response; arrays are wrapped as `{items: […]}`,
    /// see [`ResponseRecipe::wrap`].
    pub output_schema: Option<Schema>,
    pub annotations: Annotations,
    pub request: RequestRecipe,
    pub response: ResponseRecipe,
    /// How a list is asked for page by page, where the document shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// Alternatives; empty means that the operation needs no credential.
    pub auth: Vec<AuthAlternative>,
}

/// Why the engine turned a tool off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DisabledBecause {
    /// The document calls the operation deprecated.
    Deprecated,
    /// The document's `x-mcp` says so.
    Hint,
    /// There are more tools than a model chooses well from, and others were
    /// more likely to be needed; or a filter left it out.
    NotSelected,
}

/// MCP `ToolAnnotations` (schema 2025-11-25): true statements only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Annotations {
    pub read_only_hint: bool,
    pub destructive_hint: bool,
    pub idempotent_hint: bool,
    pub open_world_hint: bool,
}

/// How a filled input becomes an HTTP request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRecipe {
    /// Upper case.
    pub method: String,
    /// Path template, appended to the base URL. Each `{name}` in it is the
    /// `name` of a binding with location `path`.
    pub path: String,
    /// Base URL of this operation where it differs from the plan's (absolute or path).
    pub server: Option<UpstreamServer>,
    pub parameters: Vec<ParameterBinding>,
    pub body: Option<BodyBinding>,
    /// The `Accept` header, best first, e.g. `application/json`.
    pub accept: Vec<String>,
    /// Headers that every call sends, besides `Accept`: the version of the API.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<FixedHeader>,
}

/// A header that is no input, as it has the same value in every call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedHeader {
    pub name: String,
    pub value: String,
}

impl RequestRecipe {
    /// How many properties of the input go into the request.
    pub(crate) fn bindings(&self) -> usize {
        let body = self.body.as_ref().map_or(0, |body| match &body.shape {
            BodyShape::Properties { properties } => properties.len(),
            BodyShape::Whole { .. } => 1,
        });
        self.parameters.len() + body
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ParamLocation {
    Path,
    Query,
    Header,
    Cookie,
}

/// OpenAPI 3.1 §4.8.12.3, and 2.0's `tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ParamStyle {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    TabDelimited,
    DeepObject,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParameterBinding {
    /// Property of the tool's input.
    pub property: String,
    /// Name on the wire.
    pub name: String,
    pub location: ParamLocation,
    pub style: ParamStyle,
    pub explode: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub allow_reserved: bool,
    pub required: bool,
    /// The value is sent as JSON text (a `content` parameter).
    #[serde(default, skip_serializing_if = "is_false")]
    pub json: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BodyBinding {
    /// The `Content-Type` that is sent, e.g. `application/json`; of bytes also a
    /// range (`image/*`), within which they say themselves what they are.
    pub media_type: String,
    pub encoding: BodyEncoding,
    pub shape: BodyShape,
    pub required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BodyEncoding {
    /// Also `+json` types.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`; a binary part's input is `{filename?, contentType?, data}` with base64 `data`.
    Multipart,
    /// Text of any kind, XML included: the input is the text itself.
    Text,
    /// The input is base64.
    Binary,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum BodyShape {
    /// The body is an object whose properties are properties of the input.
    Properties { properties: Vec<BodyProperty> },
    /// The body is the value of one property of the input.
    Whole { property: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BodyProperty {
    /// Property of the tool's input.
    pub property: String,
    /// Name in the body.
    pub name: String,
    /// Multipart only: the part is a file.
    #[serde(default, skip_serializing_if = "is_false")]
    pub file: bool,
    /// Form and multipart only: the value is sent as this media type
    /// (`application/json` for objects in multipart).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Form only: how arrays and objects are written; `None` is `form`, exploded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<ParamStyle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explode: Option<bool>,
    /// Form only: reserved characters are sent as they are.
    #[serde(default, skip_serializing_if = "is_false")]
    pub allow_reserved: bool,
}

impl BodyProperty {
    /// A value that is sent as it is, under `name`.
    pub(crate) fn plain(property: String, name: &str) -> Self {
        Self {
            property,
            name: name.to_owned(),
            file: false,
            content_type: None,
            style: None,
            explode: None,
            allow_reserved: false,
        }
    }
}

/// How an HTTP response becomes a tool result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseRecipe {
    /// What the success response holds.
    pub kind: ResponseKind,
    /// The value is not an object: it is returned as `{items: value}`
    /// (`structuredContent` has an object root in the 2025 revisions of MCP).
    pub wrap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ResponseKind {
    Json,
    Text,
    /// Images, audio, archives: returned as MCP image, audio or blob content.
    Binary,
    /// The document promises no content (204, no media type).
    Empty,
}

/// A user interface that some of the tools could feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppCandidate {
    /// One of the nine: `dashboard`, `data-grid`, `form`, `card-list`,
    /// `timeline`, `calendar`, `kanban`, `chart`, `detail-view`.
    pub pattern: String,
    pub name: String,
    /// Why the pattern fits, for people.
    pub reason: String,
    /// Names of tools.
    pub tools: Vec<String>,
}

/// What the document says of the API's limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RateLimits {
    /// Response headers that carry limits, as written, sorted.
    pub headers: Vec<String>,
    /// Whether some operation documents 429.
    pub documents_429: bool,
    /// Statements found in vendor extensions or prose, e.g. `100 requests per minute`.
    pub statements: Vec<String>,
}

/// A plan can hold a hundred thousand bindings: what they do not say is left out.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn is_false(value: &bool) -> bool {
    !value
}
