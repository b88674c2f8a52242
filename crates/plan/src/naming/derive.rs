//! The words of a name, from method and path.

use mcpengine_openapi::{Method, Operation};

use super::Document;
use super::action::{Action, Place};
use super::verbs::{
    Deed, deed, is_attribute, is_of_many, is_preposition, is_vague, needs_no_object,
};
use crate::words::{is_plural, is_version, singular, split};

pub(super) fn method_word(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Put => "put",
        Method::Post => "post",
        Method::Delete => "delete",
        Method::Options => "options",
        Method::Head => "head",
        Method::Patch => "patch",
        Method::Trace => "trace",
        Method::Query => "query",
    }
}

/// The static words of an operation's path (versions and `api` left out) and the
/// names of its placeholders, those that stand in a fragment (`/x#lat&lon`) too.
pub(super) fn path_words(operation: &Operation<'_>) -> (Vec<String>, Vec<String>) {
    let mut words = Vec::new();
    let mut placeholders = Vec::new();
    let is_parameter = |name: &str| {
        let mut parameters = operation.parameters.iter();
        parameters.any(|parameter| parameter.name == name)
    };
    let (path, names) = match operation.path.split_once('#') {
        Some((path, names)) if names.split('&').all(is_parameter) => (path, names),
        _ => (operation.path, ""),
    };
    for segment in without_format(path).split(['/', '?', '#', '&', '=', ':']) {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            words.extend(segment_word(before));
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            placeholders.push(name.to_owned());
            rest = after;
        }
        words.extend(segment_word(rest));
    }
    let names = names.split('&').filter(|name| !name.is_empty());
    placeholders.extend(names.map(str::to_owned));
    (words, placeholders)
}

/// What a path says besides words and placeholders, and what tells paths apart that
/// are the same without it: `v2`, `api`, `xml`.
pub(super) fn marks(path: &str) -> Vec<String> {
    let mut marks: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.contains('{') && segment_word(segment).is_none())
        .map(|segment| split(segment).join("_"))
        .collect();
    if without_format(path).len() < path.len() {
        marks.extend(path.rsplit('.').next().map(str::to_owned));
    }
    marks.retain(|mark| !mark.is_empty() && mark.len() < 16);
    marks
}

/// The path without the format that an older API ends with: `/todos/{id}.json`.
fn without_format(path: &str) -> &str {
    let bare = path
        .strip_suffix(".json")
        .or_else(|| path.strip_suffix(".xml"));
    bare.filter(|bare| !bare.ends_with('/')).unwrap_or(path)
}

/// A path segment as one word (`pull-requests` is `pull_requests`), so that
/// adding it to a name adds all of it.
pub(super) fn segment_word(segment: &str) -> Option<String> {
    let words = split(segment);
    let is_meaningless = words.iter().all(|word| is_version(word))
        || matches!(words.as_slice(), [word] if word == "api" || word == "rest");
    (!is_meaningless).then(|| words.join("_"))
}

/// What a name is made of.
#[derive(Clone, Copy)]
pub(super) struct Derived<'a> {
    pub(super) operation: &'a Operation<'a>,
    /// The static words of its path.
    pub(super) path: &'a [String],
    pub(super) document: &'a Document<'a>,
    /// Whether the name has to say all words of the path.
    pub(super) says_all: bool,
    /// Whether the path ends with a placeholder.
    on_item: bool,
    /// Where the last word stands.
    place: Place,
}

impl<'a> Derived<'a> {
    pub(super) fn new(
        operation: &'a Operation<'a>,
        path: &'a [String],
        document: &'a Document<'a>,
        says_all: bool,
    ) -> Self {
        let trimmed = match operation.path.split_once('#') {
            // A fragment of words is the last word itself.
            Some((before, fragment)) if path.last() == segment_word(fragment).as_ref() => {
                (after(before), false)
            }
            Some((path, _)) => ends(path),
            None => ends(operation.path),
        };
        let (place, on_item) = trimmed;
        Self {
            operation,
            path,
            document,
            says_all,
            on_item,
            place,
        }
    }

    /// A name from method and path: `GET /pets/{id}` is `get pet`.
    pub(super) fn words(&self) -> Vec<String> {
        if let Some(words) = self.action() {
            return words;
        }
        let noun = self
            .path
            .last()
            .map_or_else(|| self.nothing(), String::as_str);
        let of_item = singular(noun);
        let (verb, noun) = match self.operation.method {
            Method::Get if self.on_item => ("get", of_item.as_str()),
            Method::Get if is_plural(noun) => ("list", noun),
            Method::Get => ("get", noun),
            Method::Post if self.on_item && self.deed() != Some(Deed::Creates) => {
                ("update", of_item.as_str())
            }
            Method::Post => ("create", of_item.as_str()),
            Method::Put if self.document.has_patch(self.operation) => ("replace", of_item.as_str()),
            Method::Put | Method::Patch => ("update", of_item.as_str()),
            Method::Delete if self.on_item => ("delete", of_item.as_str()),
            Method::Delete => ("delete", noun),
            Method::Head => ("check", if self.on_item { &of_item } else { noun }),
            Method::Options => ("options", noun),
            Method::Trace => ("trace", noun),
            Method::Query => ("query", noun),
        };
        self.phrase(verb, noun)
    }

    /// The name of an action: `POST /orders/{id}/cancel`, or by its summary.
    fn action(&self) -> Option<Vec<String>> {
        let (last, before) = self.path.split_last()?;
        let deed = self.deed();
        if self.on_item {
            let verb = Action::of_item(self.operation.method, last)?;
            let object = before.last()?;
            return Some(self.of_object(verb, &[], object, before.len()));
        }
        if let Some(action) = Action::of(self.operation.method, last, self.place, deed) {
            let verb = action.verb.as_str();
            let object = self.object(before).map_or("", String::as_str);
            let is_noun = match self.operation.method {
                Method::Get => !is_of_many(verb) || verb == "list",
                _ => !needs_no_object(verb),
            };
            if object.is_empty() && action.rest.is_empty() && is_noun {
                return None;
            }
            return Some(self.of_object(verb, &action.rest, object, before.len()));
        }
        let verb = match deed? {
            Deed::Does(verb) if self.operation.method == Method::Post => verb,
            _ => return None,
        };
        // `Assign task` on `/task_assignments` makes one.
        let noun = last_word(last);
        if noun.starts_with(verb) && is_plural(noun) {
            return None;
        }
        match last.split_once('_') {
            // `Mark as read` on `/messages/{id}/seen`.
            _ if verb == "mark" => {
                let object = self.object(before).map_or("", String::as_str);
                Some(self.of_object(verb, std::slice::from_ref(last), object, before.len()))
            }
            // `removed_subscribers`, `cancelbulk`
            Some((first, rest)) if first.starts_with(verb) => {
                Some(self.phrase(verb, &self.number(verb, rest)))
            }
            None if last.starts_with(verb) && !is_plural(last) => {
                let object = self.object(before).map_or("", String::as_str);
                Some(self.of_object(last, &[], object, before.len()))
            }
            _ => Some(self.phrase(verb, &self.number(verb, last))),
        }
    }

    fn deed(&self) -> Option<Deed> {
        self.operation.summary.and_then(deed)
    }

    /// What an action is done to: the word before it.
    fn object<'w>(&self, before: &'w [String]) -> Option<&'w String> {
        before
            .iter()
            .rfind(|word| !matches!(word.as_str(), "action" | "actions"))
    }

    /// The noun of a deed, in the number in which the summary has it.
    fn number(&self, verb: &str, noun: &str) -> String {
        let last = last_word(noun);
        let summary = self.operation.summary.unwrap_or_default();
        let mut words = summary.split(|c: char| !c.is_ascii_alphanumeric()).take(32);
        if is_of_many(verb) || words.any(|word| word.eq_ignore_ascii_case(last)) {
            noun.to_owned()
        } else {
            singular(noun)
        }
    }

    /// `cancel` and `order`, `list` and `scheduled` and `messages`, `find` and `by_status`
    /// and `pets`: in the order of English.
    fn of_object(&self, verb: &str, rest: &[String], object: &str, before: usize) -> Vec<String> {
        // `batch_cancel` is of many, too.
        let takes_many = is_of_many(last_word(verb)) || verb.contains('_');
        let many =
            (takes_many && self.place != Place::Item) || rest.iter().any(|word| word == "all");
        let of_object = if many {
            object.to_owned()
        } else {
            singular(object)
        };
        let follows = verb == "mark" || rest.first().is_some_and(|word| is_preposition(word));
        let precedes = rest.iter().all(|word| is_attribute(word));
        if !follows && !precedes {
            return self.phrase(verb, &rest.join("_"));
        }
        let parents = if self.says_all {
            let context = self.path.get(..before).unwrap_or_default();
            let end = context.iter().rposition(|word| word == object);
            self.parents(end.unwrap_or_default(), object)
        } else {
            Vec::new()
        };
        let mut words = vec![verb.to_owned()];
        if !follows {
            words.extend_from_slice(rest);
        }
        words.extend(parents);
        if !object.is_empty() {
            words.push(of_object);
        }
        if follows {
            words.extend_from_slice(rest);
        }
        spread(&words)
    }

    /// A verb and the last noun of the path, with what it belongs to where the noun
    /// alone would not tell.
    fn phrase(&self, verb: &str, noun: &str) -> Vec<String> {
        // `POST /campaigns/{id}/create-resend` says its verb.
        let noun = noun
            .strip_prefix(verb)
            .and_then(|rest| rest.strip_prefix('_'))
            .unwrap_or(noun);
        let last = self.path.len().saturating_sub(1);
        let whole = self.path.last().filter(|_| !is_vague(&singular(noun)));
        let mut parents = self.parents(last, whole.map_or(noun, String::as_str));
        let said = |parent: &String| {
            parent == verb
                || parent
                    .strip_suffix(noun)
                    .is_some_and(|rest| rest.ends_with('_'))
                || noun == parent
                || noun
                    .strip_prefix(parent.as_str())
                    .is_some_and(|rest| rest.starts_with('_'))
        };
        parents.retain(|parent| !said(parent));
        let mut words = vec![verb.to_owned()];
        if is_attribute(noun) {
            words.push(noun.to_owned());
            words.extend(parents);
        } else {
            words.extend(parents);
            words.push(noun.to_owned());
        }
        spread(&words)
    }

    /// What the word at `end` belongs to, as far as a name needs it.
    fn parents(&self, end: usize, noun: &str) -> Vec<String> {
        let context = self.path.get(..end).unwrap_or_default();
        if self.says_all {
            return context.iter().map(|word| singular(word)).collect();
        }
        let is_shared = self.document.is_shared(noun) || self.place == Place::Custom;
        let Some(parent) = self.object(context).filter(|_| is_shared) else {
            return Vec::new();
        };
        let parent = singular(parent);
        let before = end.checked_sub(2).and_then(|at| context.get(at));
        let before = before.map(|word| singular(word));
        match before {
            Some(before) if is_attribute(&parent) => vec![parent, before],
            Some(before) if is_vague(&parent) => vec![before, parent],
            _ => vec![parent],
        }
    }

    /// What stands for the noun of a path that has none in ASCII.
    fn nothing(&self) -> &'static str {
        if self.operation.path.is_ascii() {
            "root"
        } else {
            "resource"
        }
    }
}

/// Where the last word of a path stands, and whether a placeholder ends it.
fn ends(path: &str) -> (Place, bool) {
    let trimmed = without_format(path.trim_end_matches('/'));
    let place = match trimmed.rfind(['/', ':']).map(|at| trimmed.split_at(at)) {
        Some((_, last)) if last.starts_with(':') => Place::Custom,
        Some((before, _)) => after(before.strip_suffix("/actions").unwrap_or(before)),
        None => Place::Collection,
    };
    (place, trimmed.ends_with('}'))
}

fn after(before: &str) -> Place {
    if before.ends_with('}') {
        Place::Item
    } else {
        Place::Collection
    }
}

/// Each word of its own.
fn spread(words: &[String]) -> Vec<String> {
    words
        .iter()
        .flat_map(|word| word.split('_'))
        .map(str::to_owned)
        .collect()
}

fn last_word(words: &str) -> &str {
    words.rsplit('_').next().unwrap_or(words)
}
