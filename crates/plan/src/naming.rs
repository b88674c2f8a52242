//! Names of tools: from `operationId`, else from method and path.
//!
//! A name depends on what the document says of the operation, never on where
//! it says it: collisions are settled in the order of the operations' keys.

use std::collections::HashSet;

use mcpengine_openapi::{ApiDescription, Method, Operation};

use crate::words::{abbreviated, fingerprint, is_plural, is_version, singular, split};

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
/// that the document asks for by `x-mcp`.
pub(crate) fn names(
    api: &ApiDescription,
    keys: &[String],
    wished: &[Option<String>],
) -> Vec<String> {
    let patched: HashSet<&str> = api
        .operations
        .iter()
        .filter(|operation| operation.method == Method::Patch)
        .map(|operation| operation.path.as_str())
        .collect();
    let mut candidates: Vec<Candidates> = api
        .operations
        .iter()
        .zip(wished)
        .map(|(operation, wish)| {
            let has_patch = patched.contains(operation.path.as_str());
            Candidates::new(operation, wish.as_deref(), has_patch)
        })
        .collect();
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&i| {
        let wish = wished.get(i).is_some_and(Option::is_some);
        let path = api
            .operations
            .get(i)
            .map_or("", |operation| operation.path.as_str());
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
}

impl Candidates {
    fn new(operation: &Operation, wish: Option<&str>, has_patch: bool) -> Self {
        let (path, placeholders) = path_words(&operation.path);
        let method = method_word(operation.method);
        let base = operation
            .operation_id
            .as_deref()
            .and_then(|id| id_words(id, operation, &path))
            .unwrap_or_else(|| derived(operation, &path, has_patch));
        let first = match wish {
            Some(wish) => wish.to_owned(),
            None => fitted(&base),
        };
        Self {
            first,
            base,
            method,
            path,
            placeholders,
        }
    }

    /// Second choices: with more and more words of the path, then of its
    /// placeholders, then with the method.
    fn others(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut words = self.base.clone();
        for word in self.path.iter().rev() {
            let singular = singular(word);
            if words.iter().any(|w| *w == *word || *w == singular) {
                continue;
            }
            // After the verb, before the noun: `list_team_members`.
            let mut one = self.base.clone();
            one.insert(1.min(one.len()), singular.clone());
            names.push(fitted(&one));
            words.insert(1.min(words.len()), singular);
            names.push(fitted(&words));
        }
        for placeholder in self.placeholders.iter().rev() {
            let mut by = words.clone();
            by.push("by".to_owned());
            by.extend(split(placeholder));
            names.push(fitted(&by));
        }
        if words.first().is_none_or(|first| first != self.method) {
            let mut with_method = words;
            with_method.push(self.method.to_owned());
            names.push(fitted(&with_method));
        }
        names
    }
}

fn method_word(method: Method) -> &'static str {
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
/// names of its placeholders.
fn path_words(path: &str) -> (Vec<String>, Vec<String>) {
    let mut words = Vec::new();
    let mut placeholders = Vec::new();
    for segment in path.split(['/', '?', '#', '&', '=']) {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            words.extend(segment_word(before));
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            placeholders.push(name.to_owned());
            rest = after;
        }
        words.extend(segment_word(rest));
    }
    (words, placeholders)
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
fn id_words(id: &str, operation: &Operation, path: &[String]) -> Option<Vec<String>> {
    let id = without_generated_ending(id, operation);
    let mut words = split(id);
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
    if words
        .iter()
        .all(|word| word.bytes().all(|b| b.is_ascii_digit()))
    {
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
    for part in split(&operation.path)
        .iter()
        .filter(|word| !is_version(word))
    {
        with_placeholders.push_str(part);
    }
    let said = said.concat();
    // `getPets` on `/pets` is the author's own word, `getAccountsAccount` on
    // `/accounts/{account}` is the path again.
    let repeats = (path.len() > 1 && said == path_text)
        || (said == with_placeholders && with_placeholders != path_text);
    (!repeats).then_some(words)
}

/// FastAPI appends the mangled path and the method to the function's name:
/// `read_item_items__item_id__get`.
fn without_generated_ending<'a>(id: &'a str, operation: &Operation) -> &'a str {
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

/// A name from method and path: `GET /pets/{id}` is `get pet`.
fn derived(operation: &Operation, path: &[String], has_patch: bool) -> Vec<String> {
    let trimmed = operation.path.trim_end_matches('/');
    let on_item = trimmed.ends_with('}');
    let noun = path.last().map_or("root", String::as_str);
    let of_item = singular(noun);
    let words = |verb: &str, noun: &str| {
        std::iter::once(verb.to_owned())
            .chain(noun.split('_').map(str::to_owned))
            .collect::<Vec<_>>()
    };
    match operation.method {
        Method::Get if on_item => words("get", &of_item),
        Method::Get if is_plural(noun) => words("list", noun),
        Method::Get => words("get", noun),
        Method::Post if !on_item && ACTIONS.contains(&noun) => {
            let object = path
                .iter()
                .rev()
                .nth(1)
                .map(|word| singular(word))
                .unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn name(method: Method, path: &str, id: Option<&str>) -> String {
        Candidates::new(&crate::fixtures::operation(method, path, id), None, false).first
    }

    #[test]
    fn operation_ids_become_snake_case_words() {
        for (method, path, id, expected) in [
            (Method::Get, "/pets", "listPets", "list_pets"),
            (
                Method::Get,
                "/users/{u}/repos",
                "repos/list-for-user",
                "repos_list_for_user",
            ),
            (
                Method::Get,
                "/files",
                "drive.files.list",
                "drive_files_list",
            ),
            (
                Method::Get,
                "/items/{item_id}",
                "read_item_items__item_id__get",
                "read_item",
            ),
            (Method::Get, "/pets", "listPetsUsingGET_1", "list_pets"),
            (
                Method::Get,
                "/v1/accounts/{account}",
                "GetAccountsAccount",
                "get_account",
            ),
            (
                Method::Post,
                "/v1/accounts/{account}/persons",
                "PostAccountsAccountPersons",
                "create_person",
            ),
            (Method::Get, "/x/things", "获取", "list_things"),
        ] {
            assert_eq!(name(method, path, Some(id)), expected, "{id}");
        }
    }

    #[test]
    fn method_and_path_make_a_verb_and_an_object() {
        for (method, path, expected) in [
            (Method::Get, "/pets", "list_pets"),
            (Method::Get, "/v1/pets/{petId}", "get_pet"),
            (Method::Post, "/pets", "create_pet"),
            (
                Method::Delete,
                "/pets/{petId}/photos/{photoId}",
                "delete_photo",
            ),
            (Method::Post, "/orders/{id}/cancel", "cancel_order"),
            (Method::Put, "/pets/{petId}", "update_pet"),
            (Method::Get, "/status", "get_status"),
            (Method::Get, "/pull-requests/{n}", "get_pull_request"),
            (Method::Get, "/", "get_root"),
            (Method::Post, "/search", "search"),
        ] {
            assert_eq!(name(method, path, None), expected, "{path}");
        }
    }

    #[test]
    fn long_names_lose_whole_words() {
        let id = "getTheOrganizationConfigurationOfTheRepositoryForTheAuthenticatedAdministratorAndTheNotifications";
        let name = name(Method::Get, "/x", Some(id));
        assert_eq!(name, "get_org_config_repo_authenticated_admin_notifs");
    }
}
