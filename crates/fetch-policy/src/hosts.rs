//! Names: the internal ones, and the list of hosts that a server may reach.

use url::{Host, Url};

/// Names that are internal by standard or custom, each with all below it.
const INTERNAL: &[&str] = &[
    // RFC 6761, 6762, 7686, 8375, 9476 and ICANN's private-use name.
    "localhost",
    "local",
    "internal",
    "invalid",
    "test",
    "onion",
    "alt",
    "home.arpa",
    // Reverse zones and the discovery of NAT64 prefixes.
    "in-addr.arpa",
    "ip6.arpa",
    "ipv4only.arpa",
    // Custom in offices, homes and clusters; none of them is a public domain.
    "localdomain",
    "lan",
    "home",
    "corp",
    "intranet",
    "private",
    "svc",
    "cluster",
    // Metadata services by name; the addresses are refused as addresses.
    "metadata.google.internal",
    "metadata.goog",
    "metadata.azure.com",
    "instance-data.ec2.internal",
    "metadata.tencentyun.com",
    "metadata.platformequinix.com",
    // Public services whose names spell the address they resolve to.
    "nip.io",
    "sslip.io",
    "xip.io",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
    "localho.st",
];

/// The name without the root's dot: `example.com.` is `example.com`.
pub(crate) fn bare(name: &str) -> &str {
    name.trim_end_matches('.')
}

/// The domain itself or one below it; both bare and in lower case.
pub(crate) fn is_or_below(name: &str, domain: &str) -> bool {
    !domain.is_empty()
        && name
            .strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A name that cannot be on the public internet. A single label (`intranet`,
/// `redis`) resolves by a search list, if at all.
pub(crate) fn is_internal(name: &str) -> bool {
    !name.contains('.')
        || name.split('.').any(str::is_empty)
        || INTERNAL.iter().any(|domain| is_or_below(name, domain))
}

/// The canonical `host` or `host:port` of an address, as allow-lists hold it:
/// lower case, punycode, no root dot, no default port. `None` without a host.
#[must_use]
pub fn host_key(url: &Url) -> Option<String> {
    let host = match url.host()? {
        Host::Domain(name) => bare(name).to_owned(),
        address @ (Host::Ipv4(_) | Host::Ipv6(_)) => address.to_string(),
    };
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

/// Whether a hosted server may send a request to this address: its host and port
/// are exactly one of `hosts` (entries as [`host_key`] writes them; other
/// spellings are brought into that form). No wildcards, and no word about
/// private addresses: [`crate::check`] is asked as well.
#[must_use]
pub fn host_allowed(url: &Url, hosts: &[String]) -> bool {
    if !matches!(url.scheme(), "http" | "https") {
        return false;
    }
    let Some(wanted) = host_key(url) else {
        return false;
    };
    hosts
        .iter()
        .any(|entry| entry_key(url.scheme(), entry).is_some_and(|key| key == wanted))
}

/// An entry in the form of [`host_key`], its default port being that of the
/// request's scheme. `None` for what is more or less than a host and a port.
fn entry_key(scheme: &str, entry: &str) -> Option<String> {
    if entry.contains(['/', '\\', '?', '#', '@']) {
        return None;
    }
    Url::parse(&format!("{scheme}://{entry}/"))
        .ok()
        .as_ref()
        .and_then(host_key)
}
