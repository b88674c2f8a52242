//! A Chromium for the browser tests.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::progress::step;
use crate::{run, setup};

/// Names under which distributions install it.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

const REMEDY: &str = "the browser tests need a Chromium.\n  Remedy: install one (Debian: sudo \
                      apt-get install chromium), or name one with CHROME=/path/to/chrome";

/// The path of `CHROME`, of a Chromium on `PATH`, or of one that apt installs now.
pub(crate) fn find_or_install() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROME").map(PathBuf::from) {
        if chosen.is_file() {
            return Ok(chosen);
        }
        bail!("CHROME is {}, which is no file", chosen.display());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if !setup::on_path("apt-get") {
        bail!(REMEDY);
    }
    step("Chromium (apt-get)", || {
        let update = run::run_quiet(run::command("apt-get").args(["update", "-q"]));
        update.and_then(|_| {
            run::run_quiet(
                run::command("apt-get")
                    .args(["install", "-yq", "--no-install-recommends", "chromium"])
                    .env("DEBIAN_FRONTEND", "noninteractive"),
            )
        })
    })
    .map_err(|error| error.context(REMEDY))?;
    find().ok_or_else(|| anyhow::anyhow!(REMEDY))
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}
