//! Schemas of every dialect to JSON Schema 2020-12.
//!
//! Each schema comes out valid whatever went in: a keyword whose value cannot be
//! used is repaired or dropped with a diagnostic. A reference to a schema stays a
//! reference, so that each named schema is translated once and cycles cost nothing.

mod applicator;
mod cycles;
mod keyword;
mod names;
mod nullable;
mod pattern;
mod types;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::{
    model::Dialect,
    node::{Entry, Node},
    place::Place,
    refs::RefFault,
    walk::Walker,
    weight,
};

pub(crate) use names::Names;

/// Schemas within schemas; beyond this a schema says nothing. Real documents
/// stay below 15, and what is made of a schema has to nest in its turn.
const MAX_LEVELS: usize = 32;
/// A schema of a shared parameter, body or response that is larger than this is
/// named, lest each operation that refers to the component carries a copy.
const SMALL: usize = 48;
/// No parameter costs more than this, which is enough to end the copying.
const MAX_PARAMETER: usize = 1 << 20;
/// Examples and defaults above this weight are left out.
const MAX_EXAMPLE: usize = 256;

/// A schema in the making.
#[derive(Default)]
struct Draft {
    out: Map<String, Value>,
    nullable: bool,
    exclusive_minimum: bool,
    exclusive_maximum: bool,
    /// Properties that are marked `required: true` within themselves.
    marked_required: Vec<String>,
}

impl Draft {
    /// A map that grows keeps up to twice the room that it needs, and schemas are
    /// most of what is kept: the room is taken once.
    fn sized(entries: &[Entry<'_>]) -> Self {
        let kept = entries
            .iter()
            .filter(|(key, _)| !key.starts_with("x-"))
            .count();
        Self {
            out: Map::with_capacity(kept),
            ..Self::default()
        }
    }
}

impl<'d> Walker<'d> {
    /// The schema of a parameter, media type or header, where it stands.
    pub(crate) fn inline_schema(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> Value {
        if place.is_shared() {
            let size = weight::of_node(node, SMALL + 1);
            if size > SMALL {
                let key = self.schemas.name(place.pointer(), node, &mut self.source);
                return reference_to(&key);
            }
            if !self.spend(size, place) {
                return Value::Bool(true);
            }
        }
        self.translate(node, place, 0)
    }

    /// The schema that a Swagger 2.0 parameter, or its `items`, is itself.
    pub(crate) fn parameter_schema(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> Value {
        const NOT_SCHEMA: &[&str] = &[
            "name",
            "in",
            "description",
            "required",
            "allowEmptyValue",
            "collectionFormat",
        ];
        if place.is_shared() && !self.spend(weight::of_node(node, MAX_PARAMETER), place) {
            return Value::Bool(true);
        }
        match node.as_object() {
            Some(entries) => self.draft(entries, place, 0, NOT_SCHEMA),
            None => Value::Bool(true),
        }
    }

    /// Translates every schema that was referred to, and those that they refer to.
    pub(crate) fn named_schemas(&mut self) -> IndexMap<String, Value> {
        let mut done = IndexMap::new();
        let mut pointers = IndexMap::new();
        while let Some(named) = self.schemas.next() {
            let value = self.translate(named.node, &Place::At(&named.pointer), 0);
            done.insert(named.key.clone(), value);
            pointers.insert(named.key, named.pointer);
        }
        for key in cycles::break_endless(&mut done) {
            let pointer = pointers.get(&key).map_or("", String::as_str);
            self.report.warn(
                "schema-cycle",
                &Place::At(pointer),
                format!("The schema `{key}` includes itself without end; that part is ignored."),
                "Break the circle of `allOf`, `anyOf`, `oneOf` or `$ref`.",
            );
        }
        done
    }

    pub(in crate::schema) fn translate(
        &mut self,
        node: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) -> Value {
        if level > MAX_LEVELS {
            self.report.warn(
                "schema-too-deep",
                place,
                format!("Schemas nested deeper than {MAX_LEVELS} levels accept anything."),
                "Move inner schemas into components and refer to them.",
            );
            return Value::Object(Map::new());
        }
        match node {
            Node::Bool(value) => Value::Bool(*value),
            Node::Object(entries) => match reference(entries) {
                Some(to) => self.reference(to, entries, place, level),
                None => self.draft(entries, place, level, &[]),
            },
            other => {
                self.report.warn(
                    "invalid-schema",
                    place,
                    format!(
                        "A schema has to be an object, and this is {}.",
                        other.kind()
                    ),
                    "Write a schema object; `{}` accepts anything.",
                );
                Value::Object(Map::new())
            }
        }
    }

    /// A schema with a `$ref`. What stands beside it counts from 3.1 on; before,
    /// only what describes it.
    fn reference(
        &mut self,
        to: &'d str,
        entries: &'d [Entry<'d>],
        place: &Place<'_>,
        level: usize,
    ) -> Value {
        const CONSTRAINTS_ONLY_FROM_31: &[&str] = &[
            "type",
            "properties",
            "required",
            "items",
            "enum",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "additionalProperties",
            "format",
            "pattern",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "uniqueItems",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minProperties",
            "maxProperties",
            "const",
        ];
        let key = self.schema_key(to, place);
        if let ([_], Some(key)) = (entries, &key) {
            return reference_to(key);
        }
        let skip: &[&str] = match self.dialect {
            Dialect::Swagger20 | Dialect::OpenApi30 if key.is_some() => CONSTRAINTS_ONLY_FROM_31,
            _ => &[],
        };
        let mut draft = Draft::sized(entries);
        if let Some(key) = key {
            draft.out.insert("$ref".to_owned(), pointer_to(&key));
        }
        self.fill(&mut draft, entries, place, level, skip);
        self.finish(draft, place)
    }

    /// The key in `schemas` that a schema's `$ref` leads to; `None`, reported,
    /// where it leads nowhere.
    fn schema_key(&mut self, to: &'d str, place: &Place<'_>) -> Option<String> {
        let mut target = self.source.resolve(to);
        if matches!(target, Err(RefFault::External))
            && let Some(bare) = self.bare_name(to)
        {
            self.report.info(
                "bare-ref",
                place,
                format!("`$ref: {to}` names a schema without saying where it is."),
                "Write the whole reference, e.g. `#/components/schemas/Pet`.",
            );
            target = Ok(bare);
        }
        if let Ok(found) = &target
            && self.source.child(found.node, "$ref").is_some()
            && matches!(self.source.follow(to), Err(RefFault::Cycle))
        {
            target = Err(RefFault::Cycle);
        }
        match target {
            Ok(found) => Some(
                self.schemas
                    .name(found.pointer, found.node, &mut self.source),
            ),
            Err(fault) => {
                self.report_ref(fault, to, "schema", place);
                None
            }
        }
    }

    fn bare_name(&mut self, name: &str) -> Option<crate::refs::Target<'d>> {
        if name.contains(['#', '/']) {
            return None;
        }
        let escaped = name.replace('~', "~0");
        ["#/components/schemas/", "#/definitions/"]
            .iter()
            .find_map(|home| self.source.resolve(&format!("{home}{escaped}")).ok())
    }

    fn draft(
        &mut self,
        entries: &'d [Entry<'d>],
        place: &Place<'_>,
        level: usize,
        skip: &[&str],
    ) -> Value {
        let mut draft = Draft::sized(entries);
        self.fill(&mut draft, entries, place, level, skip);
        self.finish(draft, place)
    }

    fn fill(
        &mut self,
        draft: &mut Draft,
        entries: &'d [Entry<'d>],
        place: &Place<'_>,
        level: usize,
        skip: &[&str],
    ) {
        for (key, value) in entries {
            let key = key.as_ref();
            if !skip.contains(&key) {
                self.keyword(draft, key, value, &place.key(key), level);
            }
        }
    }

    /// What can only be decided when all keywords are known.
    fn finish(&mut self, mut draft: Draft, place: &Place<'_>) -> Value {
        self.exclusive_bounds(&mut draft, place);
        if !draft.marked_required.is_empty() {
            let marked = std::mem::take(&mut draft.marked_required);
            types::require(&mut draft.out, marked);
        }
        types::coerce_to_type(&mut draft.out);
        if draft.nullable {
            nullable::allow_null(draft.out)
        } else {
            Value::Object(draft.out)
        }
    }
}

/// The reference in a schema, whichever keyword holds it.
fn reference<'d>(entries: &'d [Entry<'d>]) -> Option<&'d str> {
    entries.iter().find_map(|(key, value)| match key.as_ref() {
        "$ref" | "$dynamicRef" | "$recursiveRef" => value.as_str(),
        _ => None,
    })
}

fn pointer_to(key: &str) -> Value {
    Value::String(format!("#/$defs/{key}"))
}

fn reference_to(key: &str) -> Value {
    Value::Object(Map::from_iter([("$ref".to_owned(), pointer_to(key))]))
}
