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

/// The input of `slots`, among them the body, whose schema is called `body`.
pub(super) fn render<'a>(
    slots: &[Slot<'a>],
    body: Option<&'a str>,
    definitions: &Definitions<'a>,
) -> Rendered {
    // On a rung where the body alone does not fit, nothing does.
    let first = body.map_or(0, |body| least_rung(body, definitions));
    for detail in INPUT_LADDER.into_iter().skip(first) {
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

/// The first rung on which a named schema fits by itself.
fn least_rung<'a>(name: &'a str, definitions: &Definitions<'a>) -> usize {
    let key = (name.to_owned(), definitions.budget.input);
    if let Some(rung) = definitions.memory.rungs.borrow().get(&key) {
        return *rung;
    }
    let rung = INPUT_LADDER
        .iter()
        .position(|detail| {
            // The root itself is spread out: its properties are at level 0.
            let detail = Detail {
                depth: detail.depth + 1,
                ..*detail
            };
            let budget = definitions.budget.input;
            let mut copier = Copier::new(definitions, Direction::Input, detail, budget);
            if let Some(schema) = definitions.schemas.get(name) {
                copier.inline(&View::new(schema, definitions), 0, 0);
            }
            copier.definitions();
            copier.fits()
        })
        .unwrap_or(INPUT_LADDER.len());
    definitions.memory.rungs.borrow_mut().insert(key, rung);
    rung
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
