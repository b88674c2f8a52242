//! Keys for the schemas that others refer to.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::{bundle, node::Node, refs::Source};

/// A schema that waits for its translation.
pub(crate) struct Named<'d> {
    pub(crate) key: String,
    pub(crate) pointer: String,
    pub(crate) node: &'d Node<'d>,
}

/// Gives each schema that is referred to one key, in the order of discovery.
#[derive(Default)]
pub(crate) struct Names<'d> {
    /// By the schema's address, which is stable while the tree is borrowed.
    by_node: HashMap<usize, String>,
    taken: HashSet<String>,
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
    /// The key of the schema at `pointer`; the first call puts it in the queue.
    pub(crate) fn name(
        &mut self,
        pointer: String,
        node: &'d Node<'d>,
        source: &mut Source<'d>,
    ) -> String {
        let address = std::ptr::from_ref(node).addr();
        if let Some(key) = self.by_node.get(&address) {
            return key.clone();
        }
        let (wanted, exact) = wanted_key(&pointer);
        // A made key must not take the name of a component that comes later.
        let reserved = !exact && is_component(&wanted, source);
        let mut key = wanted.clone();
        if reserved || self.taken.contains(&key) {
            let count = self.counts.entry(wanted.clone()).or_insert(1);
            loop {
                *count += 1;
                key = format!("{wanted}.{count}");
                if !self.taken.contains(&key) {
                    break;
                }
            }
        }
        self.taken.insert(key.clone());
        self.by_node.insert(address, key.clone());
        self.waiting.push_back(Named {
            key: key.clone(),
            pointer,
            node,
        });
        key
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
        let (root, _) = json::parse(text, &Limits::WORKER).expect("valid");
        let mut source = Source::new(&root);
        let mut names = Names::default();
        // Each schema is a value of its own; the same value has the same key.
        let nodes = vec![Node::Null; 9];
        let mut name =
            |at: usize, pointer: &str| names.name(pointer.to_owned(), &nodes[at], &mut source);
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
