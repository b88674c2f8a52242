//! Documents from files and standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use mcpengine_openapi::{ApiDescription, Arena, Diagnostic, Limits, Refusal, SourceFile};

use crate::args::Source;
use crate::failure::Failure;
use crate::with;

/// The files of a document by name, and what it is called in messages.
#[derive(Debug)]
pub(crate) struct Document {
    files: Vec<(String, Vec<u8>)>,
    /// The file as it was named, or `<stdin>`.
    pub(crate) name: String,
    max_bytes: usize,
}

impl Document {
    /// Loads the file that is named, or standard input for `-`, together with the
    /// files that belong to it.
    pub(crate) fn load(source: &Source) -> Result<Self, Failure> {
        let (file, max_bytes) = (source.file.as_path(), source.limit.max_bytes);
        let (loaded, name) = if file == Path::new("-") {
            let loaded = bounded(io::stdin().lock(), max_bytes, 0);
            (loaded, "<stdin>".to_owned())
        } else {
            (contents(file, max_bytes), file.display().to_string())
        };
        let bytes = loaded.map_err(|error| unreadable(&name, &error))?;
        let files = if source.with.is_empty() {
            vec![(name.clone(), bytes)]
        } else {
            with::files(file, bytes, &source.with, max_bytes)?
        };
        Ok(Self {
            files,
            name,
            max_bytes,
        })
    }

    /// The description in it, and what was found on the way.
    pub(crate) fn read<'a>(
        &'a self,
        arena: &'a Arena,
    ) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), Failure> {
        let limits = Limits {
            bytes: self.max_bytes,
            ..Limits::CLI
        };
        let read = match self.files.as_slice() {
            [(_, only)] => mcpengine_openapi::read(arena, only, &limits),
            several => {
                let files: Vec<SourceFile<'_>> = several
                    .iter()
                    .map(|(name, bytes)| SourceFile { name, bytes })
                    .collect();
                // The message names the file and the line; `name` is another file.
                mcpengine_openapi::read_files(arena, &files, &limits).map_err(|refusal| Refusal {
                    position: None,
                    ..refusal
                })
            }
        };
        read.map_err(|refusal| Failure::of_document(refusal, &self.name))
    }
}

pub(crate) fn contents(file: &Path, max_bytes: usize) -> io::Result<Vec<u8>> {
    let open = File::open(file)?;
    let metadata = open.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    bounded(open, max_bytes, length)
}

/// One byte more than is allowed, so that the reader sees that it is too much
/// and no endless stream fills the memory.
fn bounded(source: impl Read, max_bytes: usize, expected: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(expected.min(max_bytes).saturating_add(1));
    let most = u64::try_from(max_bytes)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    source.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn unreadable(name: &str, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound => Failure::new(
            "file_not_found",
            format!("there is no file {name}"),
            "Check the path; `-` reads standard input.",
        ),
        io::ErrorKind::IsADirectory => Failure::new(
            "file_is_directory",
            format!("{name} is a directory"),
            "Name the API description in it, e.g. openapi.yaml.",
        ),
        io::ErrorKind::PermissionDenied => Failure::new(
            "file_not_readable",
            format!("{name} may not be read"),
            "Change its permissions, or pipe it in and use `-`.",
        ),
        _ => Failure::new(
            "file_not_readable",
            format!("{name} cannot be read: {error}"),
            "Check the file and the disk it is on.",
        ),
    }
}
