//! What only the documented answer shows, and its schema leaves out.

use mcpengine_openapi::Node;

use super::response::{Answer, CONTAINERS, Leaf, MOST_DEPTH, MOST_PROPERTIES, words};

impl Answer {
    /// Values that only the documented answer has: Slack's schemas leave `next_cursor`
    /// out, and its examples show it.
    pub(super) fn walk_example(&mut self, example: &Node<'_>, path: &[String]) {
        let Node::Object(entries) = example else {
            return;
        };
        let parent = path.last().map(|name| words(name)).unwrap_or_default();
        for (name, value) in *entries {
            if self.leaves.len() >= MOST_PROPERTIES {
                return;
            }
            let mut own = path.to_vec();
            own.push((*name).to_owned());
            let words = words(name);
            if let Node::Object(_) = value {
                if CONTAINERS.contains(&words.as_str()) && own.len() < MOST_DEPTH {
                    self.walk_example(value, &own);
                }
                continue;
            }
            let Some(types) = types_of(value) else {
                continue;
            };
            let text = value.as_str().unwrap_or_default();
            if self.leaves.iter().all(|leaf| leaf.path != own) {
                self.leaves.push(Leaf {
                    path: own,
                    is_address: text.starts_with('/') || text.contains("://"),
                    item_id: None,
                    words,
                    parent: parent.clone(),
                    types,
                });
            }
        }
    }
}

/// The types of a value that could lead to the next page.
fn types_of(value: &Node<'_>) -> Option<Vec<&'static str>> {
    match value {
        Node::String(_) => Some(vec!["string"]),
        Node::Number(_) => Some(vec!["number"]),
        Node::Bool(_) => Some(vec!["boolean"]),
        Node::Null => Some(Vec::new()),
        Node::Array(_) | Node::Object(_) => None,
    }
}
