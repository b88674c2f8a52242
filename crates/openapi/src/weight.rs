//! What a copy costs.
//!
//! Parameters, bodies and responses that several operations share are copied
//! into each of them. A document of a megabyte could so ask for a terabyte; each
//! copy is therefore paid for, in units of about 64 bytes.

use crate::node::Node;

/// Units of a text.
pub(crate) fn of_text(text: &str) -> usize {
    text.len() / 64
}

/// Units of a value of the document, counted up to `limit`.
pub(crate) fn of_node(node: &Node<'_>, limit: usize) -> usize {
    let mut total = 1;
    match node {
        Node::Number(text) | Node::String(text) => total += of_text(text),
        Node::Array(items) => {
            for item in *items {
                if total >= limit {
                    break;
                }
                total += of_node(item, limit - total);
            }
        }
        Node::Object(entries) => {
            for (key, value) in *entries {
                if total >= limit {
                    break;
                }
                total += of_text(key) + of_node(value, limit.saturating_sub(total));
            }
        }
        Node::Null | Node::Bool(_) => {}
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighing_counts_values_and_text_and_stops_at_its_limit() {
        let items = vec![Node::Null; 1000];
        let node = Node::Array(&items);
        assert_eq!(of_node(&node, 10), 10);
        assert_eq!(of_node(&node, 5000), 1001);
        let text = "x".repeat(640);
        assert_eq!(of_node(&Node::String(&text), 5000), 11);
    }
}
