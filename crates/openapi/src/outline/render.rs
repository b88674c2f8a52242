//! The outline as an OpenAPI 3.1 document, with the way back to its source.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{Answer, Content, Field, Outline, Place, Sketch};
use crate::place::push_token;

/// Where each part of the document came from.
#[derive(Default)]
pub(super) struct Pointers {
    by_pointer: HashMap<String, String>,
}

impl Pointers {
    fn insert(&mut self, pointer: &str, source: &str) {
        if !source.is_empty() {
            self.by_pointer
                .insert(pointer.to_owned(), source.to_owned());
        }
    }

    /// The source of the innermost part around `pointer` whose source is known.
    pub(super) fn source(&self, pointer: &str) -> String {
        let mut rest = pointer;
        loop {
            if let Some(source) = self.by_pointer.get(rest) {
                return source.clone();
            }
            match rest.rsplit_once('/') {
                Some((outer, _)) => rest = outer,
                None => return String::new(),
            }
        }
    }
}

/// The document. Empty parts are left out.
pub(super) fn document(outline: Outline) -> (Value, Pointers) {
    let mut pointers = Pointers::default();
    let mut info = Map::new();
    let title = outline.title.unwrap_or_else(|| "Untitled API".to_owned());
    info.insert("title".to_owned(), json!(title));
    put(&mut info, "version", outline.version);
    put(&mut info, "description", outline.description);
    let mut paths: IndexMap<String, Map<String, Value>> = IndexMap::new();
    for (_, sketch) in outline.operations {
        let item = paths.entry(sketch.path.clone()).or_default();
        let mut pointer = "/paths".to_owned();
        push_token(&mut pointer, &sketch.path);
        if item.is_empty() {
            pointers.insert(&pointer, &sketch.at);
        }
        push_token(&mut pointer, sketch.method);
        pointers.insert(&pointer, &sketch.at);
        let method = sketch.method.to_owned();
        item.insert(method, operation(sketch, &pointer, &mut pointers));
    }
    let tags: Vec<Value> = outline
        .tags
        .into_iter()
        .map(|(name, description)| {
            let mut tag = Map::new();
            tag.insert("name".to_owned(), json!(name));
            put(&mut tag, "description", description);
            Value::Object(tag)
        })
        .collect();
    let schemes: Map<String, Value> = outline.schemes.into_iter().collect();
    let paths: Map<String, Value> = paths
        .into_iter()
        .map(|(path, item)| (path, Value::Object(item)))
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": info,
        "servers": outline.servers,
        "tags": tags,
        "paths": paths,
        "components": { "securitySchemes": schemes },
    });
    (document, pointers)
}

fn put(object: &mut Map<String, Value>, key: &str, text: Option<String>) {
    if let Some(text) = text {
        object.insert(key.to_owned(), Value::String(text));
    }
}

fn operation(sketch: Sketch, pointer: &str, pointers: &mut Pointers) -> Value {
    let mut out = Map::new();
    put(&mut out, "operationId", sketch.id);
    put(&mut out, "summary", sketch.summary);
    put(&mut out, "description", sketch.description);
    if let Some(tag) = sketch.tag {
        out.insert("tags".to_owned(), json!([tag]));
    }
    let fields = complete(&sketch.path, sketch.parameters);
    if !fields.is_empty() {
        let list = fields.into_iter().enumerate().map(|(index, field)| {
            pointers.insert(&format!("{pointer}/parameters/{index}"), &field.at);
            parameter(field)
        });
        out.insert("parameters".to_owned(), list.collect());
    }
    if !sketch.body.is_empty() {
        let body = json!({ "required": sketch.body_required, "content": contents(sketch.body) });
        out.insert("requestBody".to_owned(), body);
    }
    let mut responses = Map::new();
    for (status, found) in sketch.answers {
        pointers.insert(&format!("{pointer}/responses/{status}"), &found.at);
        responses.insert(status, answer(found));
    }
    if !responses.is_empty() {
        out.insert("responses".to_owned(), Value::Object(responses));
    }
    if let Some(schemes) = sketch.security {
        let requirement = |names: Vec<String>| -> Map<String, Value> {
            names.into_iter().map(|name| (name, json!([]))).collect()
        };
        let alternatives: Vec<Value> = schemes
            .into_iter()
            .map(|names| Value::Object(requirement(names)))
            .collect();
        out.insert("security".to_owned(), Value::Array(alternatives));
    }
    if let Some(server) = sketch.server {
        out.insert("servers".to_owned(), json!([server]));
    }
    Value::Object(out)
}

/// The parameters, with one for each placeholder of the path and none for a
/// placeholder that it does not have.
fn complete(path: &str, fields: Vec<Field>) -> Vec<Field> {
    let names = placeholders(path);
    let mut all: Vec<Field> = names
        .iter()
        .map(|name| {
            let known = fields
                .iter()
                .find(|field| field.place == Place::Path && field.name == *name);
            let mut field = known
                .cloned()
                .unwrap_or_else(|| Field::new(name, Place::Path));
            if field.schema.is_empty() {
                field = field.of_type("string");
            }
            Field {
                required: true,
                ..field
            }
        })
        .collect();
    all.extend(
        fields
            .into_iter()
            .filter(|field| field.place != Place::Path),
    );
    all
}

/// Names of placeholders, each once, in order.
pub(crate) fn placeholders(path: &str) -> Vec<&str> {
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((name, behind)) = rest
        .split_once('{')
        .and_then(|(_, after)| after.split_once('}'))
    {
        if seen.insert(name) {
            names.push(name);
        }
        rest = behind;
    }
    names
}

fn parameter(mut field: Field) -> Value {
    let example = field.take_example();
    let mut out = Map::new();
    out.insert("name".to_owned(), json!(field.name));
    out.insert("in".to_owned(), json!(field.place.word()));
    if field.required {
        out.insert("required".to_owned(), json!(true));
    }
    put(&mut out, "description", field.description);
    out.insert("schema".to_owned(), Value::Object(field.schema));
    if let Some(example) = example {
        out.insert("example".to_owned(), example);
    }
    Value::Object(out)
}

fn contents(contents: IndexMap<String, Content>) -> Value {
    contents
        .into_iter()
        .map(|(media_type, found)| {
            let is_json = media_type.ends_with("json");
            (media_type, content(found, is_json))
        })
        .collect::<Map<_, _>>()
        .into()
}

fn content(content: Content, is_json: bool) -> Value {
    let mut out = Map::new();
    let mut encoding = BTreeMap::new();
    let schema = match (content.plain, content.shape) {
        (Some(plain), None) if content.fields.is_empty() => Some(plain),
        (_, None) if content.fields.is_empty() => None,
        (_, shape) => {
            let mut schema = shape.map(super::Shape::schema).unwrap_or_default();
            for mut field in content.fields {
                if let Some(content_type) = field.content_type.take() {
                    encoding.insert(field.name.clone(), json!({ "contentType": content_type }));
                }
                place_field(&mut schema, field, is_json);
            }
            Some(Value::Object(schema))
        }
    };
    if let Some(schema) = schema {
        out.insert("schema".to_owned(), schema);
    }
    if !encoding.is_empty() {
        out.insert("encoding".to_owned(), json!(encoding));
    }
    if let Some(example) = content.example {
        out.insert("example".to_owned(), example);
    }
    Value::Object(out)
}

fn answer(answer: Answer) -> Value {
    let mut out = Map::new();
    out.insert(
        "description".to_owned(),
        json!(answer.description.unwrap_or_default()),
    );
    if !answer.headers.is_empty() {
        let headers: Map<String, Value> = answer
            .headers
            .into_iter()
            .map(|(name, description)| {
                let mut header = Map::new();
                put(&mut header, "description", description);
                (name, Value::Object(header))
            })
            .collect();
        out.insert("headers".to_owned(), Value::Object(headers));
    }
    if !answer.content.is_empty() {
        out.insert("content".to_owned(), contents(answer.content));
    }
    Value::Object(out)
}

/// Nesting of names such as `a.b[].c`.
const MAX_NESTING: usize = 6;

/// Puts a field into an object schema; in JSON, `a.b` and `a[].b` name what is
/// within `a`.
fn place_field(schema: &mut Map<String, Value>, field: Field, is_json: bool) {
    let name = field.name.clone();
    let steps: Vec<&str> = if is_json && !name.starts_with(['.', '[']) {
        name.splitn(MAX_NESTING, '.').collect()
    } else {
        vec![name.as_str()]
    };
    let mut object = schema;
    let count = steps.len();
    for (at, step) in steps.into_iter().enumerate() {
        let (key, lists) = if is_json { list_marks(step) } else { (step, 0) };
        if object.get("type").is_none_or(|found| !found.is_array()) {
            object.insert("type".to_owned(), json!("object"));
        }
        let is_last = at + 1 == count;
        if is_last && field.required {
            require(object, key);
        }
        let Some(inner) = child(object, "properties").and_then(|all| child(all, key)) else {
            return;
        };
        object = inner;
        for _ in 0..lists {
            object.insert("type".to_owned(), json!("array"));
            let Some(inner) = child(object, "items") else {
                return;
            };
            object = inner;
        }
        if is_last {
            describe(object, field);
            return;
        }
    }
}

/// `tags[]` as `tags` and one list.
fn list_marks(step: &str) -> (&str, usize) {
    let key = step.trim_end_matches("[]").trim_end_matches("[*]");
    (key, usize::from(key.len() < step.len()))
}

/// The object under `key`, made where there is none.
fn child<'m>(object: &'m mut Map<String, Value>, key: &str) -> Option<&'m mut Map<String, Value>> {
    let slot = object
        .entry(key)
        .or_insert_with(|| Value::Object(Map::new()));
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    slot.as_object_mut()
}

fn require(object: &mut Map<String, Value>, key: &str) {
    let list = object
        .entry("required")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(names) = list
        && !names.iter().any(|name| name == key)
    {
        names.push(json!(key));
    }
}

/// What is said of a field counts more than what examples show, save that the
/// example knows the parts of what is said to be an object or a list.
fn describe(object: &mut Map<String, Value>, mut field: Field) {
    let example = field.take_example();
    for (key, value) in field.schema {
        if key == "items" && object.get("items").is_some_and(Value::is_object) {
            continue;
        }
        object.insert(key, value);
    }
    if let Some(description) = field.description {
        object.insert("description".to_owned(), Value::String(description));
    }
    if let Some(example) = example {
        object.insert("examples".to_owned(), json!([example]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_names_nest() {
        let mut schema = Map::new();
        let field = |name: &str, required| Field {
            required,
            ..Field::new(name, Place::Body).of_type("string")
        };
        for (name, required) in [("a.b", true), ("a.c[].d", false), ("e[]", false)] {
            place_field(&mut schema, field(name, required), true);
        }
        let wanted = json!({
            "type": "object",
            "properties": {
                "a": {
                    "type": "object",
                    "required": ["b"],
                    "properties": {
                        "b": {"type": "string"},
                        "c": {
                            "type": "array",
                            "items": {"type": "object", "properties": {"d": {"type": "string"}}},
                        },
                    },
                },
                "e": {"type": "array", "items": {"type": "string"}},
            },
        });
        assert_eq!(Value::Object(schema), wanted);

        let mut form = Map::new();
        place_field(&mut form, field("a[b].c", false), false);
        let wanted = json!({"type": "object", "properties": {"a[b].c": {"type": "string"}}});
        assert_eq!(Value::Object(form), wanted);
    }

    #[test]
    fn pointers_lead_back_to_the_innermost_source() {
        let mut pointers = Pointers::default();
        pointers.insert("/paths/~1a/get", "/item/0/request");
        pointers.insert("/paths/~1a/get/parameters/1", "/item/0/request/url/query/0");
        let found = [
            "/paths/~1a/get/parameters/1/schema",
            "/paths/~1a/get/parameters/0",
            "/info",
            "",
        ]
        .map(|pointer| pointers.source(pointer));
        let wanted = ["/item/0/request/url/query/0", "/item/0/request", "", ""];
        assert_eq!(found, wanted);
    }
}
