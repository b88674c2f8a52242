//! Truthful hints: what a call may do, from its method and its words.
//!
//! A client may let a model call what is read-only without asking anybody, so
//! in doubt a call is not read-only, and in doubt it takes something away.

use mcpengine_openapi::{Method, Operation};

use crate::Annotations;
use crate::words::{singular, split};
use lists::{ADDS, CREDENTIALS, DESTROYS, DESTROYS_AS_VERB, DONE_BY_GET, READS, THINGS, WRITES};

mod lists;

/// The annotations of an operation.
///
/// `PUT` and `PATCH` count as destructive: MCP calls a change destructive unless
/// it only adds, and both write over what was there. `PUT` and `DELETE` are
/// idempotent by HTTP (RFC 9110 §9.2.2). A `POST` is additive unless its path, its
/// name or its first words say otherwise. The world is always open: the API is another system.
pub(crate) fn plan(operation: &Operation<'_>) -> Annotations {
    let said = Said::of(operation);
    let (read_only, destructive, idempotent) = match operation.method {
        Method::Get | Method::Head => {
            // `GET /users/{id}/delete` exists: such an API is not taken at HTTP's word.
            let lies = said.does_something();
            (!lies, lies && said.destroys(), !lies)
        }
        Method::Options | Method::Trace | Method::Query => (true, false, true),
        Method::Delete | Method::Put => (false, true, true),
        Method::Patch => (false, true, false),
        Method::Post if said.only_asks(operation) => (true, false, true),
        Method::Post => (false, said.takes_away(operation), false),
    };
    Annotations {
        read_only_hint: read_only,
        destructive_hint: destructive,
        idempotent_hint: idempotent,
        open_world_hint: true,
    }
}

/// What an operation's name and path say of what it does.
struct Said {
    /// All words of the name.
    words: Vec<String>,
    /// The word of the name that stands where verbs stand.
    verb: Option<String>,
    /// The words of the last segment of the path, where that has no placeholder.
    action: Vec<String>,
    /// The path calls by name: `/chat.delete`, `/indexes:query`.
    by_name: bool,
    /// The path ends in an item: `/accounts/{account}`.
    on_item: bool,
}

fn is(list: &[&str], word: Option<&String>) -> bool {
    word.is_some_and(|word| list.contains(&word.as_str()))
}

impl Said {
    fn of(operation: &Operation<'_>) -> Self {
        let id = operation.operation_id.unwrap_or_default();
        let words = split(id);
        let path = operation.path.split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_end_matches('/');
        let path = [".json", ".xml"]
            .iter()
            .find_map(|ending| path.strip_suffix(ending))
            .unwrap_or(path);
        let last = path.rsplit('/').next().unwrap_or_default();
        let call = last.rsplit([':', '.']).next().unwrap_or_default();
        let action = if call.contains(['{', '}']) {
            Vec::new()
        } else {
            without_batch(split(call))
        };
        Self {
            verb: verb(id, &words, &resources(path)),
            by_name: call.len() < last.len(),
            on_item: last.ends_with('}'),
            words,
            action,
        }
    }

    fn writes(&self) -> bool {
        let of = |word: Option<&String>| is(&WRITES, word) || is(&DESTROYS, word);
        // `search_or_create`, `count-and-reset`.
        let then = |words: &[String]| {
            words.windows(2).any(|pair| {
                matches!(pair, [link, word]
                    if (link == "or" || link == "and") && of(Some(word)))
            })
        };
        of(self.verb.as_ref())
            || of(self.action.first())
            || then(&self.words)
            || then(&self.action)
            || self.destroys()
    }

    fn destroys(&self) -> bool {
        let alone = self.action.len() == 1 && (self.verb.is_none() || self.by_name);
        is(&DESTROYS, self.verb.as_ref())
            || is(&DESTROYS, self.action.first())
            || is(&DESTROYS_AS_VERB, self.verb.as_ref())
            || (alone && is(&DESTROYS_AS_VERB, self.action.first()))
    }

    /// Whether a `POST` takes something away or writes over it. One on an item does,
    /// unless its first words say that it adds.
    fn takes_away(&self, operation: &Operation<'_>) -> bool {
        if self.destroys() {
            return true;
        }
        let told = first_word(operation);
        // `Create or update a secret.`
        let either = [operation.summary, operation.description]
            .into_iter()
            .flatten()
            .any(|prose| prose_words(prose).take(3).any(|word| word == "or"));
        let returns = is(&["unarchive", "undelete"], self.action.first());
        if returns || (is(&ADDS, told.as_ref()) && !either) {
            return false;
        }
        let described = operation.description.and_then(word_of);
        let removes = |word: Option<&String>| {
            let as_verb = is(&DESTROYS_AS_VERB, word) && !is(&["transfer"], word);
            // `Blocks until it ends`, `Kicks off a run`.
            let only_sounds = is(&["block", "kick"], word);
            (is(&DESTROYS, word) && !only_sounds) || as_verb
        };
        self.on_item || removes(told.as_ref()) || removes(described.as_ref())
    }

    /// Whether a `GET` does something all the same.
    fn does_something(&self) -> bool {
        if is(&READS, self.verb.as_ref()) {
            return false;
        }
        let plain = self.action.len() == 1 && is(&DONE_BY_GET, self.action.first());
        let called = self.by_name && self.writes();
        let named = is(
            &["delete", "remove", "destroy", "purge", "revoke", "logout"],
            self.verb.as_ref(),
        );
        plain || called || named
    }

    /// Whether a `POST` only asks. Its path has to say so, or the verb of its
    /// name; what may as well be a thing needs a second word for it.
    fn only_asks(&self, operation: &Operation<'_>) -> bool {
        let told = first_word(operation);
        let reads = is(&READS, self.verb.as_ref());
        let confirmed = reads || self.by_name || is(&READS, told.as_ref());
        let first = self.action.first();
        let by_path = is(&READS, first) && (confirmed || !is(&THINGS, first));
        // `/product-search`, but not `/saved-search`.
        let at_end = is(&["search", "lookup"], self.action.last()) && !is(&["saved", "new"], first);
        // A name alone is not believed of what hands out credentials.
        let hands_out = operation
            .path
            .split('/')
            .filter(|segment| !segment.contains('{'))
            .flat_map(split)
            .any(|word| CREDENTIALS.contains(&word.as_str()));
        let changes = is(&WRITES, told.as_ref()) || is(&DESTROYS, told.as_ref());
        (by_path || at_end || (reads && !hands_out))
            && !changes
            && !self.writes()
            && !takes_sql(operation)
    }
}

/// The first word of the prose, as a verb: `list` of `Lists all pets`.
fn first_word(operation: &Operation<'_>) -> Option<String> {
    word_of(operation.summary.or(operation.description)?)
}

fn word_of(prose: &str) -> Option<String> {
    let is_before = |word: &String| {
        let is_adverb = word.ends_with("ly") && !word.ends_with("ply");
        is_adverb || word == "deprecated" || word == "beta"
    };
    let word = prose_words(prose).find(|word| !is_before(word))?;
    Some(match word.as_str() {
        "returns" | "return" | "gets" => "get".to_owned(),
        _ => singular(&word),
    })
}

fn prose_words(prose: &str) -> impl Iterator<Item = String> {
    let head: String = prose.chars().take(200).collect();
    split(&crate::text::plain(&head)).into_iter()
}

/// The words of the path's segments before the last: what the call is about.
fn resources(path: &str) -> Vec<String> {
    let before = path.rsplit_once('/').map_or("", |(before, _)| before);
    before
        .split('/')
        .filter(|segment| !segment.contains('{'))
        .flat_map(split)
        .collect()
}

/// The word that says what an operation does: the first of the last part of its
/// name (`repos/transfer`, `folders.move`, `Gateways_GetRoutes`), else the last
/// of all (`users_search`, `PostChargesChargeRefund`). What may be a thing is one where
/// the path has it as a resource: `transferGet` of `/transfer/get`.
fn verb(id: &str, words: &[String], resources: &[String]) -> Option<String> {
    let known = |word: &&String| {
        [&READS[..], &WRITES, &DESTROYS, &DESTROYS_AS_VERB]
            .iter()
            .any(|list| list.contains(&word.as_str()))
    };
    let part = id.rsplit(['/', '.', ':']).next().unwrap_or_default();
    let after_class = part
        .rsplit_once('_')
        .map(|(_, method)| method)
        .filter(|method| method.starts_with(|c: char| c.is_ascii_uppercase()));
    let own = without_batch(split(after_class.unwrap_or(part)));
    // `postChargesRefund` repeats the method; its verb, if any, comes last.
    let first = own.first().filter(|word| *word != "post" && *word != "put");
    // The last word may be a thing as well (`UpdateValueList`).
    let last = words
        .last()
        .filter(|word| known(word) && !is(&["list", "filter", "count", "get"], Some(*word)));
    let is_thing = |word: &&String| is(&DESTROYS_AS_VERB, Some(*word)) && resources.contains(*word);
    first
        .filter(known)
        .filter(|word| !is_thing(word))
        .or(last)
        .cloned()
}

/// `clear` of `batch clear`, `cancel` of `cancelbulk`.
fn without_batch(mut words: Vec<String>) -> Vec<String> {
    if words.len() > 1 && is(&["batch", "bulk", "multi"], words.first()) {
        words.remove(0);
    }
    if let Some(first) = words.first_mut()
        && let Some(verb) = first.strip_suffix("bulk").filter(|verb| !verb.is_empty())
    {
        *first = verb.to_owned();
    }
    words
}

/// Whether a query is a statement, which may do anything.
fn takes_sql(operation: &Operation<'_>) -> bool {
    [&operation.summary, &operation.description]
        .into_iter()
        .flatten()
        .any(|prose| prose.contains("SQL") && !prose.contains("NoSQL"))
}

#[cfg(test)]
#[expect(clippy::too_many_lines, reason = "tables of operations")]
mod tests;
