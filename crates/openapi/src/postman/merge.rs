//! Requests that share an operation, and the name that they share.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::Reader;
use crate::{
    outline::{Sketch, key_of},
    place::{Place, shorten},
};

/// The operation that a request shows, before it is known which others show it.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) sketch: Sketch,
    pub(super) folder: Option<usize>,
    /// What the body asks for, where that tells operations apart.
    pub(super) call: Option<String>,
}

/// Longer lists of names are cut.
const MAX_NAMES: usize = 200;

impl Reader<'_, '_> {
    /// One draft for each operation, in the order of the first requests.
    pub(super) fn merge(&mut self, mut drafts: Vec<Draft>) -> Vec<Draft> {
        tell_calls_apart(&mut drafts);
        let mut merged: IndexMap<String, (Draft, Vec<String>)> = IndexMap::new();
        for draft in drafts {
            let key = key_of(draft.sketch.method, &draft.sketch.path);
            let name = draft.sketch.summary.clone();
            let Some((first, names)) = merged.get_mut(&key) else {
                merged.insert(key, (draft, name.into_iter().collect()));
                continue;
            };
            if names.len() < MAX_NAMES {
                names.extend(name);
            }
            self.report.info(
                "postman-merged",
                &Place::At(&draft.sketch.at),
                format!(
                    "{} {} is requested at {} too; both requests are one operation.",
                    draft.sketch.method.to_ascii_uppercase(),
                    shorten(&draft.sketch.path),
                    first.sketch.at
                ),
                "Give requests that are meant to be different tools different paths.",
            );
            first.sketch.merge(draft.sketch);
        }
        let merged = merged.into_values().map(|(mut draft, names)| {
            if let Some(name) = common(&names) {
                draft.sketch.summary = Some(name);
            }
            draft
        });
        merged.collect()
    }
}

/// Gives requests of one method and path that ask for different things paths of
/// their own: a fragment is never sent.
fn tell_calls_apart(drafts: &mut [Draft]) {
    let mut calls: HashMap<String, HashSet<&str>> = HashMap::new();
    for draft in drafts.iter() {
        if let Some(call) = &draft.call {
            let key = key_of(draft.sketch.method, &draft.sketch.path);
            calls.entry(key).or_default().insert(call);
        }
    }
    let several: HashSet<String> = calls
        .into_iter()
        .filter(|(_, names)| names.len() > 1)
        .map(|(key, _)| key)
        .collect();
    for draft in drafts {
        let key = key_of(draft.sketch.method, &draft.sketch.path);
        if let Some(call) = draft.call.as_ref().filter(|_| several.contains(&key)) {
            draft.sketch.path = format!("{}#{call}", draft.sketch.path);
        }
    }
}

/// The words that all names start with, where they are a name: `Add pet - valid`
/// and `Add pet - without name` are both `Add pet`. `None` where the first name is
/// the best that there is.
fn common(names: &[String]) -> Option<String> {
    let (first, others) = names.split_first()?;
    let first: Vec<&str> = first.split_whitespace().collect();
    let mut count = first.len();
    let mut is_one_of_them = true;
    for other in others {
        let words = other.split_whitespace();
        let same = first
            .iter()
            .zip(words.clone())
            .take_while(|(left, right)| left.eq_ignore_ascii_case(right))
            .count();
        is_one_of_them = match same.cmp(&count) {
            std::cmp::Ordering::Less => words.count() == same,
            _ => is_one_of_them || words.count() == same,
        };
        count = count.min(same);
    }
    if count == first.len() {
        return None;
    }
    let shared = first.get(..count)?;
    let kept = shared
        .iter()
        .rposition(|word| !is_joint(word))
        .map_or(0, |at| at + 1);
    let is_apart = first
        .get(kept..=count)
        .is_some_and(|joints| joints.iter().any(|word| is_mark(word)))
        || shared.last().is_some_and(|word| word.ends_with([':', ',']));
    let is_name = is_one_of_them || is_apart || kept > 1;
    let name = shared.get(..kept)?.join(" ");
    let name = name.trim_end_matches([':', ',', '-']).trim_end();
    (is_name && !name.is_empty()).then(|| name.to_owned())
}

/// What joins a name and its variant: a mark, or a word such as `with`.
fn is_joint(word: &str) -> bool {
    const WORDS: [&str; 18] = [
        "with", "without", "for", "by", "and", "or", "to", "of", "in", "on", "a", "an", "the",
        "from", "using", "as", "via", "if",
    ];
    is_mark(word) || WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn is_mark(word: &str) -> bool {
    word.starts_with('(') || !word.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variants_have_a_name_in_common() {
        let shared = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            common(&names)
        };
        for (names, wanted) in [
            (
                &["Add pet - valid", "Add pet - without name"][..],
                Some("Add pet"),
            ),
            (&["Login: ok", "Login: wrong"], Some("Login")),
            (&["Login (ok)", "Login (wrong)"], Some("Login")),
            (
                &["Create user with mail", "create user with phone"],
                Some("Create user"),
            ),
            (&["Find", "Find with y"], None),
            (&["Find with y", "Find"], Some("Find")),
            (&["Create user", "Create admin"], None),
            (&["Create a user", "Create an admin"], None),
            (&["Create a user", "Create a room (new)"], None),
            (&["Cards", "Pay by bank"], None),
            (&["Cards", "Cards"], None),
            (&[], None),
        ] {
            assert_eq!(shared(names).as_deref(), wanted, "{names:?}");
        }
    }
}
