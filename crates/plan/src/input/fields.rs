//! The properties of a body that can stand beside the parameters.

use std::collections::HashSet;
use std::rc::Rc;

use mcpengine_openapi::{MediaType, Node};

use super::body::is_file;
use crate::BodyEncoding;
use crate::schema::{Definitions, Direction, Parts, Together, View, hides};

/// A body with more properties than any real one has. Thousands of operations can
/// share it, so that there is room for a few such bodies only; others stay one
/// value.
const MAX_FLAT: usize = 400;

/// The part of a form that is described as one file: a form names its parts, and most
/// APIs call it so.
const LONE_FILE: &str = "file";

/// Each with its schemas and whether it is required.
pub(super) type Fields<'a> = Vec<(&'a str, Rc<Together<'a>>, bool)>;

/// Each property with whether it is required; `None` where the body has to stay one
/// value.
pub(super) fn flat<'a>(
    media: &'a MediaType<'a>,
    encoding: BodyEncoding,
    definitions: &Definitions<'a>,
) -> Option<Fields<'a>> {
    let view = View::new(media.schema.as_ref()?, definitions);
    let is_form = encoding != BodyEncoding::Json;
    if encoding == BodyEncoding::Multipart && is_lone_file(&view, definitions) {
        let schema = Together::new(Parts::from_slice(&[media.schema?]));
        return Some(vec![(LONE_FILE, schema, true)]);
    }
    if !matches!(view.types().as_slice(), ["object"] | []) {
        return None;
    }
    let is_open = match view.get("additionalProperties") {
        None | Some(Node::Bool(false)) => false,
        Some(_) => true,
    };
    if !is_form && (is_open || view.get("patternProperties").is_some()) {
        return None;
    }
    if definitions.memory.is_spent() {
        return None;
    }
    let has_room =
        |count: usize| count <= MAX_FLAT || definitions.memory.has_room_for_fields(count);
    let listed = view.properties(definitions);
    if !has_room(listed.len()) {
        return None;
    }
    let required = view.required();
    let mut properties: Fields<'a> = listed
        .iter()
        .map(|(name, schemas)| (*name, Rc::clone(schemas), required.contains(name)))
        .collect();
    let members = view.alternatives().unwrap_or_default();
    if !members.iter().all(only_relates) {
        if !is_form {
            return None;
        }
        add_alternatives(&mut properties, members, definitions);
    }
    if !has_room(properties.len()) {
        return None;
    }
    let has_none = properties.is_empty() && holds_nothing(&view, is_form);
    properties.retain(|(_, schemas, _)| !hides(Direction::Input, schemas.view(definitions)));
    (has_none || !properties.is_empty()).then_some(properties)
}

/// Whether a body in parts is described as a file, or as a list of them.
fn is_lone_file<'a>(view: &View<'a>, definitions: &Definitions<'a>) -> bool {
    let items = || view.get("items").map(|items| View::new(items, definitions));
    is_file(view, None) || items().is_some_and(|items| is_file(&items, None))
}

/// `anyOf: [{required: [a]}, {required: [b]}]` only relates properties that are already
/// there: the API checks that.
fn only_relates(member: &Node<'_>) -> bool {
    member.as_object().is_some_and(|keywords| {
        keywords
            .iter()
            .all(|(key, _)| ["required", "title", "description"].contains(key))
    })
}

/// Adds what a form may have in one of its alternatives.
fn add_alternatives<'a>(
    properties: &mut Fields<'a>,
    members: &'a [Node<'a>],
    definitions: &Definitions<'a>,
) {
    let mut known: HashSet<&str> = properties.iter().map(|(name, ..)| *name).collect();
    for member in members.iter().take(MAX_FLAT) {
        let view = View::new(member, definitions);
        for (name, schemas) in view.properties(definitions).iter() {
            if known.insert(name) {
                properties.push((name, Rc::clone(schemas), false));
            }
        }
    }
}

/// `{"type": "object", "properties": {}, "additionalProperties": false}`: Stripe gives
/// such a form to everything that it only reads.
fn holds_nothing(view: &View<'_>, is_form: bool) -> bool {
    view.alternatives().is_none()
        && match view.get("additionalProperties") {
            Some(Node::Bool(false)) => true,
            None => is_form && view.get("properties").is_some(),
            Some(_) => false,
        }
}
