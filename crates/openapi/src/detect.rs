//! What the document is: a dialect that can be read, or something else by name.

use crate::{diagnostic::Refusal, model::Dialect, node::Node, place::Place, prose, report::Report};

/// Finds the dialect from `openapi` or `swagger`.
///
/// # Errors
/// `not_an_api_description` or `unsupported_version`.
pub(crate) fn dialect(root: &Node<'_>, report: &mut Report) -> Result<Dialect, Refusal> {
    if !matches!(root, Node::Object(_)) {
        return Err(not_a_description(&other_value(root)));
    }
    let (key, version) = match (root.get("openapi"), root.get("swagger")) {
        (Some(version), _) => ("openapi", version),
        (None, Some(version)) => ("swagger", version),
        (None, None) => return Err(foreign(root)),
    };
    let Some(text) = version.as_text().map(str::trim) else {
        return Err(unsupported(key, version.kind()));
    };
    let mut parts = text.split('.');
    let dialect = match (parts.next(), parts.next().unwrap_or("0")) {
        (Some("2"), "0") => Dialect::Swagger20,
        (Some("3"), "0") => Dialect::OpenApi30,
        (Some("3"), "1") => Dialect::OpenApi31,
        (Some("3"), "2") => Dialect::OpenApi32,
        _ => return Err(unsupported(key, text)),
    };
    if (key == "swagger") != (dialect == Dialect::Swagger20) {
        let right = if key == "swagger" {
            "openapi"
        } else {
            "swagger"
        };
        report.warn(
            "version-key",
            &Place::ROOT.key(key),
            format!("Version {text} is given under `{key}`; it belongs under `{right}`."),
            "Rename the key.",
        );
    }
    Ok(dialect)
}

/// Whether a file says that it is the root of a description.
pub(crate) fn is_description(root: &Node<'_>) -> bool {
    root.get("openapi").is_some() || root.get("swagger").is_some()
}

/// Formats whose text is neither JSON nor YAML, found before either is tried.
pub(crate) fn foreign_text(text: &str) -> Option<Refusal> {
    let start: String = text
        .trim_start()
        .chars()
        .take(512)
        .collect::<String>()
        .to_ascii_lowercase();
    let what = if start.starts_with("<!doctype html") || start.starts_with("<html") {
        "an HTML page"
    } else if start.starts_with('<') {
        if start.contains("wsdl") {
            "a WSDL document"
        } else {
            "an XML document"
        }
    } else if start.starts_with("#%raml") {
        "a RAML document"
    } else if start.starts_with("format: 1a") {
        "an API Blueprint document"
    } else {
        return None;
    };
    Some(not_a_description(what))
}

/// Whether a text that was refused may be documentation in prose. A description
/// with a fault is not: its author wants to hear of the fault.
pub(crate) fn may_be_prose(text: &str, refusal: &Refusal) -> bool {
    let start = text.trim_start();
    // A link or a badge opens a page as often as a list opens JSON.
    let is_link = start.starts_with("[![")
        || start.starts_with('[') && start.lines().next().is_some_and(|line| line.contains("]("));
    if start.starts_with('{') || (start.starts_with('[') && !is_link) {
        return false;
    }
    match refusal.code {
        "not_an_api_description" => !is_data(start) && is_readable(start),
        "document_syntax" | "unsupported_version" | "document_too_deep" => !claims(start),
        _ => false,
    }
}

/// Whether a text is written for people: few of its lines are keys and entries. What
/// stands before a page as its front matter is not looked at.
pub(crate) fn is_prose(text: &str) -> bool {
    let text = text.trim_start();
    let page = text
        .strip_prefix("---")
        .and_then(|rest| rest.split_once("\n---"));
    let page = page.map_or(text, |(_, page)| page);
    if page.starts_with('<') {
        let is_heading = |line: &str| line.starts_with("# ") || line.starts_with("## ");
        return prose::is_page(page) || page.lines().any(is_heading);
    }
    let words = page.split_whitespace().take(2_000);
    if words
        .filter(|word| word.contains(char::is_alphabetic))
        .count()
        < 5
    {
        return false;
    }
    // Fences and the line below the head of a table are Markdown's alone.
    let marks = ["```", "|--", "| --", "|:-", "| :-"];
    if page
        .lines()
        .any(|line| marks.iter().any(|mark| line.starts_with(mark)))
    {
        return true;
    }
    let (mut keys, mut lines) = (0_usize, 0_usize);
    for line in page.lines().take(2_000) {
        let line = line.trim().trim_start_matches("- ");
        if line.is_empty() || line.starts_with("# ") {
            continue;
        }
        lines += 1;
        let key = line.split(": ").next().unwrap_or_default();
        let key = key.strip_suffix(':').unwrap_or(key);
        let is_word = |c: char| c.is_alphanumeric() || "_-./$\"'{}~".contains(c);
        let is_key = key.len() < line.len() && key.chars().all(is_word);
        keys += usize::from(is_key || line.starts_with(['{', '}', '[', ']', '"']));
    }
    lines > 0 && keys * 3 <= lines
}

/// The refusal of documentation that has no endpoint.
pub(crate) fn no_endpoint() -> Refusal {
    Refusal {
        code: "not_an_api_description",
        message: "No endpoint was found in this text.".to_owned(),
        help: "Of documentation, what is read are a method with its path (`GET /users/{id}`) in \
               headings, sentences, lists, tables and code, and requests of `curl`. Give the \
               pages that have them, or an OpenAPI document."
            .to_owned(),
        position: None,
        pointer: None,
    }
}

/// A line that only a description has at its left edge: `openapi: 3.1.0`.
fn claims(text: &str) -> bool {
    const KEYS: [&str; 6] = [
        "openapi",
        "swagger",
        "swaggerVersion",
        "asyncapi",
        "arazzo",
        "overlay",
    ];
    text.lines().any(|line| {
        let line = line.trim_start_matches(['"', '\'']);
        KEYS.iter().any(|key| {
            let behind = line.strip_prefix(key).unwrap_or_default();
            let value = behind.trim_start_matches(['"', '\'', ' ']);
            value.strip_prefix(':').is_some_and(|value| {
                let value = value.trim_start_matches(['"', '\'', ' ']);
                value.is_empty() || value.starts_with(|c: char| c.is_ascii_digit() || c == '[')
            })
        })
    })
}

/// Formats whose text is for machines: XML that is no page, RAML.
fn is_readable(text: &str) -> bool {
    let is_raml = text
        .get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case("#%raml"));
    !is_raml && (!text.starts_with('<') || !is_xml(text))
}

fn is_xml(text: &str) -> bool {
    let near: String = text
        .chars()
        .take(1_024)
        .collect::<String>()
        .to_ascii_lowercase();
    let is_xhtml = near.contains("<html") || near.contains("<!doctype html");
    near.starts_with("<?xml") && !is_xhtml
}

/// A mapping of plain keys: settings, not sentences. Pages have headings, and
/// words with spaces before their colons.
fn is_data(text: &str) -> bool {
    let is_front_matter = text.starts_with("---");
    let mut keys = 0;
    for line in text.lines().take(2_000) {
        if line.trim().is_empty() || line.starts_with(['#', ' ', '\t', '-', '}', ']']) {
            continue;
        }
        let key = line
            .split(':')
            .next()
            .unwrap_or_default()
            .trim_matches(['"', '\'']);
        let is_key = line.contains(':')
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte));
        if !is_key {
            return false;
        }
        keys += 1;
    }
    keys > 1 && !is_front_matter
}

fn other_value(root: &Node<'_>) -> String {
    match root {
        Node::Array(_) => "a list (a JSON array)".to_owned(),
        Node::String(_) => "plain text".to_owned(),
        other => other.kind().to_owned(),
    }
}

/// Names the formats that people take for API descriptions.
fn foreign(root: &Node<'_>) -> Refusal {
    let has = |key: &str| root.get(key).is_some();
    let within = |outer: &str, inner: &str| root.get(outer).and_then(|node| node.get(inner));
    if let Some(version) = root.get("swaggerVersion") {
        return unsupported("swaggerVersion", version.as_text().unwrap_or("1"));
    }
    let what = if within("info", "_postman_id").is_some()
        || within("info", "schema")
            .and_then(Node::as_str)
            .is_some_and(|url| url.contains("getpostman"))
    {
        "a Postman collection"
    } else if has("asyncapi") {
        "an AsyncAPI document"
    } else if has("arazzo") {
        "an Arazzo document"
    } else if has("overlay") {
        "an OpenAPI overlay"
    } else if has("__schema") || within("data", "__schema").is_some() {
        "a GraphQL schema"
    } else if within("log", "entries").is_some() {
        "a HAR recording"
    } else if root.get("kind").and_then(Node::as_str) == Some("discovery#restDescription") {
        "a Google API discovery document"
    } else if root.get("_type").and_then(Node::as_str) == Some("export") {
        "an Insomnia export"
    } else if has("apiVersion") && has("kind") {
        "a Kubernetes manifest"
    } else if has("$schema") || (has("type") && has("properties")) {
        "a JSON Schema"
    } else if has("name") && has("version") && (has("dependencies") || has("scripts")) {
        "a package.json file"
    } else {
        return not_a_description(&unknown_object(root));
    };
    not_a_description(what)
}

fn unknown_object(root: &Node<'_>) -> String {
    let keys: Vec<String> = root
        .as_object()
        .unwrap_or_default()
        .iter()
        .take(5)
        .map(|(key, _)| format!("`{}`", key.chars().take(40).collect::<String>()))
        .collect();
    if keys.is_empty() {
        "an empty object".to_owned()
    } else {
        format!(
            "an object with neither `openapi` nor `swagger` (its keys: {})",
            keys.join(", ")
        )
    }
}

fn not_a_description(what: &str) -> Refusal {
    Refusal {
        code: "not_an_api_description",
        message: format!("This is {what}, not an OpenAPI document."),
        help: "Give an OpenAPI 3.x or Swagger 2.0 document; its first keys are `openapi` or \
               `swagger`, `info` and `paths`."
            .to_owned(),
        position: None,
        pointer: None,
    }
}

fn unsupported(key: &str, found: &str) -> Refusal {
    let found: String = found.chars().take(40).collect();
    Refusal {
        code: "unsupported_version",
        message: format!("`{key}: {found}` is not a version that can be read."),
        help: "Give OpenAPI 3.0, 3.1 or 3.2, or Swagger 2.0.".to_owned(),
        position: None,
        pointer: Some(format!("/{key}")),
    }
}
