//! Names of files, and of what comes out of them.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;

use super::{MAX_FILES, SourceFile};
use crate::{diagnostic::Refusal, place::shorten};

/// Longer names are none.
const MAX_NAME: usize = 255;

/// The files' names in one form, each once.
///
/// # Errors
/// `invalid_file_name`, or `document_too_many_files`.
pub(super) fn checked(files: &[SourceFile<'_>]) -> Result<Vec<String>, Refusal> {
    if files.len() > MAX_FILES {
        return Err(Refusal {
            code: "document_too_many_files",
            message: format!("More than {MAX_FILES} files were given."),
            help: "Give only the files that the description refers to.".to_owned(),
            position: None,
            pointer: None,
        });
    }
    let mut seen = HashSet::new();
    let name = |file: &SourceFile<'_>| {
        let written = file.name.replace('\\', "/");
        let name = normalised(written.split('/')).filter(|_| !written.starts_with('/'));
        match name.filter(|name| !name.is_empty() && name.len() <= MAX_NAME) {
            None => Err(invalid(file.name, "leads out of the folder of the files")),
            Some(name) if !seen.insert(name.clone()) => {
                Err(invalid(file.name, "is the name of two files"))
            }
            Some(name) => Ok(name),
        }
    };
    files.iter().map(name).collect()
}

fn invalid(name: &str, what: &str) -> Refusal {
    Refusal {
        code: "invalid_file_name",
        message: format!("The file name `{}` {what}.", shorten(name)),
        help: "Name the files relative to the folder that holds all of them.".to_owned(),
        position: None,
        pointer: None,
    }
}

/// Without `.` and `..`; `None` where that leads out.
fn normalised<'s>(segments: impl Iterator<Item = &'s str>) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    for segment in segments {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop()?;
            }
            other => kept.push(other),
        }
    }
    Some(kept.join("/"))
}

/// The name that `path` has, as written in the file `holder`; `None` for URLs,
/// absolute paths and what leads out.
pub(super) fn joined(holder: &str, path: &str) -> Option<String> {
    let path = percent_decode_str(path)
        .decode_utf8()
        .ok()?
        .replace('\\', "/");
    let scheme = path.split('/').next().unwrap_or_default();
    if path.starts_with('/') || scheme.contains(':') {
        return None;
    }
    let folder = holder.rsplit_once('/').map_or("", |(folder, _)| folder);
    normalised(folder.split('/').chain(path.split('/')))
}

/// The refusal of one of several files.
pub(super) fn in_file(refusal: Refusal, name: &str) -> Refusal {
    Refusal {
        message: format!("In `{}`: {}", shorten(name), refusal.message),
        ..refusal
    }
}

/// The words of a schema's key for a pointer into another file: the name that it
/// has there, or the file's own.
pub(crate) fn key_below(file: &str, parts: Vec<String>) -> Vec<String> {
    let last = file.rsplit('/').next().unwrap_or(file);
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    match parts.as_slice() {
        [_] => parts,
        _ => std::iter::once(stem.to_owned()).chain(parts).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_within_the_folder() {
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(
            joined("api/openapi.yaml", "./pet.yaml"),
            some("api/pet.yaml")
        );
        assert_eq!(
            joined("api/openapi.yaml", "../common.json"),
            some("common.json")
        );
        assert_eq!(joined("openapi.yaml", "a%20b.yaml"), some("a b.yaml"));
        assert_eq!(joined("openapi.yaml", "../../etc/passwd"), None);
        assert_eq!(joined("openapi.yaml", "/etc/passwd"), None);
        assert_eq!(joined("openapi.yaml", "https://a.example/b.yaml"), None);
        assert_eq!(joined("openapi.yaml", "file:b.yaml"), None);
    }

    #[test]
    fn keys_are_the_names_that_people_gave() {
        let key = |file, parts: &[&str]| {
            key_below(file, parts.iter().map(|part| (*part).to_owned()).collect()).join(".")
        };
        assert_eq!(key("schemas/pet.yaml", &["Pet"]), "Pet");
        assert_eq!(key("schemas/pet.yaml", &[]), "pet");
        assert_eq!(key("paths/pets.yaml", &["get", "200"]), "pets.get.200");
    }
}
