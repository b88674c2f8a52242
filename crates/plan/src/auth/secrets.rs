//! Names of the variables that hold credentials.

use std::collections::{HashMap, HashSet};

use mcpengine_openapi::SecurityKind;

use crate::SecretSpec;
use crate::text;
use crate::words::{fingerprint, split};

/// The last words of a scheme's variable.
pub(super) fn secret_kind(kind: &SecurityKind) -> &'static str {
    match kind {
        SecurityKind::ApiKey { .. } => "API_KEY",
        SecurityKind::HttpBasic => "BASIC",
        SecurityKind::HttpBearer { .. } => "TOKEN",
        SecurityKind::OAuth2 { .. } | SecurityKind::OpenIdConnect { .. } => "ACCESS_TOKEN",
        SecurityKind::HttpOther { .. } | SecurityKind::MutualTls => "",
    }
}

/// Of a client that gets access tokens by itself.
pub(super) const CLIENT_ID: &str = "CLIENT_ID";
pub(super) const CLIENT_SECRET: &str = "CLIENT_SECRET";

pub(super) struct SecretNames<'a> {
    pub(super) prefix: &'a str,
    pub(super) kinds: &'a HashMap<&'static str, usize>,
    pub(super) taken: HashSet<String>,
}

impl SecretNames<'_> {
    /// `PET_STORE_API_KEY`; with the scheme's name in it where there are
    /// several of its kind.
    pub(super) fn secret(
        &mut self,
        kind: &'static str,
        scheme: &str,
        title: &str,
        about: Option<&str>,
    ) -> SecretSpec {
        let family = match kind {
            "USERNAME" | "PASSWORD" => "BASIC",
            CLIENT_ID | CLIENT_SECRET => "ACCESS_TOKEN",
            _ => kind,
        };
        // Their schemes have another one, which these must not be taken for.
        let is_client = kind == CLIENT_ID || kind == CLIENT_SECRET;
        let several = self.kinds.get(family).is_some_and(|count| *count > 1);
        let words = split(scheme).join("_").to_ascii_uppercase();
        let mut name = match (several, words.is_empty()) {
            (false, _) | (_, true) => format!("{}_{kind}", self.prefix),
            // `api_key_eu` and `api_token` already say what they are.
            _ if !is_client && (words.contains(kind) || says_itself(&words)) => {
                format!("{}_{words}", self.prefix)
            }
            _ => format!("{}_{words}_{kind}", self.prefix),
        };
        if !self.taken.insert(name.clone()) {
            name = format!("{name}_{}", fingerprint(scheme).to_ascii_uppercase());
            self.taken.insert(name.clone());
        }
        SecretSpec {
            name,
            title: if several {
                format!("{title} ({scheme})")
            } else {
                title.to_owned()
            },
            description: about
                .map(|text| text::clean(text, 300))
                .filter(|text| !text.is_empty()),
        }
    }
}

/// Whether the words of a variable end as credentials do, and say which one.
fn says_itself(words: &str) -> bool {
    ["_KEY", "_TOKEN", "_SECRET", "CLIENT_ID"]
        .iter()
        .any(|end| words.ends_with(end))
}
