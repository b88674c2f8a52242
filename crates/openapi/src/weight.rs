//! What a copy costs.
//!
//! Parameters, bodies and responses that several operations share are copied
//! into each of them. A document of a megabyte could so ask for a terabyte; each
//! copy is therefore paid for, in units of about 64 bytes.

use serde_json::Value;

use crate::{model::Parameter, node::Node};

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
            for item in items {
                if total >= limit {
                    break;
                }
                total += of_node(item, limit - total);
            }
        }
        Node::Object(entries) => {
            for (key, value) in entries {
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

/// Units of a value that has been translated.
pub(crate) fn of_value(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + of_text(text),
        Value::Array(items) => 1 + items.iter().map(of_value).sum::<usize>(),
        Value::Object(entries) => {
            1 + entries
                .iter()
                .map(|(key, value)| of_text(key) + of_value(value))
                .sum::<usize>()
        }
        _ => 1,
    }
}

/// Units of a parameter.
pub(crate) fn of_parameter(parameter: &Parameter) -> usize {
    let text = |text: &Option<String>| text.as_deref().map_or(0, of_text);
    4 + of_value(&parameter.schema)
        + text(&parameter.description)
        + text(&parameter.content_type)
        + parameter.example.as_ref().map_or(0, of_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighing_counts_values_and_text_and_stops_at_its_limit() {
        let node = Node::Array(vec![Node::Null; 1000]);
        assert_eq!(of_node(&node, 10), 10);
        assert_eq!(of_node(&node, 5000), 1001);
        let text = Node::String("x".repeat(640).into());
        assert_eq!(of_node(&text, 5000), 11);
        assert_eq!(of_value(&text.to_value()), 11);
    }
}
