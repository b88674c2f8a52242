//! What YAML's plain scalars and merge keys mean.

use std::{borrow::Cow, collections::HashSet};

use crate::node::Node;

/// Applies `<<`: keys of the object itself win, then those of earlier sources.
pub(super) fn merge(node: &mut Node<'_>) {
    let Node::Object(entries) = node else { return };
    let Some(at) = entries.iter().position(|(key, _)| key == "<<") else {
        return;
    };
    let sources = match entries.remove(at) {
        (_, Node::Array(items)) => items,
        (_, other) => vec![other],
    };
    let mut known: HashSet<String> = entries.iter().map(|(key, _)| key.to_string()).collect();
    let mut merged = Vec::new();
    for source in sources {
        let Node::Object(inherited) = source else {
            continue;
        };
        for (key, value) in inherited {
            if known.insert(key.to_string()) {
                merged.push((key, value));
            }
        }
    }
    // Where the merge key stood, so that the order is the one that people see.
    entries.splice(at..at, merged);
}

/// The core schema of YAML 1.2.2 §10.3.2. `.inf` and `.nan` stay text: JSON,
/// which everything after this speaks, has no such numbers.
pub(super) fn resolve(text: Cow<'_, str>) -> Node<'_> {
    match text.as_ref() {
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
