//! Base URLs.

use std::collections::HashSet;

use super::Walker;
use crate::{
    model::{Dialect, Server, ServerVariable},
    node::Node,
    place::{Place, shorten},
};

/// RFC 9110 §4.1 asks for at least 8,000 of recipients; no base URL comes near.
const MAX_URL: usize = 2_048;
const MAX_VARIABLES: usize = 64;

impl<'d> Walker<'d> {
    pub(super) fn document_servers(&mut self) -> Vec<Server> {
        let root = self.source.root;
        if self.dialect == Dialect::Swagger20 {
            return legacy_servers(root);
        }
        match root.get("servers") {
            Some(node) => self.servers(node, &Place::ROOT.key("servers")),
            None => Vec::new(),
        }
    }

    pub(super) fn servers(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> Vec<Server> {
        let items = match node {
            Node::Array(items) => items,
            Node::Object(_) => std::slice::from_ref(node),
            _ => &[],
        };
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let at = place.index(index);
            let url = item.text("url").or_else(|| item.as_str().map(str::trim));
            let Some(url) = url.filter(|url| url.len() <= MAX_URL) else {
                self.report.warn(
                    "invalid-server",
                    &at,
                    "A server needs a `url` of usual length; this one is left out.".to_owned(),
                    "Give the base URL of the API.",
                );
                continue;
            };
            // Only what a tool can call; `{scheme}://…` may become that.
            let scheme = url.split_once("://").map(|(scheme, _)| scheme);
            if scheme.is_some_and(|scheme| !is_http(scheme) && !scheme.contains('{')) {
                self.report.warn(
                    "invalid-server",
                    &at,
                    format!(
                        "The server `{}` is not reached over HTTP; it is left out.",
                        shorten(url)
                    ),
                    "Give the address that takes HTTP requests.",
                );
                continue;
            }
            let variables = self.server_variables(url, item, &at);
            found.push(Server {
                url: url.to_owned(),
                description: item.text("description").map(str::to_owned),
                variables,
            });
        }
        found
    }

    fn server_variables(
        &mut self,
        url: &str,
        node: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Vec<ServerVariable> {
        let declared = node
            .get("variables")
            .and_then(Node::as_object)
            .unwrap_or_default();
        let declared = declared.iter().take(MAX_VARIABLES);
        let mut found: Vec<ServerVariable> = Vec::new();
        for (name, variable) in declared {
            if !url.contains(&format!("{{{name}}}")) {
                continue;
            }
            let allowed = variable
                .get("enum")
                .and_then(Node::as_array)
                .unwrap_or_default()
                .iter();
            found.push(ServerVariable {
                name: name.to_string(),
                default: variable
                    .get("default")
                    .and_then(Node::as_text)
                    .map(str::to_owned),
                allowed: allowed
                    .filter_map(Node::as_text)
                    .map(str::to_owned)
                    .collect(),
                description: variable.text("description").map(str::to_owned),
            });
        }
        let known: HashSet<String> = found.iter().map(|variable| variable.name.clone()).collect();
        for name in variable_names(url)
            .into_iter()
            .filter(|name| !known.contains(*name))
        {
            self.report.warn(
                "undeclared-server-variable",
                place,
                format!(
                    "`{{{}}}` in the server's URL is not declared.",
                    shorten(name)
                ),
                "Declare it under the server's `variables`.",
            );
            found.push(ServerVariable {
                name: name.to_owned(),
                default: None,
                allowed: Vec::new(),
                description: None,
            });
        }
        found
    }
}

fn is_http(scheme: &str) -> bool {
    ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
}

fn variable_names(url: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    let mut rest = url;
    while let Some((name, behind)) = rest
        .split_once('{')
        .and_then(|(_, after)| after.split_once('}'))
    {
        if !name.is_empty() && seen.insert(name) {
            names.push(name);
        }
        rest = behind;
    }
    names
}

/// 2.0's `schemes`, `host` and `basePath`. HTTPS comes first where it is offered.
fn legacy_servers(root: &Node<'_>) -> Vec<Server> {
    let base = root.text("basePath").unwrap_or_default();
    let base = base.trim_end_matches('/');
    let base = if base.is_empty() || base.starts_with('/') {
        base.to_owned()
    } else {
        format!("/{base}")
    };
    let server = |url: String| Server {
        url,
        description: None,
        variables: Vec::new(),
    };
    let Some(host) = root.text("host") else {
        return if base.is_empty() {
            Vec::new()
        } else {
            vec![server(base)]
        };
    };
    // A host with a scheme is a common slip.
    let (stated, host) = host
        .split_once("://")
        .map_or((None, host), |(s, h)| (Some(s), h));
    let host = host.trim_end_matches('/');
    let listed = root
        .get("schemes")
        .and_then(Node::as_array)
        .unwrap_or_default();
    let mut schemes: Vec<&str> = listed
        .iter()
        .filter_map(Node::as_str)
        .chain(stated)
        .filter(|scheme| matches!(*scheme, "https" | "http"))
        .collect();
    schemes.sort_unstable_by_key(|scheme| *scheme != "https");
    schemes.dedup();
    if schemes.is_empty() {
        schemes.push("https");
    }
    schemes
        .into_iter()
        .map(|scheme| server(format!("{scheme}://{host}{base}")))
        .collect()
}
