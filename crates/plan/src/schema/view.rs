//! One schema as the conjunction of its parts: references followed, `allOf`
//! merged, a nullable alternative folded in, without copying anything.

use std::collections::HashSet;

use mcpengine_openapi::{Entry, Node};
use smallvec::SmallVec;

use super::definitions::Definitions;
use super::graph::ref_key;
use super::properties::{FEW, Layers, Properties};

/// How many `allOf` members and references one schema may be made of. Real
/// documents stay under 20; the bound is against hostile ones.
const MAX_PARTS: usize = 64;

/// Schemas that hold together: nearly always one.
pub(crate) type Parts<'a> = SmallVec<[Node<'a>; 1]>;

/// A schema, resolved one level deep.
#[derive(Debug, Default)]
pub(crate) struct View<'a> {
    /// Outermost first: what a schema says itself wins over what it includes.
    parts: SmallVec<[&'a [Entry<'a>]; 8]>,
    /// `null` is one of the values.
    pub(crate) nullable: bool,
    /// `false`: no value fits.
    pub(crate) never: bool,
    /// Names followed on the way.
    followed: SmallVec<[&'a str; 2]>,
    /// Parts that say more than annotations, besides a followed reference.
    asserts: usize,
    /// Some part has alternatives that are real ones.
    alternates: bool,
    /// Some part has a keyword that most have not: a bound, a pattern, a default.
    pub(super) bounded: bool,
}

impl<'a> View<'a> {
    pub(crate) fn new(schema: &Node<'a>, definitions: &Definitions<'a>) -> Self {
        Self::of(std::slice::from_ref(schema), definitions)
    }

    /// The conjunction of several schemas.
    pub(crate) fn of(schemas: &[Node<'a>], definitions: &Definitions<'a>) -> Self {
        let mut view = Self::default();
        let mut open: SmallVec<[(Node<'a>, bool); 4]> = schemas
            .iter()
            .rev()
            .map(|schema| (*schema, false))
            .collect();
        while let Some((schema, behind)) = open.pop() {
            if view.parts.len() >= MAX_PARTS {
                break;
            }
            match schema {
                Node::Object(entries) => view.push(entries, behind, &mut open, definitions),
                Node::Bool(false) => view.never = true,
                _ => {}
            }
        }
        definitions.memory.count(view.parts.len());
        view
    }

    /// Adds one part and what it includes; `behind` says that the part was
    /// reached through a reference.
    fn push(
        &mut self,
        entries: &'a [Entry<'a>],
        behind: bool,
        open: &mut SmallVec<[(Node<'a>, bool); 4]>,
        definitions: &Definitions<'a>,
    ) {
        // One look at each keyword: there are views by the hundred thousand.
        let mut refers = None;
        let (mut all_of, mut any_of, mut one_of) = (None, None, None);
        let mut asserts = false;
        for (keyword, value) in entries {
            match *keyword {
                "$ref" => refers = value.as_str().and_then(ref_key),
                "allOf" => all_of = value.as_array(),
                "anyOf" => any_of = value.as_array(),
                "oneOf" => one_of = value.as_array(),
                "description" | "title" | "deprecated" | "readOnly" | "writeOnly" | "examples"
                | "discriminator" => {}
                "default" => self.bounded = true,
                "type"
                | "properties"
                | "required"
                | "items"
                | "format"
                | "enum"
                | "additionalProperties" => asserts = true,
                _ => {
                    asserts |= !keyword.starts_with("x-");
                    self.bounded = true;
                }
            }
        }
        asserts |= any_of.is_some() || one_of.is_some();
        let members = all_of.unwrap_or_default();
        open.extend(members.iter().rev().map(|member| (*member, behind)));
        let only = any_of.or(one_of).and_then(only_member);
        let is_filled = |members: Option<&[Node<'_>]>| members.is_some_and(|it| !it.is_empty());
        self.alternates |= only.is_none() && (is_filled(any_of) || is_filled(one_of));
        if let Some((only, nullable)) = only {
            self.nullable |= nullable;
            open.push((*only, behind));
        }
        if let Some((key, schema)) = refers.and_then(|key| definitions.get(key)) {
            if !behind && !self.followed.is_empty() {
                self.asserts += 1;
            }
            if !self.followed.contains(&key) {
                self.followed.push(key);
                open.push((*schema, true));
            }
        }
        if !behind && only.is_none() && asserts {
            self.asserts += 1;
        }
        self.parts.push(entries);
    }

    /// The name that this schema only refers to, perhaps with another
    /// description; `None` where it says more than that.
    pub(crate) fn reference(&self) -> Option<&'a str> {
        (self.asserts == 0)
            .then(|| self.followed.first().copied())
            .flatten()
    }

    /// The reference, where keeping it is needed to end an endless schema.
    pub(crate) fn recursive_reference(&self, definitions: &Definitions<'a>) -> Option<&'a str> {
        self.reference()
            .filter(|key| definitions.recursive.contains(key))
    }

    /// The outermost value of a keyword.
    pub(crate) fn get(&self, keyword: &str) -> Option<&'a Node<'a>> {
        self.parts.iter().find_map(|part| look_up(part, keyword))
    }

    pub(crate) fn text(&self, keyword: &str) -> Option<&'a str> {
        self.parts.iter().find_map(|part| {
            look_up(part, keyword)?
                .as_str()
                .filter(|text| !text.trim().is_empty())
        })
    }

    pub(crate) fn flag(&self, keyword: &str) -> bool {
        self.parts
            .iter()
            .any(|part| look_up(part, keyword) == Some(&Node::Bool(true)))
    }

    /// The values of a keyword in every part.
    pub(crate) fn all(&self, keyword: &'static str) -> impl Iterator<Item = &'a Node<'a>> {
        self.parts
            .iter()
            .filter_map(move |part| look_up(part, keyword))
    }

    /// Properties by name, each with every schema that the parts give it.
    pub(crate) fn properties(&self, definitions: &Definitions<'a>) -> Properties<'a> {
        // Included parts come first, as their authors show them: base, then extension.
        let (own, included) = self.parts.split_at(self.parts.len().min(1));
        let layers: Layers<'a> = included
            .iter()
            .chain(own)
            .filter_map(|part| look_up(part, "properties")?.as_object())
            .collect();
        let (found, looked_at) = definitions.memory.lately.merged(layers);
        definitions.memory.count(looked_at / 4);
        found
    }

    pub(crate) fn has_properties(&self) -> bool {
        self.all("properties")
            .any(|value| value.as_object().is_some_and(|map| !map.is_empty()))
    }

    pub(crate) fn required(&self) -> Required<'a> {
        let mut lists: SmallVec<[&'a [Node<'a>]; 2]> = SmallVec::new();
        lists.extend(self.all("required").filter_map(Node::as_array));
        let count: usize = lists.iter().map(|list| list.len()).sum();
        let many = if count > FEW {
            let names = lists.iter().copied().flatten().filter_map(Node::as_str);
            names.collect()
        } else {
            HashSet::new()
        };
        Required { lists, many }
    }

    /// The JSON types that the schema allows, without `null`; empty where it
    /// says nothing. What it does not say is read off its keywords.
    pub(crate) fn types(&self) -> Types {
        for value in self.all("type") {
            let mut types = Types::new();
            let mut add = |name: &str| {
                if let Some(known) = known_type(name).filter(|known| *known != "null")
                    && !types.contains(&known)
                {
                    types.push(known);
                }
            };
            match value {
                Node::String(name) => add(name),
                Node::Array(names) => names.iter().filter_map(Node::as_str).for_each(add),
                _ => {}
            }
            if !types.is_empty() {
                return types;
            }
        }
        let values = self.get("enum").and_then(Node::as_array);
        let mut types = Types::new();
        if self.has_properties()
            || self
                .get("additionalProperties")
                .is_some_and(|values| values.as_object().is_some())
        {
            types.push("object");
        } else if self.get("items").is_some() {
            types.push("array");
        } else if values.is_some_and(|values| {
            !values.is_empty()
                && values
                    .iter()
                    .all(|v| matches!(v, Node::String(_) | Node::Null))
        }) {
            types.push("string");
        }
        types
    }

    /// Whether `null` is allowed, by type or by a folded alternative.
    pub(crate) fn allows_null(&self) -> bool {
        let names_null = |name: &Node<'_>| name.as_str() == Some("null");
        self.nullable
            || match (self.get("type"), self.get("enum")) {
                (Some(Node::Array(names)), _) => names.iter().any(names_null),
                (Some(name), _) => names_null(name),
                (None, Some(Node::Array(values))) => values.contains(&Node::Null),
                _ => false,
            }
    }

    /// What tells the alternatives apart: a property, and the names of its values
    /// by the schemas that they stand for.
    pub(crate) fn discriminator(&self) -> Option<Discriminator<'a>> {
        let written = self.get("discriminator")?;
        let mapping = written.get("mapping").and_then(Node::as_object);
        Some(Discriminator {
            property: written.get("propertyName")?.as_str()?,
            mapping: mapping.unwrap_or_default(),
        })
    }

    /// The members of `oneOf` or `anyOf` that are real alternatives.
    pub(crate) fn alternatives(&self) -> Option<&'a [Node<'a>]> {
        if !self.alternates {
            return None;
        }
        ["oneOf", "anyOf"].into_iter().find_map(|keyword| {
            self.parts.iter().find_map(|part| {
                let members = look_up(part, keyword)?.as_array()?;
                (!members.is_empty() && only_alternative(part).is_none()).then_some(members)
            })
        })
    }
}

/// See OAS 3.1 §4.8.25.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Discriminator<'a> {
    pub(crate) property: &'a str,
    /// Value to the reference of its schema.
    mapping: &'a [Entry<'a>],
}

impl<'a> Discriminator<'a> {
    /// The values that stand for the schema called `key`: its own name, where the
    /// document names no other.
    pub(crate) fn values(&self, key: &'a str) -> Vec<&'a str> {
        let stands = |to: &Node<'_>| to.as_str().and_then(ref_key) == Some(key);
        let named = self.mapping.iter().filter(|(_, to)| stands(to));
        let named: Vec<&'a str> = named.map(|(value, _)| *value).collect();
        if named.is_empty() { vec![key] } else { named }
    }
}

/// Types, without `null`.
pub(crate) type Types = SmallVec<[&'static str; 4]>;

/// The names that a schema and what it includes require.
#[derive(Debug)]
pub(crate) struct Required<'a> {
    lists: SmallVec<[&'a [Node<'a>]; 2]>,
    /// The same, where there are many.
    many: HashSet<&'a str>,
}

impl Required<'_> {
    pub(crate) fn contains(&self, name: &str) -> bool {
        if !self.many.is_empty() {
            return self.many.contains(name);
        }
        let mut names = self.lists.iter().copied().flatten();
        names.any(|required| required.as_str() == Some(name))
    }
}

/// The schema of `anyOf: [schema, null]`, or of an alternative that has no other,
/// and whether there is `null` beside it.
fn only_member<'a>(members: &'a [Node<'a>]) -> Option<(&'a Node<'a>, bool)> {
    match members {
        [one] => (!is_null(one)).then_some((one, false)),
        [one, other] => match (is_null(one), is_null(other)) {
            (true, false) => Some((other, true)),
            (false, true) => Some((one, true)),
            _ => None,
        },
        _ => None,
    }
}

fn only_alternative<'a>(entries: &'a [Entry<'a>]) -> Option<(&'a Node<'a>, bool)> {
    let members = look_up(entries, "anyOf").or_else(|| look_up(entries, "oneOf"))?;
    only_member(members.as_array()?)
}

pub(crate) fn is_null(schema: &Node<'_>) -> bool {
    let names_null = |name: &Node<'_>| name.as_str() == Some("null");
    schema
        .as_object()
        .unwrap_or_default()
        .iter()
        .any(|(keyword, value)| match (*keyword, value) {
            ("type", Node::Array([name])) => names_null(name),
            ("type", name) => names_null(name),
            ("const", value) => *value == Node::Null,
            ("enum", Node::Array(values)) => {
                !values.is_empty() && values.iter().all(|value| *value == Node::Null)
            }
            _ => false,
        })
}

/// A keyword of a schema.
fn look_up<'a>(entries: &'a [Entry<'a>], keyword: &str) -> Option<&'a Node<'a>> {
    entries
        .iter()
        .find(|(key, _)| *key == keyword)
        .map(|(_, value)| value)
}

fn known_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "object" => "object",
        "array" => "array",
        "string" => "string",
        "integer" => "integer",
        "number" => "number",
        "boolean" => "boolean",
        "null" => "null",
        _ => return None,
    })
}
