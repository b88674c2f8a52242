//! The dialect-free description of an HTTP API: what OpenAPI 2.0/3.x, Postman
//! or prose say, in one shape. Plain data with public fields.

use indexmap::IndexMap;
use serde_json::Value;

/// An API as its document describes it, after every local `$ref` to a
/// parameter, body, response, header or path item has been followed.
///
/// Schemas stay JSON values, in JSON Schema 2020-12 whatever the document's own
/// dialect was (`nullable`, boolean `exclusiveMinimum`, `example` and the like
/// are already translated). A schema that the document names stays shared: a
/// `$ref` in any schema here has the form `#/$defs/<key>`, and `<key>` is always
/// a key of [`ApiDescription::schemas`].
#[derive(Debug, Clone, PartialEq)]
pub struct ApiDescription {
    pub dialect: Dialect,
    /// `info.title`, trimmed; never empty.
    pub title: String,
    /// `info.version`; `"0.0.0"` where the document has none.
    pub version: String,
    pub description: Option<String>,
    /// `externalDocs.url` or `info.contact.url`.
    pub docs_url: Option<String>,
    /// Document-level servers in the document's order; may be empty.
    pub servers: Vec<Server>,
    pub tags: Vec<Tag>,
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// Operations in the document's order.
    pub operations: Vec<Operation>,
    /// Named schemas, in JSON Schema 2020-12. Keys match `[A-Za-z0-9_.-]+`.
    pub schemas: IndexMap<String, Value>,
    /// The root-level `x-mcp` extension, as written.
    pub x_mcp: Option<Value>,
    /// What `x-ratelimit…` and `x-rate-limit…` extensions say, each as one text
    /// of its keys and values; a handful at most.
    pub rate_limits: Vec<String>,
}

/// The dialect that a document was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    Swagger20,
    OpenApi30,
    OpenApi31,
    OpenApi32,
}

/// One base URL of the API (OpenAPI `Server Object`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Absolute or relative; may hold `{variable}` templates.
    pub url: String,
    pub description: Option<String>,
    pub variables: Vec<ServerVariable>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVariable {
    pub name: String,
    pub default: Option<String>,
    pub allowed: Vec<String>,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    pub description: Option<String>,
}

/// HTTP methods that OpenAPI lets a path item hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
    /// OpenAPI 3.2.
    Query,
}

/// One operation: a method on a path template.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// JSON pointer to the operation in the document (RFC 6901).
    pub pointer: String,
    pub method: Method,
    /// The path template, e.g. `/pets/{petId}`; starts with `/`. As written, save
    /// that each placeholder is the bare name of its parameter. Where the document
    /// tells operations apart by a fixed query (`/x?action=list`), that stays at
    /// its end.
    pub path: String,
    pub operation_id: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub deprecated: bool,
    /// Path-item parameters and the operation's own, the latter winning by
    /// (name, location). Every `{placeholder}` of `path` has one.
    pub parameters: Vec<Parameter>,
    pub body: Option<RequestBody>,
    /// In the document's order.
    pub responses: Vec<Response>,
    /// The effective requirement: the operation's own, else the document's.
    /// Alternatives (OR) of schemes that apply together (AND); an empty
    /// alternative means that no credential is needed.
    pub security: Vec<SecurityRequirement>,
    /// Servers of the operation or its path item, where they override the
    /// document's; else empty.
    pub servers: Vec<Server>,
    /// The `x-mcp` extension of the operation, as written; where its path item
    /// has one too and both are objects, the keys of both, its own first.
    pub x_mcp: Option<Value>,
}

/// Scheme names with the scopes that each needs.
pub type SecurityRequirement = IndexMap<String, Vec<String>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// OpenAPI parameter styles (OAS 3.1 §4.8.12.3); 2.0's `collectionFormat` is
/// translated (`tsv` to [`Style::TabDelimited`], which OpenAPI 3 has not).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    TabDelimited,
    DeepObject,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub location: Location,
    pub required: bool,
    pub deprecated: bool,
    pub description: Option<String>,
    /// JSON Schema 2020-12; `true` where the document says nothing.
    pub schema: Value,
    pub style: Style,
    pub explode: bool,
    pub allow_reserved: bool,
    /// Set where the parameter uses `content`: its value is serialised as this
    /// media type (JSON in practice).
    pub content_type: Option<String>,
    pub example: Option<Value>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    pub required: bool,
    pub description: Option<String>,
    /// In the document's order; never empty.
    pub content: Vec<MediaType>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MediaType {
    /// Lower-case type and subtype without parameters, e.g. `application/json`.
    pub media_type: String,
    /// `None` where the document gives no schema.
    pub schema: Option<Value>,
    /// `encoding` of form bodies: property name to content type.
    pub encoding: IndexMap<String, PartEncoding>,
    pub example: Option<Value>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct PartEncoding {
    pub content_type: Option<String>,
    pub style: Option<Style>,
    pub explode: Option<bool>,
    pub allow_reserved: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// `200`, `2XX`, `default`, …, as written, upper case.
    pub status: String,
    pub description: Option<String>,
    /// Header names as written, with their descriptions.
    pub headers: IndexMap<String, Option<String>>,
    pub content: Vec<MediaType>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityScheme {
    pub kind: SecurityKind,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    /// `location` is header, query or cookie.
    ApiKey {
        name: String,
        location: Location,
    },
    HttpBasic,
    HttpBearer {
        format: Option<String>,
    },
    /// Another `http` scheme, by its lower-case name (`digest`, `hoba`, …).
    HttpOther {
        scheme: String,
    },
    OAuth2 {
        flows: Vec<OAuthFlow>,
    },
    OpenIdConnect {
        url: String,
    },
    MutualTls,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthFlow {
    /// `authorizationCode`, `clientCredentials`, `implicit`, `password`, `deviceAuthorization`.
    pub kind: String,
    pub authorization_url: Option<String>,
    pub token_url: Option<String>,
    pub refresh_url: Option<String>,
    /// Scope to description.
    pub scopes: IndexMap<String, String>,
}
