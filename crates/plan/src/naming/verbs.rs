//! English verbs, as paths, ids and summaries say them.

/// Verbs that are hardly ever nouns, wherever they stand.
#[rustfmt::skip]
const PLAIN: [&str; 141] = [
    "accept", "acknowledge", "activate", "add", "advance", "allocate", "allow", "append", "apply",
    "approve", "ask", "assign", "associate", "attach", "authenticate", "authorize", "bind",
    "calculate", "cancel", "clear", "compare", "complete", "compute", "configure", "confirm",
    "connect", "convert", "create", "deactivate", "decline", "delete", "deliver", "deny",
    "deploy", "deprovision", "destroy", "detach", "disable", "disassociate", "disconnect",
    "dismiss", "duplicate", "edit", "enable", "enroll", "evaluate", "execute", "expire",
    "extract", "fetch", "finalize", "find", "follow", "forgot", "generate", "get", "grant",
    "handle", "increment", "initiate", "insert", "install", "invalidate", "invoke", "join",
    "kick", "leave", "list", "modify", "notify", "parse", "pause", "pay", "perform", "ping",
    "promote", "propose", "provision", "publish", "reactivate", "reboot", "rebuild",
    "recalculate", "reconfigure", "recover", "recycle", "redact", "redeem", "regenerate",
    "register", "reject", "reload", "remove", "rename", "render", "renew", "reopen", "reorder",
    "replace", "replicate", "rescan", "reschedule", "resend", "resolve", "restart", "restore",
    "resume", "resync", "retrieve", "retry", "revert", "revoke", "rotate", "save", "send", "set",
    "simulate", "start", "stop", "submit", "subscribe", "succeed", "suspend", "terminate",
    "toggle", "translate", "trigger", "trim", "unarchive", "unassign", "unblock", "unfollow",
    "uninstall", "unlock", "unpublish", "unschedule", "unsubscribe", "update", "upsert",
    "validate", "verify",
];
/// Verbs where they stand alone; before a noun they may say its kind (`import_jobs`).
#[rustfmt::skip]
const ALONE: [&str; 41] = [
    "archive", "backup", "buy", "capture", "check", "claim", "clone", "close", "collect", "copy",
    "download", "exchange", "export", "import", "invite", "lock", "login", "logout", "mark",
    "merge", "migrate", "move", "mute", "preview", "purge", "query", "read", "refresh", "release",
    "replay", "reset", "resize", "reverse", "rollback", "run", "search", "sell", "share", "sync",
    "upload", "void",
];
/// Nouns that are verbs too: what is done, where they follow one thing.
#[rustfmt::skip]
const EITHER: [&str; 38] = [
    "audit", "ban", "block", "bookmark", "boost", "build", "change", "charge", "commit", "debug",
    "escalate", "estimate", "fail", "favourite", "flag", "fund", "hide", "like", "pin", "place",
    "post", "present", "process", "purchase", "refund", "report", "request", "return", "scan",
    "schedule", "ship", "sign", "split", "star", "store", "test", "transfer", "upgrade",
];
/// Verbs whose object is a collection.
const OF_MANY: [&str; 8] = [
    "count", "export", "find", "import", "list", "query", "search", "sync",
];
/// Verbs that end a group of words that is about something else (`price_list`).
const NEVER_LAST: [&str; 5] = ["connect", "join", "leave", "list", "set"];

/// How surely a word is a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Alone,
    Either,
}

pub(super) fn kind(word: &str) -> Option<Kind> {
    let is_in = |words: &[&str]| words.binary_search(&word).is_ok();
    if is_in(&PLAIN) {
        Some(Kind::Plain)
    } else if is_in(&ALONE) {
        Some(Kind::Alone)
    } else {
        is_in(&EITHER).then_some(Kind::Either)
    }
}

/// Whether a verb takes a whole collection: `search users`, but `cancel order`.
pub(super) fn is_of_many(verb: &str) -> bool {
    OF_MANY.contains(&verb)
}

/// Whether a path of one word may be a verb: `/search`, but not `/release`.
pub(super) fn needs_no_object(verb: &str) -> bool {
    const ALL_ALONE: [&str; 12] = [
        "check", "download", "export", "import", "login", "logout", "preview", "query", "refresh",
        "search", "sync", "upload",
    ];
    (kind(verb) == Some(Kind::Plain) && verb != "list" && verb != "set")
        || ALL_ALONE.contains(&verb)
}

/// Whether a verb may follow its object: `auto_conditioning_stop`.
pub(super) fn may_be_last(word: &str) -> bool {
    kind(word) == Some(Kind::Plain) && !NEVER_LAST.contains(&word)
}

pub(super) fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "as" | "by" | "for" | "from" | "in" | "of" | "on" | "to" | "with"
    )
}

/// Whether a word says which of the things before it (`versions/current`) and is
/// no thing of its own.
pub(super) fn is_attribute(word: &str) -> bool {
    const ATTRIBUTES: [&str; 14] = [
        "active", "all", "bulk", "current", "default", "global", "latest", "next", "pending",
        "previous", "private", "public", "raw", "upcoming",
    ];
    const NOUNS: [&str; 4] = ["embed", "feed", "seed", "speed"];
    ATTRIBUTES.contains(&word)
        || (!word.contains('_') && word.len() > 4 && word.ends_with("ed") && !NOUNS.contains(&word))
}

/// Whether a noun says too little without what it belongs to.
pub(super) fn is_vague(noun: &str) -> bool {
    const VAGUE: [&str; 26] = [
        "action",
        "attribute",
        "config",
        "content",
        "count",
        "data",
        "detail",
        "history",
        "index",
        "info",
        "item",
        "list",
        "metadata",
        "name",
        "option",
        "property",
        "result",
        "schema",
        "setting",
        "stat",
        "state",
        "statistic",
        "status",
        "summary",
        "value",
        "view",
    ];
    VAGUE.contains(&noun)
}

/// What a summary begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// It makes or adds something.
    Creates,
    Does(&'static str),
    /// Its first word may be a noun as well: `Test runs`.
    Perhaps(&'static str),
}

/// The deed of a summary: its first word, in the imperative (`Upload file`) or the
/// third person (`Uploads a file`).
pub(super) fn deed(summary: &str) -> Option<Deed> {
    // `3.1 Find options` is a section of a page.
    let summary = summary.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
    let mut words = summary.split_ascii_whitespace().take(3);
    let first = words.next().filter(|word| word.len() < 20)?;
    let first = first.to_ascii_lowercase();
    let next = words.next().unwrap_or_default();
    let verb = verb(&first)?;
    // `Get or create` and `Add or update` may create.
    let alternative = words.next().filter(|_| next == "or").map(str::to_lowercase);
    if verb == "create" || verb == "add" || alternative.is_some_and(|verb| verb == "create") {
        return Some(Deed::Creates);
    }
    let takes_object = matches!(next, "a" | "an" | "the" | "this" | "all" | "your" | "one");
    let is_verb = match kind(verb) {
        Some(Kind::Either) => takes_object || verb == "request" || verb == "estimate",
        _ => true,
    };
    Some(if is_verb {
        Deed::Does(verb)
    } else {
        Deed::Perhaps(verb)
    })
}

/// The verb that a word is a form of.
fn verb(word: &str) -> Option<&'static str> {
    let listed = |word: &str| {
        [&PLAIN[..], &ALONE[..], &EITHER[..]]
            .into_iter()
            .find_map(|verbs| verbs.get(verbs.binary_search(&word).ok()?).copied())
    };
    let of_one = |word: &str| match word {
        "new" => Some("create"),
        "retrieve" | "show" | "view" => Some("get"),
        // `Returns a pet` tells what comes back.
        "return" => None,
        _ => listed(word),
    };
    of_one(word).or_else(|| {
        let stem = word.strip_suffix('s')?;
        let short = stem.strip_suffix('e');
        of_one(stem).or_else(|| {
            short.and_then(|short| match short.strip_suffix('i') {
                Some(stem) => of_one(&format!("{stem}y")),
                None => of_one(short),
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_in_order_and_of_one_kind() {
        let mut all: Vec<&str> = Vec::new();
        for words in [&PLAIN[..], &ALONE[..], &EITHER[..]] {
            assert!(words.is_sorted(), "{words:?}");
            all.extend(words);
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn summaries_begin_with_their_deed() {
        for (summary, expected) in [
            ("Upload file version", Some(Deed::Does("upload"))),
            ("Publishes a page", Some(Deed::Does("publish"))),
            ("Applies the patch", Some(Deed::Does("apply"))),
            ("View tag history", Some(Deed::Does("get"))),
            ("3.1 Find options", Some(Deed::Does("find"))),
            ("Creates a pet", Some(Deed::Creates)),
            ("Add or update user avatar", Some(Deed::Creates)),
            ("Get or create a user", Some(Deed::Creates)),
            ("Report runs", Some(Deed::Perhaps("report"))),
            ("Report the user", Some(Deed::Does("report"))),
            ("Returns a pet", None),
            ("Pets", None),
            ("", None),
        ] {
            assert_eq!(deed(summary), expected, "{summary}");
        }
    }
}
