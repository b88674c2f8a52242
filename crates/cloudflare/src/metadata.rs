//! The part `metadata` of an upload.

use serde::Serialize;

/// A Worker's configuration, as the part `metadata` names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Metadata {
    /// Name of the part with the module that has the handler.
    pub main_module: String,
    pub bindings: Vec<Binding>,
    /// `2026-11-01`.
    pub compatibility_date: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compatibility_flags: Vec<String>,
    /// At most eight, without `,` and `&`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

impl Metadata {
    /// The JSON. It holds the secrets of the bindings.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings and numbers only, so there is nothing that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// CPU time of one invocation, in milliseconds.
    pub cpu_ms: u32,
}

/// What a script finds in its `env`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Binding {
    PlainText {
        name: String,
        text: String,
    },
    /// Cloudflare stores it encrypted and shows it to nobody again.
    SecretText {
        name: String,
        text: String,
    },
}

impl std::fmt::Debug for Binding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, name) = match self {
            Self::PlainText { name, .. } => ("PlainText", name),
            Self::SecretText { name, .. } => ("SecretText", name),
        };
        f.debug_tuple(kind).field(name).finish()
    }
}
