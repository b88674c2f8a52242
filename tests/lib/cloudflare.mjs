// Starts the stand-in of Cloudflare's API (tests/fakes/cloudflare-api) as a
// process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../fakes/cloudflare-api/server.mjs", import.meta.url));

export async function startCloudflare() {
  const child = spawn(process.execPath, [SERVER], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the stand-in of Cloudflare's API ended with ${code} before it was ready`);
  });
  const [line] = await Promise.race([once(lines, "line"), died]);
  died.catch(() => {});
  const { api, workers, accounts } = JSON.parse(line);
  const origin = new URL(api).origin;
  const get = async (path) => (await fetch(`${origin}${path}`)).json();

  return {
    /** What `https://api.cloudflare.com/client/v4` is. */
    api,
    /** What `workers.dev` is, by path: `{workers}/{subdomain}/{script}`. */
    workers,
    accounts,
    /** All scripts, with their bindings in the clear. */
    scripts: () => get("/__scripts"),
    /** `[{method, path, status}]`; the status is null where the connection ended first. */
    requests: () => get("/__requests"),
    async reset() {
      await fetch(`${origin}/__scripts`, { method: "DELETE" });
      await fetch(`${origin}/__requests`, { method: "DELETE" });
      await this.fail();
      await this.lag(0);
    },
    /** The next requests to Workers' addresses are answered as if none were there. */
    async lag(requests) {
      await fetch(`${origin}/__lag`, { method: "PUT", body: JSON.stringify(requests) });
    },
    /** The next requests that match meet these faults, see its server.mjs. */
    async fail(...faults) {
      await fetch(`${origin}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
    },
    async close() {
      const gone = once(child, "exit");
      child.stdin.end();
      await gone;
    },
  };
}
