//! Writing one schema for a tool: valid JSON Schema 2020-12 made of known
//! keywords only, in one direction, within a budget.
//!
//! It is written as JSON text, front to back. What does not fit is thrown away
//! and written again with less detail, which is cheaper than any bookkeeping.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use mcpengine_openapi::{Node, write_json_string};

use super::alternatives::{Alternatives, Tag};
use super::definitions::Definitions;
use super::detail::Detail;
use super::direction::{Direction, hides};
use super::properties::Together;
use super::text::Schema;
use super::view::{Parts, Types, View};

/// Nesting of any kind; deeper schemas are cut. Keeps recursion shallow.
const MAX_NESTING: usize = 24;

pub(super) const NULL: &str = r#"{"type":"null"}"#;

/// Writes schemas until the budget is spent; [`Copier::fits`] tells.
pub(crate) struct Copier<'a, 'd> {
    pub(crate) definitions: &'d Definitions<'a>,
    pub(crate) direction: Direction,
    pub(crate) detail: Detail,
    budget: usize,
    /// The JSON so far.
    pub(crate) out: String,
    /// Something that the document says was left out.
    pub(crate) cut: bool,
    /// The next schema does without its description.
    mute: bool,
    /// The next schema is the alternative that these values of a property name.
    pub(super) tag: Option<Tag<'a>>,
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
            out: definitions.memory.room.take(),
            cut: false,
            mute: false,
            tag: None,
            known,
            wanted,
        }
    }

    /// What was written, and whether detail was left out of it.
    pub(crate) fn finish(self) -> (Schema, bool) {
        (Schema::of_json(&self.out), self.cut)
    }

    /// Starts again with another detail, in the same room.
    pub(crate) fn restart(&mut self, detail: Detail) {
        self.detail = detail;
        self.cut = false;
        self.out.clear();
        self.known.clear();
        self.wanted.clear();
    }

    pub(crate) fn fits(&self) -> bool {
        self.out.len() <= self.budget
    }

    /// Writes a key of the object that is open.
    pub(crate) fn key(&mut self, key: &str) {
        // A `{` at the end opens an object: a string would end with its quote.
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        write_json_string(key, &mut self.out);
        self.out.push(':');
    }

    /// Writes a keyword with a value of the document.
    pub(crate) fn put(&mut self, keyword: &str, value: &Node<'_>) {
        self.key(keyword);
        value.write_json(&mut self.out);
    }

    pub(crate) fn put_text(&mut self, keyword: &str, text: &str) {
        self.key(keyword);
        write_json_string(text, &mut self.out);
    }

    /// Writes the schema at a level of object nesting. `name` is that of the
    /// property that it is of.
    pub(crate) fn schema(&mut self, view: &View<'a>, level: usize, nesting: usize, name: &str) {
        if !self.fits() {
            self.out.push_str("true");
        } else if view.never {
            self.out.push_str(r#"{"not":{}}"#);
        } else if nesting > MAX_NESTING {
            self.cut = true;
            self.out.push_str("{}");
        } else if let Some(key) = view.recursive_reference(self.definitions) {
            self.reference(view, key, level, name);
        } else {
            self.inline(view, level, nesting, name);
        }
    }

    /// A kept reference; its target is written later, by [`Copier::definitions`].
    fn reference(&mut self, view: &View<'a>, key: &'a str, level: usize, name: &str) {
        if !self.known.contains(key) {
            if level >= self.detail.depth {
                self.out.push('{');
                self.outline(view, name);
                self.out.push('}');
                return;
            }
            self.known.insert(key);
            self.wanted.push_back((key, level));
        }
        // An output's definition allows `null` itself.
        let nullable = self.direction == Direction::Input && view.allows_null();
        if nullable {
            self.out.push_str(r#"{"anyOf":["#);
        }
        self.out.push_str(r##"{"$ref":"#/$defs/"##);
        self.out.push_str(key);
        self.out.push_str(r#""}"#);
        if nullable {
            self.out.push(',');
            self.out.push_str(NULL);
            self.out.push_str("]}");
        }
    }

    /// An object whose properties are left out.
    fn outline(&mut self, view: &View<'a>, name: &str) {
        self.put_type(view, &view.types());
        self.put_description(view, name, None);
        self.cut |= view.has_properties() || view.alternatives().is_some();
    }

    /// Writes `$defs` with all that the schemas before refer to.
    pub(crate) fn definitions(&mut self) {
        if self.wanted.is_empty() {
            return;
        }
        self.key("$defs");
        self.out.push('{');
        while let Some((key, level)) = self.wanted.pop_front() {
            if !self.fits() {
                break;
            }
            if let Some(schema) = self.definitions.schemas.get(key) {
                self.key(key);
                // Inlined, never as a reference: an alias of itself would not end.
                self.inline(&View::new(schema, self.definitions), level, 1, "");
            }
        }
        self.out.push('}');
    }

    /// Writes the schema itself, references at its root followed.
    pub(crate) fn inline(&mut self, view: &View<'a>, level: usize, nesting: usize, name: &str) {
        self.out.push('{');
        self.keywords(view, level, nesting, name);
        self.out.push('}');
    }

    /// Writes the schema itself, without its own description.
    pub(crate) fn inline_undescribed(&mut self, view: &View<'a>) {
        self.mute = true;
        self.inline(view, 0, 0, "");
    }

    /// The keywords of a schema, without its braces.
    pub(crate) fn keywords(&mut self, view: &View<'a>, level: usize, nesting: usize, name: &str) {
        let mute = std::mem::take(&mut self.mute);
        let tag = self.tag.take();
        let types = view.types();
        let is_object = types.contains(&"object") || view.has_properties();
        let members = view.alternatives();
        if level >= self.detail.depth && (is_object || members.is_some()) {
            self.put_type(view, &types);
            if !mute {
                self.put_description(view, name, None);
            }
            self.cut |= view.has_properties() || members.is_some();
            return;
        }
        match members.map(|members| self.alternatives(view, members, level, nesting)) {
            None => {
                self.put_type(view, &types);
                self.described(view, name, mute);
            }
            Some(Alternatives::Types(types)) => {
                self.put_types(&types);
                self.described(view, name, mute);
            }
            Some(Alternatives::Schemas(text)) => {
                self.put_type(view, &types);
                self.described(view, name, mute);
                // `anyOf` also for `oneOf`: alternatives that overlap, as they do
                // in most documents, would refuse values that the API takes.
                self.key("anyOf");
                self.out.push_str(&text);
            }
        }
        if is_object {
            self.put_object(view, level, nesting, tag.as_ref());
        }
        if types.contains(&"array") {
            self.put_array(view, level, nesting);
        }
        self.put_values(view);
    }

    fn put_type(&mut self, view: &View<'a>, types: &Types) {
        let mut types = types.clone();
        if types.is_empty() {
            if view.get("type").is_some() && view.allows_null() {
                self.put_types(&["null"]);
            }
            return;
        }
        if self.direction == Direction::Output || view.allows_null() {
            types.push("null");
        }
        self.put_types(&types);
    }

    fn put_types(&mut self, types: &[&str]) {
        self.key("type");
        match types {
            [only] => write_json_string(only, &mut self.out),
            several => {
                for (at, name) in several.iter().enumerate() {
                    self.out.push(if at == 0 { '[' } else { ',' });
                    write_json_string(name, &mut self.out);
                }
                self.out.push(']');
            }
        }
    }

    fn put_object(&mut self, view: &View<'a>, level: usize, nesting: usize, tag: Option<&Tag<'a>>) {
        let properties = view.properties(self.definitions);
        let shown = if properties.is_empty() && tag.is_none() {
            true
        } else {
            self.put_properties(view, &properties, level, nesting, tag)
        };
        let input = self.direction == Direction::Input;
        match view.get("additionalProperties") {
            // Beside alternatives it would refuse the fields that they bring.
            Some(Node::Bool(false))
                if input && !properties.is_empty() && shown && view.alternatives().is_none() =>
            {
                self.key("additionalProperties");
                self.out.push_str("false");
            }
            Some(schema @ Node::Object(keywords)) if !keywords.is_empty() => {
                self.key("additionalProperties");
                let view = View::new(schema, self.definitions);
                self.schema(&view, level + 1, nesting + 1, "");
            }
            _ => {}
        }
    }

    /// Writes `properties` and `required`; `false` where some found no room.
    fn put_properties(
        &mut self,
        view: &View<'a>,
        properties: &[(&'a str, Rc<Together<'a>>)],
        level: usize,
        nesting: usize,
        tag: Option<&Tag<'a>>,
    ) -> bool {
        let required = view.required();
        // A schema that says itself how it is called is right.
        let says = |schemas: &Together<'a>| {
            let view = schemas.view(self.definitions);
            view.get("const").or_else(|| view.get("enum")).is_some()
        };
        let tag = tag.filter(|tag| {
            let mut own = properties.iter().filter(|(name, _)| *name == tag.property);
            !own.any(|(_, schemas)| says(schemas))
        });
        let start = self.out.len();
        self.key("properties");
        self.out.push('{');
        let mut kept: Vec<&'a str> = Vec::new();
        let (mut optional, mut left) = (0_usize, false);
        let mut written = 0_usize;
        if let Some(tag) = tag {
            kept.push(tag.property);
            self.key(tag.property);
            self.put_tag(tag);
            written += 1;
        }
        for (name, schemas) in properties {
            if !self.fits() {
                break;
            }
            if tag.is_some_and(|tag| tag.property == *name) {
                continue;
            }
            let view = schemas.view(self.definitions);
            if self.hides(view) || *name == "__proto__" {
                continue;
            }
            if required.contains(name) {
                kept.push(name);
            } else {
                optional += 1;
                if optional > self.detail.properties {
                    left = true;
                    continue;
                }
            }
            self.key(name);
            self.schema(view, level + 1, nesting + 1, name);
            written += 1;
        }
        self.cut |= left;
        if written == 0 {
            self.out.truncate(start);
            return !left;
        }
        self.out.push('}');
        if self.direction == Direction::Input && !kept.is_empty() {
            self.put_names("required", kept.into_iter());
        }
        !left
    }

    /// Writes a list of strings.
    pub(crate) fn put_names<'n>(&mut self, keyword: &str, names: impl Iterator<Item = &'n str>) {
        self.key(keyword);
        self.out.push('[');
        for (at, name) in names.enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            write_json_string(name, &mut self.out);
        }
        self.out.push(']');
    }

    /// Whether a property does not travel in this direction.
    pub(crate) fn hides(&self, view: &View<'a>) -> bool {
        hides(self.direction, view)
    }

    fn put_array(&mut self, view: &View<'a>, level: usize, nesting: usize) {
        let input = self.direction == Direction::Input;
        let tuple = view.get("prefixItems").and_then(Node::as_array);
        if input && let Some(members) = tuple.filter(|members| !members.is_empty()) {
            self.key("prefixItems");
            for (at, member) in members.iter().enumerate() {
                self.out.push(if at == 0 { '[' } else { ',' });
                let member = View::new(member, self.definitions);
                self.schema(&member, level, nesting + 1, "");
            }
            self.out.push(']');
        }
        let items: Parts<'a> = view
            .all("items")
            .filter(|items| items.as_object().is_some())
            .copied()
            .collect();
        if !items.is_empty() {
            let before = self.out.len();
            self.key("items");
            let from = self.out.len();
            let items = View::of(&items, self.definitions);
            self.schema(&items, level, nesting + 1, "");
            if !input && self.out.get(from..) == Some("{}") {
                self.out.truncate(before);
            }
        } else if input && tuple.is_some() && view.get("items") == Some(&Node::Bool(false)) {
            self.key("items");
            self.out.push_str("false");
        } else if input && tuple.is_none() {
            // Some clients refuse an array that does not say what it holds.
            self.key("items");
            self.out.push_str("{}");
        }
    }
}

/// The room that it wrote in goes to the next.
impl Drop for Copier<'_, '_> {
    fn drop(&mut self) {
        let mut room = std::mem::take(&mut self.out);
        room.clear();
        self.definitions.memory.room.set(room);
    }
}
