//! The words of a name, from `operationId` or from method and path.

use mcpengine_openapi::{Method, Operation};

use super::segments;
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

/// The static words of a path template (versions and `api` left out) and the
/// names of its placeholders, those that stand in a fragment (`/x#lat&lon`) too.
pub(super) fn path_words(path: &str) -> (Vec<String>, Vec<String>) {
    let mut words = Vec::new();
    let mut placeholders = Vec::new();
    let (path, names) = match path.split_once('#') {
        Some((path, names)) if !names.contains(['=', '/']) => (path, names),
        _ => (path, ""),
    };
    for segment in without_format(path).split(['/', '?', '#', '&', '=']) {
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

/// The path without the format that an older API ends with: `/todos/{id}.json`.
fn without_format(path: &str) -> &str {
    let bare = path
        .strip_suffix(".json")
        .or_else(|| path.strip_suffix(".xml"));
    bare.filter(|bare| !bare.ends_with('/')).unwrap_or(path)
}

/// A path segment as one word (`pull-requests` is `pull_requests`), so that
/// adding it to a name adds all of it.
fn segment_word(segment: &str) -> Option<String> {
    let words = split(segment);
    let is_meaningless = matches!(words.as_slice(), [] | [_])
        && words
            .first()
            .is_none_or(|word| is_version(word) || word == "api" || word == "rest");
    (!is_meaningless).then(|| words.join("_"))
}

/// The words of an `operationId` that names something; `None` where it only
/// repeats method and path, which [`derived`] says better.
pub(super) fn id_words(
    id: &str,
    operation: &Operation<'_>,
    path: &[String],
) -> Option<Vec<String>> {
    let id = without_generated_ending(id, operation);
    if is_hash(id) {
        return None;
    }
    let mut words = segments::verb_first(id).unwrap_or_else(|| split(id));
    words.dedup();
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
        return None;
    }
    let method = method_word(operation.method);
    let mut said: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !is_version(word))
        .collect();
    let first = said.first() == Some(&method);
    let last = said.last() == Some(&method);
    if !first && !last {
        return Some(words);
    }
    if first {
        said.remove(0);
    } else {
        said.pop();
    }
    let path_text: String = path.iter().map(|word| word.replace('_', "")).collect();
    let mut with_placeholders = String::new();
    for part in split(operation.path)
        .iter()
        .filter(|word| !is_version(word))
    {
        with_placeholders.push_str(part);
    }
    let without_ids: String = said
        .iter()
        .filter(|word| !matches!(**word, "id" | "ids" | "by"))
        .copied()
        .collect();
    let said = said.concat();
    // `getPets` on `/pets` is the author's own word, `getAccountsAccount` on
    // `/accounts/{account}` is the path again.
    let repeats = (path.len() > 1 && said == path_text)
        || (said == with_placeholders && with_placeholders != path_text)
        || (without_ids == path_text && without_ids != said);
    if repeats && said == path_text {
        return spelled_out(operation, path);
    }
    (!repeats).then_some(words)
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

/// An id that says all static words of the path, as `deleteAdminUsers` on
/// `/admin/users`: its author wants them said, so that only the verb is derived.
fn spelled_out(operation: &Operation<'_>, path: &[String]) -> Option<Vec<String>> {
    let words = derived(operation, path, false);
    let (last, context) = path.split_last()?;
    let noun = words.get(1..)?.join("_");
    let is_about_the_last = noun == *last || noun == singular(last);
    is_about_the_last.then(|| {
        let verb = words.first().cloned();
        let context = context.iter().flat_map(|word| word.split('_'));
        let context = context.map(str::to_owned);
        let rest = words.iter().skip(1).cloned();
        verb.into_iter().chain(context).chain(rest).collect()
    })
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

/// Verbs that stand as the last segment of an action's path.
const ACTIONS: [&str; 58] = [
    "accept",
    "activate",
    "add",
    "approve",
    "archive",
    "assign",
    "attach",
    "cancel",
    "capture",
    "check",
    "clear",
    "clone",
    "close",
    "complete",
    "confirm",
    "convert",
    "copy",
    "deactivate",
    "decline",
    "detach",
    "disable",
    "download",
    "duplicate",
    "enable",
    "execute",
    "export",
    "finalize",
    "follow",
    "import",
    "invite",
    "lock",
    "login",
    "logout",
    "merge",
    "move",
    "pause",
    "pay",
    "preview",
    "publish",
    "query",
    "refresh",
    "reject",
    "remove",
    "renew",
    "reset",
    "resend",
    "restart",
    "restore",
    "resume",
    "retry",
    "revoke",
    "run",
    "search",
    "send",
    "start",
    "stop",
    "subscribe",
    "sync",
];

/// Actions that a collection takes as a whole.
const OF_MANY: [&str; 5] = ["export", "import", "query", "search", "sync"];

/// A name from method and path: `GET /pets/{id}` is `get pet`.
pub(super) fn derived(operation: &Operation<'_>, path: &[String], has_patch: bool) -> Vec<String> {
    let path_only = operation.path.split('#').next().unwrap_or_default();
    let trimmed = without_format(path_only.trim_end_matches('/'));
    let on_item = trimmed.ends_with('}');
    let noun = path.last().map_or("root", String::as_str);
    let of_item = singular(noun);
    let words = |verb: &str, noun: &str| {
        // `POST /campaigns/{id}/create-resend` says its verb.
        let noun = noun
            .strip_prefix(verb)
            .and_then(|rest| rest.strip_prefix('_'))
            .unwrap_or(noun);
        std::iter::once(verb.to_owned())
            .chain(noun.split('_').map(str::to_owned))
            .collect::<Vec<_>>()
    };
    match operation.method {
        Method::Get if on_item => words("get", &of_item),
        Method::Get if is_plural(noun) => words("list", noun),
        Method::Get => words("get", noun),
        Method::Post if !on_item && ACTIONS.contains(&noun) => {
            let object = path.iter().rev().nth(1).cloned().unwrap_or_default();
            // `POST /users/search` is about all of them, `/orders/{id}/cancel` about one.
            let object = if OF_MANY.contains(&noun) {
                object
            } else {
                singular(&object)
            };
            if object.is_empty() {
                vec![noun.to_owned()]
            } else {
                words(noun, &object)
            }
        }
        Method::Post if on_item => words("update", &of_item),
        Method::Post => words("create", &of_item),
        Method::Put if has_patch => words("replace", &of_item),
        Method::Put | Method::Patch => words("update", &of_item),
        Method::Delete if on_item => words("delete", &of_item),
        Method::Delete => words("delete", noun),
        Method::Head => words("check", if on_item { &of_item } else { noun }),
        Method::Options => words("options", noun),
        Method::Trace => words("trace", noun),
        Method::Query => words("query", noun),
    }
}
