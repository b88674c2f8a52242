//! The input schema from its slots, as detailed as the budget lets it be.

use std::collections::HashSet;

use super::{Slot, Source};
use mcpengine_openapi::{Node, in_type};

use crate::schema::{
    Copier, Definitions, Detail, Direction, INPUT_LADDER, Schema, View, first_fitting, ref_key,
    size,
};

pub(super) struct Rendered {
    pub(super) schema: Schema,
    /// Detail of the document's schemas was left out.
    pub(super) cut: bool,
    /// Optional properties for which even the budget's cap had no room.
    pub(super) dropped: HashSet<String>,
}

/// Bytes of an example worth showing.
const MAX_EXAMPLE: usize = 300;

/// The input of `slots`, among them the body, whose schema is called `body`.
pub(super) fn render<'a>(
    slots: &[Slot<'a>],
    body: Option<&'a str>,
    definitions: &Definitions<'a>,
) -> Rendered {
    if definitions.memory.is_spent() {
        return shortest(slots, definitions);
    }
    // On a rung where one part alone does not fit, nothing does.
    let named = slots.iter().filter_map(|slot| slot.name());
    let first = body
        .into_iter()
        .chain(named)
        .map(|name| least_rung(name, definitions))
        .max()
        .unwrap_or(0);
    let budget = definitions.budget.input;
    let mut copier = Copier::new(definitions, Direction::Input, Detail::FULL, budget);
    for detail in INPUT_LADDER.into_iter().skip(first) {
        copier.restart(detail);
        if root(slots, &mut copier) {
            let (schema, cut) = copier.finish();
            return Rendered {
                schema,
                cut,
                dropped: HashSet::new(),
            };
        }
    }
    drop(copier);
    shortest(slots, definitions)
}

impl<'a> Slot<'a> {
    /// The named schema that a slot's value has.
    fn name(&self) -> Option<&'a str> {
        match &self.source {
            Source::Schemas(schemas) => match schemas.schemas.as_slice() {
                [Node::Object([("$ref", Node::String(to))])] => ref_key(to),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The first rung on which a named schema fits by itself.
fn least_rung<'a>(name: &'a str, definitions: &Definitions<'a>) -> usize {
    let budget = definitions.budget.input;
    if let Some(rung) = definitions.memory.rungs.borrow().get(&(name, budget)) {
        return *rung;
    }
    let mut copier = Copier::new(definitions, Direction::Input, Detail::FULL, budget);
    let rung = first_fitting(INPUT_LADDER.len(), |rung| {
        let detail = INPUT_LADDER.get(rung).copied().unwrap_or(Detail::NAMES);
        // The root itself is spread out: its properties are at level 0.
        copier.restart(Detail {
            depth: detail.depth + 1,
            ..detail
        });
        if let Some(schema) = definitions.schemas.get(name) {
            copier.inline(&View::new(schema, definitions), 0, 0, "");
        }
        copier.definitions();
        copier.fits()
    });
    definitions
        .memory
        .rungs
        .borrow_mut()
        .insert((name, budget), rung);
    rung
}

/// Names and types only; the required ones first served.
fn shortest<'a>(slots: &[Slot<'a>], definitions: &Definitions<'a>) -> Rendered {
    let mut room = definitions.budget.input_cap;
    let mut written: Vec<Option<String>> = slots.iter().map(|_| None).collect();
    let mut copier = Copier::new(definitions, Direction::Input, Detail::NAMES, usize::MAX);
    for required in [true, false] {
        for (slot, place) in slots
            .iter()
            .zip(&mut written)
            .filter(|(slot, _)| slot.required == required)
        {
            copier.restart(Detail::NAMES);
            property(slot, &mut copier);
            let name = slot.property.len() * (1 + usize::from(required));
            let size = name + copier.out.len() + 8;
            if required || size <= room {
                room = room.saturating_sub(size);
                *place = Some(copier.out.clone());
            }
        }
    }
    copier.restart(Detail::NAMES);
    let mut dropped = HashSet::new();
    copier.out.push_str(r#"{"type":"object","properties":{"#);
    for (slot, text) in slots.iter().zip(written) {
        match text {
            Some(text) => {
                copier.key(&slot.property);
                copier.out.push_str(&text);
            }
            None => {
                dropped.insert(slot.property.clone());
            }
        }
    }
    copier.out.push('}');
    end(slots, &mut copier);
    Rendered {
        schema: copier.finish().0,
        cut: true,
        dropped,
    }
}

/// Writes the whole input; `false` as soon as it does not fit.
fn root<'a>(slots: &[Slot<'a>], copier: &mut Copier<'a, '_>) -> bool {
    copier.out.push_str(r#"{"type":"object","properties":{"#);
    for slot in slots {
        copier.key(&slot.property);
        property(slot, copier);
        if !copier.fits() {
            return false;
        }
    }
    copier.out.push('}');
    end(slots, copier);
    copier.fits()
}

/// What follows the properties.
fn end<'a>(slots: &[Slot<'a>], copier: &mut Copier<'a, '_>) {
    if slots.iter().any(|slot| slot.required) {
        let required = slots.iter().filter(|slot| slot.required);
        copier.put_names("required", required.map(|slot| slot.property.as_str()));
    }
    copier.out.push_str(r#","additionalProperties":false"#);
    copier.definitions();
    copier.out.push('}');
}

fn property<'a>(slot: &Slot<'a>, copier: &mut Copier<'a, '_>) {
    let name = slot.property.as_str();
    if let Source::Schemas(schemas) = &slot.source {
        let view = schemas.view(copier.definitions);
        let from = copier.out.len();
        // A parameter's own description wins over its schema's.
        let own = slot.description.filter(|_| copier.detail.description > 0);
        let kept = copier.detail.description;
        if own.is_some() {
            copier.detail.description = 0;
        }
        copier.detail.samples = slot.in_path;
        copier.schema(view, 0, 0, name);
        copier.detail.samples = false;
        copier.detail.description = kept;
        add(slot, own, view, from, copier);
        return;
    }
    copier.out.push_str(match slot.source {
        Source::Schemas(_) | Source::Any => "{",
        Source::File => FILE,
        Source::Files => r#"{"type":"array","items":"#,
        Source::Base64 => r#"{"type":"string","contentEncoding":"base64""#,
        Source::Text(_) => r#"{"type":"string""#,
        Source::Fields => r#"{"type":"object","additionalProperties":true"#,
    });
    match slot.source {
        Source::Files => {
            copier.out.push_str(FILE);
            copier.out.push('}');
        }
        Source::Text(media_type) if media_type != "text/plain" => {
            copier.put_text("contentMediaType", media_type);
        }
        _ => {}
    }
    if let Some(default) = slot.default {
        copier.put_text("default", default);
    }
    match slot.description.filter(|_| copier.detail.description > 0) {
        Some(description) => copier.describe(description, name),
        None => {
            if let Some(note) = slot.source.note() {
                copier.put_text("description", note);
            }
        }
    }
    copier.out.push('}');
}

/// Names of fields for which a schema has no room, as far as a description has.
fn listed(fields: &[&str]) -> String {
    let mut text = "An object with the fields ".to_owned();
    let mut shown = 0_usize;
    for (at, field) in fields.iter().enumerate() {
        if text.len() + field.len() > MAX_LISTED {
            break;
        }
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(field);
        shown += 1;
    }
    match fields.len() - shown {
        0 => text.push('.'),
        left => text.push_str(&format!(" and {left} more.")),
    }
    text
}

/// Bytes of such a list.
const MAX_LISTED: usize = 4_000;

/// Adds what only the parameter says to the schema that was written at `from`.
fn add<'a>(
    slot: &Slot<'a>,
    description: Option<&'a str>,
    view: &View<'a>,
    from: usize,
    copier: &mut Copier<'a, '_>,
) {
    let example = slot.example.filter(|example| {
        copier.detail.examples
            && slot.default.is_none()
            && ["examples", "enum", "default"]
                .iter()
                .all(|keyword| view.get(keyword).is_none())
            && size(example) <= MAX_EXAMPLE
    });
    let example = example.and_then(|example| in_type(example, &view.types()));
    let is_object = copier
        .out
        .get(from..)
        .is_some_and(|text| text.starts_with('{'));
    let is_silent = description.is_none() && example.is_none() && slot.default.is_none();
    if (is_silent && slot.fields.is_empty()) || !is_object || !copier.out.ends_with('}') {
        return;
    }
    copier.out.pop();
    if let Some(description) = description {
        copier.describe(description, &slot.property);
    }
    if description.is_none() && !slot.fields.is_empty() {
        copier.put_text("description", &listed(&slot.fields));
    }
    if let Some(default) = slot.default {
        copier.put_text("default", default);
    }
    if let Some(example) = example {
        copier.put("examples", &Node::Array(&[example]));
    }
    copier.out.push('}');
}

/// A file of a multipart body, see [`crate::BodyEncoding::Multipart`].
const FILE: &str = concat!(
    r#"{"type":"object","properties":{"data":{"type":"string","contentEncoding":"base64"},"#,
    r#""filename":{"type":"string"},"contentType":{"type":"string"}},"required":["data"]"#
);
