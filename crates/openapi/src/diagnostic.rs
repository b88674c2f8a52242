//! What the engine has to say about a document: findings that lose nothing or
//! one operation ([`Diagnostic`]), and the refusal of the whole ([`Refusal`]).

use serde::Serialize;

/// One finding. `code` is stable; `message` names cause and place; `help` says
/// what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Stable, kebab-case, e.g. `external-ref`.
    pub code: &'static str,
    pub severity: Severity,
    /// JSON pointer (RFC 6901) into the document; `""` is the document itself.
    /// `/line/<n>` into prose; `/x-mcpengine-files/<name>…` into a file that was
    /// given along.
    pub pointer: String,
    pub message: String,
    pub help: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// For the reader's interest.
    Info,
    /// Something was read differently from what was perhaps meant.
    Warning,
    /// An operation, parameter or schema was lost.
    Error,
}

/// Why a document cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Stable, snake_case, the same on the HTTP API and the command line:
    /// `document_empty`, `document_not_text`, `document_syntax`, `document_too_large`,
    /// `document_too_many_nodes`, `document_too_deep`, `document_alias_bomb`,
    /// `document_duplicate_key`, `document_too_many_files`, `invalid_file_name`,
    /// `not_an_api_description`, `unsupported_version`, `no_operations`.
    pub code: &'static str,
    /// One sentence that names cause and place.
    pub message: String,
    /// What the reader can do about it.
    pub help: String,
    /// 1-based, where the text could be located.
    pub position: Option<Position>,
    /// JSON pointer of the innermost value that was being read, where known.
    pub pointer: Option<String>,
}

/// The code of the diagnostic of a description that has no operation.
pub(crate) const NO_OPERATIONS: &str = "no-operations";

/// For those who cannot do without a tool: refuses what was read where it has
/// no operation.
///
/// # Errors
/// `no_operations`, with the message, place and remedy of the reader's diagnostic.
pub fn require_operations(diagnostics: &[Diagnostic]) -> Result<(), Refusal> {
    let found = diagnostics
        .iter()
        .find(|diagnostic| diagnostic.code == NO_OPERATIONS);
    match found {
        None => Ok(()),
        Some(diagnostic) => Err(Refusal {
            code: "no_operations",
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            position: None,
            pointer: Some(diagnostic.pointer.clone()),
        }),
    }
}

/// A place in the text, both 1-based; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// How much the reader accepts. The Worker and the command line differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of decoded text.
    pub bytes: usize,
    /// Values of every kind, counted after YAML aliases are expanded.
    pub nodes: usize,
    /// Nesting.
    pub depth: usize,
}

impl Limits {
    /// The Worker's: 16 MiB, so that peak WASM memory stays under 96 MB.
    pub const WORKER: Self = Self {
        bytes: 16 << 20,
        nodes: 1_000_000,
        depth: 128,
    };
    /// The command line's: 64 MiB.
    pub const CLI: Self = Self {
        bytes: 64 << 20,
        nodes: 4_000_000,
        depth: 128,
    };
}
