//! One schema as the conjunction of its parts: references followed, `allOf`
//! merged, a nullable alternative folded in, without copying anything.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use mcpengine_openapi::{ApiDescription, MediaType, Operation};
use serde_json::{Map, Value};

use super::graph::ref_key;
use super::values::size;

/// How many `allOf` members and references one schema may be made of. Real
/// documents stay under 20; the bound is against hostile ones.
const MAX_PARTS: usize = 64;

/// Bytes of JSON that the schemas of one tool may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Of an input, before detail is dropped.
    pub(crate) input: usize,
    /// Of an input, whatever it asks for.
    pub(crate) input_cap: usize,
    /// Of an output.
    pub(crate) output: usize,
}

impl Budget {
    /// With its description, a tool stays under 16 kB.
    pub(crate) const FULL: Self = Self {
        input: 11_000,
        input_cap: 48_000,
        output: 1_200,
    };

    /// Documents with more tools get no more than twice their own size for all
    /// of them: nobody reads ten thousand tools in full.
    const MANY: usize = 400;

    /// The room for each tool of a document.
    pub(crate) fn of(api: &ApiDescription) -> Self {
        let tools = api.operations.len();
        if tools <= Self::MANY {
            return Self::FULL;
        }
        let share = 2 * bytes(api) / tools;
        Self {
            input: (share / 2).clamp(900, Self::FULL.input),
            input_cap: Self::FULL.input_cap,
            output: (share / 5).clamp(400, Self::FULL.output),
        }
    }

    /// Half of it; `None` where less would tell nothing.
    pub(crate) fn halved(self) -> Option<Self> {
        (self.input > 200).then_some(Self {
            input: self.input / 2,
            input_cap: self.input_cap / 2,
            output: self.output / 2,
        })
    }
}

/// Bytes of a document's schemas, nearly.
fn bytes(api: &ApiDescription) -> usize {
    let media = |content: &[MediaType]| -> usize {
        content
            .iter()
            .filter_map(|media| media.schema.as_ref())
            .map(size)
            .sum()
    };
    let operation = |operation: &Operation| -> usize {
        let parameters: usize = operation
            .parameters
            .iter()
            .map(|parameter| {
                let prose = parameter.description.as_ref().map_or(0, String::len);
                40 + parameter.name.len() + prose + size(&parameter.schema)
            })
            .sum();
        let body = operation
            .body
            .as_ref()
            .map_or(0, |body| media(&body.content));
        let responses: usize = operation
            .responses
            .iter()
            .map(|response| 30 + media(&response.content))
            .sum();
        let prose = operation.description.as_ref().map_or(0, String::len);
        120 + prose + parameters + body + responses
    };
    let named: usize = api.schemas.values().map(size).sum();
    named + api.operations.iter().map(operation).sum::<usize>()
}

/// The named schemas of a document, and which of them contain themselves.
#[derive(Debug)]
pub(crate) struct Definitions<'a> {
    pub(crate) schemas: &'a IndexMap<String, Value>,
    pub(crate) recursive: HashSet<&'a str>,
    /// How much of them one tool may show.
    pub(crate) budget: Budget,
    pub(crate) memory: Memory,
}

/// An output's schema, if there is anything to say, and whether detail was
/// left out of it.
pub(crate) type Outline = Option<(Value, bool)>;

/// What was found out about a named schema, for the next tool that uses it.
/// Keyed by name and budget; it depends on nothing else, so that a plan does
/// not depend on the order of the operations.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The first rung of the input ladder on which the schema alone fits.
    pub(crate) rungs: RefCell<HashMap<(String, usize), usize>>,
    pub(crate) outlines: RefCell<HashMap<(String, usize), Outline>>,
}

impl<'a> Definitions<'a> {
    pub(crate) fn new(api: &'a ApiDescription) -> Self {
        Self {
            schemas: &api.schemas,
            recursive: super::graph::recursive(&api.schemas),
            budget: Budget::of(api),
            memory: Memory::default(),
        }
    }

    fn get(&self, key: &str) -> Option<(&'a str, &'a Value)> {
        self.schemas
            .get_key_value(key)
            .map(|(key, schema)| (key.as_str(), schema))
    }
}

/// A schema, resolved one level deep.
#[derive(Debug, Default)]
pub(crate) struct View<'a> {
    /// Outermost first: what a schema says itself wins over what it includes.
    parts: Vec<&'a Map<String, Value>>,
    /// `null` is one of the values.
    pub(crate) nullable: bool,
    /// `false`: no value fits.
    pub(crate) never: bool,
    /// Names followed on the way.
    followed: Vec<&'a str>,
    /// Parts that say more than annotations, besides a followed reference.
    asserts: usize,
}

impl<'a> View<'a> {
    pub(crate) fn new(schema: &'a Value, definitions: &Definitions<'a>) -> Self {
        Self::of(std::slice::from_ref(&schema), definitions)
    }

    /// The conjunction of several schemas.
    pub(crate) fn of(schemas: &[&'a Value], definitions: &Definitions<'a>) -> Self {
        let mut view = Self::default();
        let mut open: Vec<(&'a Value, bool)> = schemas
            .iter()
            .rev()
            .map(|schema| (*schema, false))
            .collect();
        while let Some((schema, behind)) = open.pop() {
            if view.parts.len() >= MAX_PARTS {
                break;
            }
            match schema {
                Value::Object(map) => view.push(map, behind, &mut open, definitions),
                Value::Bool(false) => view.never = true,
                _ => {}
            }
        }
        view
    }

    /// Adds one part and what it includes; `behind` says that the part was
    /// reached through a reference.
    fn push(
        &mut self,
        map: &'a Map<String, Value>,
        behind: bool,
        open: &mut Vec<(&'a Value, bool)>,
        definitions: &Definitions<'a>,
    ) {
        if let Some(Value::Array(members)) = look_up(map, "allOf") {
            open.extend(members.iter().rev().map(|member| (member, behind)));
        }
        if let Some(only) = only_alternative(map) {
            self.nullable = true;
            open.push((only, behind));
        }
        if let Some(Value::String(reference)) = look_up(map, "$ref")
            && let Some((key, schema)) = ref_key(reference).and_then(|key| definitions.get(key))
        {
            if !behind && !self.followed.is_empty() {
                self.asserts += 1;
            }
            if !self.followed.contains(&key) {
                self.followed.push(key);
                open.push((schema, true));
            }
        }
        if !behind && asserts(map) {
            self.asserts += 1;
        }
        self.parts.push(map);
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
    pub(crate) fn get(&self, keyword: &str) -> Option<&'a Value> {
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
            .any(|part| look_up(part, keyword) == Some(&Value::Bool(true)))
    }

    /// The values of a keyword in every part.
    pub(crate) fn all(&self, keyword: &'static str) -> impl Iterator<Item = &'a Value> {
        self.parts
            .iter()
            .filter_map(move |part| look_up(part, keyword))
    }

    /// Properties by name, each with every schema that the parts give it.
    pub(crate) fn properties(&self) -> IndexMap<&'a str, Vec<&'a Value>> {
        let mut found: IndexMap<&'a str, Vec<&'a Value>> = IndexMap::new();
        // Included parts come first, as their authors show them: base, then extension.
        let (own, included) = self.parts.split_at(self.parts.len().min(1));
        for part in included.iter().chain(own) {
            if let Some(Value::Object(properties)) = look_up(part, "properties") {
                for (name, schema) in properties {
                    found.entry(name.as_str()).or_default().insert(0, schema);
                }
            }
        }
        found
    }

    pub(crate) fn has_properties(&self) -> bool {
        self.all("properties")
            .any(|value| value.as_object().is_some_and(|map| !map.is_empty()))
    }

    pub(crate) fn required(&self) -> Vec<&'a str> {
        let mut names: Vec<&'a str> = Vec::new();
        for value in self.all("required") {
            for name in value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The JSON types that the schema allows, without `null`; empty where it
    /// says nothing. What it does not say is read off its keywords.
    pub(crate) fn types(&self) -> Vec<&'static str> {
        for value in self.all("type") {
            let types: Vec<&'static str> = match value {
                Value::String(name) => known_type(name).into_iter().collect(),
                Value::Array(names) => names
                    .iter()
                    .filter_map(Value::as_str)
                    .filter_map(known_type)
                    .collect(),
                _ => Vec::new(),
            };
            let mut types: Vec<&'static str> =
                types.into_iter().filter(|name| *name != "null").collect();
            types.dedup();
            if !types.is_empty() {
                return types;
            }
        }
        let values = self.get("enum").and_then(Value::as_array);
        if self.has_properties()
            || self
                .get("additionalProperties")
                .is_some_and(Value::is_object)
        {
            vec!["object"]
        } else if self.get("items").is_some() {
            vec!["array"]
        } else if values.is_some_and(|values| {
            !values.is_empty() && values.iter().all(|v| v.is_string() || v.is_null())
        }) {
            vec!["string"]
        } else {
            Vec::new()
        }
    }

    /// Whether `null` is allowed, by type or by a folded alternative.
    pub(crate) fn allows_null(&self) -> bool {
        self.nullable
            || self.get("type").is_some_and(|value| match value {
                Value::Array(names) => names.iter().any(|name| name == "null"),
                value => value == "null",
            })
    }

    /// The members of `oneOf` or `anyOf` that are real alternatives.
    pub(crate) fn alternatives(&self) -> Option<(&'static str, &'a Vec<Value>)> {
        ["oneOf", "anyOf"].into_iter().find_map(|keyword| {
            self.parts.iter().find_map(|part| {
                let members = look_up(part, keyword)?.as_array()?;
                (!members.is_empty() && only_alternative(part).is_none())
                    .then_some((keyword, members))
            })
        })
    }
}

/// The schema of `anyOf: [schema, null]`, or of an alternative that has no other.
fn only_alternative(map: &Map<String, Value>) -> Option<&Value> {
    let members = look_up(map, "anyOf")
        .or_else(|| look_up(map, "oneOf"))?
        .as_array()?;
    let mut real = members.iter().filter(|member| !is_null(member));
    let only = real.next()?;
    (real.next().is_none() && members.len() == 2).then_some(only)
}

pub(crate) fn is_null(schema: &Value) -> bool {
    schema
        .get("type")
        .is_some_and(|name| name == "null" || *name == serde_json::json!(["null"]))
        || schema.get("const").is_some_and(Value::is_null)
        || schema
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|v| !v.is_empty() && v.iter().all(Value::is_null))
}

/// A keyword of a schema. Schemas have a few keywords: comparing them is
/// faster than hashing what is looked for.
fn look_up<'a>(map: &'a Map<String, Value>, keyword: &str) -> Option<&'a Value> {
    if map.len() > 12 {
        return map.get(keyword);
    }
    map.iter()
        .find(|(key, _)| *key == keyword)
        .map(|(_, value)| value)
}

/// Whether a schema object says more than how it is called and shown.
fn asserts(map: &Map<String, Value>) -> bool {
    map.keys().any(|key| {
        !matches!(
            key.as_str(),
            "$ref"
                | "allOf"
                | "description"
                | "title"
                | "deprecated"
                | "readOnly"
                | "writeOnly"
                | "examples"
                | "default"
        ) && !key.starts_with("x-")
    }) && only_alternative(map).is_none()
}

fn known_type(name: &str) -> Option<&'static str> {
    [
        "object", "array", "string", "integer", "number", "boolean", "null",
    ]
    .into_iter()
    .find(|known| *known == name)
}
