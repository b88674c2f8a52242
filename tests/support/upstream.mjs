// Starts the loopback upstream and asks it what it saw.
import { spawn } from "node:child_process";
import path from "node:path";

const MAIN = path.join(import.meta.dirname, "../upstream/main.mjs");

/** Headers that any HTTP client adds by itself, with values of its own. */
const INCIDENTAL = [
  "host",
  "connection",
  "user-agent",
  "accept-encoding",
  "accept-language",
  "content-length",
  "sec-fetch-mode",
  "cf-worker",
  "cf-connecting-ip",
  "cf-ew-via",
  "cdn-loop",
  "x-forwarded-proto",
];

export async function startUpstream() {
  const child = spawn(process.execPath, [MAIN], { stdio: ["ignore", "pipe", "inherit"] });
  const origin = await new Promise((resolve, reject) => {
    child.stdout.once("data", (line) => resolve(String(line).trim()));
    child.once("exit", (code) => reject(new Error(`the upstream ended (${code})`)));
  });
  return {
    origin,
    documentUrl: `${origin}/openapi.json`,
    /** All requests since the last call, without what HTTP clients add. */
    async taken() {
      const response = await fetch(`${origin}/__seen`, { method: "DELETE" });
      const requests = await response.json();
      return requests.map(({ headers, ...request }) => ({
        ...request,
        headers: Object.fromEntries(
          Object.entries(headers).filter(([name]) => !INCIDENTAL.includes(name)),
        ),
      }));
    },
    close: () => child.kill(),
  };
}
