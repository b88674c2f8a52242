//! A request's address: as one text, or in parts.

use super::{description, values::query_pairs};
use crate::node::Node;

/// Longer addresses are none.
const MAX_URL: usize = 8_192;
const MAX_ENTRIES: usize = 1_000;

/// An address with its variables as they are written.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Address {
    /// `https://{{host}}:8080`, `{{baseUrl}}`, or empty.
    pub(super) start: String,
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<Entry>,
    /// What is said of `:name` segments.
    pub(super) variables: Vec<Entry>,
}

/// A named value that may be described and switched off.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Entry {
    /// Pointer below the request; empty where the entry is part of a text.
    pub(super) at: String,
    pub(super) name: String,
    pub(super) value: Option<String>,
    pub(super) description: Option<String>,
    pub(super) disabled: bool,
}

/// The address of a request; `None` where there is none.
pub(super) fn address(url: Option<&Node<'_>>) -> Option<Address> {
    let url = url?;
    if let Some(raw) = url.as_str() {
        return from_text(raw);
    }
    url.as_object()?;
    let raw = url.text("raw").and_then(from_text);
    let mut found = match url.get("host") {
        Some(host) => {
            let mut start = String::new();
            if let Some(protocol) = url.text("protocol") {
                start.push_str(protocol.trim_end_matches("://"));
                start.push_str("://");
            }
            start.push_str(&joined(host, "."));
            if let Some(port) = url.text("port") {
                start.push(':');
                start.push_str(port);
            }
            let path = url.get("path");
            Address {
                start,
                segments: path.map(segments).unwrap_or_default(),
                ..Address::default()
            }
        }
        None => raw?,
    };
    if found.start.len() > MAX_URL {
        return None;
    }
    if url.get("query").is_some() {
        found.query = entries(url, "query", "/url");
    } else if found.query.is_empty() {
        let raw = url.text("raw").and_then(from_text);
        found.query = raw.map(|raw| raw.query).unwrap_or_default();
    }
    found.variables = entries(url, "variable", "/url");
    (!found.start.is_empty() || !found.segments.is_empty()).then_some(found)
}

/// `https://host/path?query#fragment`, each part of which may hold `{{variables}}`.
pub(super) fn from_text(raw: &str) -> Option<Address> {
    let raw = raw.trim();
    if raw.is_empty() || raw.len() > MAX_URL {
        return None;
    }
    let (before, query) = match raw.split_once('?') {
        Some((before, query)) => (before, query.split('#').next().unwrap_or_default()),
        None => (raw.split('#').next().unwrap_or_default(), ""),
    };
    let scheme = before.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = before.split_at_checked(scheme)?;
    let (host, path) = match rest.split_once('/') {
        Some((host, path)) => (host, Some(path)),
        None => (rest, None),
    };
    let mut segments: Vec<String> = Vec::new();
    // `{{baseUrl}}users` lacks its slash.
    let (host, stray) = match host.find("}}").map(|at| at + 2) {
        Some(end) if host.starts_with("{{") => match host.get(end..) {
            Some(behind) if behind.starts_with(|c: char| c.is_alphanumeric() || c == '{') => {
                (host.get(..end).unwrap_or(host), Some(behind))
            }
            _ => (host, None),
        },
        _ => (host, None),
    };
    segments.extend(stray.map(str::to_owned));
    segments.extend(
        path.into_iter()
            .flat_map(|path| path.split('/'))
            .map(str::to_owned),
    );
    Some(Address {
        start: format!("{scheme}{host}"),
        segments,
        query: query_pairs(query),
        variables: Vec::new(),
    })
}

fn joined(node: &Node<'_>, with: &str) -> String {
    match node.as_array() {
        Some(items) => {
            let parts: Vec<&str> = items.iter().filter_map(Node::as_text).collect();
            parts.join(with)
        }
        None => node
            .as_text()
            .unwrap_or_default()
            .trim_matches('/')
            .to_owned(),
    }
}

/// A path as text, or as a list of texts and of `{type, value}`.
fn segments(node: &Node<'_>) -> Vec<String> {
    match node.as_array() {
        Some(items) => items
            .iter()
            .take(MAX_ENTRIES)
            .map(|item| match item.as_object() {
                Some(_) => item.text("value"),
                None => item.as_text(),
            })
            .map(|text| text.unwrap_or_default().to_owned())
            .collect(),
        None => node
            .as_text()
            .unwrap_or_default()
            .trim_start_matches('/')
            .split('/')
            .take(MAX_ENTRIES)
            .map(str::to_owned)
            .collect(),
    }
}

/// The entries of a list of `{key, value, description, disabled}`, the form of
/// queries, headers and forms.
pub(super) fn entries(node: &Node<'_>, key: &str, pointer: &str) -> Vec<Entry> {
    let listed = node.get(key).and_then(Node::as_array).unwrap_or_default();
    listed
        .iter()
        .enumerate()
        .take(MAX_ENTRIES)
        .filter_map(|(index, item)| {
            Some(Entry {
                at: format!("{pointer}/{key}/{index}"),
                name: item.text("key").or_else(|| item.text("id"))?.to_owned(),
                value: item.text("value").map(str::to_owned),
                description: description(item),
                disabled: item.flag("disabled").unwrap_or(false),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(raw: &str) -> Option<(String, String, usize)> {
        from_text(raw).map(|found| (found.start, found.segments.join("/"), found.query.len()))
    }

    #[test]
    fn addresses_are_split() {
        let is = |start: &str, path: &str, query| Some((start.to_owned(), path.to_owned(), query));
        assert_eq!(
            split("https://a.example:80/b/:c/?d=e&f#g"),
            is("https://a.example:80", "b/:c/", 2)
        );
        assert_eq!(split("{{baseUrl}}/b"), is("{{baseUrl}}", "b", 0));
        assert_eq!(split("{{baseUrl}}b/c"), is("{{baseUrl}}", "b/c", 0));
        assert_eq!(
            split("{{sub}}.a.example/b"),
            is("{{sub}}.a.example", "b", 0)
        );
        assert_eq!(split("/b#x"), is("", "b", 0));
        assert_eq!(split("a.example"), is("a.example", "", 0));
        assert_eq!(split(" "), None);
    }
}
