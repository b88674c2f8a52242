// The Worker's main module. The Rust build does the work; what stands here is
// what Rust cannot say: a class of its own for the requests of hosted servers,
// and the text that they import.
import { WorkerEntrypoint } from "cloudflare:workers";
import Studio, { rust } from "../build/index.js";
import runtime from "../runtime/dist/runtime.js";

// Read by src/adapters/loader.rs.
globalThis.MCPENGINE_RUNTIME = runtime;

export default Studio;

// `globalOutbound` of every hosted isolate: src/outbound.rs decides what passes.
export class Outbound extends WorkerEntrypoint {
  fetch(request) {
    return rust.outbound(request, this.env, this.ctx.props);
  }
}
