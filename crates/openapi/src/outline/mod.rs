//! An API in outline: what the readers of Postman collections and of prose find,
//! before it becomes the OpenAPI 3.1 that the walker reads. One walker so judges
//! every description, whatever it was written in.

mod content;
mod guess;
mod ids;
mod render;
mod shape;

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    arena::Arena,
    diagnostic::{Diagnostic, Limits, Refusal},
    json,
    model::{ApiDescription, Dialect},
    report::Report,
    walk::Walker,
};

pub(crate) use content::{Answer, Content, Field, Place, SMALL_EXAMPLE};
pub(crate) use guess::{
    is_credential, is_key_header, is_key_query, is_own_header, is_secret, typed,
};
pub(crate) use ids::{is_plain_id, name_ids};
pub(crate) use render::placeholders;
pub(crate) use shape::{Shape, is_uuid, placeholder_type};

/// As many operations as the walker takes.
pub(crate) const MAX_OPERATIONS: usize = 20_000;
/// Per operation and place, like the walker.
const MAX_FIELDS: usize = 1_000;

/// Everything that was found, in the order in which it was found.
#[derive(Default)]
pub(crate) struct Outline {
    pub(crate) title: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) description: Option<String>,
    /// Server Objects of OpenAPI.
    pub(crate) servers: Vec<Value>,
    /// Group to its description.
    pub(crate) tags: IndexMap<String, Option<String>>,
    /// Security Scheme Objects of OpenAPI, by name.
    pub(crate) schemes: IndexMap<String, Value>,
    /// By method and path, with the names of placeholders left out.
    pub(crate) operations: IndexMap<String, Sketch>,
}

/// One operation.
#[derive(Default)]
pub(crate) struct Sketch {
    /// Where the source has it.
    pub(crate) at: String,
    /// Lower case.
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) id: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) tag: Option<String>,
    /// Those of path, query and header.
    pub(crate) parameters: Vec<Field>,
    pub(crate) body_required: bool,
    /// By media type.
    pub(crate) body: IndexMap<String, Content>,
    /// By status.
    pub(crate) answers: IndexMap<String, Answer>,
    /// Alternatives of scheme names that apply together; `None` where nothing is
    /// known.
    pub(crate) security: Option<Vec<Vec<String>>>,
    /// A Server Object, where it is not the document's.
    pub(crate) server: Option<Value>,
}

/// Methods that OpenAPI 3.1 has a key for.
pub(crate) fn method_named(name: &str) -> Option<&'static str> {
    const METHODS: [&str; 8] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    METHODS
        .into_iter()
        .find(|method| method.eq_ignore_ascii_case(name))
}

/// `GET /users/{}`: two templates that differ in names alone are one.
pub(crate) fn key_of(method: &str, path: &str) -> String {
    let mut key = format!("{method} ");
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        key.push_str(before);
        key.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    key.push_str(rest);
    key
}

impl Sketch {
    /// Adds a parameter; of two with one name and place the first counts, and
    /// takes from the second what it does not say itself.
    pub(crate) fn parameter(&mut self, field: Field) {
        add(&mut self.parameters, field);
    }

    pub(crate) fn content(&mut self, media_type: &str) -> &mut Content {
        self.body.entry(media_type.to_owned()).or_default()
    }

    /// No server sends the body of a `GET` on: fields of a form become query
    /// parameters, everything else goes. Whether there was a body.
    pub(crate) fn lose_body(&mut self) -> bool {
        if !["get", "head"].contains(&self.method) || self.body.is_empty() {
            return false;
        }
        for (media_type, content) in std::mem::take(&mut self.body) {
            let is_form =
                media_type == "multipart/form-data" || media_type.ends_with("form-urlencoded");
            let is_text = |field: &Field| field.schema.get("format") != Some(&"binary".into());
            let fields = content.fields.into_iter().filter(is_text);
            for field in fields.filter(|field| is_form && !is_key_header(&field.name)) {
                self.parameter(Field {
                    place: Place::Query,
                    content_type: None,
                    ..field
                });
            }
        }
        self.body_required = false;
        true
    }

    /// Whether there is a body that shows nothing: `{}`.
    fn is_blank(&self) -> bool {
        !self.body.is_empty() && self.body.values().all(Content::is_blank)
    }

    /// Takes from another request to the same method and path what this one lacks.
    pub(crate) fn merge(&mut self, other: Sketch) {
        self.body_required = match (self.is_blank(), other.is_blank()) {
            (true, false) if !other.body.is_empty() => other.body_required,
            (_, true) => self.body_required,
            _ => self.body_required && (other.body_required || other.body.is_empty()),
        };
        for field in other.parameters {
            // Its path parameters are ours, under the names that ours have.
            if field.place != Place::Path {
                self.parameter(field);
            }
        }
        for (media_type, content) in other.body {
            self.content(&media_type).merge(content);
        }
        for (status, answer) in other.answers {
            self.answers.entry(status).or_default().merge(answer);
        }
        fill(&mut self.id, other.id);
        fill(&mut self.summary, other.summary);
        fill(&mut self.description, other.description);
        fill(&mut self.tag, other.tag);
        if self.security.is_none() {
            self.security = other.security;
        }
    }
}

/// Adds `field`, or what it knows to the one of that name and place.
pub(crate) fn add(fields: &mut Vec<Field>, field: Field) {
    let known = fields
        .iter()
        .position(|known| known.name == field.name && known.place == field.place);
    if let Some(at) = known {
        if let Some(known) = fields.get_mut(at) {
            known.merge(field);
        }
    } else if fields.len() < MAX_FIELDS {
        fields.push(field);
    }
}

pub(crate) fn fill(slot: &mut Option<String>, other: Option<String>) {
    if slot.is_none() {
        *slot = other;
    }
}

impl Outline {
    /// A name for `scheme`: that of an equal one, else `wanted`, told apart by a
    /// number where another scheme has it.
    pub(crate) fn scheme(&mut self, wanted: &str, scheme: &Value) -> String {
        let mut name = wanted.to_owned();
        let mut count = 1;
        while let Some(known) = self.schemes.get(&name) {
            if is_same(known, scheme) {
                return name;
            }
            count += 1;
            name = format!("{wanted}{count}");
        }
        self.schemes.insert(name.clone(), scheme.clone());
        name
    }

    /// Lets the walker read the outline. Diagnostics of the walker are told of
    /// the place in the source that each part came from.
    ///
    /// # Errors
    /// `no_operations`, or a limit of the reader.
    pub(crate) fn describe<'a>(
        self,
        arena: &'a Arena,
        dialect: Dialect,
        report: Report,
        findings: Vec<Diagnostic>,
        limits: &Limits,
    ) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal> {
        let (document, pointers) = render::document(self);
        let text = arena.text(&document.to_string());
        drop(document);
        // What wraps the source's own values takes a few levels and some values.
        let limits = Limits {
            bytes: limits.bytes,
            nodes: limits.nodes.saturating_mul(4),
            depth: limits.depth + 64,
        };
        let (root, _) = json::parse(arena, text, &limits)?;
        let root = arena.value(root);
        let walker = Walker::new(arena, root, dialect, Report::default(), &limits);
        let (mut api, walked) = walker.description();
        for operation in &mut api.operations {
            operation.pointer = arena.text(&pointers.source(operation.pointer));
        }
        let mut all = report.finish(findings);
        all.extend(
            walked
                .finish(Vec::new())
                .into_iter()
                .map(|found| Diagnostic {
                    pointer: pointers.source(&found.pointer),
                    ..found
                }),
        );
        Ok((api, all))
    }
}

/// Names of headers have no case.
fn is_same(left: &Value, right: &Value) -> bool {
    let text = |scheme: &Value, key: &str| {
        let text = scheme.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_ascii_lowercase()
    };
    left == right
        || [left, right]
            .iter()
            .all(|scheme| text(scheme, "in") == "header")
            && text(left, "name") == text(right, "name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_placeholders_do_not_tell_operations_apart() {
        assert_eq!(key_of("get", "/a/{b}/c"), "get /a/{}/c");
        assert_eq!(key_of("get", "/a/{b}"), key_of("get", "/a/{c}"));
        assert_eq!(key_of("get", "/a/{b"), "get /a/{}");
    }

    #[test]
    fn schemes_are_named_once() {
        let mut outline = Outline::default();
        let (one, two) = (serde_json::json!(1), serde_json::json!(2));
        let names = [&one, &two, &one].map(|scheme| outline.scheme("auth", scheme));
        assert_eq!(names, ["auth", "auth2", "auth"]);
    }
}
