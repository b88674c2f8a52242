//! Keywords that hold schemas.

use serde_json::{Map, Value};

use super::{Draft, keyword::unique_strings, pattern};
use crate::{node::Node, place::Place, walk::Walker};

impl<'d> Walker<'d> {
    /// A keyword that holds schemas. Whatever is not known here, `x-` extensions and
    /// OpenAPI's own `discriminator`, `xml` and `externalDocs` included, is left
    /// out: an unknown value could hold a reference that leads nowhere. So are
    /// `$id`, `$schema` and anchors, which would change what references mean.
    pub(super) fn applicator(
        &mut self,
        draft: &mut Draft,
        key: &str,
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
                Node::Array(items) if items.is_empty() => {}
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
            _ => {}
        }
    }

    fn single(
        &mut self,
        draft: &mut Draft,
        key: &str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        // `additionalProperties: "true"` and the like.
        let schema = match value.as_bool() {
            Some(flag) => Value::Bool(flag),
            None => self.translate(value, place, level + 1),
        };
        draft.out.insert(key.to_owned(), schema);
    }

    fn schema_list(
        &mut self,
        draft: &mut Draft,
        key: &str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        let schemas: Vec<Value> = match value {
            Node::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.translate(item, &place.index(index), level + 1))
                .collect(),
            // One schema where a list of one was meant.
            Node::Object(_) => {
                self.invalid(key, value, "a list of schemas", place);
                vec![self.translate(value, place, level + 1)]
            }
            _ => Vec::new(),
        };
        if schemas.is_empty() {
            self.invalid(key, value, "a list of schemas", place);
        } else {
            draft.out.insert(key.to_owned(), Value::Array(schemas));
        }
    }

    fn schema_map(
        &mut self,
        draft: &mut Draft,
        key: &str,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        let Some(entries) = value.as_object() else {
            return self.invalid(key, value, "an object of schemas", place);
        };
        let schemas: Map<String, Value> = entries
            .iter()
            .map(|(name, inner)| {
                (
                    name.to_string(),
                    self.translate(inner, &place.key(name), level + 1),
                )
            })
            .collect();
        draft.out.insert(key.to_owned(), Value::Object(schemas));
    }

    fn properties(
        &mut self,
        draft: &mut Draft,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        for (name, inner) in value.as_object().unwrap_or_default() {
            if matches!(inner.get("required"), Some(Node::Bool(true))) {
                draft.marked_required.push(name.to_string());
            }
        }
        self.schema_map(draft, "properties", value, place, level);
    }

    fn pattern_properties(
        &mut self,
        draft: &mut Draft,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        let Some(entries) = value.as_object() else {
            return self.invalid("patternProperties", value, "an object of schemas", place);
        };
        let mut schemas = Map::new();
        for (name, inner) in entries {
            let at = place.key(name);
            match pattern::ecma(name) {
                Ok(usable) => {
                    schemas.insert(usable.into_owned(), self.translate(inner, &at, level + 1));
                }
                Err(reason) => self.bad_pattern(name, reason, &at),
            }
        }
        draft
            .out
            .insert("patternProperties".to_owned(), Value::Object(schemas));
    }

    fn dependent_required(&mut self, draft: &mut Draft, value: &'d Node<'d>, place: &Place<'_>) {
        let Some(entries) = value.as_object() else {
            return self.invalid("dependentRequired", value, "an object of lists", place);
        };
        let lists: Map<String, Value> = entries
            .iter()
            .map(|(name, list)| (name.to_string(), unique_strings(list)))
            .collect();
        draft
            .out
            .insert("dependentRequired".to_owned(), Value::Object(lists));
    }

    /// Draft 4 to 7: a list of names or a schema for each property.
    fn dependencies(
        &mut self,
        draft: &mut Draft,
        value: &'d Node<'d>,
        place: &Place<'_>,
        level: usize,
    ) {
        let (mut required, mut schemas) = (Map::new(), Map::new());
        for (name, inner) in value.as_object().unwrap_or_default() {
            if let Node::Array(_) = inner {
                required.insert(name.to_string(), unique_strings(inner));
            } else {
                let schema = self.translate(inner, &place.key(name), level + 1);
                schemas.insert(name.to_string(), schema);
            }
        }
        for (key, entries) in [
            ("dependentRequired", required),
            ("dependentSchemas", schemas),
        ] {
            if !entries.is_empty() {
                draft.out.insert(key.to_owned(), Value::Object(entries));
            }
        }
    }
}
