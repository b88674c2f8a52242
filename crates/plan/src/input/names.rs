//! Names of input properties: the wire's where clients accept them.

use std::collections::HashSet;

use crate::fold::ascii_folded;
use crate::words::{fingerprint, split};

/// Anthropic's bound on property keys: `^[a-zA-Z0-9_.-]{1,64}$`.
const MAX_KEY: usize = 64;

/// Whether clients accept a property key.
pub(crate) fn is_key(name: &str) -> bool {
    (1..=MAX_KEY).contains(&name.len())
        && name != "__proto__"
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

/// The description of a property: where its key can show nothing of the wire
/// name (`名前` is `param_d19cf9`), the name stands in for a missing one.
pub(super) fn told<'a>(name: &'a str, description: Option<&'a str>) -> Option<&'a str> {
    let shows = ascii_folded(name)
        .bytes()
        .any(|b| b.is_ascii_alphanumeric());
    description.or_else(|| (!shows).then_some(name))
}

/// The keys of one input, each given out once.
#[derive(Debug, Default)]
pub(super) struct Keys {
    taken: HashSet<String>,
}

impl Keys {
    /// A free key for a wire name: the name itself, else with `qualifier`
    /// before or after it, else with a fingerprint.
    pub(super) fn claim(&mut self, name: &str, qualifier: Qualifier) -> String {
        let plain = mangled(name);
        let qualified = match qualifier {
            Qualifier::Before(word) => format!("{word}_{plain}"),
            Qualifier::After(word) => format!("{plain}_{word}"),
        };
        let mut attempt = 0_usize;
        loop {
            let key = match attempt {
                0 => plain.clone(),
                1 => bounded(&qualified),
                _ => {
                    let suffix = fingerprint(&format!("{name}{qualified}{attempt}"));
                    format!("{}_{suffix}", head(&qualified))
                }
            };
            if self.taken.insert(key.clone()) {
                return key;
            }
            attempt += 1;
        }
    }
}

impl Keys {
    /// A free key for a field of plain text. `body` of that type reads as the body
    /// of the request, and models then fill in all of it, serialised; where it is
    /// one field among others it is called `body_text`.
    pub(super) fn claim_text(&mut self, name: &str, qualifier: Qualifier) -> String {
        if reads_as_body(name) {
            self.claim(&format!("{name}_text"), qualifier)
        } else {
            self.claim(name, qualifier)
        }
    }
}

/// Whether a name reads as the body of the request.
pub(super) fn reads_as_body(name: &str) -> bool {
    matches!(name, "body" | "requestBody" | "request_body")
}

/// What tells a property apart from another of its name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Qualifier {
    Before(&'static str),
    After(&'static str),
}

/// A wire name in the characters of a key: `filter[name]` is `filter_name`,
/// `$top` is `top`, `Price>=` is `Price_gte`.
fn mangled(name: &str) -> String {
    if is_key(name) {
        return name.to_owned();
    }
    let (plain, comparison) = compared(name);
    let mut key = String::with_capacity(name.len());
    for c in ascii_folded(plain).chars() {
        if c.is_ascii_alphanumeric() || "_.-".contains(c) {
            key.push(c);
        } else if !key.ends_with('_') {
            key.push('_');
        }
    }
    let key = key.trim_matches(['_', '.', '-']);
    if key.is_empty() {
        format!("param_{}", fingerprint(name))
    } else if let Some(word) = comparison {
        bounded(&format!("{key}_{word}"))
    } else {
        bounded(key)
    }
}

/// A name without the sign of comparison that it ends with, and the sign as a
/// word. Of Twilio's `DateCreated`, `DateCreated<` and `DateCreated>` nothing else
/// tells which is which.
fn compared(name: &str) -> (&str, Option<&'static str>) {
    const SIGNS: [(&str, &str, &str); 6] = [
        ("<=", "lte", "lte"),
        (">=", "gte", "gte"),
        ("!=", "not", "not"),
        ("<", "lt", "before"),
        (">", "gt", "after"),
        ("!", "not", "not"),
    ];
    let sign = SIGNS
        .iter()
        .find_map(|(sign, word, of_time)| Some((name.strip_suffix(sign)?, *word, *of_time)));
    // `array<string>` compares nothing.
    let sign = sign.filter(|(plain, _, _)| !plain.contains(['<', '>']));
    let Some((plain, word, of_time)) = sign else {
        return (name, None);
    };
    let is_time = split(plain)
        .iter()
        .any(|word| matches!(word.as_str(), "at" | "date" | "day" | "time" | "timestamp"));
    (plain, Some(if is_time { of_time } else { word }))
}

fn bounded(key: &str) -> String {
    if key.len() <= MAX_KEY {
        key.to_owned()
    } else {
        format!("{}_{}", head(key), fingerprint(key))
    }
}

/// The beginning of a long key, with room for a fingerprint, at a word's end.
fn head(key: &str) -> &str {
    let head = key.get(..key.len().min(MAX_KEY - 7)).unwrap_or(key);
    let words = if head.len() < key.len() {
        head.rsplit_once(['_', '.', '-']).map(|(words, _)| words)
    } else {
        None
    };
    words
        .filter(|words| words.len() > 20)
        .unwrap_or(head)
        .trim_end_matches(['_', '.', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_become_readable_unique_keys() {
        let mut keys = Keys::default();
        let long = "a_very_long_name_of_a_parameter_that_nobody_would_ever_want_to_type_by_hand[x]";
        for (name, qualifier, expected) in [
            ("id", Qualifier::After("path"), "id"),
            ("id", Qualifier::After("query"), "id_query"),
            ("id", Qualifier::Before("body"), "body_id"),
            ("filter[name]", Qualifier::After("query"), "filter_name"),
            (
                "filter[name][]",
                Qualifier::After("query"),
                "filter_name_query",
            ),
            ("$top", Qualifier::After("query"), "top"),
            ("X-Request-ID", Qualifier::After("header"), "X-Request-ID"),
            ("número_pedido", Qualifier::After("query"), "numero_pedido"),
            ("DateCreated", Qualifier::After("query"), "DateCreated"),
            (
                "DateCreated<",
                Qualifier::After("query"),
                "DateCreated_before",
            ),
            (
                "DateCreated>",
                Qualifier::After("query"),
                "DateCreated_after",
            ),
            ("price>=", Qualifier::After("query"), "price_gte"),
            ("price<", Qualifier::After("query"), "price_lt"),
            ("array<string>", Qualifier::After("query"), "array_string"),
            ("state!", Qualifier::After("query"), "state_not"),
            ("__proto__", Qualifier::Before("body"), "proto"),
            ("名前", Qualifier::After("query"), "param_3d5f2a"),
            (
                long,
                Qualifier::After("query"),
                "a_very_long_name_of_a_parameter_that_nobody_would_ever",
            ),
        ] {
            let key = keys.claim(name, qualifier);
            assert!(is_key(&key), "{key}");
            if name == "名前" {
                assert!(key.starts_with("param_"), "{key}");
            } else if name.len() > 64 {
                assert!(key.starts_with(expected), "{key}");
            } else {
                assert_eq!(key, expected);
            }
        }
    }

    #[test]
    fn a_text_is_not_called_body() {
        let mut keys = Keys::default();
        assert_eq!(keys.claim("body", Qualifier::Before("request")), "body");
        assert_eq!(
            keys.claim_text("body", Qualifier::Before("body")),
            "body_text"
        );
        assert_eq!(keys.claim_text("title", Qualifier::Before("body")), "title");
    }
}
