//! Keys for the schemas that others refer to.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::{
    arena::Arena,
    bundle,
    node::{Entry, Node},
    refs::Source,
};

/// A schema that waits for its translation.
pub(crate) struct Named<'d> {
    pub(crate) key: &'d str,
    pub(crate) pointer: &'d str,
    pub(crate) node: &'d Node<'d>,
}

/// The one reference to a schema, shared by all who refer to it.
#[derive(Clone, Copy)]
pub(crate) struct Reference<'d> {
    /// `[("$ref", "#/$defs/<key>")]`.
    entries: &'d [Entry<'d>],
}

impl<'d> Reference<'d> {
    fn new(arena: &'d Arena, key: &str) -> Self {
        let pointer = arena.text(&format!("{PREFIX}{key}"));
        Self {
            entries: arena.slice(&[("$ref", Node::String(pointer))]),
        }
    }

    /// `{"$ref": …}`.
    pub(crate) fn node(self) -> Node<'d> {
        Node::Object(self.entries)
    }

    /// The entry alone, for a schema that says more.
    pub(crate) fn entry(self) -> Entry<'d> {
        self.entries
            .first()
            .copied()
            .unwrap_or(("$ref", Node::Null))
    }

    fn key(self) -> &'d str {
        let pointer = self.entry().1.as_str().unwrap_or_default();
        pointer.strip_prefix(PREFIX).unwrap_or(pointer)
    }
}

/// What every reference in a translated schema begins with.
const PREFIX: &str = "#/$defs/";

/// Gives each schema that is referred to one key, in the order of discovery.
#[derive(Default)]
pub(crate) struct Names<'d> {
    /// By the schema's address, which is stable while the tree is borrowed.
    by_node: HashMap<usize, Reference<'d>>,
    taken: HashSet<&'d str>,
    /// The newest number behind each wanted key, so that a thousand names that
    /// are sanitised to the same key do not search from 2 each time.
    counts: HashMap<String, usize>,
    waiting: VecDeque<Named<'d>>,
}

/// Tokens of a pointer that only say what kind of thing follows.
const STRUCTURE: &[&str] = &[
    "paths",
    "components",
    "schemas",
    "definitions",
    "properties",
    "content",
    "schema",
    "items",
    "responses",
    "parameters",
    "requestBodies",
    "requestBody",
    "headers",
    "$defs",
];
/// Longer keys are cut from the left: the end of a pointer says the most.
const MAX_KEY: usize = 80;

impl<'d> Names<'d> {
    /// The reference to the schema at `pointer`; the first call puts it in the queue.
    pub(crate) fn name(
        &mut self,
        pointer: &'d str,
        node: &'d Node<'d>,
        source: &mut Source<'d>,
    ) -> Reference<'d> {
        let address = std::ptr::from_ref(node).addr();
        if let Some(known) = self.by_node.get(&address) {
            return *known;
        }
        let (wanted, exact) = wanted_key(pointer);
        // A made key must not take the name of a component that comes later.
        let reserved = !exact && is_component(&wanted, source);
        let mut key = wanted.clone();
        if reserved || self.taken.contains(key.as_str()) {
            let count = self.counts.entry(wanted.clone()).or_insert(1);
            loop {
                *count += 1;
                key = format!("{wanted}.{count}");
                if !self.taken.contains(key.as_str()) {
                    break;
                }
            }
        }
        let reference = Reference::new(source.arena, &key);
        let key = reference.key();
        self.taken.insert(key);
        self.by_node.insert(address, reference);
        self.waiting.push_back(Named { key, pointer, node });
        reference
    }

    pub(crate) fn count(&self) -> usize {
        self.taken.len()
    }

    pub(crate) fn next(&mut self) -> Option<Named<'d>> {
        self.waiting.pop_front()
    }
}

fn is_component<'d>(name: &str, source: &mut Source<'d>) -> bool {
    ["#/components/schemas/", "#/definitions/"]
        .iter()
        .any(|home| source.resolve(&format!("{home}{name}")).is_ok())
}

/// The key that the pointer asks for, and whether it is a component's own name.
fn wanted_key(pointer: &str) -> (String, bool) {
    let tokens: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect();
    let component = match tokens.as_slice() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name)
        }
        [definitions, name] if definitions == "definitions" => Some(name),
        _ => None,
    };
    if let Some(name) = component {
        let key = sanitise(name);
        let exact = key == *name;
        return (key, exact);
    }
    // A pointer into another file of the description begins with the file.
    let (file, tokens) = match tokens.as_slice() {
        [files, file, rest @ ..] if files == bundle::FILES => (Some(file), rest),
        all => (None, all),
    };
    let parts: Vec<String> = tokens
        .iter()
        .filter(|token| !STRUCTURE.contains(&token.as_str()) && *token != "application/json")
        .map(|token| sanitise(token.trim_matches('/')))
        .collect();
    let parts = match file {
        Some(file) => bundle::key_below(&sanitise_file(file), parts),
        None => parts,
    };
    let joined = if parts.is_empty() {
        "root".to_owned()
    } else {
        parts.join(".")
    };
    let cut = joined.len().saturating_sub(MAX_KEY);
    (joined.get(cut..).unwrap_or(&joined).to_owned(), false)
}

fn sanitise_file(name: &str) -> String {
    sanitise(name.rsplit('/').next().unwrap_or(name))
}

/// Only `[A-Za-z0-9_.-]`, never empty.
fn sanitise(name: &str) -> String {
    let key: String = name
        .chars()
        .map(|letter| match letter {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '.' | '-' => letter,
            _ => '_',
        })
        .collect();
    if key.is_empty() { "_".to_owned() } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, json};

    #[test]
    fn keys_are_readable_and_unique() {
        let text = r#"{"components": {"schemas": {"a_b": {}, "a b": {}, "Pet": {}}}}"#;
        let arena = Arena::new();
        let (root, _) = json::parse(&arena, text, &Limits::WORKER).expect("valid");
        let mut source = Source::new(&arena, arena.value(root));
        let mut names = Names::default();
        // Each schema is a value of its own; the same value has the same key.
        let nodes = arena.slice(&[Node::Null; 9]);
        let mut name =
            |at: usize, pointer: &'static str| names.name(pointer, &nodes[at], &mut source).key();
        assert_eq!(name(0, "/components/schemas/a b"), "a_b.2");
        assert_eq!(name(1, "/components/schemas/a_b"), "a_b");
        assert_eq!(name(2, "/components/schemas/a\u{e9}b"), "a_b.3");
        assert_eq!(name(0, "/components/schemas/a b"), "a_b.2");
        assert_eq!(
            name(
                4,
                "/components/responses/Pet/content/application~1json/schema"
            ),
            "Pet.2"
        );
        assert_eq!(name(5, "/components/schemas/Pet"), "Pet");
        assert_eq!(
            name(
                6,
                "/paths/~1x~1{y}/get/responses/200/content/application~1json/schema"
            ),
            "x__y_.get.200"
        );
        assert_eq!(name(7, ""), "root");
        assert_eq!(name(8, "/components/schemas/"), "_");
    }
}
