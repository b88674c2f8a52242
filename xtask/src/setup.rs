//! `cargo xtask setup`: everything that a build needs, on a machine that has
//! rustup, npm and git. Every other command starts with it; when nothing is
//! missing it takes a fraction of a second.

use std::process::Command;

use anyhow::{Result, bail};

use crate::build;
use crate::progress::{fresh, step};
use crate::stamp::Stamp;
use crate::{node, repo, run};

/// A program that has to be there, and where it comes from.
const PREREQUISITES: [(&str, &str); 4] = [
    ("cargo", "install Rust with rustup: https://rustup.rs"),
    ("rustc", "install Rust with rustup: https://rustup.rs"),
    (
        "npm",
        "install Node 24, which brings npm: https://nodejs.org",
    ),
    ("git", "install git: https://git-scm.com/downloads"),
];

/// Checks the prerequisites and installs what the lock files name.
pub(crate) fn ensure() -> Result<()> {
    prerequisites()?;
    wasm_target()?;
    node::ensure()?;
    npm_packages()
}

/// Only what npm itself needs.
pub(crate) fn ensure_node() -> Result<()> {
    prerequisites()?;
    node::ensure()
}

fn prerequisites() -> Result<()> {
    let missing: Vec<String> = PREREQUISITES
        .iter()
        .filter(|(program, _)| !on_path(program))
        .map(|(program, remedy)| format!("  {program} is missing. Remedy: {remedy}"))
        .collect();
    if !missing.is_empty() {
        bail!(
            "this machine lacks what a build needs:\n{}",
            missing.join("\n")
        );
    }
    Ok(())
}

/// True if a program of this name is on `PATH`. Looking is faster than running.
pub(crate) fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Adds the standard library for WebAssembly to the toolchain in use.
///
/// Not by `targets` in a `rust-toolchain.toml`: with automatic installation off
/// that makes every cargo call fail.
fn wasm_target() -> Result<()> {
    let libraries = run::run_quiet(Command::new("rustc").current_dir(repo::root()).args([
        "--print",
        "target-libdir",
        "--target",
        build::TARGET,
    ]))?;
    if std::path::Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    if !on_path("rustup") {
        bail!(
            "the Rust toolchain has no {} target, and there is no rustup to add it.\n  Remedy: \
             install Rust with rustup (https://rustup.rs), or the target with your package \
             manager.",
            build::TARGET
        );
    }
    step("Rust target wasm32-unknown-unknown", || {
        run::run_quiet(Command::new("rustup").current_dir(repo::root()).args([
            "target",
            "add",
            build::TARGET,
        ]))
        .map(drop)
    })
}

/// `npm ci` when the lock file is not what was installed last.
fn npm_packages() -> Result<()> {
    let inputs = [
        "package.json",
        "package-lock.json",
        ".npmrc",
        "frontend/package.json",
        "runtime/package.json",
        "tests/package.json",
    ];
    let stamp = Stamp::new("npm", &inputs, &[])?;
    if stamp.is_fresh(&[repo::path("node_modules/.bin/wrangler")]) {
        return Ok(());
    }
    step("npm packages", || {
        run::run_quiet(run::command("npm").args(["ci", "--no-audit", "--no-fund"])).map(drop)
    })?;
    stamp.write()
}

/// Runs the set-up on its own and says what is there.
pub(crate) fn command() -> Result<()> {
    ensure()?;
    fresh("Set-up complete");
    Ok(())
}
