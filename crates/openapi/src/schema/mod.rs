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
mod values;

use indexmap::IndexMap;

use crate::{
    model::Dialect,
    node::{Entry, Node},
    place::Place,
    refs::RefFault,
    walk::Walker,
    weight,
};

pub(crate) use names::{Names, Reference};
pub use types::STRING_FORMATS;
pub use values::in_type;

/// Schemas within schemas; beyond this a schema says nothing. Real documents
/// stay below 15, and what is made of a schema has to nest in its turn.
const MAX_LEVELS: usize = 32;
/// A schema of a shared parameter, body or response that is larger than this is
/// named, so that what is made of it is made once.
const SMALL: usize = 48;
/// Examples and defaults above this weight are left out.
const MAX_EXAMPLE: usize = 256;

/// `{}`: anything goes.
pub(super) const ANYTHING: Node<'static> = Node::Object(&[]);

/// A schema in the making.
#[derive(Default)]
pub(crate) struct Draft<'d> {
    out: Vec<Entry<'d>>,
    /// `examples`, whose place in `out` is taken when the first is found.
    examples: Vec<Node<'d>>,
    nullable: bool,
    exclusive_minimum: bool,
    exclusive_maximum: bool,
    /// Properties that are marked `required: true` within themselves.
    marked_required: Vec<&'d str>,
}

impl<'d> Draft<'d> {
    /// Sets a keyword.
    fn put(&mut self, keyword: &'d str, value: Node<'d>) {
        match self.get_mut(keyword) {
            Some(known) => *known = value,
            None => self.out.push((keyword, value)),
        }
    }

    fn get_mut(&mut self, keyword: &str) -> Option<&mut Node<'d>> {
        let found = self.out.iter_mut().find(|(key, _)| *key == keyword);
        found.map(|(_, value)| value)
    }

    fn get(&self, keyword: &str) -> Option<Node<'d>> {
        let found = self.out.iter().find(|(key, _)| *key == keyword);
        found.map(|(_, value)| *value)
    }

    fn remove(&mut self, keyword: &str) -> Option<Node<'d>> {
        let at = self.out.iter().position(|(key, _)| *key == keyword)?;
        Some(self.out.remove(at).1)
    }

    fn clear(&mut self) {
        self.out.clear();
        self.examples.clear();
        self.marked_required.clear();
        (
            self.nullable,
            self.exclusive_minimum,
            self.exclusive_maximum,
        ) = (false, false, false);
    }
}

impl<'d> Walker<'d> {
    /// The schema of a parameter, media type or header, where it stands.
    pub(crate) fn inline_schema(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> Node<'d> {
        if place.is_shared() && weight::of_node(node, SMALL + 1) > SMALL {
            let pointer = self.source.arena.text(&place.pointer());
            return self.schemas.name(pointer, node, &mut self.source).node();
        }
        self.translate(node, place, 0)
    }

    /// The schema that a Swagger 2.0 parameter, or its `items`, is itself.
    pub(crate) fn parameter_schema(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> Node<'d> {
        const NOT_SCHEMA: &[&str] = &[
            "name",
            "in",
            "description",
            "required",
            "allowEmptyValue",
            "collectionFormat",
        ];
        match node.as_object() {
            Some(entries) => self.draft(entries, place, 0, NOT_SCHEMA),
            None => Node::Bool(true),
        }
    }

    /// Translates every schema that was referred to, and those that they refer to.
    pub(crate) fn named_schemas(&mut self) -> IndexMap<&'d str, Node<'d>> {
        let mut done = IndexMap::new();
        let mut pointers: Vec<&'d str> = Vec::new();
        while let Some(named) = self.schemas.next() {
            let value = self.translate(named.node, &Place::At(named.pointer), 0);
            done.insert(named.key, value);
            pointers.push(named.pointer);
        }
        for key in cycles::break_endless(self.source.arena, &mut done) {
            let at = done.get_index_of(key).and_then(|at| pointers.get(at));
            let pointer = at.copied().unwrap_or_default();
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
    ) -> Node<'d> {
        if level > MAX_LEVELS {
            self.report.warn(
                "schema-too-deep",
                place,
                format!("Schemas nested deeper than {MAX_LEVELS} levels accept anything."),
                "Move inner schemas into components and refer to them.",
            );
            return ANYTHING;
        }
        match node {
            Node::Bool(value) => Node::Bool(*value),
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
                ANYTHING
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
    ) -> Node<'d> {
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
        let target = self.schema_reference(to, place);
        if let ([_], Some(target)) = (entries, target) {
            return target.node();
        }
        let skip: &[&str] = match self.dialect {
            Dialect::Swagger20 | Dialect::OpenApi30 if target.is_some() => CONSTRAINTS_ONLY_FROM_31,
            _ => &[],
        };
        let mut draft = self.new_draft();
        draft.out.extend(target.map(Reference::entry));
        self.fill(&mut draft, entries, place, level, skip);
        self.finish(draft, entries, place)
    }

    /// What a schema's `$ref` leads to; `None`, reported, where it leads nowhere.
    fn schema_reference(&mut self, to: &'d str, place: &Place<'_>) -> Option<Reference<'d>> {
        if let Some(known) = self.references.get(to) {
            return Some(*known);
        }
        let mut target = self.source.resolve(to);
        let mut is_bare = false;
        if matches!(target, Err(RefFault::External))
            && let Some(bare) = self.bare_name(to)
        {
            self.report.info(
                "bare-ref",
                place,
                format!("`$ref: {to}` names a schema without saying where it is."),
                "Write the whole reference, e.g. `#/components/schemas/Pet`.",
            );
            is_bare = true;
            target = Ok(bare);
        }
        if let Ok(found) = &target
            && self.source.child(found.node, "$ref").is_some()
            && matches!(self.source.follow(to), Err(RefFault::Cycle))
        {
            target = Err(RefFault::Cycle);
        }
        match target {
            Ok(_) if self.schemas.count() >= self.max_schemas => {
                self.report.warn(
                    "too-many-schemas",
                    place,
                    format!(
                        "Only the first {} schemas that are referred to are read; this one \
                         accepts anything.",
                        self.max_schemas
                    ),
                    "Split the document.",
                );
                None
            }
            Ok(found) => {
                let reference = self
                    .schemas
                    .name(found.pointer, found.node, &mut self.source);
                // What is bare is told at each place.
                if !is_bare {
                    self.references.insert(to, reference);
                }
                Some(reference)
            }
            Err(fault) => {
                self.report_ref(fault, to, "schema", place);
                None
            }
        }
    }

    pub(in crate::schema) fn bare_name(&mut self, name: &str) -> Option<crate::refs::Target<'d>> {
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
    ) -> Node<'d> {
        let mut draft = self.new_draft();
        self.fill(&mut draft, entries, place, level, skip);
        self.finish(draft, entries, place)
    }

    /// Drafts are used again: most schemas are a few keywords.
    fn new_draft(&mut self) -> Draft<'d> {
        self.drafts.pop().unwrap_or_default()
    }

    fn fill(
        &mut self,
        draft: &mut Draft<'d>,
        entries: &'d [Entry<'d>],
        place: &Place<'_>,
        level: usize,
        skip: &[&str],
    ) {
        for (key, value) in entries {
            // Without alternatives there is nothing to tell apart.
            let is_idle = *key == "discriminator"
                && !entries
                    .iter()
                    .any(|(other, _)| matches!(*other, "oneOf" | "anyOf"));
            if !is_idle && !skip.contains(key) {
                self.keyword(draft, key, value, &place.key(key), level);
            }
        }
    }

    /// What can only be decided when all keywords are known. A schema that comes
    /// out as it went in stays the document's own.
    fn finish(
        &mut self,
        mut draft: Draft<'d>,
        entries: &'d [Entry<'d>],
        place: &Place<'_>,
    ) -> Node<'d> {
        let arena = self.source.arena;
        self.exclusive_bounds(&mut draft, place);
        if !draft.marked_required.is_empty() {
            types::require(arena, &mut draft);
        }
        self.fit_values(&mut draft, place);
        if !draft.examples.is_empty() {
            let examples = Node::Array(arena.slice(&draft.examples));
            draft.put("examples", examples);
        }
        if draft.nullable {
            nullable::allow_null(arena, &mut draft.out);
        }
        let unchanged = draft.out.len() == entries.len()
            && draft
                .out
                .iter()
                .zip(entries)
                .all(|(made, written)| made.0 == written.0 && made.1.is_same(&written.1));
        let schema = Node::Object(if unchanged {
            entries
        } else {
            arena.slice(&draft.out)
        });
        draft.clear();
        self.drafts.push(draft);
        schema
    }
}

/// The reference in a schema, whichever keyword holds it.
fn reference<'d>(entries: &'d [Entry<'d>]) -> Option<&'d str> {
    entries.iter().find_map(|(key, value)| match *key {
        "$ref" | "$dynamicRef" | "$recursiveRef" => value.as_str(),
        _ => None,
    })
}
