//! Documents from files and standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use mcpengine_openapi::{ApiDescription, Diagnostic, Limits};

use crate::failure::Failure;

/// A document, read.
#[derive(Debug)]
pub(crate) struct Input {
    /// The file as it was named, or `<stdin>`.
    pub(crate) name: String,
    pub(crate) api: ApiDescription,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads the description in `file`, or on standard input for `-`.
pub(crate) fn read(file: &Path, max_bytes: usize) -> Result<Input, Failure> {
    let (bytes, name) = if file == Path::new("-") {
        let name = "<stdin>".to_owned();
        (
            bounded(io::stdin().lock(), max_bytes).map_err(|error| unreadable(&name, &error))?,
            name,
        )
    } else {
        let name = file.display().to_string();
        (
            contents(file, max_bytes).map_err(|error| unreadable(&name, &error))?,
            name,
        )
    };
    let limits = Limits {
        bytes: max_bytes,
        ..Limits::CLI
    };
    let (api, diagnostics) = mcpengine_openapi::read(&bytes, &limits)
        .map_err(|refusal| Failure::of_document(refusal, &name))?;
    Ok(Input {
        name,
        api,
        diagnostics,
    })
}

fn contents(file: &Path, max_bytes: usize) -> io::Result<Vec<u8>> {
    let open = File::open(file)?;
    if open.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    bounded(open, max_bytes)
}

/// One byte more than is allowed, so that the reader sees that it is too much
/// and no endless stream fills the memory.
fn bounded(source: impl Read, max_bytes: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(max_bytes)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    source.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
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
