//! The compiler takes what the generator writes: the golden trees of `crates/codegen`.

#![expect(
    clippy::disallowed_methods,
    reason = "a native test reads the golden trees"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use mcpengine_typescript::{SourceFile, check};

/// The TypeScript files below a folder.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|end| end == "ts") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[test]
fn golden_trees_pass() -> Result<(), Box<dyn Error>> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests/golden");
    for tree in ["petstore", "petstore-dynamic"] {
        let files = sources(&golden.join(tree))?;
        assert!(
            files.len() > 20 || tree != "petstore",
            "{tree} has {}",
            files.len()
        );
        assert!(!files.is_empty(), "{tree} has no file");
        for path in files {
            let text = fs::read_to_string(&path)?;
            let path = path.display().to_string();
            if let Err(problems) = check(&SourceFile { path, text }) {
                return Err(format!("{problems:?}").into());
            }
        }
    }
    Ok(())
}
