//! Names of tools: from `operationId`, else from method and path.
//!
//! A name depends on what the document says of the operation, never on where
//! it says it: collisions are settled in the order of the operations' keys.

mod action;
mod derive;
mod document;
mod ids;
mod segments;
#[cfg(test)]
mod tests;
mod verbs;

use std::collections::HashSet;

use mcpengine_openapi::{ApiDescription, Operation};

use crate::parallel;
use crate::words::{abbreviated, fingerprint, is_version, singular, split};
use derive::{Derived, marks, method_word};
use document::{Document, Reading};
use ids::Id;

/// The longest name that clients accept.
pub(crate) const MAX_NAME: usize = 64;
/// Clients put the server's name before the tool's and count both, so names
/// are shortened well before [`MAX_NAME`].
const COMFORTABLE: usize = 48;

/// Whether clients accept a name: `^[a-zA-Z0-9_-]{1,64}$`.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// One name per operation, in the operations' order. `wished` holds the names
/// that the document asks for by `x-mcp`. Read on so many threads at most.
pub(crate) fn names(
    api: &ApiDescription<'_>,
    keys: &[String],
    wished: &[Option<String>],
    threads: usize,
) -> Vec<String> {
    let readings = Reading::all(&api.operations, threads);
    let document = Document::of(&api.operations, &readings);
    let read: Vec<_> = api
        .operations
        .iter()
        .zip(readings.iter().zip(wished))
        .collect();
    let mut candidates = parallel::map(&read, threads, |(operation, (reading, wish))| {
        Candidates::new(operation, reading, wish.as_deref(), &document)
    });
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_cached_key(|&i| {
        let wish = wished.get(i).is_some_and(Option::is_some);
        let path = api.operations.get(i).map_or("", |operation| operation.path);
        (!wish, path.matches('/').count(), path.len(), keys.get(i))
    });

    let mut taken: HashSet<String> = HashSet::with_capacity(order.len());
    let mut names = vec![String::new(); order.len()];
    let mut settle = |i: usize, name: String, names: &mut Vec<String>| {
        let free = taken.insert(name.to_ascii_lowercase());
        if free && let Some(slot) = names.get_mut(i) {
            *slot = name;
        }
        free
    };
    // First every operation that gets its own first choice, so that no second
    // choice takes the plain name of another.
    order.retain(|&i| {
        let first = candidates
            .get(i)
            .map(|c| c.first.clone())
            .unwrap_or_default();
        !settle(i, first, &mut names)
    });
    for i in order {
        let (Some(candidates), Some(key)) = (candidates.get_mut(i), keys.get(i)) else {
            continue;
        };
        let settled = candidates
            .others()
            .into_iter()
            .any(|name| settle(i, name, &mut names));
        if !settled {
            let name = suffixed(&candidates.first, &fingerprint(key));
            if !settle(i, name, &mut names) {
                // Two keys with one fingerprint: a longer text has another.
                let name = suffixed(&candidates.first, &fingerprint(&format!("{key}{i}")));
                settle(i, name, &mut names);
            }
        }
    }
    names
}

/// What an operation could be called, best first.
struct Candidates {
    first: String,
    base: Vec<String>,
    method: &'static str,
    /// Static words of the path, outermost first, without versions.
    path: Vec<String>,
    placeholders: Vec<String>,
    /// Versions and the like, last.
    marks: Vec<String>,
    /// What the path ends with, if that is a number: `/status/404`.
    number: Option<String>,
}

/// Whether a name says a word of the path, which may be several: `bank_account`.
fn says(words: &[String], word: &str) -> bool {
    let name = format!("_{}_", words.join("_"));
    name.contains(&format!("_{word}_"))
}

impl Candidates {
    fn new(
        operation: &Operation<'_>,
        reading: &Reading,
        wish: Option<&str>,
        document: &Document<'_>,
    ) -> Self {
        let last = operation.path.rsplit('/').next().unwrap_or_default();
        let is_number = (1..=12).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_digit());
        let derived = |says_all| Derived::new(operation, &reading.path, document, says_all).words();
        let base = match &reading.id {
            Id::Own(words) => words.clone(),
            Id::Short(words) if !document.is_generated() => words.clone(),
            Id::Repeats { says_all } => derived(*says_all),
            Id::Short(_) | Id::Nothing => derived(false),
        };
        let first = match wish {
            Some(wish) => wish.to_owned(),
            None => fitted(&base),
        };
        Self {
            first,
            base,
            method: method_word(operation.method),
            path: reading.path.clone(),
            placeholders: reading.placeholders.clone(),
            marks: marks(operation.path),
            number: is_number.then(|| last.to_owned()),
        }
    }

    /// Second choices: with more and more words of the path, then of its
    /// placeholders, then with the method.
    fn others(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut words = self.base.clone();
        for word in self.path.iter().rev() {
            let singular = singular(word);
            // `cancel` of `/orders/{id}/cancel` is the verb already.
            let is_verb = self.base.first().is_some_and(|verb| {
                word.strip_prefix(verb.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            });
            if is_verb || says(&words, word) || says(&words, &singular) {
                continue;
            }
            // After the verb, before the noun: `list_team_members`.
            let mut one = self.base.clone();
            one.insert(1.min(one.len()), singular.clone());
            names.push(fitted(&one));
            words.insert(1.min(words.len()), singular);
            names.push(fitted(&words));
        }
        if let Some(number) = &self.number {
            let mut numbered = words.clone();
            numbered.push(number.clone());
            names.push(fitted(&numbered));
        }
        for placeholder in self.placeholders.iter().rev() {
            let mut by = words.clone();
            by.push("by".to_owned());
            by.extend(split(placeholder));
            names.push(fitted(&by));
        }
        for mark in self.marks.iter().rev() {
            let mut marked = words.clone();
            marked.push(mark.clone());
            names.push(fitted(&marked));
        }
        if words.first().is_none_or(|first| first != self.method) {
            let mut with_method = words;
            with_method.push(self.method.to_owned());
            names.push(fitted(&with_method));
        }
        names
    }
}

/// Words that a long name can do without.
const FILLERS: [&str; 18] = [
    "the",
    "a",
    "an",
    "of",
    "for",
    "by",
    "with",
    "in",
    "on",
    "to",
    "from",
    "and",
    "via",
    "using",
    "api",
    "rest",
    "controller",
    "endpoint",
];

/// Joins words to a name, shortened by whole words where it is long.
fn fitted(words: &[String]) -> String {
    let joined = words.join("_");
    if joined.len() <= COMFORTABLE {
        return joined;
    }
    let mut words: Vec<&str> = words.iter().flat_map(|word| word.split('_')).collect();
    let length = |words: &[&str]| {
        words
            .iter()
            .map(|word| word.len() + 1)
            .sum::<usize>()
            .saturating_sub(1)
    };
    words = words.into_iter().map(abbreviated).collect();
    let mut at = 1;
    while length(&words) > COMFORTABLE && at + 1 < words.len() {
        if words
            .get(at)
            .is_some_and(|word| FILLERS.contains(word) || is_version(word))
        {
            words.remove(at);
        } else {
            at += 1;
        }
    }
    // A repeated word says nothing the second time.
    let mut at = 1;
    while length(&words) > COMFORTABLE && at < words.len() {
        let repeats = words
            .get(..at)
            .zip(words.get(at))
            .is_some_and(|(said, word)| said.contains(word));
        if repeats {
            words.remove(at);
        } else {
            at += 1;
        }
    }
    // The verb comes first and the object last; the middle is context.
    while length(&words) > MAX_NAME && words.len() > 2 {
        words.remove(words.len() / 2);
    }
    words.join("_").chars().take(MAX_NAME).collect()
}

/// The name with a suffix, within [`MAX_NAME`], the suffix whole.
fn suffixed(name: &str, suffix: &str) -> String {
    let room = MAX_NAME - suffix.len() - 1;
    let head: String = name.chars().take(room).collect();
    let head = head.trim_end_matches(['_', '-']);
    if head.is_empty() {
        format!("tool_{suffix}")
    } else {
        format!("{head}_{suffix}")
    }
}

/// A name that the document or a person wishes, in the characters that clients
/// accept; `None` where nothing of it is left.
pub(crate) fn sanitised(name: &str) -> Option<String> {
    if is_name(name) {
        return Some(name.to_owned());
    }
    let fitted = fitted(&split(name));
    is_name(&fitted).then_some(fitted)
}
