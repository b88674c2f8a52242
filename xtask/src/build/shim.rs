//! `build/index.js`: the JavaScript between workerd and the Rust exports.
//!
//! It exports
//! * `default`: a `WorkerEntrypoint` with the event handlers that Rust has
//!   (`fetch`, `queue`, `scheduled`), and nothing else, because each method of
//!   an entrypoint can be called over a service binding;
//! * `rust`: an object of all other `#[wasm_bindgen]` functions, for
//!   `src/entry.mjs`, with `memoryBytes()`, the size of the linear memory.
//!
//! Every call goes through one guard. A Rust panic aborts the instance; the
//! guard sees it, and the next call starts a fresh one.

use std::fmt::Write as _;

use anyhow::{Result, bail};

use crate::build::bindgen::STEM;

/// Events that workerd delivers as methods of the entrypoint.
const EVENTS: [&str; 3] = ["fetch", "queue", "scheduled"];

const HEAD: &str = r#"// Written by `cargo xtask build`.
import { WorkerEntrypoint } from "cloudflare:workers";
import * as bindings from "./$STEM.js";

const state = bindings.__worker_init_state();
Error.stackTraceLimit = 50;

// A trap in a WebAssembly instance leaves its memory in an unknown state.
function note(error) {
  if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
}
addEventListener("error", (event) => note(event.error));

function fresh() {
  if (!state.criticalError) return;
  console.warn("Starting a fresh WebAssembly instance after a panic");
  bindings.__wbg_reset_state();
  state.criticalError = false;
  state.instanceId++;
}

function guard(name) {
  return function (...args) {
    fresh();
    try {
      const result = bindings[name].apply(this, args);
      if (result instanceof Promise) result.catch(note);
      return result;
    } catch (error) {
      note(error);
      throw error;
    }
  };
}
"#;

/// The shim for bindings with this source text.
pub(crate) fn source(bindings: &str) -> Result<String> {
    let functions = exported_functions(bindings);
    if !functions.contains(&"fetch") {
        bail!("the Worker exports no fetch handler (#[event(fetch)])");
    }
    let mut text = HEAD.replace("$STEM", STEM);
    for event in EVENTS.iter().filter(|event| functions.contains(event)) {
        let _ = writeln!(text, "const {event} = guard(\"{event}\");");
    }
    text.push_str("\nexport default class extends WorkerEntrypoint {\n");
    for event in EVENTS.iter().filter(|event| functions.contains(event)) {
        let _ = writeln!(
            text,
            "  {event}(event) {{ return {event}.call(this, event, this.env, this.ctx); }}"
        );
    }
    text.push_str("}\n\nexport const rust = Object.freeze({\n");
    for name in functions.iter().filter(|name| !EVENTS.contains(name)) {
        let _ = writeln!(text, "  {name}: guard(\"{name}\"),");
    }
    text.push_str("  memoryBytes: () => bindings.__memory_bytes(),\n});\n");
    Ok(text)
}

/// Names of the functions that the bindings export, without the ones that
/// belong to the recovery above (they begin with two underscores).
fn exported_functions(bindings: &str) -> Vec<&str> {
    bindings
        .lines()
        .filter_map(|line| {
            let line = line.trim_start();
            if let Some(rest) = line
                .strip_prefix("export function ")
                .or_else(|| line.strip_prefix("export async function "))
            {
                return rest.split('(').next();
            }
            // `export { fetch_1 as fetch }`
            let list = line.strip_prefix("export {")?.split('}').next()?;
            list.rsplit(" as ").next()
        })
        .map(str::trim)
        .filter(|name| !name.is_empty() && !name.starts_with("__"))
        .collect()
}
