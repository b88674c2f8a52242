//! Local state of the studio: secrets for development, tables, sample rows.

use std::fmt::Write as _;

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

/// What `.dev.vars` holds: a vault key and the built-in issuer's private key, each
/// with the program that makes one. By way of the Node that is there anyway.
const SECRETS: [(&str, &str); 2] = [
    (
        "VAULT_KEYS",
        "'v1:' + require('node:crypto').randomBytes(32).toString('base64')",
    ),
    (
        "DEV_ISSUER_KEY",
        "JSON.stringify({ ...require('node:crypto').generateKeyPairSync('ec', \
         { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), \
         kid: require('node:crypto').randomUUID() })",
    ),
];

/// `.dev.vars` with secrets of this machine's own; those that are there stay. They
/// never leave it: the file is ignored by git, and production keeps its secrets
/// with the Worker.
fn development_secrets() -> Result<()> {
    let file = repo::path(".dev.vars");
    let mut text = if file.exists() {
        fs::read_text(&file)?
    } else {
        String::new()
    };
    let before = text.len();
    for (name, program) in SECRETS {
        let is_there = |line: &str| line.trim_start().starts_with(&format!("{name}="));
        if text.lines().any(is_there) {
            continue;
        }
        let value = run::run_quiet(run::command("node").args(["--print", program]))?;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let _ = writeln!(text, "{name}='{}'", value.trim());
    }
    if text.len() == before {
        return Ok(());
    }
    fs::write(file, text)
}
