//! Base URLs: lines that name one.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{
    builder::{Builder, Endpoint},
    inline::bare,
    target::without_user,
};
use crate::{
    outline::{Outline, placeholders},
    place::{Place as At, shorten},
};

/// Words around a base URL.
const WORDS: [&str; 25] = [
    "host: http",
    "base url",
    "base-url",
    "baseurl",
    "base uri",
    "base path",
    "root url",
    "api root",
    "api url",
    "api base",
    "base endpoint",
    "root endpoint",
    "server url",
    "api endpoint:",
    "api host",
    "production:",
    "sandbox:",
    "staging:",
    "hosted at",
    "all requests",
    "all api requests",
    "all endpoints",
    "all urls",
    "all api calls",
    "served from",
];
/// Base URLs, and paths of sections, that are kept.
const MAX_BASES: usize = 50;
/// Base URLs of a whole text.
const MAX_SERVERS: usize = 5;

#[derive(Debug, Default)]
pub(super) struct Bases {
    /// URLs, or a path alone, with the lines that name them.
    pub(super) found: Vec<(String, usize)>,
    /// A heading or line announced one that is still to come.
    awaited: bool,
    /// A path that was named by the text read last.
    named: Option<String>,
    /// The base path of the section that is being read, and the level of headings that
    /// end it.
    section: Option<(String, u8)>,
}

impl Bases {
    /// Looks for a base URL in a text. `is_heading` only announces.
    pub(super) fn read(&mut self, text: &str, line: usize, is_heading: bool) {
        let lower = text.to_ascii_lowercase();
        let is_named = WORDS.iter().any(|word| lower.contains(word));
        if !is_named && !self.awaited {
            return;
        }
        let was_found = self.add_all(text, line);
        self.awaited =
            !was_found && (is_named || (self.awaited && !is_heading && text.len() < 200));
    }

    fn add_all(&mut self, text: &str, line: usize) -> bool {
        let mut rest = text;
        let mut found = false;
        while self.found.len() < MAX_BASES
            && let Some(at) = rest.find("http")
        {
            let behind = rest.get(at..).unwrap_or_default();
            let end = behind
                .find(|c: char| c.is_whitespace() || "`\"')|,*".contains(c))
                .unwrap_or(behind.len());
            let url = behind.get(..end).unwrap_or_default();
            rest = behind.get(end.max(4)..).unwrap_or_default();
            if let Some(url) = base_of(url) {
                found = true;
                self.add(url, line);
            }
        }
        let path = text
            .split('`')
            .nth(1)
            .filter(|path| path.starts_with('/') && path.len() > 1);
        if let (false, Some(path)) = (found, path) {
            let is_path = path
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b));
            if is_path {
                found = true;
                let path = path.trim_end_matches('/');
                self.named = Some(path.to_owned());
                self.add(path.to_owned(), line);
            }
        }
        found
    }

    /// The path that was just named is that of the section, until a heading of
    /// `level` or above.
    pub(super) fn open_section(&mut self, level: u8) {
        if let Some(path) = self.named.take() {
            self.section = Some((path, level));
        }
    }

    /// A heading that may end the section.
    pub(super) fn end_section(&mut self, level: u8) {
        self.section.take_if(|(_, end)| level <= *end);
    }

    /// A path, below that of its section where it does not repeat it.
    pub(super) fn placed(&self, path: String) -> String {
        match &self.section {
            Some((base, _)) if !is_below(&path, base) => {
                format!("{base}{}", if path == "/" { "" } else { &path })
            }
            _ => path,
        }
    }

    /// The base URLs of the whole text. Where sections have paths of their own, only
    /// the path that all of them begin with is.
    pub(super) fn of_all(&self) -> Vec<&str> {
        let is_path = |url: &&str| url.starts_with('/');
        let all = self.found.iter().map(|(url, _)| url.as_str());
        let first = all.clone().find(is_path);
        let is_shared = |first: &&str| {
            all.clone()
                .filter(is_path)
                .all(|path| is_below(path, first))
        };
        let shared = first.filter(is_shared);
        all.clone()
            .filter(|url| !is_path(url) || Some(*url) == shared)
            .take(MAX_SERVERS)
            .collect()
    }

    fn add(&mut self, url: String, line: usize) {
        if !self.found.iter().any(|(known, _)| *known == url) {
            self.found.push((url, line));
        }
    }
}

fn is_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A URL that requests can start with; links to pages and files are none.
fn base_of(url: &str) -> Option<String> {
    let url = bare(url);
    let url = url.trim_end_matches(['/', '.', ':', ';', '>']);
    let lower = url.to_ascii_lowercase();
    let is_http = lower.starts_with("http://") || lower.starts_with("https://");
    let is_page = [
        ".html", ".htm", ".json", ".yaml", ".yml", ".md", ".png", ".pdf",
    ]
    .iter()
    .any(|ending| lower.ends_with(ending));
    let rest = lower.split("://").nth(1)?;
    if !is_http || is_page || rest.is_empty() || url.contains(['?', '#']) || url.len() > 500 {
        return None;
    }
    let url = without_user(url);
    Some(url.replace(['<', '['], "{").replace(['>', ']'], "}"))
}

impl Builder {
    /// Base URLs that are named; else the origin that most addresses have.
    pub(super) fn decide_bases(&mut self, outline: &mut Outline) -> Vec<String> {
        let mut origins: IndexMap<&str, (usize, usize)> = IndexMap::new();
        let addresses = self
            .endpoints
            .iter()
            .filter_map(|one| Some((one.origin.as_deref()?, one.line)));
        let shown = self
            .shown_bases
            .iter()
            .map(|(url, line)| (url.as_str(), *line));
        for (origin, line) in addresses.chain(shown) {
            origins.entry(origin).or_insert((0, line)).0 += 1;
        }
        let most = origins.iter().rev().max_by_key(|(_, (count, _))| *count);
        let most = most.map(|(origin, (_, line))| ((*origin).to_owned(), *line));
        let mut bases: Vec<String> = Vec::new();
        for url in self.bases.of_all() {
            // The address of an endpoint is what requests are sent to, no base of it.
            let is_address = self.endpoints.iter().any(|one| {
                let rest = one
                    .origin
                    .as_deref()
                    .and_then(|origin| url.strip_prefix(origin));
                rest.is_some_and(|rest| rest.len() > 1 && rest == one.sketch.path)
            });
            if is_address {
                continue;
            }
            let origin = most.as_ref().map_or("", |(origin, _)| origin);
            bases.push(if url.starts_with('/') {
                format!("{origin}{url}")
            } else {
                url.to_owned()
            });
        }
        if bases.is_empty()
            && let Some((origin, line)) = most
        {
            self.report.info(
                "prose-base-url",
                &At::At(&format!("/line/{line}")),
                format!(
                    "No base URL is named; `{}` is taken from the addresses.",
                    shorten(&origin)
                ),
                "Write a line such as `Base URL: https://api.example.com`.",
            );
            bases.push(origin);
        }
        outline.servers = bases.iter().map(|url| server(url)).collect();
        bases
    }
}

/// Origin and path of a base URL; a path alone has an empty origin.
pub(super) fn parts(url: &str) -> (&str, &str) {
    let scheme = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(scheme..).unwrap_or_default();
    let host = rest.find('/').unwrap_or(rest.len());
    url.split_at_checked(scheme + host).unwrap_or((url, ""))
}

/// A Server Object; placeholders of the URL become variables.
pub(super) fn server(url: &str) -> Value {
    let variables: Map<String, Value> = placeholders(url)
        .into_iter()
        .map(|name| (name.to_owned(), json!({})))
        .collect();
    json!({ "url": url, "variables": variables })
}

/// Takes the base path off an address, and gives it a server of its own where
/// its origin is another.
pub(super) fn relocate(one: &mut Endpoint, bases: &[String]) {
    let parts = bases.iter().map(|url| parts(url));
    let same = parts
        .filter(|(origin, _)| one.origin.as_deref().is_none_or(|own| own == *origin))
        .max_by_key(|(_, path)| one.sketch.path.starts_with(path));
    match (same, &one.origin) {
        (Some((_, path)), _) if !path.is_empty() => {
            let rest = one
                .sketch
                .path
                .strip_prefix(path)
                .filter(|rest| rest.starts_with('/'));
            if let Some(rest) = rest {
                one.sketch.path = rest.to_owned();
            } else if let (true, Some(origin)) = (one.origin.is_some(), &one.origin) {
                // On the same host, outside of the base path.
                one.sketch.server = Some(server(origin));
            }
        }
        (None, Some(origin)) => one.sketch.server = Some(server(origin)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[&str]) -> Vec<String> {
        let mut bases = Bases::default();
        for text in texts {
            bases.read(text, 1, false);
        }
        bases.found.into_iter().map(|(url, _)| url).collect()
    }

    #[test]
    fn base_urls_are_found_where_they_are_named() {
        assert_eq!(
            found(&["Base URL: `https://api.a.example/v1/`."]),
            ["https://api.a.example/v1"]
        );
        assert_eq!(
            found(&["The base URL is", "https://<tenant>.a.example"]),
            ["https://{tenant}.a.example"]
        );
        assert_eq!(found(&["Base path: `/api/v1`"]), ["/api/v1"]);
        assert_eq!(
            found(&["Production: https://a.example and Sandbox: http://b.example"]),
            ["https://a.example", "http://b.example"]
        );
        assert!(
            found(&[
                "See https://a.example",
                "Base URL",
                "See https://a.example/docs.html"
            ])
            .is_empty()
        );
        assert_eq!(parts("https://a.example/b"), ("https://a.example", "/b"));
        assert_eq!(parts("/b"), ("", "/b"));
    }
}
