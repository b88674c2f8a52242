//! The size budget of the Worker.

use std::io::Write as _;

use anyhow::{Result, bail};
use flate2::{Compression, write::GzEncoder};

use crate::progress::say;

/// What Cloudflare's free plan takes, compressed.
const BUDGET: usize = 3 * 1024 * 1024;

/// Prints the size of the module, raw and compressed; over the budget is an error.
pub(crate) fn report(wasm: &[u8]) -> Result<()> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(wasm)?;
    let compressed = gzip.finish()?.len();
    say(format!(
        "  Worker WASM: {} kB raw, {} kB gzip (budget {} kB gzip)",
        wasm.len() / 1024,
        compressed / 1024,
        BUDGET / 1024
    ));
    if compressed > BUDGET {
        bail!("the Worker is over its size budget: {compressed} of {BUDGET} bytes, gzip");
    }
    Ok(())
}
