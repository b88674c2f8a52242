// The Worker's main module. The Rust build does the work; what stands here is
// what Rust cannot say: a class of its own for the requests of hosted servers,
// the text that they import, and a look at their answers as they pass.
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import Studio, { rust } from "../build/index.js";
import nodeRuntime from "../runtime/dist/node-runtime.js";
import runtime from "../runtime/dist/runtime.js";
import { watch } from "./watch.mjs";
import { without } from "./without.mjs";

// Read by src/adapters/loader.rs.
globalThis.MCPENGINE_RUNTIME = runtime;
globalThis.MCPENGINE_NODE_RUNTIME = nodeRuntime;

// Every wake of a Rust future is a task, some thirty for a call of a hosted server.
// workerd's own function takes each through C++, which costs more than the task.
// A promise from here belongs to no request, so each may wait for it.
const settled = Promise.resolve();
globalThis.queueMicrotask = (task) => void settled.then(task);

// Called by src/calls/mod.rs.
globalThis.MCPENGINE_WATCH = watch;
// Called by src/outbound/answer.rs.
globalThis.MCPENGINE_WITHOUT = without;

export default Studio;

// `globalOutbound` of every hosted isolate: src/outbound.rs decides what passes.
export class Outbound extends WorkerEntrypoint {
  fetch(request) {
    return rust.outbound(request, this.env, this.ctx.props);
  }
}

// Counts what an account or a team does: src/durable/limiter.rs. It holds nothing
// but its storage, so that a fresh WebAssembly instance goes on where one ended.
export class Limiter extends DurableObject {
  ask(question) {
    return rust.limiter(question, this.ctx);
  }

  alarm() {
    return rust.limiterAlarm(this.ctx);
  }
}
