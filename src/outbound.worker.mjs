// The outbound Worker of the dispatch namespace: all that a dispatched script
// fetches comes here (wrangler.outbound.toml). `SERVER` is what the gateway says of
// the server behind the request; a script has no part in it.
import { rust } from "../build/index.js";
import { without } from "./without.mjs";

// Called by src/outbound/answer.rs.
globalThis.MCPENGINE_WITHOUT = without;

export default {
  fetch(request, env) {
    return rust.outbound(request, env, env.SERVER);
  },
};
