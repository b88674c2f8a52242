//! The issuer that development brings along, at `/dev-issuer`: an OpenID provider
//! whose accounts need no password. Its tokens are verified like all others, with
//! the keys of its own set. It keeps nothing: codes and refresh tokens are sealed.

mod authorize;
mod grant;
mod token;

use mcpengine_identity::{KeySet, issue};
use serde_json::{Value, json};
use worker::{Method, Request, Response};

use crate::app::App;
use crate::bindings;
use crate::error::ApiError;
use crate::http::json_response;

/// Path under which the issuer lives.
pub(crate) const PREFIX: &str = "/dev-issuer";
/// Its `iss`: a name, because the studio's port changes.
pub(crate) const ISSUER: &str = "urn:mcpengine:development";
/// The one client, and so the party that tokens are issued for.
pub(crate) const CLIENT_ID: &str = "mcpengine-studio";
/// The account that is there without being asked for.
pub(crate) const LOCAL: &str = "local";

/// The account of a name that somebody typed: its own subject, or the local one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Account {
    subject: String,
    name: String,
}

impl Account {
    fn local() -> Self {
        Self {
            subject: LOCAL.to_owned(),
            name: "Local user".to_owned(),
        }
    }

    /// Lower-case letters and digits, joined by hyphens, name the account.
    fn named(name: &str) -> Option<Self> {
        let shown: String = name.trim().chars().take(60).collect();
        let subject = shown
            .to_lowercase()
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("-");
        let named = !subject.is_empty() && subject != LOCAL;
        named.then_some(Self {
            subject,
            name: shown,
        })
    }

    fn email(&self) -> String {
        format!("{}@localhost", self.subject)
    }
}

/// The private key, as the set-up made it.
fn private_key(app: &App) -> Result<Value, ApiError> {
    let missing = || {
        let message = "the secret DEV_ISSUER_KEY is not set to a private key: run cargo xtask dev";
        ApiError::misconfigured(message.to_owned())
    };
    let secret = app
        .env
        .secret(bindings::DEV_ISSUER_KEY)
        .map_err(|_| missing())?;
    serde_json::from_str(&secret.to_string()).map_err(|_| missing())
}

fn published(app: &App) -> Result<Value, ApiError> {
    issue::public_key_set(&private_key(app)?).ok_or_else(|| {
        ApiError::misconfigured("DEV_ISSUER_KEY is no ES256 key as a JWK with a kid".to_owned())
    })
}

/// The keys that tokens are verified with.
///
/// # Errors
/// `misconfigured` where the secret is missing or no key.
pub(super) fn key_set(app: &App) -> Result<KeySet, ApiError> {
    KeySet::parse(published(app)?.to_string().as_bytes())
        .map_err(|error| ApiError::misconfigured(format!("DEV_ISSUER_KEY: {error}")))
}

/// Answers a request below [`PREFIX`].
///
/// # Errors
/// Those of the endpoints; `no_such_route` and `method_not_allowed`.
pub(crate) async fn handle(app: &App, mut request: Request) -> Result<Response, ApiError> {
    super::check_origin(app, &request)?;
    let path = request.path();
    let (path, method) = (
        path.strip_prefix(PREFIX).unwrap_or_default(),
        request.method(),
    );
    match (method, path) {
        (Method::Get, "/.well-known/openid-configuration") => discovery(&request),
        (Method::Get, "/jwks.json") => json_response(200, &published(app)?),
        (Method::Get, "/authorize") => authorize::ask(app, &request),
        (Method::Post, "/authorize") => authorize::answer(app, &mut request).await,
        (Method::Post, "/token") => token::answer(app, &mut request).await,
        (_, "/.well-known/openid-configuration" | "/jwks.json") => Err(not_allowed("GET")),
        (_, "/authorize") => Err(not_allowed("GET, POST")),
        (_, "/token") => Err(not_allowed("POST")),
        _ => Err(ApiError::not_found(
            "no_such_route",
            "There is nothing at this path",
        )),
    }
}

fn not_allowed(methods: &str) -> ApiError {
    ApiError::new(405, "method_not_allowed", format!("Use {methods}"))
        .with_details(json!({ "allow": methods }))
}

/// OpenID Connect Discovery 1.0 §3.
fn discovery(request: &Request) -> Result<Response, ApiError> {
    let origin = request.url()?.origin().ascii_serialization();
    let at = |path: &str| format!("{origin}{PREFIX}/{path}");
    let document = json!({
        "issuer": ISSUER,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "jwks_uri": at("jwks.json"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    });
    json_response(200, &document)
}
