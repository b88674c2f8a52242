//! The service itself: its names, its servers, their variables.

use mcpengine_openapi::{ApiDescription, Server};

use crate::text;
use crate::words::{fingerprint, is_version, split};
use crate::{ServerVariable, Service, UpstreamServer};

pub(crate) fn service(api: &ApiDescription<'_>) -> Service {
    let mut words = split(api.title);
    // `Pet Store API v2` is called `pet-store`: its variables are not `…_API_API_KEY`.
    let is_noise = |word: &String| {
        ["api", "rest", "openapi", "swagger", "specification"].contains(&word.as_str())
            || is_version(word)
    };
    while words.len() > 1 && words.last().is_some_and(is_noise) {
        words.pop();
    }
    let mut slug = String::new();
    for word in &words {
        if !slug.is_empty() && slug.len() + 1 + word.len() > 40 {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug.truncate(40);
    if slug.is_empty() {
        slug = format!("api-{}", fingerprint(api.title));
    }
    let mut env_prefix = slug
        .strip_prefix("the-")
        .unwrap_or(&slug)
        .to_ascii_uppercase()
        .replace('-', "_");
    if !env_prefix.starts_with(|c: char| c.is_ascii_uppercase()) {
        env_prefix.insert_str(0, "API_");
    }
    let name = text::clean(api.title, 120);
    Service {
        name: if name.is_empty() { slug.clone() } else { name },
        slug,
        env_prefix,
        version: text::clean(api.version, 60),
        description: api
            .description
            .map(|text| text::clean(text, 1_000))
            .filter(|text| !text.is_empty()),
        docs_url: api
            .docs_url
            .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
            .map(str::to_owned),
    }
}

/// The servers of a document, operation or path item, made absolute where the
/// document's own address is known.
pub(crate) fn servers(
    servers: &[Server],
    service: &Service,
    source_url: Option<&str>,
) -> Vec<UpstreamServer> {
    let mut found: Vec<UpstreamServer> = Vec::new();
    for server in servers {
        let Some(url) = absolute(&server.url, source_url) else {
            continue;
        };
        if found.iter().any(|known| known.url == url) {
            continue;
        }
        found.push(UpstreamServer {
            variables: variables(&url, server, service),
            url,
            description: server
                .description
                .as_deref()
                .map(|text| text::clean(text, 200))
                .filter(|text| !text.is_empty()),
        });
    }
    found
}

fn variables(url: &str, server: &Server, service: &Service) -> Vec<ServerVariable> {
    let mut found: Vec<ServerVariable> = Vec::new();
    for name in crate::input::placeholders(url) {
        if found.iter().any(|known| known.name == name) {
            continue;
        }
        let declared = server
            .variables
            .iter()
            .find(|variable| variable.name == name);
        let words = split(name).join("_").to_ascii_uppercase();
        let words = if words.is_empty() {
            fingerprint(name).to_ascii_uppercase()
        } else {
            words
        };
        let env = format!("{}_{words}", service.env_prefix);
        let env = if found.iter().any(|known| known.env == env) {
            format!("{env}_{}", fingerprint(name).to_ascii_uppercase())
        } else {
            env
        };
        found.push(ServerVariable {
            name: name.to_owned(),
            env,
            default: declared.and_then(|variable| variable.default.clone()),
            allowed: declared
                .map(|variable| variable.allowed.clone())
                .unwrap_or_default(),
            description: declared
                .and_then(|variable| variable.description.as_deref())
                .map(|text| text::clean(text, 200))
                .filter(|text| !text.is_empty()),
        });
    }
    found
}

/// A server's address as base URL without a trailing slash; `None` where it
/// says nothing (`/` of a document whose own address is not known).
fn absolute(url: &str, source_url: Option<&str>) -> Option<String> {
    let url = url.trim().split(['?', '#']).next().unwrap_or("");
    if url.chars().all(|c| c == '/') {
        return relative("/", origin(source_url));
    }
    let url = url.trim_end_matches('/');
    let lower = url.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return (url.len() > 8).then(|| url.to_owned());
    }
    let source = origin(source_url);
    if let Some(rest) = url.strip_prefix("//").filter(|rest| !rest.is_empty()) {
        return Some(format!(
            "{}://{rest}",
            source.map_or("https", |(scheme, ..)| scheme)
        ));
    }
    if url.starts_with("{") {
        // The whole origin is a variable.
        return Some(url.to_owned());
    }
    if url.contains("://") {
        return None;
    }
    let first = url.split('/').next().unwrap_or("");
    let host = first.split(':').next().unwrap_or("");
    if !url.starts_with('/')
        && (host.contains('.') || host == "localhost")
        && !host.starts_with('.')
    {
        // A host that lost its scheme.
        return Some(format!("https://{url}"));
    }
    relative(url, source)
}

/// Scheme, host and path of the document's own address.
fn origin(source_url: Option<&str>) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = source_url?.split_once("://")?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    (["http", "https"].contains(&scheme) && !host.is_empty()).then_some((scheme, host, path))
}

/// A path as base URL: on the document's host where that is known.
fn relative(url: &str, source: Option<(&str, &str, &str)>) -> Option<String> {
    match source {
        Some((scheme, host, path)) => {
            let base = if url.starts_with('/') {
                ""
            } else {
                path.rsplit_once('/').map_or("", |(folder, _)| folder)
            };
            let mut segments: Vec<&str> = Vec::new();
            for segment in base.split('/').chain(url.split('/')) {
                match segment {
                    "" | "." => {}
                    ".." => {
                        segments.pop();
                    }
                    other => segments.push(other),
                }
            }
            let path = segments.join("/");
            Some(if path.is_empty() {
                format!("{scheme}://{host}")
            } else {
                format!("{scheme}://{host}/{path}")
            })
        }
        None => {
            let path = url.trim_start_matches("./").trim_start_matches('/');
            (!path.is_empty() && !path.starts_with("..")).then(|| format!("/{path}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_addresses_become_base_urls() {
        let source = Some("https://docs.example.com/specs/v2/openapi.json?x=1");
        for (url, source, expected) in [
            (
                "https://api.example.com/v1/",
                None,
                Some("https://api.example.com/v1"),
            ),
            (
                "https://{region}.example.com",
                None,
                Some("https://{region}.example.com"),
            ),
            ("/v1", None, Some("/v1")),
            ("/", None, None),
            ("", None, None),
            ("/v1", source, Some("https://docs.example.com/v1")),
            ("/", source, Some("https://docs.example.com")),
            ("../api", source, Some("https://docs.example.com/specs/api")),
            ("./", source, Some("https://docs.example.com/specs/v2")),
            (
                "//cdn.example.com/x",
                None,
                Some("https://cdn.example.com/x"),
            ),
            (
                "api.example.com/v3",
                None,
                Some("https://api.example.com/v3"),
            ),
            ("{host}/v1", None, Some("{host}/v1")),
            ("wss://stream.example.com", None, None),
            ("../../../..", source, Some("https://docs.example.com")),
        ] {
            assert_eq!(
                absolute(url, source).as_deref(),
                expected,
                "{url} {source:?}"
            );
        }
    }

    #[test]
    fn services_are_named_without_noise() {
        for (title, slug, prefix) in [
            ("Pet Store API v2", "pet-store", "PET_STORE"),
            ("API", "api", "API"),
            ("1Password", "1-password", "API_1_PASSWORD"),
            (
                "A very long title of a service that goes on and on",
                "a-very-long-title-of-a-service-that-goes",
                "A_VERY_LONG_TITLE_OF_A_SERVICE_THAT_GOES",
            ),
        ] {
            let mut api = crate::fixtures::api(Vec::new());
            api.title = title;
            let service = service(&api);
            assert_eq!(
                (service.slug.as_str(), service.env_prefix.as_str()),
                (slug, prefix)
            );
        }
    }
}
