//! Truthful hints: what a call may do, from its method and its words.

use mcpengine_openapi::{Method, Operation};

use crate::Annotations;
use crate::words::split;

/// Words that make a `POST` a question.
const READS: [&str; 10] = [
    "search", "query", "list", "lookup", "count", "find", "filter", "get", "fetch", "retrieve",
];
/// Words that change something, whatever stands beside them.
const WRITES: [&str; 34] = [
    "create",
    "add",
    "insert",
    "update",
    "edit",
    "set",
    "put",
    "save",
    "replace",
    "upsert",
    "send",
    "upload",
    "import",
    "run",
    "execute",
    "start",
    "stop",
    "enable",
    "disable",
    "move",
    "copy",
    "merge",
    "assign",
    "submit",
    "publish",
    "approve",
    "reject",
    "sync",
    "refresh",
    "mark",
    "register",
    "subscribe",
    "generate",
    "or",
];
/// Words that take something away or overwrite it.
const DESTROYS: [&str; 33] = [
    "delete",
    "remove",
    "destroy",
    "purge",
    "revoke",
    "cancel",
    "archive",
    "clear",
    "reset",
    "erase",
    "terminate",
    "drop",
    "unlink",
    "detach",
    "disable",
    "deactivate",
    "ban",
    "block",
    "suspend",
    "close",
    "void",
    "refund",
    "wipe",
    "expire",
    "unsubscribe",
    "uninstall",
    "kill",
    "logout",
    "update",
    "replace",
    "overwrite",
    "edit",
    "upsert",
];

/// The annotations of an operation.
///
/// `PUT` and `PATCH` count as destructive: MCP calls a change destructive unless
/// it only adds, and both write over what was there. `PUT` and `DELETE` are
/// idempotent by HTTP (RFC 9110 §9.2.2). A `POST` is additive unless its path or
/// its name says otherwise. The world is always open: the API is another system.
pub(crate) fn plan(operation: &Operation<'_>) -> Annotations {
    let words = operation.operation_id.map(split).unwrap_or_default();
    let action = last_segment(operation.path);
    let says = |list: &[&str]| {
        let named = |word: &String| list.contains(&word.as_str());
        // In an `operationId` the verb comes first, or last (`users.search`).
        words.first().is_some_and(named)
            || words.last().is_some_and(named)
            || action.first().is_some_and(named)
    };
    let writes = says(&WRITES) || says(&DESTROYS);
    let (read_only, destructive, idempotent) = match operation.method {
        Method::Get | Method::Head => {
            // `GET /users/{id}/delete` exists: such an API is not taken at HTTP's word.
            let lies = action.first().is_some_and(|word| {
                ["delete", "remove", "destroy", "purge", "revoke", "logout"]
                    .contains(&word.as_str())
            }) && action.len() == 1;
            (!lies, lies, !lies)
        }
        Method::Options | Method::Trace | Method::Query => (true, false, true),
        Method::Delete | Method::Put => (false, true, true),
        Method::Patch => (false, true, false),
        Method::Post if asks(&words, &action) && !writes => (true, false, true),
        Method::Post => {
            let on_item = operation.path.trim_end_matches('/').ends_with('}');
            (false, says(&DESTROYS) || on_item, false)
        }
    };
    Annotations {
        read_only_hint: read_only,
        destructive_hint: destructive,
        idempotent_hint: idempotent,
        open_world_hint: true,
    }
}

/// Whether a `POST` only asks. The path has to say so, or the name's verb in a
/// word that is only ever a question.
fn asks(words: &[String], action: &[String]) -> bool {
    let is = |word: Option<&String>, list: &[&str]| {
        word.is_some_and(|word| list.contains(&word.as_str()))
    };
    // `get` as a path segment (`/documents/get`) is an action; in a name too.
    is(action.first(), &READS)
        || is(action.last(), &READS)
        || is(words.first(), &READS)
        || is(words.last(), &["search", "query"])
}

/// The words of the last static segment of a path.
fn last_segment(path: &str) -> Vec<String> {
    path.rsplit(['/', ':', '.'])
        .find(|segment| !segment.is_empty())
        .filter(|segment| !segment.contains('{'))
        .map(split)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::operation;

    #[test]
    fn hints_are_true() {
        // (read-only, destructive, idempotent)
        for (method, path, id, expected) in [
            (Method::Get, "/pets", None, (true, false, true)),
            (
                Method::Get,
                "/users/{id}/delete",
                None,
                (false, true, false),
            ),
            (Method::Head, "/pets", None, (true, false, true)),
            (Method::Query, "/pets", None, (true, false, true)),
            (
                Method::Post,
                "/pets",
                Some("createPet"),
                (false, false, false),
            ),
            (Method::Post, "/pets/search", None, (true, false, true)),
            (Method::Post, "/v1/indexes:query", None, (true, false, true)),
            (
                Method::Post,
                "/pets",
                Some("searchPets"),
                (true, false, true),
            ),
            (
                Method::Post,
                "/pets/search",
                Some("createSearch"),
                (false, false, false),
            ),
            (Method::Post, "/chat.delete", None, (false, true, false)),
            (
                Method::Post,
                "/accounts/{account}",
                None,
                (false, true, false),
            ),
            (
                Method::Post,
                "/orders/{id}/cancel",
                None,
                (false, true, false),
            ),
            (Method::Put, "/pets/{id}", None, (false, true, true)),
            (Method::Patch, "/pets/{id}", None, (false, true, false)),
            (Method::Delete, "/pets/{id}", None, (false, true, true)),
        ] {
            let hints = plan(&operation(method, path, id));
            let found = (
                hints.read_only_hint,
                hints.destructive_hint,
                hints.idempotent_hint,
            );
            assert_eq!(found, expected, "{method:?} {path} {id:?}");
            assert!(hints.open_world_hint);
        }
    }
}
