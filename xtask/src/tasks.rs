//! Tasks that only start other programs.

use anyhow::{Result, bail};

use crate::build::{self, Profile};
use crate::progress::{say, step};
use crate::{fs, repo, run, setup};

/// `cargo xtask bless`: rewrites every file that is generated from another one.
pub(crate) fn bless() -> Result<()> {
    setup::ensure()?;
    step("docs/openapi.json", || {
        let document = run::run_quiet(run::command("cargo").args([
            "run",
            "-q",
            "-p",
            "mcpengine-api",
            "--example",
            "openapi",
        ]))?;
        fs::write(repo::path("docs/openapi.json"), document)
    })?;
    step("frontend/src/api/schema.ts", || {
        run::run_quiet(
            run::command("npm")
                .args(["run", "--silent", "generate:api"])
                .current_dir(repo::path("frontend")),
        )
        .map(drop)
    })?;
    step("golden files", || {
        // Both kinds of golden: expect-test's, and the generated projects'.
        run::run(
            run::command("cargo")
                .args([
                    "test",
                    "-q",
                    "-p",
                    "mcpengine-openapi",
                    "-p",
                    "mcpengine-plan",
                ])
                .args(["-p", "mcpengine-codegen", "-p", "mcpengine-typescript"])
                .env("UPDATE_EXPECT", "1"),
        )
    })
}

/// `cargo xtask corpus DIR`: the whole chain over every document of a folder.
pub(crate) fn corpus(folder: &str) -> Result<()> {
    let folder = std::path::absolute(folder)?;
    if !folder.join("MANIFEST.tsv").is_file() {
        bail!(
            "{} has no MANIFEST.tsv that lists its documents",
            folder.display()
        );
    }
    build::all(Profile::Deployed)?;
    run::run(
        run::command("node")
            .arg("tests/corpus/chain.mjs")
            .arg(folder),
    )
}

/// `cargo xtask lock`: writes package-lock.json from the package.json files alone.
///
/// npm writes other locks beside an installed `node_modules`, and leaves out
/// platform packages that a registry mirror does not carry, which `npm ci` then
/// misses on every machine; those get an entry without a digest.
pub(crate) fn lock(upgrade: bool) -> Result<()> {
    setup::ensure_node()?;
    let upgrade = upgrade.then_some("--upgrade");
    step("package-lock.json", || {
        run::run(
            run::command("node")
                .arg("xtask/node/lock.mjs")
                .args(upgrade),
        )
    })?;
    say("  `cargo xtask setup` installs it");
    Ok(())
}
