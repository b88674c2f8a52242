//! Keywords that hold schemas.

use std::borrow::Cow;

use super::{Draft, pattern};
use crate::{
    node::{Entry, Node},
    place::Place,
    walk::Walker,
};

impl<'d> Walker<'d> {
    /// A keyword that holds schemas. Whatever is not known here, `x-` extensions and
    /// OpenAPI's own `xml` and `externalDocs` included, is left
    /// out: an unknown value could hold a reference that leads nowhere. So are
    /// `$id`, `$schema` and anchors, which would change what references mean.
    pub(super) fn applicator(
        &mut self,
        draft: &mut Draft<'d>,
        key: &'d str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        match key {
            "properties" => self.properties(draft, value, place, level),
            "patternProperties" => self.pattern_properties(draft, value, place, level),
            "dependentSchemas" => self.schema_map(draft, key, value, place, level),
            "dependentRequired" => self.dependent_required(draft, value, place),
            "dependencies" => self.dependencies(draft, value, place, level),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                self.schema_list(draft, key, value, place, level);
            }
            "items" => match value {
                Node::Array([]) => {}
                Node::Array(_) => self.schema_list(draft, "prefixItems", value, place, level),
                _ => self.single(draft, key, value, place, level),
            },
            // Draft 4 to 2019-09: what follows an array-form `items`.
            "additionalItems" => self.single(draft, "items", value, place, level),
            "additionalProperties"
            | "propertyNames"
            | "contains"
            | "not"
            | "if"
            | "then"
            | "else"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema" => {
                self.single(draft, key, value, place, level);
            }
            "discriminator" => self.discriminator(draft, value),
            _ => {}
        }
    }

    /// OpenAPI's `discriminator`, with a mapping to the named schemas alone. 2.0 has
    /// a bare name there, which tells of subschemas that nothing lists.
    fn discriminator(&mut self, draft: &mut Draft<'d>, value: &'d Node<'d>) {
        let Some(property) = value
            .get("propertyName")
            .filter(|name| name.as_str().is_some())
        else {
            return;
        };
        let written = value.get("mapping").and_then(Node::as_object);
        let mut mapping: Vec<Entry<'d>> = Vec::new();
        for (name, to) in written.unwrap_or_default() {
            let target = to.as_str().and_then(|to| {
                let found = self.source.resolve(to).ok().or_else(|| self.bare_name(to));
                found.filter(|_| self.schemas.count() < self.max_schemas)
            });
            if let Some(found) = target {
                let reference = self
                    .schemas
                    .name(found.pointer, found.node, &mut self.source);
                mapping.push((name, reference.entry().1));
            }
        }
        let arena = self.source.arena;
        let mut kept = vec![("propertyName", *property)];
        if !mapping.is_empty() {
            kept.push(("mapping", Node::Object(arena.slice(&mapping))));
        }
        draft.put("discriminator", Node::Object(arena.slice(&kept)));
    }

    fn single(
        &mut self,
        draft: &mut Draft<'d>,
        key: &'d str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        // `additionalProperties: "true"` and the like.
        let schema = match value.as_bool() {
            Some(flag) => Node::Bool(flag),
            None => self.translate(value, place, level + 1),
        };
        draft.put(key, schema);
    }

    fn schema_list(
        &mut self,
        draft: &mut Draft<'d>,
        key: &'d str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        let schemas = match value {
            Node::Array(items) => {
                let mut schemas = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    schemas.push(self.translate(item, &place.index(index), level + 1));
                }
                let unchanged = schemas
                    .iter()
                    .zip(*items)
                    .all(|(made, written)| made.is_same(written));
                if unchanged {
                    items
                } else {
                    self.source.arena.slice(&schemas)
                }
            }
            // One schema where a list of one was meant.
            Node::Object(_) => {
                self.invalid(key, value, "a list of schemas", place);
                let only = self.translate(value, place, level + 1);
                self.source.arena.slice(&[only])
            }
            _ => &[],
        };
        if schemas.is_empty() {
            self.invalid(key, value, "a list of schemas", place);
        } else {
            draft.put(key, Node::Array(schemas));
        }
    }

    fn schema_map(
        &mut self,
        draft: &mut Draft<'d>,
        key: &'d str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        let Some(entries) = value.as_object() else {
            return self.invalid(key, value, "an object of schemas", place);
        };
        // On one stack for all levels: a map is made once, at its final size.
        let base = self.entries.len();
        for (name, inner) in entries {
            let schema = self.translate(inner, &place.key(name), level + 1);
            self.entries.push((name, schema));
        }
        let made = self.entries.get(base..).unwrap_or_default();
        let unchanged = made
            .iter()
            .zip(entries)
            .all(|(made, written)| made.1.is_same(&written.1));
        let schemas = if unchanged {
            entries
        } else {
            self.source.arena.slice(made)
        };
        self.entries.truncate(base);
        draft.put(key, Node::Object(schemas));
    }

    fn properties(
        &mut self,
        draft: &mut Draft<'d>,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        for (name, inner) in value.as_object().unwrap_or_default() {
            if matches!(inner.get("required"), Some(Node::Bool(true))) {
                draft.marked_required.push(name);
            }
        }
        self.schema_map(draft, "properties", value, place, level);
    }

    fn pattern_properties(
        &mut self,
        draft: &mut Draft<'d>,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        let Some(entries) = value.as_object() else {
            return self.invalid("patternProperties", value, "an object of schemas", place);
        };
        let mut schemas: Vec<Entry<'d>> = Vec::new();
        for (name, inner) in entries {
            let at = place.key(name);
            match pattern::ecma(name) {
                Ok(usable) => {
                    let usable = match usable {
                        Cow::Borrowed(usable) => usable,
                        Cow::Owned(usable) => self.source.arena.text(&usable),
                    };
                    let schema = self.translate(inner, &at, level + 1);
                    // Two spellings of one pattern would be one key twice.
                    if schemas.iter().all(|(known, _)| *known != usable) {
                        schemas.push((usable, schema));
                    }
                }
                Err(reason) => self.bad_pattern(name, reason, &at),
            }
        }
        self.put_map(draft, "patternProperties", &schemas);
    }

    fn dependent_required(
        &mut self,
        draft: &mut Draft<'d>,
        value: &'d Node<'d>,
        place: &Place<'_>,
    ) {
        let Some(entries) = value.as_object() else {
            return self.invalid("dependentRequired", value, "an object of lists", place);
        };
        let lists: Vec<Entry<'d>> = entries
            .iter()
            .map(|(name, list)| (*name, self.list_of_names(list)))
            .collect();
        self.put_map(draft, "dependentRequired", &lists);
    }

    fn put_map(&self, draft: &mut Draft<'d>, key: &'d str, entries: &[Entry<'d>]) {
        draft.put(key, Node::Object(self.source.arena.slice(entries)));
    }

    /// The names, or none where there is no list.
    fn list_of_names(&self, list: &Node<'d>) -> Node<'d> {
        match list {
            Node::Array(_) => self.unique_strings(list),
            _ => Node::Array(&[]),
        }
    }

    /// Draft 4 to 7: a list of names or a schema for each property.
    fn dependencies(
        &mut self,
        draft: &mut Draft<'d>,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        let (mut required, mut schemas) = (Vec::new(), Vec::new());
        for (name, inner) in value.as_object().unwrap_or_default() {
            if let Node::Array(_) = inner {
                required.push((*name, self.unique_strings(inner)));
            } else {
                let schema = self.translate(inner, &place.key(name), level + 1);
                schemas.push((*name, schema));
            }
        }
        for (key, entries) in [
            ("dependentRequired", required),
            ("dependentSchemas", schemas),
        ] {
            if !entries.is_empty() {
                self.put_map(draft, key, &entries);
            }
        }
    }
}
