//! Which names an archive may hold.

use std::collections::BTreeSet;

use crate::{File, MAX_BYTES, MAX_FILES, PackageError};

/// Longest name, in bytes: what every tar reader takes.
const MAX_PATH: usize = 240;

/// Names of devices on Windows, whatever their extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Checks every name, and the files' number and size.
///
/// Refused are absolute names, `.` and `..`, backslashes, colons and whatever
/// else Windows does not take, control characters, trailing dots and spaces,
/// names that differ in case only, and a file that is another one's folder.
///
/// # Errors
/// The first problem.
pub fn check_paths(files: &[File]) -> Result<(), PackageError> {
    if files.len() > MAX_FILES {
        return Err(PackageError::TooManyFiles);
    }
    let bytes = files.iter().map(|file| file.content.len());
    if bytes.fold(0, usize::saturating_add) > MAX_BYTES {
        return Err(PackageError::TooLarge);
    }
    let mut names = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for file in files {
        let refuse = |why| PackageError::Path {
            path: shown(&file.path),
            why,
        };
        check(&file.path).map_err(refuse)?;
        let folded = file.path.to_lowercase();
        for (at, _) in folded.match_indices('/') {
            folders.insert(folded.get(..at).unwrap_or_default().to_owned());
        }
        if !names.insert(folded) {
            return Err(refuse("another file has this name"));
        }
    }
    match files
        .iter()
        .find(|file| folders.contains(&file.path.to_lowercase()))
    {
        Some(file) => Err(PackageError::Path {
            path: shown(&file.path),
            why: "a folder has this name",
        }),
        None => Ok(()),
    }
}

fn check(path: &str) -> Result<(), &'static str> {
    if path.is_empty() || path.len() > MAX_PATH {
        return Err("it is empty or too long");
    }
    path.split('/').try_for_each(check_part)
}

fn check_part(part: &str) -> Result<(), &'static str> {
    if matches!(part, "" | "." | "..") {
        return Err("it leaves its folder or has an empty part");
    }
    let forbidden = |it: char| it.is_control() || "\\:*?\"<>|".contains(it);
    if part.contains(forbidden) {
        return Err("it holds a character that not every system takes");
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Err("a part starts with a space or ends with a space or a dot");
    }
    let stem = part.split('.').next().unwrap_or(part).to_lowercase();
    if DEVICES.contains(&stem.as_str()) {
        return Err("it is a device on Windows");
    }
    Ok(())
}

fn shown(path: &str) -> String {
    path.chars()
        .take(80)
        .map(|it| if it.is_control() { '\u{fffd}' } else { it })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<File> {
        paths.iter().map(|&path| File::new(path, "x")).collect()
    }

    #[test]
    fn plain_names_pass() {
        let plain = [
            "package.json",
            "src/tools/pets.ts",
            ".env.example",
            "src/Grüße.ts",
            "a-b_c.d",
            "console.ts",
        ];
        assert_eq!(check_paths(&files(&plain)), Ok(()));
    }

    #[test]
    fn names_that_do_not_unpack_everywhere_are_refused() {
        let long = "a".repeat(241);
        for path in [
            "",
            "/etc/passwd",
            "../up",
            "a/../../b",
            "a//b",
            "a/",
            "./a",
            "a\\b",
            "C:/x",
            "a\0b",
            "a\nb",
            "aux.ts",
            "src/NUL",
            "dot.",
            "space ",
            " space",
            "a*b",
            "x<y",
            &long,
        ] {
            let refused = check_paths(&files(&[path]));
            assert!(
                matches!(refused, Err(PackageError::Path { .. })),
                "{path:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn names_must_not_meet() {
        for pair in [["a.ts", "A.ts"], ["a", "a/b"], ["A/b", "a"]] {
            let refused = check_paths(&files(&pair));
            assert!(
                matches!(refused, Err(PackageError::Path { .. })),
                "{pair:?}"
            );
        }
    }

    #[test]
    fn size_and_number_are_bounded() {
        let many: Vec<File> = (0..=MAX_FILES)
            .map(|index| File::new(format!("f{index}"), ""))
            .collect();
        assert_eq!(check_paths(&many), Err(PackageError::TooManyFiles));
        let large = [File::new("a", vec![0; MAX_BYTES]), File::new("b", "x")];
        assert_eq!(check_paths(&large), Err(PackageError::TooLarge));
    }
}
