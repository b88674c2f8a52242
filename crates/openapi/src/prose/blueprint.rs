//! Headings of API Blueprint: `Users [/users{?page}]`, and below it `List [GET]`.

use super::{builder::Builder, endpoint, label::Part};
use crate::outline::{Place, method_named};

impl Builder {
    /// Reads a heading of a resource or of an action on it; whether it was one of an
    /// action. (`List [GET /users]` names its endpoint as any heading does.)
    pub(super) fn blueprint(&mut self, level: u8, text: &str, line: usize) -> bool {
        self.resource.take_if(|(_, resource)| level <= *resource);
        let Some((name, inner)) = bracketed(text) else {
            return false;
        };
        if inner.starts_with('/') && !inner.contains(' ') {
            self.resource = Some((inner.to_owned(), level));
            return false;
        }
        let Some((path, _)) = &self.resource else {
            return false;
        };
        if method_named(inner).is_none() {
            return false;
        }
        let found = endpoint::find(&format!("{inner} {path}"));
        if found.is_empty() {
            return false;
        }
        let name = name.to_owned();
        self.push_head(level, &name);
        self.part = Part::Open;
        let head = self.head();
        self.define_all(found, line, head, false);
        true
    }

    /// Reads `+ Headers` and `+ Body` below `+ Request` or `+ Response 200`; whether
    /// the item was one of them.
    pub(super) fn blueprint_part(&mut self, text: &str) -> bool {
        let part = match text.trim() {
            "Body" => Part::Body,
            "Header" | "Headers" => Part::Fields(Some(Place::Header)),
            _ => return false,
        };
        if self.current.is_none() {
            return false;
        }
        if !matches!(self.part, Part::Answer(_)) {
            self.part = part;
        }
        true
    }
}

/// The metadata that a blueprint begins with.
pub(super) fn is_head(text: &str) -> bool {
    text.starts_with("FORMAT: 1A")
}

/// The text before a bracket at the end, and what is in the bracket.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (name, inner) = text.trim_end().strip_suffix(']')?.rsplit_once('[')?;
    Some((name.trim(), inner.trim()))
}
