// The Worker's entry file with the binding DISPATCHER, which does not run locally,
// made of what Cloudflare documents: a script of the namespace runs, and all that it
// fetches goes to the outbound Worker, which finds the parameter in its env. The
// scripts come from the stand-in of Cloudflare's API; the outbound Worker is the
// real one. There is no LOADER for the product: this file needs it.
import { WorkerEntrypoint } from "cloudflare:workers";
import Studio, { Limiter, Outbound } from "../../src/entry.mjs";
import outboundWorker from "../../src/outbound.worker.mjs";

export { Limiter, Outbound };

/** Called by dispatched scripts, as `outbound.service` in wrangler.toml. */
export class OutboundWorker extends WorkerEntrypoint {
  fetch(request) {
    const { LOADER: _, BUCKET: __, ...env } = this.env;
    return outboundWorker.fetch(request, { ...env, SERVER: this.ctx.props });
  }
}

const dispatched = [];

function dispatcher(env, exports) {
  const origin = new URL(env.CLOUDFLARE_API_URL).origin;
  return {
    get(name, args, options) {
      dispatched.push({ name, args, options });
      return { fetch: (request) => run(env, exports, origin, name, options, request) };
    },
  };
}

async function run(env, exports, origin, name, { outbound }, request) {
  const scripts = await (await fetch(`${origin}/__scripts`)).json();
  const script = scripts.find((it) => it.namespace === env.DISPATCH_NAMESPACE && it.name === name);
  if (!script) throw new Error("Worker not found.");
  const modules = Object.entries(script.modules).map(([path, js]) => [path, { js }]);
  const worker = env.LOADER.get(`${script.runKey} ${JSON.stringify(outbound)}`, () => ({
    compatibilityDate: script.date,
    compatibilityFlags: script.flags,
    mainModule: script.main,
    modules: Object.fromEntries(modules),
    env: script.env,
    globalOutbound: exports.OutboundWorker({ props: outbound.SERVER }),
  }));
  return worker.getEntrypoint().fetch(request);
}

export default class extends Studio {
  fetch(request) {
    if (new URL(request.url).pathname === "/__dispatched") return Response.json(dispatched);
    const { LOADER: _, ...env } = this.env;
    const DISPATCHER = dispatcher(this.env, this.ctx.exports);
    return super.fetch.call({ env: { ...env, DISPATCHER }, ctx: this.ctx }, request);
  }
}
