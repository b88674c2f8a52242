//! Which named schemas contain themselves.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use mcpengine_openapi::Node;

/// The key that a local reference names: `Pet` of `#/$defs/Pet`.
pub(crate) fn ref_key(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/$defs/")
}

/// The names of all schemas on a cycle of references (strongly connected
/// components, Tarjan's algorithm without recursion: a hostile document can
/// chain a million names).
pub(crate) fn recursive<'a>(schemas: &IndexMap<&'a str, Node<'a>>) -> HashSet<&'a str> {
    let edges: Vec<Vec<usize>> = schemas
        .values()
        .map(|schema| references(schema, schemas))
        .collect();
    let mut found = HashSet::new();
    let mut search = Search {
        index: vec![UNSEEN; edges.len()],
        low: vec![0; edges.len()],
        ..Search::default()
    };
    for start in 0..edges.len() {
        if search.index.get(start) == Some(&UNSEEN) {
            search.from(start, &edges, &mut |component: &[usize]| {
                let cyclic = component.len() > 1
                    || component
                        .iter()
                        .any(|v| edges.get(*v).is_some_and(|to| to.contains(v)));
                if cyclic {
                    found.extend(
                        component
                            .iter()
                            .filter_map(|v| schemas.get_index(*v))
                            .map(|(key, _)| *key),
                    );
                }
            });
        }
    }
    found
}

const UNSEEN: usize = usize::MAX;

#[derive(Default)]
struct Search {
    index: Vec<usize>,
    low: Vec<usize>,
    stack: Vec<usize>,
    on_stack: HashMap<usize, ()>,
    next: usize,
}

impl Search {
    /// One depth-first search; `work` holds each open node and its next edge.
    fn from(&mut self, start: usize, edges: &[Vec<usize>], component: &mut dyn FnMut(&[usize])) {
        let mut work = vec![(start, 0)];
        self.open(start);
        while let Some((node, edge)) = work.pop() {
            if let Some(&to) = edges.get(node).and_then(|edges| edges.get(edge)) {
                work.push((node, edge + 1));
                if self.index.get(to) == Some(&UNSEEN) {
                    self.open(to);
                    work.push((to, 0));
                } else if self.on_stack.contains_key(&to) {
                    self.lower(node, self.index.get(to).copied().unwrap_or(0));
                }
                continue;
            }
            let low = self.low.get(node).copied().unwrap_or(0);
            if let Some((parent, _)) = work.last() {
                self.lower(*parent, low);
            }
            if self.index.get(node) == Some(&low) {
                let at = self.stack.iter().rposition(|v| *v == node).unwrap_or(0);
                let members = self.stack.split_off(at);
                for member in &members {
                    self.on_stack.remove(member);
                }
                component(&members);
            }
        }
    }

    fn open(&mut self, node: usize) {
        if let (Some(index), Some(low)) = (self.index.get_mut(node), self.low.get_mut(node)) {
            *index = self.next;
            *low = self.next;
        }
        self.next += 1;
        self.stack.push(node);
        self.on_stack.insert(node, ());
    }

    fn lower(&mut self, node: usize, to: usize) {
        if let Some(low) = self.low.get_mut(node) {
            *low = to.min(*low);
        }
    }
}

fn references(schema: &Node<'_>, schemas: &IndexMap<&str, Node<'_>>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = vec![*schema];
    while let Some(value) = open.pop() {
        match value {
            Node::Object(entries) => {
                for (key, value) in entries {
                    match value {
                        Node::String(text) if *key == "$ref" => {
                            found.extend(ref_key(text).and_then(|key| schemas.get_index_of(key)));
                        }
                        // Data, not schemas.
                        _ if matches!(
                            *key,
                            "enum" | "const" | "default" | "examples" | "discriminator"
                        ) => {}
                        Node::Object(_) | Node::Array(_) => open.push(*value),
                        _ => {}
                    }
                }
            }
            Node::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cycles_are_found_and_chains_are_not() {
        let schemas = crate::fixtures::schemas(&json!({
            "Leaf": {"type": "string"},
            "Chain": {"properties": {"leaf": {"$ref": "#/$defs/Leaf"}, "node": {"$ref": "#/$defs/Node"}}},
            "Node": {"properties": {"next": {"$ref": "#/$defs/Node"}}},
            "A": {"allOf": [{"$ref": "#/$defs/B"}]},
            "B": {"items": {"$ref": "#/$defs/C"}},
            "C": {"anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/Missing"}]},
            "Data": {"default": {"$ref": "#/$defs/Data"}},
        }));
        let mut found: Vec<&str> = recursive(&schemas).into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, ["A", "B", "C", "Node"]);
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let mut schemas = serde_json::Map::new();
        for i in 0..100_000 {
            schemas.insert(
                format!("S{i}"),
                json!({"items": {"$ref": format!("#/$defs/S{}", (i + 1) % 100_000)}}),
            );
        }
        let schemas = crate::fixtures::schemas(&schemas.into());
        assert_eq!(recursive(&schemas).len(), 100_000);
    }
}
