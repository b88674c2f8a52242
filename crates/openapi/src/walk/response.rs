//! Responses.

use super::Walker;
use crate::{
    model::{Dialect, MediaType, Response},
    node::Node,
    place::{Place, shorten},
};

impl<'d> Walker<'d> {
    /// The responses of an operation, in the document's order.
    pub(super) fn responses(
        &mut self,
        operation: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Vec<Response<'d>> {
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
        let mut found: Vec<Response<'d>> = Vec::new();
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
            if let Some(response) = self.response(status, written, operation, &at)
                && found.iter().all(|known| known.status != status)
            {
                found.push(response);
            }
        }
        found.shrink_to_fit();
        found
    }

    fn response(
        &mut self,
        status: &'d str,
        written: &'d Node<'d>,
        operation: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Option<Response<'d>> {
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
            status,
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
    ) -> &'d [MediaType<'d>] {
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
    ) -> &'d [(&'d str, Option<&'d str>)] {
        let Some(written) = node.get("headers") else {
            return &[];
        };
        // Those of a shared response are read once.
        let address = std::ptr::from_ref(written).addr();
        if let Some(known) = self.headers.get(&address) {
            return known;
        }
        let place = place.key("headers");
        let mut found = Vec::new();
        for (name, written) in written.as_object().unwrap_or_default() {
            let at = place.key(name);
            if let Some(followed) = self.follow(written, "header", &at) {
                found.push((*name, followed.description()));
            }
        }
        let found = self.source.arena.slice(&found);
        if place.is_shared() {
            self.headers.insert(address, found);
        }
        found
    }
}

/// `200`, `2XX` or `default`.
fn status(key: &str) -> Option<&str> {
    if key.eq_ignore_ascii_case("default") {
        return Some("default");
    }
    match key.trim().as_bytes() {
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => Some(key.trim()),
        [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => match class {
            b'1' => Some("1XX"),
            b'2' => Some("2XX"),
            b'3' => Some("3XX"),
            b'4' => Some("4XX"),
            _ => Some("5XX"),
        },
        _ => None,
    }
}
