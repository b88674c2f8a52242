//! The shape of the repository, held by ordinary tests: dependency edges, what
//! pure crates may name, bindings, migrations, file lengths, documents.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests: they read files, and end a test that cannot go on"
)]

mod edges;
mod files;
mod sources;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The root of the repository, as Cargo says it at run time: clones may share a
/// target folder.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("run by cargo test");
        Path::new(&crate_folder)
            .parent()
            .expect("xtask is in the repository")
            .to_owned()
    })
}

/// The content of a file of the repository.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file that git tracks, relative to the root.
pub(crate) fn tracked() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git ls-files failed");
    String::from_utf8(output.stdout)
        .expect("paths are UTF-8")
        .split('\0')
        .filter(|path| !path.is_empty() && root().join(path).is_file())
        .map(PathBuf::from)
        .collect()
}

/// Panics with a list, one problem a line, unless there is none.
pub(crate) fn none(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{what}:\n  {}", problems.join("\n  "));
}
