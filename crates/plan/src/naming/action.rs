//! Actions: what a path does where its last word is no thing.

use mcpengine_openapi::Method;

use super::verbs::{Deed, Kind, is_preposition, kind, may_be_last};
use crate::words::is_plural;

/// What the last word of a path does.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) verb: String,
    /// The words that came with the verb: `domain` of `check_domain`.
    pub(super) rest: Vec<String>,
}

impl Action {
    /// The verb before a placeholder, where it is surely one: `/users/delete/{id}`.
    pub(super) fn of_item(method: Method, last: &str) -> Option<&str> {
        let verbs: &[&str] = match method {
            Method::Get => &["find", "get"],
            Method::Delete => &["delete", "remove"],
            Method::Post | Method::Put | Method::Patch => &[
                "activate",
                "add",
                "approve",
                "cancel",
                "create",
                "deactivate",
                "delete",
                "disable",
                "edit",
                "enable",
                "get",
                "remove",
                "update",
            ],
            _ => &[],
        };
        verbs.contains(&last).then_some(last)
    }

    /// The action that a last word is: `cancel`, `send-template`, `conditioning_stop`.
    pub(super) fn of(method: Method, last: &str, place: Place, deed: Option<Deed>) -> Option<Self> {
        let mut words: Vec<&str> = last.split('_').collect();
        let adverb = words
            .first()
            .copied()
            .filter(|word| matches!(*word, "batch" | "bulk" | "mass"))
            .filter(|_| words.get(1).and_then(|word| kind(word)).is_some());
        if adverb.is_some() {
            words.remove(0);
        }
        let reading = Reading {
            method,
            place,
            deed,
        };
        let (verb, rest) = reading.parts(&words)?;
        let verb = match adverb {
            Some(adverb) => format!("{adverb}_{verb}"),
            None => verb.to_owned(),
        };
        Some(Self {
            verb,
            rest: rest.iter().map(|word| (*word).to_owned()).collect(),
        })
    }
}

/// Where the last word of a path stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After a word, or first.
    Collection,
    /// After a placeholder.
    Item,
    /// After a colon, where Google puts what is no standard method: `/levels:trim`.
    Custom,
}

/// How to read the last word of a path.
struct Reading {
    method: Method,
    place: Place,
    deed: Option<Deed>,
}

impl Reading {
    /// The verb and the words beside it.
    fn parts<'w>(&self, words: &[&'w str]) -> Option<(&'w str, Vec<&'w str>)> {
        let (&first, rest) = words.split_first()?;
        if rest.is_empty() {
            return self.is_alone(first).then(|| (first, Vec::new()));
        }
        if self.leads(first, rest) {
            return Some((first, rest.to_vec()));
        }
        let (&last, before) = words.split_last()?;
        let trails = may_be_last(last) && !matches!(self.method, Method::Get | Method::Head);
        (trails && self.takes(last)).then(|| (last, before.to_vec()))
    }

    /// Whether an operation of this method may do this.
    fn takes(&self, verb: &str) -> bool {
        match self.method {
            Method::Post | Method::Put | Method::Patch | Method::Query => true,
            Method::Get => matches!(
                verb,
                "download"
                    | "export"
                    | "fetch"
                    | "find"
                    | "get"
                    | "list"
                    | "lookup"
                    | "preview"
                    | "query"
                    | "search"
            ),
            Method::Delete => matches!(
                verb,
                "cancel" | "clear" | "delete" | "purge" | "remove" | "revoke"
            ),
            _ => false,
        }
    }

    /// Whether a word that is all of a segment is a verb.
    fn is_alone(&self, verb: &str) -> bool {
        if self.place == Place::Custom || !self.takes(verb) {
            return self.place == Place::Custom;
        }
        if self.method == Method::Get {
            // `/cards/{id}/list` is where the card is, `/cards/list` is all of them.
            return match verb {
                "list" | "query" => !(self.place != Place::Collection),
                "preview" | "export" => self.place != Place::Collection,
                _ => true,
            };
        }
        match kind(verb) {
            Some(Kind::Plain) => true,
            Some(_) if self.deed == Some(Deed::Creates) => false,
            Some(Kind::Alone) => self.method == Method::Post || (self.place != Place::Collection),
            Some(Kind::Either) => (self.place != Place::Collection) || self.says(verb),
            None => false,
        }
    }

    /// Whether the first of several words is their verb.
    fn leads(&self, verb: &str, rest: &[&str]) -> bool {
        let is_followed = rest.first().is_some_and(|word| is_preposition(word));
        if self.place == Place::Custom || !self.takes(verb) {
            return self.place == Place::Custom;
        }
        if self.method == Method::Get {
            return is_followed
                || self.says(verb)
                || matches!(verb, "fetch" | "find" | "get" | "list" | "lookup");
        }
        match kind(verb) {
            Some(Kind::Plain) => true,
            Some(_) if is_followed || self.says(verb) => true,
            Some(_) if self.deed == Some(Deed::Creates) => false,
            // `test_clocks`, `import_jobs`
            Some(_) if rest.last().is_some_and(|word| is_plural(word)) => false,
            Some(_) => (self.place != Place::Collection) || self.deed.is_some(),
            None => false,
        }
    }

    fn says(&self, verb: &str) -> bool {
        matches!(self.deed, Some(Deed::Does(does) | Deed::Perhaps(does)) if does == verb)
    }
}
