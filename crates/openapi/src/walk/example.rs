//! Examples of parameters and media types.

use super::Walker;
use crate::{node::Node, place::Place, weight};

/// Larger examples are left out: they are there to be read, and a shared one is
/// copied into each operation that refers to it.
const MAX_WEIGHT: usize = 256;

impl<'d> Walker<'d> {
    /// `example`, or the first of `examples` that holds a value.
    pub(super) fn example(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> Option<Node<'d>> {
        let found = match node.get("example").or_else(|| node.get("x-example")) {
            Some(example) => example,
            None => match node.get("examples")? {
                Node::Array(items) => items.first()?,
                Node::Object(entries) => {
                    let (name, first) = entries.first()?;
                    let examples = place.key("examples");
                    let at = examples.key(name);
                    let followed = self.follow(first, "example", &at)?;
                    // An `externalValue` is elsewhere.
                    followed
                        .node
                        .get("value")
                        .or_else(|| followed.node.get("dataValue"))?
                }
                _ => return None,
            },
        };
        if weight::of_node(found, MAX_WEIGHT + 1) > MAX_WEIGHT {
            return None;
        }
        Some(*found)
    }
}
