//! `cargo xtask bench`: drivers of `tests/bench` on the Worker as deployed, and
//! `engine`, which measures the engine itself.

mod documents;
mod engine;
mod measure;
mod quality;

use anyhow::{Result, bail};

use crate::build::{self, Profile};
use crate::{repo, run};

pub(crate) fn run(name: &str, wasm: bool) -> Result<()> {
    if name == "engine" {
        return engine::run(wasm);
    }
    if name == "structure" {
        return structure();
    }
    let driver = repo::path("tests/bench").join(format!("{name}.mjs"));
    if !driver.is_file() {
        bail!(
            "there is no benchmark {name:?}; there are engine, hosting, main-job, structure and wasm-memory"
        );
    }
    build::all(Profile::Deployed)?;
    run::run(run::command("node").arg(driver))
}

/// Code from hostile plans against code from their benign twins, 100,000 times.
fn structure() -> Result<()> {
    let mut command = run::command("cargo");
    command.args(["test", "--release", "-p", "mcpengine-codegen"]);
    command.args(["--test", "structure", "--", "any_mix_of_texts"]);
    // Of each mode.
    run::run(command.env("STRUCTURE_CASES", "50000"))
}
