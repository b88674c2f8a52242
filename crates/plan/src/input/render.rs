//! The input schema from its slots, as detailed as the budget lets it be.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{Slot, Source};
use crate::schema::{Copier, Definitions, Detail, Direction, INPUT_LADDER, View, drop_echo};

pub(super) struct Rendered {
    pub(super) schema: Value,
    /// Detail of the document's schemas was left out.
    pub(super) cut: bool,
    /// Optional properties for which even the budget's cap had no room.
    pub(super) dropped: HashSet<String>,
}

pub(super) fn render<'a>(slots: &[Slot<'a>], definitions: &Definitions<'a>) -> Rendered {
    for detail in INPUT_LADDER {
        let mut copier = Copier::new(
            definitions,
            Direction::Input,
            detail,
            definitions.budget.input,
        );
        let mut properties = Map::new();
        for slot in slots {
            properties.insert(slot.property.clone(), property(slot, &mut copier));
            if !copier.fits() {
                break;
            }
        }
        let defs = copier.definitions();
        if copier.fits() {
            let cut = copier.cut;
            return Rendered {
                schema: root(slots, properties, defs),
                cut,
                dropped: HashSet::new(),
            };
        }
    }
    shortest(slots, definitions)
}

/// Names and types only; the required ones first served.
fn shortest<'a>(slots: &[Slot<'a>], definitions: &Definitions<'a>) -> Rendered {
    let mut room = definitions.budget.input_cap;
    let mut rendered: Vec<Option<Value>> = slots.iter().map(|_| None).collect();
    for required in [true, false] {
        for (slot, place) in slots
            .iter()
            .zip(&mut rendered)
            .filter(|(slot, _)| slot.required == required)
        {
            let mut copier = Copier::new(definitions, Direction::Input, Detail::NAMES, usize::MAX);
            let value = property(slot, &mut copier);
            let size =
                slot.property.len() * (1 + usize::from(required)) + crate::schema::size(&value) + 8;
            if required || size <= room {
                room = room.saturating_sub(size);
                *place = Some(value);
            }
        }
    }
    let mut properties = Map::new();
    let mut dropped = HashSet::new();
    for (slot, value) in slots.iter().zip(rendered) {
        match value {
            Some(value) => {
                properties.insert(slot.property.clone(), value);
            }
            None => {
                dropped.insert(slot.property.clone());
            }
        }
    }
    Rendered {
        schema: root(slots, properties, Map::new()),
        cut: true,
        dropped,
    }
}

fn root(
    slots: &[Slot<'_>],
    properties: Map<String, Value>,
    definitions: Map<String, Value>,
) -> Value {
    let required: Vec<&str> = slots
        .iter()
        .filter(|slot| slot.required)
        .map(|slot| slot.property.as_str())
        .collect();
    let mut root = Map::new();
    root.insert("type".to_owned(), json!("object"));
    root.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        root.insert("required".to_owned(), json!(required));
    }
    root.insert("additionalProperties".to_owned(), Value::Bool(false));
    if !definitions.is_empty() {
        root.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Value::Object(root)
}

fn property<'a>(slot: &Slot<'a>, copier: &mut Copier<'a, '_>) -> Value {
    copier.spend(slot.property.len() * 2 + 8);
    let mut schema = match &slot.source {
        Source::Schemas(schemas) => {
            let view = View::of(schemas, copier.definitions);
            copier.schema(&view, 0, 0)
        }
        Source::File => file(),
        Source::Files => json!({"type": "array", "items": file()}),
        Source::Base64 => json!({"type": "string", "contentEncoding": "base64"}),
        Source::Text("text/plain") => json!({"type": "string"}),
        Source::Text(media_type) => json!({"type": "string", "contentMediaType": media_type}),
        Source::Fields => json!({"type": "object", "additionalProperties": true}),
        Source::Any => json!({}),
    };
    if !matches!(slot.source, Source::Schemas(_)) {
        copier.spend(60);
    }
    let Some(map) = schema.as_object_mut() else {
        return json!({});
    };
    // A parameter's own description wins over its schema's.
    if let Some(description) = slot.description.filter(|_| copier.detail.description > 0) {
        copier.describe(map, description);
    } else if !map.contains_key("description")
        && let Some(note) = slot.source.note()
    {
        copier.spend(note.len() + 18);
        map.insert("description".to_owned(), json!(note));
    }
    if let Some(example) = slot.example.filter(|_| copier.detail.examples)
        && !map.contains_key("examples")
        && !map.contains_key("enum")
        && !map.contains_key("default")
        && crate::schema::size(example) <= 300
    {
        copier.spend(crate::schema::size(example) + 16);
        map.insert("examples".to_owned(), json!([example]));
    }
    drop_echo(&slot.property, &mut schema);
    schema
}

/// A file of a multipart body, see [`crate::BodyEncoding::Multipart`].
fn file() -> Value {
    json!({
        "type": "object",
        "properties": {
            "data": {"type": "string", "contentEncoding": "base64"},
            "filename": {"type": "string"},
            "contentType": {"type": "string"}
        },
        "required": ["data"]
    })
}
