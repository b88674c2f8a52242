//! What an `operationId` says.

use mcpengine_openapi::Operation;

use super::derive::method_word;
use super::segments;
use super::verbs::{is_preposition, kind};
use crate::words::{is_version, singular, split};

/// What an `operationId` is good for.
#[derive(Debug)]
pub(super) enum Id {
    /// It names the operation.
    Own(Vec<String>),
    /// `getPets` on `/pets`: the author's own words, unless all ids of the document
    /// are made of method and path.
    Short(Vec<String>),
    /// It is method and path again, which a derived name says better. `says_all`:
    /// with all words of a path without placeholders.
    Repeats { says_all: bool },
    /// It says nothing, or there is none.
    Nothing,
}

/// Reads an `operationId`. `turns`: whether an underscore may part a class from its
/// method in this document.
pub(super) fn read(operation: &Operation<'_>, path: &[String], turns: bool) -> Id {
    let Some(id) = operation.operation_id else {
        return Id::Nothing;
    };
    let id = without_generated_ending(id, operation);
    if is_hash(id) {
        return Id::Nothing;
    }
    let mut words = segments::verb_first(id, turns).unwrap_or_else(|| split(id));
    // springfox: `listPetsUsingGET_1`.
    if let Some(at) = words.iter().position(|word| word == "using")
        && words
            .get(at + 1)
            .is_some_and(|word| word.starts_with(method_word(operation.method)))
        && at > 0
        && words.len() <= at + 3
    {
        words.truncate(at);
    }
    drop_placeholders(&mut words, operation);
    if says_nothing(&words, path) {
        return Id::Nothing;
    }
    match repeated(words, operation, path) {
        Id::Own(mut words) => {
            drop_repeated(&mut words);
            Id::Own(words)
        }
        other => other,
    }
}

/// Whether the words of an id only repeat method and path.
fn repeated(words: Vec<String>, operation: &Operation<'_>, path: &[String]) -> Id {
    let method = method_word(operation.method);
    // Stoplight: `post-v1-jobs-job_id`, also where the path is another by now.
    let mut rest = words.iter().skip(1);
    let mut version = rest.next();
    if version.is_some_and(|word| word == "api" || word == "rest") {
        version = rest.next();
    }
    let is_stoplight = words.first().is_some_and(|word| word == method)
        && version.is_some_and(|word| is_version(word));
    if is_stoplight && !path.is_empty() {
        return Id::Repeats { says_all: false };
    }
    let mut said: Vec<&str> = without_versions(&words).collect();
    if said.first() == Some(&method) {
        said.remove(0);
    } else if said.last() == Some(&method) {
        said.pop();
    } else {
        return Id::Own(words);
    }
    let parts = path.iter().flat_map(|word| word.split('_'));
    let path_text: String = parts.filter(|word| !is_version(word)).collect();
    let with_placeholders: String = without_versions(&split(operation.path)).collect();
    let without_ids: String = said
        .iter()
        .filter(|word| !matches!(**word, "id" | "ids" | "by"))
        .copied()
        .collect();
    let said = said.concat();
    // `getPets` on `/pets` is the author's own word, `getAccountsAccount` on
    // `/accounts/{account}` is the path again. No author says `postPets`.
    let says_path = said == path_text && !path.is_empty();
    if says_path && path.len() == 1 {
        return if matches!(method, "post" | "put") {
            Id::Repeats { says_all: false }
        } else {
            Id::Short(words)
        };
    }
    let repeats = says_path
        || (said == with_placeholders && with_placeholders != path_text)
        || (without_ids == path_text && without_ids != said);
    if repeats {
        Id::Repeats {
            says_all: says_path,
        }
    } else {
        Id::Own(words)
    }
}

fn without_versions(words: &[String]) -> impl Iterator<Item = &str> {
    let words = words.iter().map(String::as_str);
    words.filter(|word| !is_version(word))
}

/// `OrganizationExport_OrganizationExport_Get` says its class twice: a group of
/// words that follows itself is left out.
fn drop_repeated(words: &mut Vec<String>) {
    const MANY: usize = 48;
    words.dedup();
    if words.len() > MANY {
        return;
    }
    // `Account_Accounts_GetGroups`, but neither `list_lists` nor `put_nodes_node_id`.
    let is_class = |word: &String| kind(word).is_none() && word != "put" && word != "patch";
    if words.first().is_some_and(is_class) {
        words.dedup_by(|two, one| kind(one).is_none() && singular(one) == singular(two));
    }
    for size in 2..=4_usize {
        let mut at = 0;
        while let (Some(one), Some(two)) = (
            words.get(at..at + size),
            words.get(at + size..at + size + size),
        ) {
            let is_same = one.iter().zip(two).all(|(one, two)| {
                !is_preposition(one) && (one == two || singular(one) == singular(two))
            });
            if is_same {
                words.drain(at + size..at + size + size);
            } else {
                at += 1;
            }
        }
    }
}

/// Whether words are numbers only, or a verb without what it is done to.
fn says_nothing(words: &[String], path: &[String]) -> bool {
    const VERBS: [&str; 12] = [
        "all", "create", "delete", "find", "get", "index", "list", "patch", "post", "put", "show",
        "update",
    ];
    match words {
        // `GET /find` is about finding.
        [only] if VERBS.contains(&only.as_str()) => path.last().is_some_and(|last| last != only),
        _ => words
            .iter()
            .all(|word| word.bytes().all(|b| b.is_ascii_digit())),
    }
}

/// Whether an id is a number that nobody gave: `5476362a281d830c946a3d69`, or a UUID.
fn is_hash(id: &str) -> bool {
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let hex = id.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = id.bytes().filter(|byte| *byte == b'-').count();
    hex >= 16 && digits >= 4 && hex + dashes == id.len()
}

/// Cuts `by id card by id check item` off a long name: the placeholders are
/// inputs anyway.
fn drop_placeholders(words: &mut Vec<String>, operation: &Operation<'_>) {
    let length: usize = words.iter().map(|word| word.len() + 1).sum();
    let Some(at) = words
        .iter()
        .position(|word| word == "by")
        .filter(|at| *at > 1)
    else {
        return;
    };
    let tail = words.get(at..).unwrap_or_default().concat();
    let mut spelled = String::new();
    for placeholder in crate::input::placeholders(operation.path) {
        spelled.push_str("by");
        spelled.push_str(&split(placeholder).concat());
    }
    let same_letters = |a: &str, b: &str| {
        let (mut a, mut b): (Vec<u8>, Vec<u8>) = (a.bytes().collect(), b.bytes().collect());
        a.sort_unstable();
        b.sort_unstable();
        a == b
    };
    // Generators order the placeholders by name, the path by place.
    if length > 32 && same_letters(&tail, &spelled) {
        words.truncate(at);
    }
}

/// FastAPI appends the mangled path and the method to the function's name:
/// `read_item_items__item_id__get`.
fn without_generated_ending<'a>(id: &'a str, operation: &Operation<'_>) -> &'a str {
    let mangled: String = operation
        .path
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let ending = format!("{mangled}_{}", method_word(operation.method));
    id.strip_suffix(ending.as_str())
        .filter(|name| !name.is_empty())
        .unwrap_or(id)
}
