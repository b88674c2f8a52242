//! Local state of the studio: secrets for development, tables, sample rows.

use anyhow::Result;

use crate::progress::step;
use crate::stamp::Stamp;
use crate::{fs, repo, run};

/// Where `wrangler` keeps D1 and R2 locally.
const FOLDER: &str = ".wrangler/state";

/// Forgets all local projects and servers.
pub(crate) fn wipe() -> Result<()> {
    fs::remove_dir(repo::path(FOLDER))
}

/// Makes what is missing: `.dev.vars`, the tables, the sample rows.
pub(crate) fn ensure() -> Result<()> {
    development_secrets()?;
    let database = repo::path(FOLDER).join("v3/d1");
    let tables = Stamp::new("migrations", &["migrations", "wrangler.toml"], &[])?;
    if !tables.is_fresh(std::slice::from_ref(&database)) {
        step("Database: migrations", || {
            wrangler_d1(&["migrations", "apply", "DB"])
        })?;
        tables.write()?;
    }
    let rows = Stamp::new("sample", &["src/sample/seed.sql", "migrations"], &[])?;
    let marker = database.join("sample-loaded");
    if !rows.is_fresh(std::slice::from_ref(&marker)) {
        step("Database: sample data", || {
            wrangler_d1(&["execute", "DB", "--yes", "--file", "src/sample/seed.sql"])
        })?;
        fs::write(marker, "")?;
        rows.write()?;
    }
    Ok(())
}

fn wrangler_d1(arguments: &[&str]) -> Result<()> {
    let mut command = run::npm_binary("wrangler");
    command
        .arg("d1")
        .args(arguments)
        .args(["--local", "--persist-to", FOLDER]);
    // Without a terminal wrangler asks nothing.
    run::run_quiet(command.env("CI", "1")).map(drop)
}

/// `.dev.vars` with a vault key of this machine's own. It never leaves it: the
/// file is ignored by git, and production keeps its keys as Worker secrets.
fn development_secrets() -> Result<()> {
    let file = repo::path(".dev.vars");
    if file.exists() {
        return Ok(());
    }
    // Random bytes of the operating system, by way of the Node that is there anyway.
    let key = run::run_quiet(run::command("node").args([
        "--print",
        "require('node:crypto').randomBytes(32).toString('base64')",
    ]))?;
    fs::write(file, format!("VAULT_KEYS=\"v1:{}\"\n", key.trim()))
}
