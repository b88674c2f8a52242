//! What a tool does, as far as its importance goes.

use super::path::Path;
use crate::Tool;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Deed {
    List,
    Search,
    Get,
    Create,
    Update,
    /// Something else that changes the world: `cancel`, `send`, `merge`.
    Act,
    Delete,
    /// `HEAD`, `OPTIONS` and the like.
    Other,
}

/// Verbs and what they do, in the words of operation ids.
const VERBS: [(&str, Deed); 40] = [
    ("list", Deed::List),
    ("browse", Deed::List),
    ("index", Deed::List),
    ("search", Deed::Search),
    ("query", Deed::Search),
    ("find", Deed::Search),
    ("lookup", Deed::Search),
    ("get", Deed::Get),
    ("fetch", Deed::Get),
    ("retrieve", Deed::Get),
    ("read", Deed::Get),
    ("show", Deed::Get),
    ("describe", Deed::Get),
    ("info", Deed::Get),
    ("view", Deed::Get),
    ("create", Deed::Create),
    ("add", Deed::Create),
    ("new", Deed::Create),
    ("insert", Deed::Create),
    ("post", Deed::Create),
    ("send", Deed::Create),
    ("upload", Deed::Create),
    ("submit", Deed::Create),
    ("register", Deed::Create),
    ("update", Deed::Update),
    ("edit", Deed::Update),
    ("set", Deed::Update),
    ("patch", Deed::Update),
    ("modify", Deed::Update),
    ("replace", Deed::Update),
    ("change", Deed::Update),
    ("rename", Deed::Update),
    ("move", Deed::Update),
    ("put", Deed::Update),
    ("delete", Deed::Delete),
    ("remove", Deed::Delete),
    ("destroy", Deed::Delete),
    ("purge", Deed::Delete),
    ("revoke", Deed::Delete),
    ("uninstall", Deed::Delete),
];

/// What a verb does; `None` of a word that is no verb.
pub(super) fn deed_of(verb: &str) -> Option<Deed> {
    VERBS
        .iter()
        .find(|(known, _)| *known == verb)
        .map(|(_, deed)| *deed)
}

/// Whether a word says what is done, not with what.
pub(crate) fn is_verb(word: &str) -> bool {
    deed_of(word).is_some()
}

impl Deed {
    /// Of a tool whose name has these words.
    pub(super) fn of(tool: &Tool, words: &[String], path: &Path<'_>) -> Self {
        let named = words.iter().find_map(|word| deed_of(word));
        if tool.annotations.read_only_hint {
            return match (tool.request.method.as_str(), named) {
                ("HEAD" | "OPTIONS" | "TRACE", _) => Self::Other,
                (_, Some(Self::Search)) => Self::Search,
                _ if path.is_search() => Self::Search,
                _ if path.ends_in_item() => Self::Get,
                (_, Some(Self::List)) => Self::List,
                _ if path.ends_in_plural() => Self::List,
                _ => Self::Get,
            };
        }
        match (tool.request.method.as_str(), named) {
            ("DELETE", _) => Self::Delete,
            ("PUT" | "PATCH", _) => Self::Update,
            (_, Some(deed @ (Self::Create | Self::Update | Self::Delete))) => deed,
            ("POST", _) if path.ends_in_item() => Self::Update,
            ("POST", _) if path.ends_in_plural() => Self::Create,
            _ => Self::Act,
        }
    }

    pub(super) fn worth(self) -> i64 {
        match self {
            Self::Search => 20,
            Self::List => 14,
            Self::Create => 13,
            Self::Get => 12,
            Self::Update => 9,
            Self::Act => 6,
            Self::Delete => 1,
            Self::Other => -20,
        }
    }
}

/// How far words are from what an API is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    No,
    Rather,
    Certainly,
}

/// Words of what only operators use.
const CERTAINLY: [&str; 23] = [
    "admin",
    "administration",
    "bulk",
    "batch",
    "internal",
    "debug",
    "scim",
    "migration",
    "migrations",
    "health",
    "healthcheck",
    "ping",
    "metrics",
    "telemetry",
    "diagnostics",
    "maintenance",
    "legacy",
    "experimental",
    "preview",
    "sandbox",
    "test",
    "tests",
    "mock",
];
/// Words of what is set up once, or goes with the credentials.
const RATHER: [&str; 30] = [
    "enterprises",
    "billing",
    "webhook",
    "webhooks",
    "hook",
    "hooks",
    "oauth",
    "token",
    "tokens",
    "secret",
    "secrets",
    "auth",
    "login",
    "logout",
    "sso",
    "saml",
    "settings",
    "config",
    "configuration",
    "configurations",
    "permission",
    "permissions",
    "role",
    "roles",
    "import",
    "export",
    "audit",
    "meta",
    "metadata",
    "enterprise",
];

pub(super) fn aside(words: &[String]) -> Aside {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match (any(&CERTAINLY), any(&RATHER)) {
        (true, _) => Aside::Certainly,
        (_, true) => Aside::Rather,
        _ => Aside::No,
    }
}
