//! An npm registry, as a publisher sees it.

use mcpengine_package::npm::Package;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use worker::Method;

use crate::adapters::fetch::{self, Outgoing};
use crate::config::Config;
use crate::error::ApiError;

/// Longest token, in bytes.
const TOKEN_BYTES: usize = 4 << 10;

/// Most that is read of an answer.
const ANSWER_BYTES: usize = 64 << 10;

/// Most that is told of a registry's reason.
const SAID_CHARS: usize = 300;

/// A registry's address, which ends in `/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Registry(Url);

impl Registry {
    /// # Errors
    /// `url_denied` for an address that nothing may be sent to.
    pub(crate) fn new(config: &Config, address: &str) -> Result<Self, ApiError> {
        let mut address = address.trim().to_owned();
        if !address.ends_with('/') {
            address.push('/');
        }
        let url = fetch::check_destination(config, &address)?;
        if url.query().is_some() {
            return Err(ApiError::bad_request(
                "invalid_config",
                "config.npm.registry is an address without a query",
            ));
        }
        Ok(Self(url))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Where the registry tells of the package.
    pub(crate) fn address_of(&self, package: &Package) -> String {
        format!("{}{}", self.as_str(), package.name)
    }
}

/// A publisher's token; never shown, logged or stored.
pub(crate) struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// The text, to be sealed.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// # Errors
    /// `invalid_secret`; the message does not hold the token.
    pub(crate) fn new(token: String) -> Result<Self, ApiError> {
        let visible = |byte: u8| byte.is_ascii_graphic();
        if token.is_empty() || token.len() > TOKEN_BYTES || !token.bytes().all(visible) {
            return Err(ApiError::bad_request(
                "invalid_secret",
                "config.npm.token is empty, too long or holds what no token has",
            ));
        }
        Ok(Self(token))
    }
}

/// Publishes one version (`PUT /{package}`).
///
/// # Errors
/// `npm_unauthorized` and `npm_version_exists` (422), `npm_refused` (502), and
/// those of [`fetch::send`].
pub(crate) async fn publish(
    config: &Config,
    registry: &Registry,
    token: &Token,
    package: &Package,
    document: &Value,
) -> Result<(), ApiError> {
    let address = format!("{}{}", registry.as_str(), package.registry_path());
    let authorization = format!("Bearer {}", token.0);
    let outgoing = Outgoing {
        method: Method::Put,
        headers: &[
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
            ("npm-command", "publish"),
        ],
        body: serde_json::to_vec(document)?,
    };
    let answer = fetch::send(config, &address, outgoing, ANSWER_BYTES).await?;
    if (200..300).contains(&answer.status) {
        return Ok(());
    }
    Err(refusal(
        registry,
        package,
        answer.status,
        &answer.bytes,
        token,
    ))
}

fn refusal(
    registry: &Registry,
    package: &Package,
    status: u16,
    body: &[u8],
    token: &Token,
) -> ApiError {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let said = ["error", "message", "reason"]
        .into_iter()
        .find_map(|key| body.get(key)?.as_str())
        .unwrap_or("no reason given")
        .replace(&token.0, "…");
    let visible = said.chars().filter(|it| !it.is_control());
    let said: String = visible.take(SAID_CHARS).collect();
    let host = registry.host();
    let (name, version) = (&package.name, &package.version);
    // npm itself answers 403 to a version that it has, others 409.
    let exists = status == 409 || (status == 403 && said.contains("publish over"));
    let (ours, code, message) = match status {
        _ if exists => (
            422,
            "npm_version_exists",
            format!("{host} has {name} {version} already: give another version. It says: {said}"),
        ),
        401 | 403 => (
            422,
            "npm_unauthorized",
            format!("{host} does not let this token publish {name}: {said}"),
        ),
        _ => (
            502,
            "npm_refused",
            format!("{host} refused {name} {version} with status {status}: {said}"),
        ),
    };
    ApiError::new(ours, code, message).with_details(json!({ "status": status }))
}
