//! Where a server lives, as its owner and its clients are told.

use url::Url;

use crate::config::Config;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) url: String,
    /// What an MCP client is given.
    pub(crate) endpoint: String,
}

/// In development both are on the studio's own `origin`, the endpoint by path,
/// because clients outside browsers do not resolve `*.localhost`.
pub(crate) fn of(config: &Config, origin: &Url, slug: &str) -> Address {
    if config.is_development() {
        let port = origin
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        let origin = origin.origin().ascii_serialization();
        return Address {
            url: format!("http://{slug}.localhost{port}"),
            endpoint: format!("{origin}/s/{slug}/mcp"),
        };
    }
    let url = format!("https://{slug}.{}", config.servers_domain);
    Address {
        endpoint: format!("{url}/mcp"),
        url,
    }
}
