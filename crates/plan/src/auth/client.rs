//! The client credentials grant of OAuth 2.0: what a server needs to get its access
//! tokens by itself.

use mcpengine_openapi::OAuthFlow;
use url::Url;

use super::secrets::{CLIENT_ID, CLIENT_SECRET, SecretNames};
use crate::ClientCredentials;

/// Longest address that is told and asked.
const MAX_URL_BYTES: usize = 2_048;

/// Longer lists of scopes are those of the whole API, and no client has them all.
const MAX_SCOPE_BYTES: usize = 2_000;

/// Those of the first flow whose token endpoint a server can ask.
pub(super) fn credentials(
    flows: &[OAuthFlow],
    scheme: &str,
    names: &mut SecretNames<'_>,
) -> Option<ClientCredentials> {
    let mut flows = flows.iter().filter(|flow| flow.kind == "clientCredentials");
    let (flow, token_url, host) = flows.find_map(|flow| {
        let url = flow.token_url.as_deref()?.trim();
        Some((flow, url.to_owned(), host(url)?))
    })?;
    // The secret leaves for a place that the document names: whoever gives it is told.
    let about = match host {
        TokenHost::Api => "Sent to the API, which gives access tokens for it.".to_owned(),
        TokenHost::Named(host) => format!("Sent to {host}, which gives access tokens for it."),
    };
    let secrets = vec![
        names.secret(CLIENT_ID, scheme, "OAuth 2.0 client id", None),
        names.secret(
            CLIENT_SECRET,
            scheme,
            "OAuth 2.0 client secret",
            Some(&about),
        ),
    ];
    Some(ClientCredentials {
        token_url,
        scopes: scopes(flow),
        secrets,
    })
}

enum TokenHost {
    /// That of the API's base URL, which the document need not name.
    Api,
    Named(String),
}

/// Nothing where a secret must not be sent: an address without TLS, or one that has
/// parts to fill in.
fn host(url: &str) -> Option<TokenHost> {
    let is_plain =
        |c: char| c.is_ascii_graphic() && !matches!(c, '{' | '}' | '<' | '>' | '\\' | '"');
    if url.is_empty() || url.len() > MAX_URL_BYTES || !url.chars().all(is_plain) {
        return None;
    }
    if let Ok(url) = Url::parse(url) {
        let is_bare = url.username().is_empty() && url.password().is_none();
        let host = url.host_str()?.to_owned();
        return (url.scheme() == "https" && is_bare).then_some(TokenHost::Named(host));
    }
    // `//host/path` is another host's.
    let is_relative = !url.starts_with("//") && !url.contains("://");
    is_relative.then_some(TokenHost::Api)
}

/// As RFC 6749 §3.3 lets them be written: printable, without quotes and backslashes.
fn scopes(flow: &OAuthFlow) -> Vec<String> {
    let is_scope = |scope: &&String| {
        !scope.is_empty()
            && scope
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    };
    let scopes: Vec<String> = flow.scopes.keys().filter(is_scope).cloned().collect();
    let length: usize = scopes.iter().map(|scope| scope.len() + 1).sum();
    if length > MAX_SCOPE_BYTES {
        return Vec::new();
    }
    scopes
}
