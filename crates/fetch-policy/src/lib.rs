//! Which addresses may be fetched on a user's behalf.
//!
//! Pure: names are not resolved here. A name that resolves to a private address
//! is stopped by the network (Cloudflare's egress has no route to private nets;
//! `global_fetch_strictly_public` covers our own zone). What is decided here is
//! everything that can be read off the address itself, in every spelling.
//!
//! Spellings are not parsed by hand: `url` follows the WHATWG standard as the
//! platform's own `fetch` does, so the host that is judged is the one fetched.

mod address;
mod hosts;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use url::{Host, Url};

pub use address::is_public;
pub use hosts::{host_allowed, host_key};

/// Redirects that one fetch may follow; each is checked anew.
pub const MAX_REDIRECTS: u32 = 5;
/// Bytes of a response, counted after decoding while streaming (16 MiB).
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Seconds for the whole fetch, redirects included.
pub const TIMEOUT_SECS: u64 = 15;
/// Longest address; the platform's own limit is 16 KB.
pub const MAX_URL_BYTES: usize = 8 * 1024;

/// What the deployment allows. The default is production's strictest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Development only: `localhost`, `127.0.0.0/8` and `::1`, any port, http.
    pub allow_loopback: bool,
    /// Refuses plain http.
    pub require_https: bool,
    /// Our own domains with all below them, `mcpengine.run`: fetching them would
    /// let a user reach other users' servers, or us, from inside.
    pub own_domains: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            allow_loopback: false,
            require_https: true,
            own_domains: Vec::new(),
        }
    }
}

/// A refusal. `code` is stable; `message` is a sentence for people and holds no
/// part of the address but its host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Denied {
    pub code: &'static str,
    pub message: String,
}

impl Denied {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// The parsed address, where it may be fetched. Fetch the returned one, not the
/// text: the fragment is gone and the host is canonical.
pub fn check(url: &str, policy: &Policy) -> Result<Url, Denied> {
    checked(parse(url)?, policy, Ports::Web)
}

fn parse(url: &str) -> Result<Url, Denied> {
    if url.len() > MAX_URL_BYTES {
        return Err(Denied::new(
            "url_too_long",
            format!("an address has at most {MAX_URL_BYTES} characters"),
        ));
    }
    Url::parse(url.trim()).map_err(|error| {
        Denied::new(
            "invalid_url",
            format!("this is not an absolute address: {error}"),
        )
    })
}

/// The target of a redirect, where it may be followed. `from` is the address
/// that answered, `location` its header (often relative), `hop` counts from 1.
pub fn check_redirect(
    from: &Url,
    location: &str,
    hop: u32,
    policy: &Policy,
) -> Result<Url, Denied> {
    if hop > MAX_REDIRECTS {
        return Err(Denied::new(
            "too_many_redirects",
            format!("the address redirects more than {MAX_REDIRECTS} times"),
        ));
    }
    if location.len() > MAX_URL_BYTES {
        return Err(Denied::new(
            "url_too_long",
            "the address redirects to one that is too long",
        ));
    }
    let target = from
        .join(location.trim())
        .map_err(|error| Denied::new("invalid_url", format!("the redirect is broken: {error}")))?;
    if from.scheme() == "https" && target.scheme() == "http" {
        return Err(Denied::new(
            "insecure_redirect",
            "the address redirects from https to http",
        ));
    }
    // Loopback is for addresses that the user gave, also in development: a public
    // server must not lead us there.
    let local = from.host().is_some_and(|host| is_loopback(&host));
    if policy.allow_loopback && !local {
        let strict = Policy {
            allow_loopback: false,
            ..policy.clone()
        };
        return checked(target, &strict, Ports::Web);
    }
    checked(target, policy, Ports::Web)
}

/// The address of a request of a hosted server, where it may go out: its host and
/// port are one of `hosts` ([`host_allowed`]), and it is no private address. Any
/// port may be listed: an API may be at 8443. Each hop of a redirect is asked anew.
pub fn check_egress(url: &str, hosts: &[String], policy: &Policy) -> Result<Url, Denied> {
    let url = checked(parse(url)?, policy, Ports::Any)?;
    if !host_allowed(&url, hosts) {
        return Err(Denied::new(
            "host_denied",
            format!(
                "the server may call the hosts of its API only, not {}",
                host_key(&url).unwrap_or_default()
            ),
        ));
    }
    Ok(url)
}

/// Which ports may be asked, loopback aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ports {
    /// 80 and 443: any other is a service that is not meant for browsers.
    Web,
    /// Those that a list names.
    Any,
}

fn checked(mut url: Url, policy: &Policy, ports: Ports) -> Result<Url, Denied> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Denied::new(
            "scheme_denied",
            format!(
                "only http and https addresses can be fetched, not {}:",
                url.scheme()
            ),
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Denied::new(
            "userinfo_denied",
            "the address must not contain a user name or password",
        ));
    }
    let Some(host) = url.host() else {
        return Err(Denied::new("invalid_url", "the address has no host"));
    };
    if is_loopback(&host) {
        if !policy.allow_loopback {
            return Err(private(&host));
        }
    } else {
        check_host(&host, policy)?;
        check_transport(&url, policy, ports)?;
    }
    url.set_fragment(None);
    Ok(url)
}

fn check_transport(url: &Url, policy: &Policy, ports: Ports) -> Result<(), Denied> {
    if policy.require_https && url.scheme() != "https" {
        return Err(Denied::new(
            "https_required",
            "the address must begin with https://",
        ));
    }
    if ports == Ports::Web && !matches!(url.port_or_known_default(), Some(80 | 443)) {
        return Err(Denied::new(
            "port_denied",
            "only the ports 80 and 443 can be fetched",
        ));
    }
    Ok(())
}

/// `localhost`, all below it (RFC 6761 §6.3) and the loopback addresses as such.
/// A mapped or translated loopback is private and nothing more: no development
/// set-up needs one.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => hosts::is_or_below(hosts::bare(name), "localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn check_host(host: &Host<&str>, policy: &Policy) -> Result<(), Denied> {
    match host {
        Host::Ipv4(address) if !is_public(IpAddr::V4(*address)) => Err(private(host)),
        Host::Ipv6(address) if !is_public(IpAddr::V6(*address)) => Err(private(host)),
        Host::Ipv4(_) | Host::Ipv6(_) => Ok(()),
        Host::Domain(name) => {
            let name = hosts::bare(name);
            if hosts::is_internal(name) {
                return Err(private(host));
            }
            let own = |domain: &String| {
                hosts::is_or_below(name, hosts::bare(&domain.to_ascii_lowercase()))
            };
            if policy.own_domains.iter().any(own) {
                return Err(Denied::new(
                    "own_domain_denied",
                    format!("{name} belongs to this service and cannot be fetched by it"),
                ));
            }
            Ok(())
        }
    }
}

fn private(host: &Host<&str>) -> Denied {
    Denied::new(
        "address_denied",
        format!("{host} is not an address on the public internet"),
    )
}
