//! Request bodies.

use serde_json::{Map, Value, json};

use super::{
    Reader,
    url::{Entry, entries},
    values::query_pairs,
};
use crate::{
    node::Node,
    outline::{Content, Field, Place, SMALL_EXAMPLE, Sketch},
    place::Place as At,
    relaxed,
};

impl<'n, 'd> Reader<'n, 'd> {
    pub(super) fn body(&mut self, sketch: &mut Sketch, request: &'n Node<'d>, headers: &[Entry]) {
        let Some(body) = request.get("body") else {
            return;
        };
        if body.flag("disabled").unwrap_or(false) {
            return;
        }
        let declared = content_type(headers);
        match body.get("mode").and_then(Node::as_str) {
            Some("raw") => self.raw(sketch, body, declared),
            Some("urlencoded") => {
                let fields = match body.get("urlencoded").and_then(Node::as_str) {
                    Some(text) => query_pairs(text),
                    None => entries(body, "urlencoded", "/body"),
                };
                self.form(sketch, body, "urlencoded", &fields);
            }
            Some("formdata") => {
                let fields = entries(body, "formdata", "/body");
                self.form(sketch, body, "formdata", &fields);
            }
            Some("file") => {
                let media_type = declared.unwrap_or_else(|| "application/octet-stream".to_owned());
                *sketch.content(&media_type) = Content::of_string(Some("binary"));
                sketch.body_required = true;
            }
            Some("graphql") => self.graphql(sketch, body),
            _ => {}
        }
    }

    fn raw(&mut self, sketch: &mut Sketch, body: &Node<'_>, declared: Option<String>) {
        let Some(text) = body.get("raw").and_then(Node::as_str) else {
            return;
        };
        if text.trim().is_empty() {
            return;
        }
        let language = body
            .get("options")
            .and_then(|options| options.get("raw"))
            .and_then(|raw| raw.text("language"));
        let media_type = declared.unwrap_or_else(|| {
            let named = match language {
                Some("json") => "application/json",
                Some("xml") => "application/xml",
                Some("html") => "text/html",
                Some("javascript") => "application/javascript",
                _ if relaxed::parse_container(text).is_some() => "application/json",
                _ => "text/plain",
            };
            named.to_owned()
        });
        sketch.body_required = true;
        // A form that was typed as the text that it is sent as.
        if media_type == "application/x-www-form-urlencoded" && text.contains('=') {
            let text: String = text.split_whitespace().collect();
            self.form(sketch, body, "urlencoded", &query_pairs(&text));
            return;
        }
        if !media_type.ends_with("json") {
            let mut content = Content::of_string(None);
            content.example = small_text(text);
            *sketch.content(&media_type) = content;
            return;
        }
        let example = relaxed::parse(text);
        let takes_body = ["post", "put", "patch"].contains(&sketch.method);
        if !takes_body && example.as_ref().is_some_and(is_empty) {
            sketch.body_required = false;
            return;
        }
        let content = sketch.body.entry(media_type).or_default();
        match example {
            Some(example) => {
                // `{}` is what a client sends that has nothing to say.
                sketch.body_required = !is_empty(&example);
                content.learn(example, &mut self.learnt);
            }
            None => {
                let at = format!("{}/body/raw", sketch.at);
                self.report.warn(
                    "example-not-json",
                    &At::At(&at),
                    "The body is said to be JSON and cannot be read as JSON; its fields are not known."
                        .to_owned(),
                    "Correct the JSON of the body.",
                );
            }
        }
    }

    /// `urlencoded` or `formdata`.
    fn form(&mut self, sketch: &mut Sketch, body: &Node<'_>, mode: &str, fields: &[Entry]) {
        let is_multipart = mode == "formdata";
        let media_type = if is_multipart {
            "multipart/form-data"
        } else {
            "application/x-www-form-urlencoded"
        };
        let written = body.get(mode).and_then(Node::as_array).unwrap_or_default();
        for entry in fields {
            if !self.pay() {
                return;
            }
            let mut field = self.field(entry, Place::Body, &sketch.at);
            // The pointer of an entry ends with its index.
            let index = entry
                .at
                .rsplit('/')
                .next()
                .and_then(|at| at.parse::<usize>().ok());
            if let Some(part) = index
                .and_then(|index| written.get(index))
                .filter(|_| is_multipart)
            {
                file_part(&mut field, part);
            }
            sketch.content(media_type).field(field);
        }
    }

    fn graphql(&mut self, sketch: &mut Sketch, body: &Node<'_>) {
        let Some(query) = body
            .get("graphql")
            .and_then(|graphql| graphql.text("query"))
        else {
            return;
        };
        let written = body
            .get("graphql")
            .and_then(|graphql| graphql.text("variables"));
        let variables = written.and_then(relaxed::parse_container);
        let content = sketch
            .body
            .entry("application/json".to_owned())
            .or_default();
        let mut field = Field::new("query", Place::Body).of_type("string");
        field.required = true;
        field.description = Some("The GraphQL document".to_owned());
        field.example = small_text(query);
        content.field(field);
        let example = variables.unwrap_or_else(|| json!({}));
        content.learn(json!({ "variables": example }), &mut self.learnt);
        content.example = None;
        let mut field = Field::new("variables", Place::Body).of_type("object");
        field.description = Some("Values of the document's variables".to_owned());
        content.field(field);
        sketch.body_required = true;
    }
}

fn is_empty(example: &Value) -> bool {
    example.as_object().is_some_and(Map::is_empty)
}

/// A part that is a file, or several; and the part's own media type.
fn file_part(field: &mut Field, part: &Node<'_>) {
    if part.get("type").and_then(Node::as_str) == Some("file") {
        let file = json!({ "type": "string", "format": "binary" });
        let is_list = part
            .get("src")
            .and_then(Node::as_array)
            .is_some_and(|sources| sources.len() > 1);
        let schema = if is_list {
            json!({ "type": "array", "items": file })
        } else {
            file
        };
        field.schema = schema.as_object().cloned().unwrap_or_default();
        field.example = None;
    }
    let content_type = part.text("contentType");
    field.content_type = content_type
        .filter(|text| text.contains('/'))
        .map(str::to_owned);
}

/// The media type of the enabled `Content-Type` header, without parameters.
pub(super) fn content_type(headers: &[Entry]) -> Option<String> {
    let header = headers
        .iter()
        .find(|header| !header.disabled && header.name.eq_ignore_ascii_case("content-type"))?;
    let value = header
        .value
        .as_deref()?
        .split(';')
        .next()?
        .trim()
        .to_ascii_lowercase();
    (value.contains('/') && !value.contains("{{")).then_some(value)
}

/// A text that is short enough for an example, without open variables.
pub(super) fn small_text(text: &str) -> Option<Value> {
    let is_small = text.len() <= SMALL_EXAMPLE && !text.contains("{{");
    is_small.then(|| json!(text))
}
