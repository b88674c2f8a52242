// The Worker's entry file over an object store that fails on request:
// `PUT /__faults {"puts": 2, "matching": "plan.json"}` lets the next two writes of
// such keys fail.
import Studio, { Outbound } from "../../src/entry.mjs";

export { Outbound };

let faults = { puts: 0, matching: "" };

const faulty = (bucket) =>
  new Proxy(bucket, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== "function" || name === "constructor") return value;
      return (...args) => {
        if (name === "put" && faults.puts > 0 && args[0].includes(faults.matching)) {
          faults.puts -= 1;
          return Promise.reject(new Error("put: We encountered an internal error (10001)"));
        }
        return value.apply(target, args);
      };
    },
  });

export default class extends Studio {
  async fetch(request) {
    if (new URL(request.url).pathname === "/__faults") {
      if (request.method === "PUT") faults = await request.json();
      return Response.json(faults);
    }
    const env = { ...this.env, BUCKET: faulty(this.env.BUCKET) };
    return super.fetch.call({ env, ctx: this.ctx }, request);
  }
}
