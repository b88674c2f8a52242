/** The server on Cloudflare Workers, see src/endpoint.ts. */

import { createEndpoint, type Endpoint } from "./endpoint.js";
import type { Env } from "./settings.js";

/** One for each environment, which is the same object for all requests. */
const endpoints = new WeakMap<Env, Endpoint>();

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    let endpoint = endpoints.get(env);
    if (endpoint === undefined) {
      endpoint = createEndpoint(env);
      endpoints.set(env, endpoint);
    }
    return endpoint.fetch(request);
  },
};
