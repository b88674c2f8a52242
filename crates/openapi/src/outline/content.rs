//! Parts of an operation in outline: fields, bodies and answers.

use serde_json::{Map, Value, json};

use super::{Shape, add, fill, is_credential, is_secret, placeholder_type};

/// Examples up to this many bytes of JSON are kept.
pub(crate) const SMALL_EXAMPLE: usize = 2 << 10;

/// Where a value of a request goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Path,
    #[default]
    Query,
    Header,

    Body,
}

impl Place {
    /// OpenAPI's word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",

            Place::Body => "body",
        }
    }
}

/// A parameter, or a field of a body.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Field {
    /// Where the source has it; empty where that is the operation's own place.
    pub(crate) at: String,
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) required: bool,
    pub(crate) description: Option<String>,
    /// Empty where nothing is known.
    pub(crate) schema: Map<String, Value>,
    pub(crate) example: Option<Value>,
    /// The media type of one part of a form.
    pub(crate) content_type: Option<String>,
}

impl Field {
    pub(crate) fn new(name: &str, place: Place) -> Self {
        Self {
            name: name.to_owned(),
            place,
            ..Self::default()
        }
    }

    pub(crate) fn of_type(mut self, name: &str) -> Self {
        self.schema.insert("type".to_owned(), json!(name));
        self
    }

    /// The example, where it may be told.
    pub(super) fn take_example(&mut self) -> Option<Value> {
        let example = self.example.take()?;
        let is_told = !is_secret(&self.name) && !example.as_str().is_some_and(is_credential);
        is_told.then_some(example)
    }

    pub(super) fn merge(&mut self, other: Field) {
        fill(&mut self.description, other.description);
        if self.schema.is_empty() {
            self.schema = other.schema;
        }
        if self.example.is_none() {
            self.example = other.example;
        }
        fill(&mut self.content_type, other.content_type);
    }
}

/// What one media type of a body or an answer holds.
#[derive(Default)]
pub(crate) struct Content {
    /// What examples show.
    pub(crate) shape: Option<Shape>,
    /// What is said of single fields; it counts more than examples.
    pub(crate) fields: Vec<Field>,
    /// A schema for what has no fields: text, bytes.
    pub(crate) plain: Option<Value>,
    pub(crate) example: Option<Value>,
}

impl Content {
    /// Text, or bytes where `format` is `binary`.
    pub(crate) fn of_string(format: Option<&str>) -> Self {
        let plain = match format {
            Some(format) => json!({ "type": "string", "format": format }),
            None => json!({ "type": "string" }),
        };
        Self {
            plain: Some(plain),
            ..Self::default()
        }
    }

    /// Learns from one more example, and keeps the first that is small.
    /// `budget` is what may still be learnt in the whole document.
    pub(crate) fn learn(&mut self, example: Value, budget: &mut usize) {
        self.shape.get_or_insert_default().learn(&example, budget);
        if self.example.is_none() {
            self.example = small(example);
        }
    }

    pub(crate) fn field(&mut self, field: Field) {
        add(&mut self.fields, field);
    }

    /// Whether a field is described or shown.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
            || self.shape.as_ref().is_some_and(|shape| shape.has(name))
    }

    /// Whether it shows an object without anything in it.
    pub(crate) fn is_blank(&self) -> bool {
        let shape = self.shape.as_ref();
        self.fields.is_empty() && self.plain.is_none() && shape.is_some_and(Shape::is_blank)
    }

    pub(super) fn merge(&mut self, other: Content) {
        if self.is_blank() && !other.is_blank() {
            self.example = None;
        }
        match (&mut self.shape, other.shape) {
            (Some(shape), Some(other)) => shape.merge(other),
            (None, Some(other)) => self.shape = Some(other),
            (_, None) => {}
        }
        for field in other.fields {
            self.field(field);
        }
        if self.plain.is_none() {
            self.plain = other.plain;
        }
        if self.example.is_none() {
            self.example = other.example;
        }
    }
}

/// The example, where it is short enough to be read and names no variable that
/// only the source can fill.
pub(crate) fn small(example: Value) -> Option<Value> {
    let text = example.to_string();
    let is_open = text.contains("{{")
        || text
            .split('"')
            .any(|part| part.starts_with('<') && placeholder_type(part).is_some());
    (text.len() <= SMALL_EXAMPLE && !is_open && !holds_secret(&example)).then_some(example)
}

/// Whether a value in it is for its owner alone.
fn holds_secret(example: &Value) -> bool {
    match example {
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| (is_secret(name) && value.is_string()) || holds_secret(value)),
        Value::Array(items) => items.iter().any(holds_secret),
        Value::String(text) => is_credential(text),
        _ => false,
    }
}

/// A response.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) at: String,
    pub(crate) description: Option<String>,
    pub(crate) headers: Vec<(String, Option<String>)>,
    /// By media type.
    pub(crate) content: indexmap::IndexMap<String, Content>,
}

impl Answer {
    pub(crate) fn content(&mut self, media_type: &str) -> &mut Content {
        self.content.entry(media_type.to_owned()).or_default()
    }

    pub(super) fn merge(&mut self, other: Answer) {
        fill(&mut self.description, other.description);
        for (media_type, content) in other.content {
            self.content(&media_type).merge(content);
        }
        for (name, description) in other.headers {
            if !self.headers.iter().any(|(known, _)| *known == name) {
                self.headers.push((name, description));
            }
        }
    }
}
