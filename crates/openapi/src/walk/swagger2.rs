//! What Swagger 2.0 writes in its own way: bodies and forms among parameters,
//! media types apart from schemas. Where an OpenAPI 3 document does the same by
//! mistake, it is read the same.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{Followed, Walker, body::media_type_name, parameter::collection_format};
use crate::{
    model::{Location, MediaType, PartEncoding, RequestBody},
    node::Node,
    place::Place,
    weight,
};

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
/// A list of media types is repeated for each body; real lists hold a few.
const MAX_MEDIA_TYPES: usize = 16;

impl FormField {
    pub(super) fn weight(&self) -> usize {
        4 + weight::of_value(&self.schema)
    }
}

impl LegacyBody {
    pub(super) fn weight(&self) -> usize {
        let value = |value: &Option<Value>| value.as_ref().map_or(0, weight::of_value);
        let description = self.description.as_deref().map_or(0, weight::of_text);
        4 + value(&self.schema) + value(&self.example) + description
    }
}

/// A parameter with `in: body`.
#[derive(Clone)]
pub(super) struct LegacyBody {
    required: bool,
    description: Option<String>,
    schema: Option<Value>,
    example: Option<Value>,
}

/// A parameter with `in: formData`.
#[derive(Clone)]
pub(super) struct FormField {
    pub(super) name: String,
    required: bool,
    schema: Value,
    encoding: Option<PartEncoding>,
    is_file: bool,
}

impl<'d> Walker<'d> {
    pub(super) fn legacy_body_parameter(
        &mut self,
        followed: &Followed<'d>,
        place: &Place<'_>,
    ) -> LegacyBody {
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
        name: String,
        place: &Place<'_>,
    ) -> FormField {
        let node = followed.node;
        let mut schema = match node.get("schema") {
            Some(schema) => self.inline_schema(schema, &place.key("schema")),
            None => self.parameter_schema(node, place),
        };
        if let (Value::Object(schema), Some(text)) = (&mut schema, followed.description()) {
            schema.insert("description".to_owned(), Value::String(text));
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
        body: Option<LegacyBody>,
        form: Vec<FormField>,
        place: &Place<'_>,
    ) -> Option<RequestBody> {
        let consumes = self.media_types(operation, "consumes");
        if let Some(body) = body {
            let consumes = if consumes.is_empty() {
                vec!["application/json".to_owned()]
            } else {
                consumes
            };
            let content = self.repeat(
                &consumes,
                body.schema.as_ref(),
                body.example.as_ref(),
                place,
            );
            return Some(RequestBody {
                required: body.required,
                description: body.description,
                content,
            });
        }
        if form.is_empty() {
            return None;
        }
        let media_type = if form.iter().any(|field| field.is_file) {
            MULTIPART.to_owned()
        } else {
            let offered = consumes
                .into_iter()
                .find(|name| name == FORM || name == MULTIPART);
            offered.unwrap_or_else(|| FORM.to_owned())
        };
        Some(form_body(form, media_type))
    }

    /// A response's `schema` in each of the media types that are produced.
    pub(super) fn legacy_response_content(
        &mut self,
        node: &'d Node<'d>,
        operation: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Vec<MediaType> {
        let Some(written) = node.get("schema") else {
            return Vec::new();
        };
        let mut produces = self.media_types(operation, "produces");
        if written.get("type").and_then(Node::as_str) == Some("file") {
            produces.retain(|name| !name.ends_with("json"));
            if produces.is_empty() {
                produces.push("application/octet-stream".to_owned());
            }
        }
        if produces.is_empty() {
            produces.push("application/json".to_owned());
        }
        let schema = self.inline_schema(written, &place.key("schema"));
        self.repeat(&produces, Some(&schema), None, place)
    }

    fn repeat(
        &mut self,
        media_types: &[String],
        schema: Option<&Value>,
        example: Option<&Value>,
        place: &Place<'_>,
    ) -> Vec<MediaType> {
        let mut found = Vec::new();
        for name in media_types.iter().take(MAX_MEDIA_TYPES) {
            // An inline schema is copied per media type: paid like other copies.
            if !found.is_empty() && !self.spend(1 + schema.map_or(0, weight::of_value), place) {
                break;
            }
            found.push(MediaType {
                media_type: name.clone(),
                schema: schema.cloned(),
                encoding: IndexMap::new(),
                example: example.cloned(),
            });
        }
        found
    }

    /// `consumes` or `produces` of the operation, else of the document.
    fn media_types(&mut self, operation: &'d Node<'d>, key: &str) -> Vec<String> {
        let listed = operation
            .get(key)
            .or_else(|| self.source.child(self.source.root, key));
        let mut names: Vec<String> = Vec::new();
        let listed = listed.and_then(Node::as_array).unwrap_or_default();
        for name in listed.iter().take(4 * MAX_MEDIA_TYPES) {
            if let Some(name) = name.as_str().and_then(media_type_name)
                && !names.contains(&name)
                && names.len() < MAX_MEDIA_TYPES
            {
                names.push(name);
            }
        }
        names
    }
}

fn form_body(form: Vec<FormField>, media_type: String) -> RequestBody {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut encoding = IndexMap::new();
    for field in form {
        if field.required {
            required.push(Value::String(field.name.clone()));
        }
        if let Some(part) = field.encoding {
            encoding.insert(field.name.clone(), part);
        }
        properties.insert(field.name, field.schema);
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    let is_required = !required.is_empty();
    if is_required {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    RequestBody {
        required: is_required,
        description: None,
        content: vec![MediaType {
            media_type,
            schema: Some(Value::Object(schema)),
            encoding,
            example: None,
        }],
    }
}
