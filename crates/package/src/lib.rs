//! A project's files as the archives that people take away.
//!
//! The same files give the same bytes: entries are sorted, times and owners are
//! fixed, the compressor is one. Every name is checked ([`check_paths`]), so that
//! unpacking writes below its own folder on any system.
//!
//! [`archive`] knows the formats; [`npm`], [`mcpb`], [`docker`] and [`env_file`]
//! what belongs into them; [`install`] what a person does with them.

pub mod archive;
pub mod docker;
pub mod env_file;
pub mod install;
pub mod mcpb;
pub mod npm;
mod paths;

pub use paths::check_paths;

use thiserror::Error;

/// Most that the files of an archive have in all, in bytes: 32 MiB.
pub const MAX_BYTES: usize = 32 << 20;

/// Most files in an archive.
pub const MAX_FILES: usize = 10_000;

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// With `/`, below the archive's root, e.g. `src/server.ts`.
    pub path: String,
    pub content: Vec<u8>,
    /// Whether it is a program; only tar and npm know of it.
    pub executable: bool,
}

impl File {
    pub fn new(path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            content: content.into(),
            executable: false,
        }
    }
}

/// Why there is no archive.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackageError {
    #[error("`{path}` cannot be the name of a file in an archive: {why}")]
    Path { path: String, why: &'static str },
    #[error("the project has over {MAX_FILES} files")]
    TooManyFiles,
    #[error("the files of the project have over {MAX_BYTES} bytes")]
    TooLarge,
    #[error("{file} is not what it should be: {why}")]
    Document { file: &'static str, why: String },
    #[error("{name} is not valid: {why}")]
    Setting { name: String, why: String },
    #[error("the archive cannot be written: {0}")]
    Write(String),
}

impl PackageError {
    pub(crate) fn document(file: &'static str, why: impl Into<String>) -> Self {
        Self::Document {
            file,
            why: why.into(),
        }
    }

    pub(crate) fn setting(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Setting {
            name: name.into(),
            why: why.into(),
        }
    }
}
