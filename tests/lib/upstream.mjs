// Starts the upstream API (tests/upstream) as a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../upstream/server.mjs", import.meta.url));

/** Headers of the connection, the HTTP client and the platform, not of the call. */
const TRANSPORT = new Set([
  "accept-language",
  "cf-worker",
  "sec-fetch-mode",
  "host",
  "connection",
  "accept-encoding",
  "content-length",
  "user-agent",
]);

export async function startUpstream() {
  const child = spawn(process.execPath, [SERVER], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the upstream API ended with ${code} before it was ready`);
  });
  const [line] = await Promise.race([once(lines, "line"), died]);
  died.catch(() => {});
  const { origin, stranger } = JSON.parse(line);
  const log = new URL("/__requests", origin);

  /** All requests since the last reset, each `{host, method, url, headers, body}`. */
  async function requests() {
    const recorded = await (await fetch(log)).json();
    return recorded.map((request) => ({ ...request, body: Buffer.from(request.body, "base64") }));
  }

  return {
    origin,
    stranger,
    host: new URL(origin).host,
    documentUrl: `${origin}/openapi.json`,
    requests,
    async document() {
      return (await fetch(`${origin}/openapi.json`)).json();
    },
    async reset() {
      await fetch(log, { method: "DELETE" });
    },
    /** The requests for access tokens, `{authorization, form}`. */
    async tokenRequests() {
      return (await fetch(`${origin}/__tokens`)).json();
    },
    /** All access tokens are refused from now on, and those requests forgotten. */
    async takeTokensBack() {
      await fetch(`${origin}/__tokens`, { method: "DELETE" });
    },
    /** Whether it refuses everything, repeating the credential. */
    async refuse(everything) {
      await fetch(`${origin}/__refusing`, { method: everything ? "PUT" : "DELETE" });
    },
    /** Whether it repeats in its answers all that it was sent. */
    async repeat(everything) {
      await fetch(`${origin}/__repeating`, { method: everything ? "PUT" : "DELETE" });
    },
    async close() {
      const gone = once(child, "exit");
      child.stdin.end();
      await gone;
    },
  };
}

/** What a test compares: the request without the headers of its transport. */
export function call({ method, url, headers, body }) {
  const own = Object.entries(headers).filter(([name]) => !TRANSPORT.has(name));
  return { method, url, headers: Object.fromEntries(own), body: body.toString("utf8") };
}
