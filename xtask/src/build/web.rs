//! The parts that Node builds: the runtime of hosted servers and the front end.

use anyhow::Result;

use crate::progress::{fresh, step};
use crate::stamp::Stamp;
use crate::{repo, run};

/// `runtime/dist/`: the official MCP SDK in one module, which the Worker embeds and
/// gives to every hosted server, and in another one for MCP bundles.
pub(crate) fn runtime() -> Result<()> {
    let outputs = ["runtime.js", "node-runtime.js"];
    let outputs = outputs.map(|name| repo::path(format!("runtime/dist/{name}")));
    let stamp = Stamp::new("runtime", &["runtime", "package-lock.json"], &[])?;
    if stamp.is_fresh(&outputs) {
        fresh("Runtime bundle");
        return Ok(());
    }
    step("Runtime bundle", || {
        run::run(run::command("node").arg("runtime/build.mjs"))
    })?;
    stamp.write()
}

/// `frontend/dist`: the studio's pages, served as static assets.
pub(crate) fn front_end() -> Result<()> {
    let output = repo::path("frontend/dist/index.html");
    let stamp = Stamp::new("frontend", &["frontend", "package-lock.json"], &[])?;
    if stamp.is_fresh(&[output]) {
        fresh("Front end");
        return Ok(());
    }
    step("Front end", || {
        run::run_quiet(
            run::npm_binary("vite")
                .args(["build"])
                .current_dir(repo::path("frontend")),
        )
        .map(drop)
    })?;
    stamp.write()
}
