// The Worker's entry file with one more path: how much WebAssembly memory the
// instance has. Memory never shrinks, so what it has is its peak.
import { rust } from "../../build/index.js";
import Studio, { Limiter, Outbound } from "../../src/entry.mjs";

export { Limiter, Outbound };

export default class extends Studio {
  fetch(request) {
    if (new URL(request.url).pathname === "/__memory") {
      return Response.json({ bytes: rust.memoryBytes() });
    }
    return super.fetch(request);
  }
}
