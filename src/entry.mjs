// The Worker's main module. The Rust build does the work; what stands here is
// what Rust cannot say: classes that extend the runtime's own, and recovery of
// the WebAssembly instance after a panic.
import { WorkerEntrypoint } from "cloudflare:workers";
import * as rust from "../build/index.js";
import runtime from "../runtime/dist/runtime.txt";

// Read by src/adapters/loader.rs: the module that hosted servers import.
globalThis.MCPENGINE_RUNTIME = runtime;

const state = rust.__worker_init_state();

// A panic poisons the instance. The request that met it fails; the next one
// finds a fresh instance.
async function call(handler, ...args) {
  if (state.criticalError) {
    rust.__wbg_reset_state();
    state.criticalError = false;
    globalThis.MCPENGINE_RUNTIME = runtime;
  }
  try {
    return await handler(...args);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
    throw error;
  }
}

export default class Studio extends WorkerEntrypoint {
  fetch(request) {
    return call(rust.fetch, request, this.env, this.ctx);
  }
}

// `globalOutbound` of every hosted isolate: src/outbound.rs decides what passes.
export class Outbound extends WorkerEntrypoint {
  fetch(request) {
    return call(rust.outbound, request, this.env, this.ctx.props);
  }
}
