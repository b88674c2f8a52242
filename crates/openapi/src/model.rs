//! The dialect-free description of an HTTP API: what OpenAPI 2.0/3.x, Postman
//! or prose say, in one shape. Plain data with public fields.

use indexmap::IndexMap;

use crate::node::Node;

/// An API as its document describes it, after every local `$ref` to a
/// parameter, body, response, header or path item has been followed.
///
/// It borrows the document's text and the [`crate::Arena`] that it was read into.
///
/// Schemas stay JSON values, in JSON Schema 2020-12 whatever the document's own
/// dialect was (`nullable`, boolean `exclusiveMinimum`, `example` and the like
/// are already translated). A schema that the document names stays shared: a
/// `$ref` in any schema here has the form `#/$defs/<key>`, and `<key>` is always
/// a key of [`ApiDescription::schemas`].
#[derive(Debug, Clone, PartialEq)]
pub struct ApiDescription<'a> {
    pub dialect: Dialect,
    /// `info.title`, trimmed; never empty.
    pub title: &'a str,
    /// `info.version`; `"0.0.0"` where the document has none.
    pub version: &'a str,
    pub description: Option<&'a str>,
    /// `externalDocs.url` or `info.contact.url`.
    pub docs_url: Option<&'a str>,
    /// Document-level servers in the document's order; may be empty.
    pub servers: Vec<Server>,
    pub tags: Vec<Tag<'a>>,
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// Operations in the document's order.
    pub operations: Vec<Operation<'a>>,
    /// Named schemas, in JSON Schema 2020-12. Keys match `[A-Za-z0-9_.-]+`.
    pub schemas: IndexMap<&'a str, Node<'a>>,
    /// The root-level `x-mcp` extension, as written.
    pub x_mcp: Option<Node<'a>>,
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
    /// A Postman Collection, 2.0 or 2.1.
    Postman,
    /// Documentation in Markdown, HTML or plain text. Pointers into it have the
    /// form `/line/<n>`, counted from 1.
    Prose,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    pub name: &'a str,
    pub description: Option<&'a str>,
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
pub struct Operation<'a> {
    /// JSON pointer to the operation in the document (RFC 6901); for a Postman
    /// collection to the request, for prose to the line.
    pub pointer: &'a str,
    pub method: Method,
    /// The path template, e.g. `/pets/{petId}`; starts with `/`. As written, save
    /// that each placeholder is the bare name of its parameter. Where the document
    /// tells operations apart by a fixed query (`/x?action=list`), that stays at
    /// its end; where by the names in the query (`/x?lat={lat}`), or by a fragment,
    /// there is a fragment (`/x#lat`), which is never sent.
    pub path: &'a str,
    pub operation_id: Option<&'a str>,
    pub summary: Option<&'a str>,
    pub description: Option<&'a str>,
    pub tags: Vec<&'a str>,
    pub deprecated: bool,
    /// Path-item parameters and the operation's own, the latter winning by
    /// (name, location). Every `{placeholder}` of `path` has one.
    pub parameters: Vec<Parameter<'a>>,
    pub body: Option<RequestBody<'a>>,
    /// What an `Accept` parameter of the operation is by default: some APIs tell
    /// versions by it. Else the media types of the responses say what to accept.
    pub accept: Option<&'a str>,
    /// In the document's order.
    pub responses: Vec<Response<'a>>,
    /// The effective requirement: the operation's own, else the document's.
    /// Alternatives (OR) of schemes that apply together (AND); an empty
    /// alternative means that no credential is needed.
    pub security: &'a [SecurityRequirement<'a>],
    /// Servers of the operation or its path item, where they override the
    /// document's; else empty.
    pub servers: Vec<Server>,
    /// The `x-mcp` extension of the operation, as written; where its path item
    /// has one too and both are objects, the keys of both, its own first.
    pub x_mcp: Option<Node<'a>>,
}

/// Scheme names with the scopes that each needs.
pub type SecurityRequirement<'a> = &'a [(&'a str, &'a [&'a str])];

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

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter<'a> {
    pub name: &'a str,
    pub location: Location,
    pub required: bool,
    pub deprecated: bool,
    pub description: Option<&'a str>,
    /// JSON Schema 2020-12; `true` where the document says nothing.
    pub schema: Node<'a>,
    pub style: Style,
    pub explode: bool,
    pub allow_reserved: bool,
    /// Set where the parameter uses `content`: its value is serialised as this
    /// media type (JSON in practice).
    pub content_type: Option<&'a str>,
    pub example: Option<Node<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RequestBody<'a> {
    pub required: bool,
    pub description: Option<&'a str>,
    /// In the document's order; never empty.
    pub content: &'a [MediaType<'a>],
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MediaType<'a> {
    /// Lower-case type and subtype without parameters, e.g. `application/json`.
    pub media_type: &'a str,
    /// `None` where the document gives no schema.
    pub schema: Option<Node<'a>>,
    /// `encoding` of form bodies: property name to content type.
    pub encoding: &'a [(&'a str, PartEncoding<'a>)],
    pub example: Option<Node<'a>>,
}

impl<'a> MediaType<'a> {
    /// How the property `name` of a form body is encoded.
    #[must_use]
    pub fn encoding_of(&self, name: &str) -> Option<&'a PartEncoding<'a>> {
        let found = self.encoding.iter().find(|(known, _)| *known == name);
        found.map(|(_, encoding)| encoding)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PartEncoding<'a> {
    pub content_type: Option<&'a str>,
    pub style: Option<Style>,
    pub explode: Option<bool>,
    pub allow_reserved: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Response<'a> {
    /// `200`, `2XX`, `default`, …, as written, upper case.
    pub status: &'a str,
    pub description: Option<&'a str>,
    /// Header names as written, with their descriptions.
    pub headers: &'a [(&'a str, Option<&'a str>)],
    pub content: &'a [MediaType<'a>],
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
