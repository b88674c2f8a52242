//! wasm-bindgen as a library: the Worker's `.wasm` and the JavaScript around it.
//!
//! Mode "module" imports the WebAssembly module as a value, which is what
//! workerd wants. The two options let the shim start a fresh instance after a
//! Rust panic, which otherwise leaves an isolate that answers nothing.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::shim;
use crate::fs;

/// Stem of what wasm-bindgen writes: `bindings.js` and `bindings_bg.wasm`.
pub(crate) const STEM: &str = "bindings";

/// The benchmarks report the peak of the linear memory, which never shrinks.
const MEMORY_BYTES: &str =
    "\nexport function __memory_bytes() { return wasm.memory.buffer.byteLength; }\n";

/// Reads the compiled library and writes `bindings.js`, `bindings_bg.wasm`,
/// their snippets and `index.js` into `folder`.
pub(crate) fn generate(wasm: &Path, folder: &Path) -> Result<()> {
    fs::remove_dir(folder)?;
    Bindgen::new()
        .input_path(wasm)
        .out_name(STEM)
        .module(true)?
        .typescript(false)
        .demangle(false)
        .reset_state_function(true)
        .force_enable_abort_handler(true)
        .generate(folder)
        .context("wasm-bindgen")?;

    let bindings = folder.join(format!("{STEM}.js"));
    // workerd gives a module for a plain import; source-phase syntax is not in
    // the esbuild that wrangler bundles with.
    let text = fs::read_text(&bindings)?.replace("import source ", "import ");
    fs::write(&bindings, format!("{text}{MEMORY_BYTES}"))?;
    fs::write(folder.join("index.js"), shim::source(&text)?)
}
