//! Rewriting one schema for a tool: valid JSON Schema 2020-12 made of known
//! keywords only, in one direction, within a budget.

use std::collections::{HashSet, VecDeque};

use serde_json::{Map, Value, json};

use super::detail::Detail;
use super::view::{Definitions, View, is_null};
use crate::text;

/// Which way the values travel.
///
/// Inputs keep every constraint: a model that breaks one learns so before the
/// API is called. Outputs keep only their outline, nullable throughout, without
/// `required`, `enum`, formats or bounds: clients refuse a result that does not
/// fit its `outputSchema`, and real APIs leave fields out, return `null` and add
/// values that their documents do not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Input,
    Output,
}

/// Nesting of any kind; deeper schemas are cut. Keeps recursion shallow.
const MAX_NESTING: usize = 24;

/// Copies schemas until the budget is spent; [`Copier::fits`] tells.
pub(crate) struct Copier<'a, 'd> {
    pub(crate) definitions: &'d Definitions<'a>,
    pub(crate) direction: Direction,
    pub(crate) detail: Detail,
    budget: usize,
    /// Bytes of JSON so far, closely.
    size: usize,
    /// Something that the document says was left out.
    pub(crate) cut: bool,
    known: HashSet<&'a str>,
    wanted: VecDeque<(&'a str, usize)>,
}

impl<'a, 'd> Copier<'a, 'd> {
    pub(crate) fn new(
        definitions: &'d Definitions<'a>,
        direction: Direction,
        detail: Detail,
        budget: usize,
    ) -> Self {
        let (known, wanted) = (HashSet::new(), VecDeque::new());
        Self {
            definitions,
            direction,
            detail,
            budget,
            size: 0,
            cut: false,
            known,
            wanted,
        }
    }

    pub(crate) fn fits(&self) -> bool {
        self.size <= self.budget
    }

    pub(crate) fn spend(&mut self, bytes: usize) {
        self.size = self.size.saturating_add(bytes);
    }

    /// The schema at a level of object nesting.
    pub(crate) fn schema(&mut self, view: &View<'a>, level: usize, nesting: usize) -> Value {
        self.spend(4);
        if !self.fits() {
            return Value::Bool(true);
        }
        if view.never {
            return json!({"not": {}});
        }
        if nesting > MAX_NESTING {
            self.cut = true;
            return json!({});
        }
        if let Some(key) = view.recursive_reference(self.definitions) {
            return self.reference(view, key, level);
        }
        Value::Object(self.inline(view, level, nesting))
    }

    /// A kept reference; its target is copied later, by [`Copier::definitions`].
    fn reference(&mut self, view: &View<'a>, key: &'a str, level: usize) -> Value {
        if !self.known.contains(key) {
            if level >= self.detail.depth {
                return Value::Object(self.outline(view));
            }
            self.known.insert(key);
            self.wanted.push_back((key, level));
        }
        self.spend(key.len() + 20);
        let mut map = Map::new();
        map.insert("$ref".to_owned(), Value::String(format!("#/$defs/{key}")));
        // An output's definition allows `null` itself.
        if self.direction == Direction::Input && view.allows_null() {
            self.spend(30);
            return json!({"anyOf": [map, {"type": "null"}]});
        }
        Value::Object(map)
    }

    /// An object whose properties are left out.
    fn outline(&mut self, view: &View<'a>) -> Map<String, Value> {
        let mut map = Map::new();
        self.put_type(&mut map, view);
        self.put_description(&mut map, view);
        self.cut |= view.has_properties() || view.alternatives().is_some();
        map
    }

    /// The definitions that the copied schemas refer to, complete.
    pub(crate) fn definitions(&mut self) -> Map<String, Value> {
        let mut definitions = Map::new();
        while let Some((key, level)) = self.wanted.pop_front() {
            if !self.fits() {
                break;
            }
            if let Some(schema) = self.definitions.schemas.get(key) {
                self.spend(key.len() + 4);
                // Inlined, never as a reference: an alias of itself would not end.
                let copy = self.inline(&View::new(schema, self.definitions), level, 1);
                definitions.insert(key.to_owned(), Value::Object(copy));
            }
        }
        definitions
    }

    /// The schema itself, references at its root followed.
    pub(crate) fn inline(
        &mut self,
        view: &View<'a>,
        level: usize,
        nesting: usize,
    ) -> Map<String, Value> {
        let types = view.types();
        let is_object = types.contains(&"object") || view.has_properties();
        if level >= self.detail.depth && (is_object || view.alternatives().is_some()) {
            return self.outline(view);
        }
        let mut map = Map::new();
        self.put_type(&mut map, view);
        self.put_description(&mut map, view);
        self.put_alternatives(&mut map, view, level, nesting);
        if is_object {
            self.put_object(&mut map, view, level, nesting);
        }
        if types.contains(&"array") {
            self.put_array(&mut map, view, level, nesting);
        }
        self.put_values(&mut map, view);
        map
    }

    pub(crate) fn put_type(&mut self, map: &mut Map<String, Value>, view: &View<'a>) {
        let mut types = view.types();
        if types.is_empty() {
            return;
        }
        if self.direction == Direction::Output || view.allows_null() {
            types.push("null");
        }
        self.spend(9 + types.iter().map(|name| name.len() + 4).sum::<usize>());
        let value = match types.as_slice() {
            [only] => Value::String((*only).to_owned()),
            several => Value::Array(
                several
                    .iter()
                    .map(|name| Value::String((*name).to_owned()))
                    .collect(),
            ),
        };
        map.insert("type".to_owned(), value);
    }

    pub(crate) fn put_description(&mut self, map: &mut Map<String, Value>, view: &View<'a>) {
        if self.detail.description > 0
            && let Some(description) = view.text("description")
        {
            self.describe(map, description);
        }
    }

    /// Sets the description, cleaned and bounded.
    pub(crate) fn describe(&mut self, map: &mut Map<String, Value>, description: &str) {
        let description = text::clean(description, self.detail.description);
        if !description.is_empty() {
            self.spend(18 + description.len());
            map.insert("description".to_owned(), Value::String(description));
        }
    }

    fn put_alternatives(
        &mut self,
        map: &mut Map<String, Value>,
        view: &View<'a>,
        level: usize,
        nesting: usize,
    ) {
        let Some((_, members)) = view.alternatives() else {
            return;
        };
        let mut copies: Vec<Value> = Vec::new();
        let mut left = 0_usize;
        for member in members {
            if copies.len() >= self.detail.alternatives {
                left += 1;
                continue;
            }
            let nullable = is_null(member);
            let copy = if nullable {
                json!({"type": "null"})
            } else {
                self.schema(&View::new(member, self.definitions), level, nesting + 1)
            };
            if !copies.contains(&copy) {
                copies.push(copy);
            }
        }
        if left > 0 {
            self.cut = true;
            // An open alternative, so that what was left out stays allowed.
            copies.push(match self.direction {
                Direction::Input => {
                    json!({"description": format!("One of {left} further forms, left out here.")})
                }
                Direction::Output => json!({}),
            });
            self.spend(60);
        }
        if self.direction == Direction::Output
            && !copies.iter().any(|copy| copy == &json!({"type": "null"}))
        {
            copies.push(json!({"type": "null"}));
        }
        if let Some(types) = plain_types(&copies) {
            map.insert("type".to_owned(), types);
            return;
        }
        // `anyOf` also for `oneOf`: alternatives that overlap, as they do in
        // most documents, would refuse values that the API takes.
        self.spend(10);
        map.insert("anyOf".to_owned(), Value::Array(copies));
    }

    fn put_object(
        &mut self,
        map: &mut Map<String, Value>,
        view: &View<'a>,
        level: usize,
        nesting: usize,
    ) {
        let required = view.required();
        let properties = self.properties(&view.properties(), &required, level, nesting);
        let input = self.direction == Direction::Input;
        if input {
            let kept: Vec<Value> = required
                .iter()
                .filter(|name| properties.contains_key(**name))
                .map(|name| Value::String((*name).to_owned()))
                .collect();
            if !kept.is_empty() {
                self.spend(
                    13 + kept
                        .iter()
                        .filter_map(Value::as_str)
                        .map(|name| name.len() + 3)
                        .sum::<usize>(),
                );
                map.insert("required".to_owned(), Value::Array(kept));
            }
        }
        if !properties.is_empty() {
            self.spend(16);
            map.insert("properties".to_owned(), Value::Object(properties));
        }
        match view.get("additionalProperties") {
            Some(Value::Bool(false)) if input && !view.properties().is_empty() && !self.cut => {
                self.spend(29);
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            Some(schema @ Value::Object(keywords)) if !keywords.is_empty() => {
                let copy =
                    self.schema(&View::new(schema, self.definitions), level + 1, nesting + 1);
                self.spend(24);
                map.insert("additionalProperties".to_owned(), copy);
            }
            _ => {}
        }
    }

    fn properties(
        &mut self,
        properties: &indexmap::IndexMap<&'a str, Vec<&'a Value>>,
        required: &[&'a str],
        level: usize,
        nesting: usize,
    ) -> Map<String, Value> {
        let mut copies = Map::new();
        let mut optional = 0_usize;
        for (name, schemas) in properties {
            if !self.fits() {
                break;
            }
            let view = View::of(schemas, self.definitions);
            if self.hides(&view) || *name == "__proto__" {
                continue;
            }
            if !required.contains(name) {
                optional += 1;
                if optional > self.detail.properties {
                    self.cut = true;
                    continue;
                }
            }
            self.spend(name.len() + 4);
            let mut copy = self.schema(&view, level + 1, nesting + 1);
            drop_echo(name, &mut copy);
            copies.insert((*name).to_owned(), copy);
        }
        copies
    }

    /// Whether a property does not travel in this direction.
    pub(crate) fn hides(&self, view: &View<'a>) -> bool {
        view.never
            || match self.direction {
                Direction::Input => view.flag("readOnly"),
                Direction::Output => view.flag("writeOnly"),
            }
    }

    fn put_array(
        &mut self,
        map: &mut Map<String, Value>,
        view: &View<'a>,
        level: usize,
        nesting: usize,
    ) {
        // A tuple of 2.0 or 3.0 (`items: […]`) is `prefixItems` in 2020-12.
        let tuple = view
            .get("prefixItems")
            .or_else(|| view.get("items").filter(|items| items.is_array()));
        if self.direction == Direction::Input
            && let Some(members) = tuple
                .and_then(Value::as_array)
                .filter(|members| !members.is_empty())
        {
            let copies = members
                .iter()
                .map(|member| self.schema(&View::new(member, self.definitions), level, nesting + 1))
                .collect();
            map.insert("prefixItems".to_owned(), Value::Array(copies));
        }
        let items: Vec<&'a Value> = view
            .all("items")
            .filter(|items| items.is_object())
            .collect();
        if !items.is_empty() {
            self.spend(9);
            let copy = self.schema(&View::of(&items, self.definitions), level, nesting + 1);
            map.insert("items".to_owned(), copy);
        } else if self.direction == Direction::Input && tuple.is_none() {
            // Some clients refuse an array that does not say what it holds.
            self.spend(10);
            map.insert("items".to_owned(), json!({}));
        }
    }
}

/// `[{type: a}, {type: b}]` as one `type` list.
fn plain_types(copies: &[Value]) -> Option<Value> {
    let mut types: Vec<Value> = Vec::new();
    for copy in copies {
        let map = copy.as_object().filter(|map| map.len() == 1)?;
        match map.get("type")? {
            Value::Array(names) => types.extend(names.iter().cloned()),
            name => types.push(name.clone()),
        }
    }
    let mut unique: Vec<Value> = Vec::new();
    for name in types {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    Some(if unique.len() == 1 {
        unique.remove(0)
    } else {
        Value::Array(unique)
    })
}

/// Removes a description that only repeats the property's name.
pub(crate) fn drop_echo(name: &str, copy: &mut Value) {
    let echoes = copy
        .get("description")
        .and_then(Value::as_str)
        .is_some_and(|description| {
            let said = |text: &str| -> Vec<u8> {
                text.bytes()
                    .filter(u8::is_ascii_alphanumeric)
                    .map(|b| b.to_ascii_lowercase())
                    .collect()
            };
            description.len() < name.len() + 12
                && description.is_ascii()
                && said(description.trim_start_matches("The ")) == said(name)
        });
    if echoes && let Some(map) = copy.as_object_mut() {
        map.shift_remove("description");
    }
}
