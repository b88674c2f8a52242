//! Schemathesis, which holds the API to its document: a Python program in a virtual
//! environment of the repository's own.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::progress::step;
use crate::stamp::Stamp;
use crate::{fs, repo, run, setup};

/// Every package with its digest, as `uv pip compile --generate-hashes` writes it
/// from requirements.in.
const REQUIREMENTS: &str = "tests/schemathesis/requirements.txt";

const REMEDY: &str = "Schemathesis needs Python 3.11 or newer with its module venv.\n  Remedy: \
                      install it (Debian: sudo apt-get install python3-venv)";

/// The program, installed where it is not there as the requirements say.
pub(crate) fn find_or_install() -> Result<PathBuf> {
    let folder = repo::tools().join("schemathesis");
    let program = folder.join("bin/schemathesis");
    let stamp = Stamp::new("schemathesis", &[REQUIREMENTS], &[])?;
    if stamp.is_fresh(std::slice::from_ref(&program)) {
        return Ok(program);
    }
    if !setup::on_path("python3") {
        bail!(REMEDY);
    }
    step("Schemathesis (pip)", || {
        fs::remove_dir(&folder)?;
        let mut environment = run::command("python3");
        environment.args(["-m", "venv"]).arg(&folder);
        run::run_quiet(&mut environment).map_err(|error| error.context(REMEDY))?;
        let mut pip = run::command(folder.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--require-hashes"])
            .args(["--only-binary", ":all:", "--requirement"])
            .arg(repo::path(REQUIREMENTS));
        run::run_quiet(&mut pip).map(drop)
    })?;
    stamp.write()?;
    Ok(program)
}
