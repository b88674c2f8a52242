//! Where things are: the root of the repository and Cargo's target directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The root of the repository. `cargo run` says where this crate is; the place
/// where it was compiled would be wrong for a target folder that clones share.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        manifest.parent().map_or(manifest.clone(), Path::to_owned)
    })
}

/// A path inside the repository.
pub(crate) fn path(relative: impl AsRef<Path>) -> PathBuf {
    root().join(relative)
}

/// Tools that the set-up installs, and the stamps of finished steps. Ignored by git.
pub(crate) fn tools() -> PathBuf {
    path(".tools")
}

/// What is needed of `cargo metadata`: the target directory and the root package.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) target: PathBuf,
    /// The package in the root manifest: the Worker.
    pub(crate) worker_package: String,
    /// File stem of the Worker's library.
    pub(crate) worker_library: String,
}

/// Asks Cargo once; the answer is kept for the life of the process.
pub(crate) fn workspace() -> Result<&'static Workspace> {
    static WORKSPACE: OnceLock<Workspace> = OnceLock::new();
    if let Some(workspace) = WORKSPACE.get() {
        return Ok(workspace);
    }
    let read = read_workspace()?;
    Ok(WORKSPACE.get_or_init(|| read))
}

fn read_workspace() -> Result<Workspace> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version=1", "--no-deps"])
        .current_dir(root())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let manifest = path("Cargo.toml");
    let package = list(&metadata, "packages")
        .find(|package| text(package, "manifest_path").map(Path::new) == Some(&manifest))
        .context("the root manifest has no package")?;
    let library = list(package, "targets")
        .find(|target| list(target, "crate_types").any(|kind| kind == "cdylib"))
        .and_then(|target| text(target, "name"))
        .context("the root package has no cdylib target")?;
    Ok(Workspace {
        target: text(&metadata, "target_directory")
            .context("no target directory")?
            .into(),
        worker_package: text(package, "name").context("no package name")?.to_owned(),
        worker_library: library.replace('-', "_"),
    })
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}
