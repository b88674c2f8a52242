// The Worker's main module. The Rust build does the work; what stands here is
// what Rust cannot say: a class of its own for the requests of hosted servers,
// the text that they import, and a look at their answers as they pass.
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import Studio, { rust } from "../build/index.js";
import nodeRuntime from "../runtime/dist/node-runtime.js";
import runtime from "../runtime/dist/runtime.js";

// Read by src/adapters/loader.rs.
globalThis.MCPENGINE_RUNTIME = runtime;
globalThis.MCPENGINE_NODE_RUNTIME = nodeRuntime;

// Called by src/calls/mod.rs: `[response, end]`, where the response is the same
// with a body that is counted as it passes, chunk by chunk, and `end` resolves to
// `{bytes, whole, text}`, `text` being its last `limit` bytes or fewer.
globalThis.MCPENGINE_WATCH = (response, limit) => {
  let bytes = 0;
  let kept = [];
  let keptBytes = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (chunk.byteLength > limit) {
        kept = [];
        keptBytes = 0;
      } else {
        kept.push(chunk.slice());
        keptBytes += chunk.byteLength;
        while (keptBytes > limit) keptBytes -= kept.shift().byteLength;
      }
      controller.enqueue(chunk);
    },
  });
  const end = async (whole) => ({ bytes, whole, text: await new Blob(kept).text() });
  if (response.body === null) return [response, end(true)];
  const passed = response.body.pipeTo(counter.writable);
  return [
    new Response(counter.readable, response),
    passed.then(
      () => end(true),
      () => end(false),
    ),
  ];
};

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
