//! The files of `--with`: what was named, and nothing else.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::failure::Failure;
use crate::input::{contents, unreadable};

/// More files than this are not a description.
const MAX_FILES: usize = 1_000;
/// Folders within folders.
const MAX_DEPTH: usize = 32;
/// Of a folder, only files with these endings are taken.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];

/// A file, as it was named and as it is known among the others.
struct Named {
    shown: PathBuf,
    whole: PathBuf,
}

/// The root and every file that `with` names, each with its name relative to the
/// folder that holds all of them. The root comes first.
pub(crate) fn files(
    root: &Path,
    root_bytes: Vec<u8>,
    with: &[PathBuf],
    max_bytes: usize,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut found = vec![named(root)?];
    for path in with {
        let one = named(path)?;
        if one.whole.is_dir() {
            below(&one, 0, &mut found)?;
        } else {
            add(one, &mut found)?;
        }
    }
    let shared = shared_folder(&found);
    let mut left = max_bytes.saturating_sub(root_bytes.len());
    let mut root_bytes = Some(root_bytes);
    let mut files = Vec::with_capacity(found.len());
    for one in &found {
        // One byte over is enough for the reader to refuse them together.
        let bytes = match root_bytes.take() {
            Some(bytes) => bytes,
            None => {
                let bytes = contents(&one.shown, left)
                    .map_err(|error| unreadable(&one.shown.display().to_string(), &error))?;
                left = left.saturating_sub(bytes.len());
                bytes
            }
        };
        files.push((name(&one.whole, &shared), bytes));
    }
    Ok(files)
}

/// The path from the root of the disk on, without `.` and `..`. Links are not
/// followed: names are what references are resolved by.
fn named(shown: &Path) -> Result<Named, Failure> {
    let failed = |error: io::Error| unreadable(&shown.display().to_string(), &error);
    let mut out = PathBuf::new();
    for part in std::path::absolute(shown).map_err(failed)?.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    Ok(Named {
        shown: shown.to_owned(),
        whole: out,
    })
}

fn add(one: Named, found: &mut Vec<Named>) -> Result<(), Failure> {
    if found.iter().any(|known| known.whole == one.whole) {
        return Ok(());
    }
    if found.len() >= MAX_FILES {
        return Err(Failure::new(
            "too_many_files",
            format!("--with names more than {MAX_FILES} files"),
            "Name only the files that the description refers to.",
        ));
    }
    found.push(one);
    Ok(())
}

/// The descriptions below a folder, in the order of their names. Links and hidden
/// folders are passed by.
fn below(folder: &Named, depth: usize, found: &mut Vec<Named>) -> Result<(), Failure> {
    if depth > MAX_DEPTH {
        return Ok(());
    }
    let failed = |error: io::Error| unreadable(&folder.shown.display().to_string(), &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(&folder.shown).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        entries.push((entry.file_name(), entry.file_type().map_err(failed)?));
    }
    entries.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    for (name, kind) in entries {
        let is_hidden = name.to_string_lossy().starts_with('.');
        let ending = Path::new(&name)
            .extension()
            .map(|ending| ending.to_string_lossy());
        let is_description =
            ending.is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()));
        let one = Named {
            shown: folder.shown.join(&name),
            whole: folder.whole.join(&name),
        };
        if kind.is_dir() && !is_hidden {
            below(&one, depth + 1, found)?;
        } else if kind.is_file() && is_description {
            add(one, found)?;
        }
    }
    Ok(())
}

/// The innermost folder that holds all of them.
fn shared_folder(found: &[Named]) -> PathBuf {
    let mut folders = found.iter().filter_map(|one| one.whole.parent());
    let mut shared = folders.next().unwrap_or(Path::new("")).to_owned();
    for folder in folders {
        while !folder.starts_with(&shared) {
            if !shared.pop() {
                return PathBuf::new();
            }
        }
    }
    shared
}

/// With `/` between its parts, whatever the machine writes.
fn name(path: &Path, shared: &Path) -> String {
    let path = path.strip_prefix(shared).unwrap_or(path);
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
