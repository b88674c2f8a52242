//! Extensions that tell rate limits: `x-ratelimit…` and `x-rate-limit…`.

use super::Walker;
use crate::node::Node;

/// Extensions that are kept; a document that has more repeats itself.
const MOST: usize = 16;
/// Scalars of one that are kept: limits are told in a few words.
const MOST_SCALARS: usize = 24;
const MOST_BYTES: usize = 300;

impl<'d> Walker<'d> {
    /// Keeps the rate limits that `node` is extended with, as text.
    pub(super) fn note_rate_limits(&mut self, node: &'d Node<'d>) {
        for (key, value) in node.as_object().unwrap_or_default() {
            if self.rate_limits.len() >= MOST || !is_rate_limit(key) {
                continue;
            }
            let text = text(value);
            if !text.is_empty() && !self.rate_limits.contains(&text) {
                self.rate_limits.push(text);
            }
        }
    }
}

fn is_rate_limit(key: &str) -> bool {
    let starts = |prefix: &str| {
        key.get(..prefix.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    };
    starts("x-ratelimit") || starts("x-rate-limit")
}

/// The scalars of a value in its order, each after its key.
fn text(value: &Node<'_>) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut open = vec![("", value)];
    while let Some((key, value)) = open.pop() {
        if words.len() >= MOST_SCALARS {
            break;
        }
        if let Some(scalar) = value.as_text() {
            words.extend([key, scalar]);
        }
        let entries = value.as_object().unwrap_or_default().iter().rev();
        open.extend(entries.take(MOST_SCALARS).map(|(key, value)| (*key, value)));
        // A list's key goes with its first item.
        let items = value.as_array().unwrap_or_default().iter().enumerate();
        let items = items.take(MOST_SCALARS).map(|(at, value)| match at {
            0 => (key, value),
            _ => ("", value),
        });
        open.extend(items.rev());
    }
    words.retain(|word| !word.is_empty());
    let mut text = words.join(" ");
    text.truncate(text.floor_char_boundary(MOST_BYTES));
    text
}
