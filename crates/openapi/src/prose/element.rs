//! Elements of MDX that show an endpoint: `<Route method="GET">/users</Route>`.

use super::{inline, target::target_at};
use crate::outline::method_named;

/// Names of the attribute that holds the path.
const PATHS: [&str; 6] = ["path", "url", "endpoint", "route", "uri", "href"];
/// Longer elements are not looked at.
const MAX_ELEMENT: usize = 2_000;

/// `GET /users` as text, where the line is an element that shows it.
pub(super) fn endpoint(line: &str) -> Option<String> {
    let inner = line
        .get(..line.floor_char_boundary(MAX_ELEMENT))?
        .strip_prefix('<')?;
    if !inner.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let name = inner
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .and_then(|end| inner.get(..end))?;
    let end = inner.find('>')?;
    let attributes = inner.get(name.len()..end)?;
    let method = attribute(attributes, "method")?.to_ascii_uppercase();
    method_named(&method)?;
    let path = PATHS
        .iter()
        .find_map(|name| attribute(attributes, name))
        .or_else(|| {
            let content = inner.get(end + 1..)?;
            Some(content.split("</").next()?.trim())
        })?;
    let path = inline::markdown(path);
    target_at(&path)?;
    Some(format!("{method} {path}"))
}

/// The value of `name="value"` or `name={"value"}`.
fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = attributes;
    while let Some(at) = rest.find(name) {
        let before = rest.get(..at)?.chars().next_back();
        rest = rest.get(at + name.len()..)?;
        if !before.is_some_and(char::is_whitespace) {
            continue;
        }
        if let Some(value) = rest.trim_start().strip_prefix('=') {
            let value = value.trim_start().trim_start_matches('{');
            let mark = value
                .chars()
                .next()
                .filter(|mark| matches!(mark, '"' | '\'' | '`'))?;
            return value.get(1..)?.split(mark).next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_show_endpoints() {
        for (line, wanted) in [
            ("<Route method=\"GET\">/a/{b}</Route>", Some("GET /a/{b}")),
            (
                "<Api.Endpoint path='/a' method={\"post\"} />",
                Some("POST /a"),
            ),
            (
                "<Route method=\"GET\">/a/[\\{b.c\\}](#b)</Route>",
                Some("GET /a/{b.c}"),
            ),
            ("<Route method=\"GET\">words</Route>", None),
            ("<Route method=\"TAKE\">/a</Route>", None),
            ("<Route submethod=\"GET\">/a</Route>", None),
            ("<form method=\"post\" action=\"/a\">", None),
            ("<Route method=\"GET\"", None),
            ("<Route method", None),
        ] {
            assert_eq!(endpoint(line).as_deref(), wanted, "{line}");
        }
    }
}
