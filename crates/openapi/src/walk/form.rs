//! A form that is described as one string, with an example of it: its fields are read
//! off the example (`title=Soup&servings=2`).

use std::collections::HashSet;

use super::Walker;
use crate::node::{Entry, Node};

/// Of one form.
const MAX_FIELDS: usize = 64;
/// In bytes, of a name.
const MAX_NAME: usize = 64;

impl<'d> Walker<'d> {
    /// The schema of a form's fields; `None` where the schema already lists them, or
    /// where the example is no form.
    pub(super) fn form_of_example(
        &self,
        schema: Option<&Node<'d>>,
        example: Option<&Node<'d>>,
    ) -> Option<Node<'d>> {
        let written = schema?;
        let is_text = written.get("type").and_then(Node::as_str) == Some("string");
        if !is_text || written.get("enum").is_some() {
            return None;
        }
        let of_schema = || match written.get("examples")? {
            Node::Array(examples) => examples.first(),
            _ => None,
        };
        let text = example.or_else(of_schema)?.as_str()?;
        let arena = self.source.arena;
        let mut known = HashSet::new();
        let mut fields: Vec<Entry<'d>> = Vec::new();
        for pair in text.trim().split('&') {
            let (name, value) = pair.split_once('=')?;
            if !is_field(name) || fields.len() >= MAX_FIELDS {
                return None;
            }
            if known.insert(name) {
                let mut field = vec![("type", Node::String("string"))];
                if !value.is_empty() && !value.contains(['%', '+']) {
                    let examples = arena.slice(&[Node::String(value)]);
                    field.push(("examples", Node::Array(examples)));
                }
                fields.push((name, Node::Object(arena.slice(&field))));
            }
        }
        let form = [
            ("type", Node::String("object")),
            ("properties", Node::Object(arena.slice(&fields))),
        ];
        Some(Node::Object(arena.slice(&form)))
    }
}

fn is_field(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-[]".contains(&byte))
}
