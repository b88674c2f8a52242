//! What Swagger 2.0 writes in its own way: bodies and forms among parameters,
//! media types apart from schemas. Where an OpenAPI 3 document does the same by
//! mistake, it is read the same.

use super::{Followed, Walker, parameter::collection_format};
use crate::{
    model::{Location, MediaType, PartEncoding, RequestBody},
    node::{Entry, Node},
    place::Place,
};

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
/// A list of media types is repeated for each body; real lists hold a few.
const MAX_MEDIA_TYPES: usize = 16;

/// A parameter with `in: body`.
#[derive(Clone, Copy)]
pub(super) struct LegacyBody<'d> {
    required: bool,
    description: Option<&'d str>,
    schema: Option<Node<'d>>,
    example: Option<Node<'d>>,
}

/// A parameter with `in: formData`.
#[derive(Clone, Copy)]
pub(super) struct FormField<'d> {
    pub(super) name: &'d str,
    required: bool,
    schema: Node<'d>,
    encoding: Option<PartEncoding<'d>>,
    is_file: bool,
}

impl<'d> Walker<'d> {
    pub(super) fn legacy_body_parameter(
        &mut self,
        followed: &Followed<'d>,
        place: &Place<'_>,
    ) -> LegacyBody<'d> {
        let node = followed.node;
        let schema = node
            .get("schema")
            .map(|schema| self.inline_schema(schema, &place.key("schema")));
        LegacyBody {
            required: node.flag("required").unwrap_or(false),
            description: followed.description(),
            schema,
            example: self.example(node, place),
        }
    }

    pub(super) fn form_field(
        &mut self,
        followed: &Followed<'d>,
        name: &'d str,
        place: &Place<'_>,
    ) -> FormField<'d> {
        let node = followed.node;
        let mut schema = match node.get("schema") {
            Some(schema) => self.inline_schema(schema, &place.key("schema")),
            None => self.parameter_schema(node, place),
        };
        if let (Node::Object(entries), Some(text)) = (schema, followed.description()) {
            let others = entries.iter().filter(|(key, _)| *key != "description");
            let mut all: Vec<Entry<'d>> = others.copied().collect();
            all.push(("description", Node::String(text)));
            schema = Node::Object(self.source.arena.slice(&all));
        }
        let encoding = node
            .get("collectionFormat")
            .and_then(Node::as_str)
            .map(|format| {
                let (style, explode) = collection_format(format, Location::Query);
                PartEncoding {
                    style: Some(style),
                    explode: Some(explode),
                    ..PartEncoding::default()
                }
            });
        FormField {
            required: node.flag("required").unwrap_or(false),
            is_file: node.get("type").and_then(Node::as_str) == Some("file"),
            schema,
            encoding,
            name,
        }
    }

    /// The body that body and form parameters make together.
    pub(super) fn legacy_body(
        &mut self,
        operation: &'d Node<'d>,
        body: Option<LegacyBody<'d>>,
        form: &[FormField<'d>],
    ) -> Option<RequestBody<'d>> {
        let mut consumes = self.media_types(operation, "consumes");
        if let Some(body) = body {
            if consumes.is_empty() {
                consumes.push("application/json");
            }
            return Some(RequestBody {
                required: body.required,
                description: body.description,
                content: self.repeat(&consumes, body.schema, body.example),
            });
        }
        if form.is_empty() {
            return None;
        }
        let media_type = if form.iter().any(|field| field.is_file) {
            MULTIPART
        } else {
            let offered = consumes
                .into_iter()
                .find(|name| *name == FORM || *name == MULTIPART);
            offered.unwrap_or(FORM)
        };
        Some(self.form_body(form, media_type))
    }

    /// A response's `schema` in each of the media types that are produced.
    pub(super) fn legacy_response_content(
        &mut self,
        node: &'d Node<'d>,
        operation: &'d Node<'d>,
        place: &Place<'_>,
    ) -> &'d [MediaType<'d>] {
        let Some(written) = node.get("schema") else {
            return &[];
        };
        let mut produces = self.media_types(operation, "produces");
        if written.get("type").and_then(Node::as_str) == Some("file") {
            produces.retain(|name| !name.ends_with("json"));
            if produces.is_empty() {
                produces.push("application/octet-stream");
            }
        }
        if produces.is_empty() {
            produces.push("application/json");
        }
        let schema = self.inline_schema(written, &place.key("schema"));
        // By media type.
        let examples = node.get("examples").and_then(Node::as_object);
        let mut examples = examples.unwrap_or_default().iter();
        let example = examples.find(|(name, _)| name.ends_with("json"));
        self.repeat(&produces, Some(schema), example.map(|(_, value)| *value))
    }

    fn repeat(
        &self,
        media_types: &[&'d str],
        schema: Option<Node<'d>>,
        example: Option<Node<'d>>,
    ) -> &'d [MediaType<'d>] {
        let found: Vec<MediaType<'d>> = media_types
            .iter()
            .map(|name| MediaType {
                media_type: name,
                schema,
                encoding: &[],
                example,
            })
            .collect();
        self.source.arena.slice(&found)
    }

    /// `consumes` or `produces` of the operation, else of the document.
    fn media_types(&mut self, operation: &'d Node<'d>, key: &str) -> Vec<&'d str> {
        let listed = operation
            .get(key)
            .or_else(|| self.source.child(self.source.root, key));
        let mut names: Vec<&'d str> = Vec::new();
        let listed = listed.and_then(Node::as_array).unwrap_or_default();
        for name in listed.iter().take(4 * MAX_MEDIA_TYPES) {
            if let Some(name) = name.as_str().and_then(|name| self.media_type_name(name))
                && !names.contains(&name)
                && names.len() < MAX_MEDIA_TYPES
            {
                names.push(name);
            }
        }
        names
    }

    fn form_body(&self, form: &[FormField<'d>], media_type: &'d str) -> RequestBody<'d> {
        let arena = self.source.arena;
        let mut properties: Vec<Entry<'d>> = Vec::new();
        let mut required = Vec::new();
        let mut encoding = Vec::new();
        for field in form {
            if properties.iter().any(|(known, _)| *known == field.name) {
                continue;
            }
            if field.required {
                required.push(Node::String(field.name));
            }
            if let Some(part) = field.encoding {
                encoding.push((field.name, part));
            }
            properties.push((field.name, field.schema));
        }
        let mut schema = vec![
            ("type", Node::String("object")),
            ("properties", Node::Object(arena.slice(&properties))),
        ];
        let is_required = !required.is_empty();
        if is_required {
            schema.push(("required", Node::Array(arena.slice(&required))));
        }
        let media = MediaType {
            media_type,
            schema: Some(Node::Object(arena.slice(&schema))),
            encoding: arena.slice(&encoding),
            example: None,
        };
        RequestBody {
            required: is_required,
            description: None,
            content: arena.slice(&[media]),
        }
    }
}
