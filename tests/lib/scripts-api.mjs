// A studio with the adapter `scripts-api`, the stand-in of Cloudflare's API and the
// upstream API beside it.
import { after, before } from "node:test";
import { startCloudflare } from "./cloudflare.mjs";
import { startStudio } from "./studio.mjs";
import { startUpstream } from "./upstream.mjs";

/** Vars that point a studio at the stand-in. */
export function standIn({ api, workers }) {
  return { CLOUDFLARE_API_URL: api, WORKERS_DEV_URL: `${workers}/{subdomain}/{script}` };
}

/** The vars of an operator whose account is the stand-in's `ready`. */
export function scriptsApi(cloudflare, { namespace = "", token } = {}) {
  const { ready } = cloudflare.accounts;
  return {
    ...standIn(cloudflare),
    DEPLOY_ADAPTER: "scripts-api",
    CLOUDFLARE_ACCOUNT_ID: ready.id,
    CLOUDFLARE_API_TOKEN: token ?? ready.token,
    DISPATCH_NAMESPACE: namespace,
  };
}

/**
 * Starts all three before the tests of a file and stops them after. `vars` makes
 * the studio's from the stand-in, `main` wraps its entry file.
 */
export function cloudflareStage(vars, { main } = {}) {
  const it = { studio: undefined, upstream: undefined, cloudflare: undefined };
  before(async () => {
    it.cloudflare = await startCloudflare();
    it.upstream = await startUpstream();
    it.studio = await startStudio({ vars: vars(it.cloudflare), main });
  });
  after(() => Promise.all([it.studio?.close(), it.upstream?.close(), it.cloudflare?.close()]));
  return it;
}
