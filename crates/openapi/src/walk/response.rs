//! Responses.

use indexmap::IndexMap;

use super::{Walker, body::compact};
use crate::{
    model::{Dialect, MediaType, Response},
    node::Node,
    place::{Place, shorten},
    weight,
};

impl<'d> Walker<'d> {
    /// The responses of an operation, in the document's order.
    pub(super) fn responses(
        &mut self,
        operation: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Vec<Response> {
        let place = place.key("responses");
        let Some(node) = operation.get("responses") else {
            return Vec::new();
        };
        let Some(entries) = node.as_object() else {
            if !matches!(node, Node::Null) {
                self.report.error(
                    "invalid-responses",
                    &place,
                    format!("`responses` has to be an object, and is {}.", node.kind()),
                    "Write it as a mapping from status code to response.",
                );
            }
            return Vec::new();
        };
        let mut found: IndexMap<String, Response> = IndexMap::new();
        for (key, written) in entries {
            if key.starts_with("x-") {
                continue;
            }
            let at = place.key(key);
            let Some(status) = status(key) else {
                self.report.warn(
                    "invalid-status",
                    &at,
                    format!(
                        "`{}` is no status code; this response is left out.",
                        shorten(key)
                    ),
                    "Use a code such as 200, a range such as 2XX, or `default`.",
                );
                continue;
            };
            if let Some(response) = self.response(&status, written, operation, &at) {
                found.entry(status).or_insert(response);
            }
        }
        compact(found)
    }

    fn response(
        &mut self,
        status: &str,
        written: &'d Node<'d>,
        operation: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Option<Response> {
        let followed = self.follow(written, "response", place)?;
        let place = followed.place(place);
        let node = followed.node;
        if place.is_shared() && !self.spend(4, &place) {
            return None;
        }
        if node.as_object().is_none() && !matches!(node, Node::Null) {
            self.report.warn(
                "invalid-response",
                &place,
                format!(
                    "A response has to be an object, and this is {}.",
                    node.kind()
                ),
                "Write it as an object with a `description`.",
            );
            return None;
        }
        Some(Response {
            status: status.to_owned(),
            description: followed.description(),
            headers: self.headers(node, &place),
            content: self.response_content(node, operation, &place),
        })
    }

    fn response_content(
        &mut self,
        node: &'d Node<'d>,
        operation: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Vec<MediaType> {
        match node.get("content") {
            Some(content) if self.dialect != Dialect::Swagger20 => {
                self.content(content, &place.key("content"))
            }
            _ => self.legacy_response_content(node, operation, place),
        }
    }

    fn headers(
        &mut self,
        node: &'d Node<'d>,
        place: &Place<'_>,
    ) -> IndexMap<String, Option<String>> {
        let place = place.key("headers");
        let mut found = IndexMap::new();
        for (name, written) in node
            .get("headers")
            .and_then(Node::as_object)
            .unwrap_or_default()
        {
            let at = place.key(name);
            if at.is_shared() && !self.spend(1 + weight::of_text(name), &at) {
                break;
            }
            if let Some(followed) = self.follow(written, "header", &at) {
                found.insert(name.to_string(), followed.description());
            }
        }
        found
    }
}

/// `200`, `2XX` or `default`.
fn status(key: &str) -> Option<String> {
    if key.eq_ignore_ascii_case("default") {
        return Some("default".to_owned());
    }
    match key.trim().as_bytes() {
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => Some(key.trim().to_owned()),
        [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => {
            Some(format!("{}XX", char::from(*class)))
        }
        _ => None,
    }
}
