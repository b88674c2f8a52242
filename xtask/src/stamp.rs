//! Steps that run again only when what they read has changed.
//!
//! A stamp is the digest of a step's inputs (path, length, content), written
//! after the step succeeded. Content rather than times: a fresh checkout, a
//! branch switch or a touched file must not rebuild what is the same.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::{fs, repo};

/// Folders that are never inputs: what tools write.
const OUTPUTS: [&str; 5] = [
    "node_modules",
    "dist",
    "target",
    ".wrangler",
    "test-results",
];

/// A step's name and its inputs.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Digest of `inputs` (files or folders of the repository) and of `extra`
    /// (versions, options): anything else that the result depends on.
    pub(crate) fn new(name: &str, inputs: &[&str], extra: &[&str]) -> Result<Self> {
        let mut hash = Sha256::new();
        for text in extra {
            hash.update(text.as_bytes());
            hash.update([0]);
        }
        for input in inputs {
            add(&mut hash, &repo::path(input))?;
        }
        let digest = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self {
            file: repo::tools().join("stamps").join(name),
            digest,
        })
    }

    /// True if the step succeeded on the same inputs and `outputs` are there.
    pub(crate) fn is_fresh(&self, outputs: &[PathBuf]) -> bool {
        outputs.iter().all(|output| output.exists())
            && fs::read(&self.file).is_ok_and(|written| written == self.digest.as_bytes())
    }

    /// Records that the step succeeded.
    pub(crate) fn write(&self) -> Result<()> {
        fs::write(&self.file, &self.digest)
    }
}

fn add(hash: &mut Sha256, input: &Path) -> Result<()> {
    if !input.exists() {
        return Ok(());
    }
    let walk = WalkDir::new(input)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            entry.depth() == 0 || !OUTPUTS.iter().any(|name| entry.file_name() == *name)
        });
    for entry in walk {
        let entry = entry.with_context(|| format!("cannot list {}", input.display()))?;
        if entry.file_type().is_file() {
            let content = fs::read(entry.path())?;
            hash.update(entry.path().to_string_lossy().as_bytes());
            hash.update(content.len().to_le_bytes());
            hash.update(content);
        }
    }
    Ok(())
}
