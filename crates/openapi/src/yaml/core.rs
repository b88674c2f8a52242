//! What YAML's plain scalars and merge keys mean.

use std::collections::HashSet;

use crate::{
    arena::Arena,
    node::{Entry, Node},
};

/// Applies `<<`: keys of the object itself win, then those of earlier sources.
pub(super) fn merge<'t>(arena: &'t Arena, node: Node<'t>) -> Node<'t> {
    let Node::Object(entries) = node else {
        return node;
    };
    let Some(at) = entries.iter().position(|(key, _)| *key == "<<") else {
        return node;
    };
    let sources = match entries.get(at) {
        Some((_, Node::Array(items))) => *items,
        Some((_, other)) => std::slice::from_ref(other),
        None => &[],
    };
    let own = entries.iter().filter(|(key, _)| *key != "<<");
    let mut known: HashSet<&str> = own.map(|(key, _)| *key).collect();
    // Where the merge key stood, so that the order is the one that people see.
    let (before, from) = entries.split_at(at);
    let mut merged: Vec<Entry<'t>> = before.to_vec();
    for source in sources {
        for entry in source.as_object().unwrap_or_default() {
            if known.insert(entry.0) {
                merged.push(*entry);
            }
        }
    }
    merged.extend(from.iter().skip(1));
    Node::Object(arena.slice(&merged))
}

/// The core schema of YAML 1.2.2 §10.3.2. `.inf` and `.nan` stay text: JSON,
/// which everything after this speaks, has no such numbers.
pub(super) fn resolve(text: &str) -> Node<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Node::Null,
        "true" | "True" | "TRUE" => Node::Bool(true),
        "false" | "False" | "FALSE" => Node::Bool(false),
        other if is_number(other) => Node::Number(text),
        _ => Node::String(text),
    }
}

fn is_number(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0x") {
        // Longer ones do not fit 64 bits, and are identifiers in practice.
        return (1..=16).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return (1..=21).contains(&digits.len())
            && digits.bytes().all(|b| matches!(b, b'0'..=b'7'));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, part)) => {
            digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty())
        }
        None => !mantissa.is_empty() && digits(mantissa),
    };
    mantissa_fits && exponent_fits
}
