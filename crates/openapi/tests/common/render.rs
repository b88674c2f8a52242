//! A whole description as text, for golden files.

use indexmap::IndexMap;
use mcpengine_openapi::{ApiDescription, Diagnostic, MediaType, Node, Operation};

/// Everything that is not its default.
pub(crate) fn render(api: &ApiDescription<'_>, diagnostics: &[Diagnostic]) -> String {
    let mut out = format!(
        "{:?} {} {} {:?}\n",
        api.dialect, api.title, api.version, api.description
    );
    for server in &api.servers {
        out += &format!("server {} {:?}\n", server.url, server.variables);
    }
    for (name, scheme) in &api.security_schemes {
        out += &format!("scheme {name} {:?}\n", scheme.kind);
    }
    for tag in &api.tags {
        out += &format!("tag {} {:?}\n", tag.name, tag.description);
    }
    for operation in &api.operations {
        out += &one(operation);
    }
    for (name, schema) in &api.schemas {
        out += &format!("schema {name} {schema}\n");
    }
    for found in diagnostics {
        out += &format!(
            "{:?} {} {}\n  {}\n",
            found.severity, found.code, found.pointer, found.message
        );
    }
    out
}

fn one(operation: &Operation<'_>) -> String {
    let mut out = format!(
        "\n{:?} {} at {}\n  {} {:?} {:?} {:?}\n",
        operation.method,
        operation.path,
        operation.pointer,
        operation.operation_id.unwrap_or("-"),
        operation.tags,
        operation.summary,
        operation.description,
    );
    for found in &operation.parameters {
        let mark = if found.required { "!" } else { "" };
        out += &format!(
            "  {:?} {}{mark} {} {:?} {}\n",
            found.location,
            found.name,
            found.schema,
            found.description,
            found
                .example
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default()
        );
    }
    if let Some(body) = &operation.body {
        out += &format!("  body required={}\n", body.required);
        out += &media(body.content);
    }
    for response in &operation.responses {
        let headers: Vec<&str> = response.headers.iter().map(|(name, _)| *name).collect();
        out += &format!(
            "  {} {:?} {headers:?}\n",
            response.status, response.description
        );
        out += &media(response.content);
    }
    if !operation.security.is_empty() {
        // As maps, which is what they are.
        let alternatives: Vec<IndexMap<&str, &[&str]>> = operation
            .security
            .iter()
            .map(|requirement| requirement.iter().copied().collect())
            .collect();
        out += &format!("  security {alternatives:?}\n");
    }
    for server in &operation.servers {
        out += &format!("  server {} {:?}\n", server.url, server.variables);
    }
    out
}

fn media(content: &[MediaType<'_>]) -> String {
    content
        .iter()
        .map(|media| {
            let text =
                |value: Option<Node<'_>>| value.map_or("-".to_owned(), |value| value.to_string());
            let encoding: Vec<_> = media
                .encoding
                .iter()
                .map(|(name, part)| (name, &part.content_type))
                .collect();
            format!(
                "    {} {} {encoding:?} {}\n",
                media.media_type,
                text(media.schema),
                text(media.example)
            )
        })
        .collect()
}
