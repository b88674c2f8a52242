// The Worker's entry file with one more path, which tells what was handed to the
// Worker Loader. The loader and the outbound entrypoint are the real ones.
import Studio, { Limiter, Outbound } from "../../src/entry.mjs";

export { Limiter, Outbound };

const loads = [];
/** Properties of each outbound stub, which cannot be read off the stub. */
const outbounds = new WeakMap();

const recording = (loader) => ({
  get: (name, code) =>
    loader.get(name, async () => {
      const given = await code();
      const globalOutbound = outbounds.get(given.globalOutbound) ?? "not ours";
      loads.push({ name, code: { ...given, globalOutbound } });
      return given;
    }),
});

const context = (ctx) => ({
  waitUntil: (promise) => ctx.waitUntil(promise),
  passThroughOnException: () => ctx.passThroughOnException(),
  exports: {
    Outbound: (options) => {
      const stub = ctx.exports.Outbound(options);
      outbounds.set(stub, options);
      return stub;
    },
  },
});

export default class extends Studio {
  fetch(request) {
    if (new URL(request.url).pathname === "/__loads") return Response.json(loads);
    const env = { ...this.env, LOADER: recording(this.env.LOADER) };
    return super.fetch.call({ env, ctx: context(this.ctx) }, request);
  }
}
