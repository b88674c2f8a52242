//! The Worker: Rust to WebAssembly, bindings, optimisation.
//!
//! Does what `worker-build` does, with tools that the workspace already locks,
//! so that a fresh machine spends no minutes on `cargo install` and nothing is
//! downloaded behind the lock files. The result is `build/index.js` (see
//! [`super::shim`]), which `src/entry.mjs` imports and wrangler bundles.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::build::{bindgen, size};
use crate::progress::{fresh, step};
use crate::stamp::Stamp;
use crate::{fs, repo, run};

/// The target that Workers run.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The features of LLVM's output for [`TARGET`], and of wasm-bindgen's. Named
/// one by one, so that a newer wasm-opt writes nothing that workerd cannot read.
const WASM_FEATURES: [&str; 7] = [
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
    "--enable-exception-handling",
];

/// How much work goes into the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Small and fast, as deployed: fat LTO and wasm-opt.
    Deployed,
    /// Built quickly, for `dev` and the inner loop.
    Dev,
}

impl Profile {
    fn cargo_name(self) -> &'static str {
        match self {
            Self::Deployed => "worker",
            Self::Dev => "worker-dev",
        }
    }
}

/// Compiles the Worker and writes `build/`.
pub(crate) fn build(profile: Profile) -> Result<()> {
    let workspace = repo::workspace()?;
    let name = profile.cargo_name();
    step(&format!("Worker: cargo build (profile {name})"), || {
        run::run(Command::new("cargo").current_dir(repo::root()).args([
            "build",
            "--profile",
            name,
            "--target",
            TARGET,
            "--package",
            &workspace.worker_package,
        ]))
    })?;

    let library = format!("{}.wasm", workspace.worker_library);
    let compiled = workspace.target.join(TARGET).join(name).join(library);
    let folder = repo::path("build");
    let module = folder.join(format!("{}_bg.wasm", bindgen::STEM));
    // Cargo decides whether the library is new; its bytes decide what follows.
    let stamp = Stamp::new(
        "worker",
        &["package-lock.json", "xtask/src/build"],
        &[name, &digest(&compiled)?],
    )?;
    if stamp.is_fresh(&[folder.join("index.js"), module.clone()]) {
        fresh("Worker: bindings");
    } else {
        step("Worker: bindings", || bindgen::generate(&compiled, &folder))?;
        if profile == Profile::Deployed {
            step("Worker: wasm-opt", || optimise(&module))?;
        }
        stamp.write()?;
    }
    if profile == Profile::Deployed {
        size::report(&fs::read(&module)?)?;
    }
    Ok(())
}

fn digest(file: &Path) -> Result<String> {
    use sha2::{Digest, Sha256};
    Ok(Sha256::digest(fs::read(file)?)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Level 1: what `-Os` does to locals makes the code of V8's first compiler a tenth
/// slower, which is what a new isolate runs, and the module no smaller once compressed.
fn optimise(module: &Path) -> Result<()> {
    run::run(
        run::npm_binary("wasm-opt")
            .arg(module)
            .arg("-O1")
            .args(WASM_FEATURES)
            .arg("-o")
            .arg(module),
    )
}
