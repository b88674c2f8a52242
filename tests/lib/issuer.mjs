// Starts the OpenID provider (tests/fakes/oidc) as a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../fakes/oidc/server.mjs", import.meta.url));

/** The party that its tokens are issued for unless said otherwise. */
export const PARTY = "https://studio.example.com";

export async function startIssuer() {
  const child = spawn(process.execPath, [SERVER], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the OpenID provider ended with ${code} before it was ready`);
  });
  const [line] = await Promise.race([once(lines, "line"), died]);
  died.catch(() => {});
  const { origin, client } = JSON.parse(line);
  const ask = async (method, path, body) => {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    return (await fetch(origin + path, init)).json();
  };
  return {
    origin,
    /** The vars of a studio that takes its tokens. */
    vars: {
      AUTH_ISSUER: origin,
      AUTH_PARTIES: `${PARTY}, ${client}`,
      AUTH_CLIENT_ID: client,
      DEV_ISSUER_KEY: undefined,
    },
    /** A token, see the server for what can be said. */
    token: async (parts = {}) => (await ask("POST", "/__token", parts)).token,
    rotate: () => ask("POST", "/__rotate"),
    /** How its key set fails; null for not at all. */
    fail: (keys) => ask("PUT", "/__fault", { keys }),
    sessionsLast: (seconds) => ask("PUT", "/__life", { seconds }),
    /** How often its key set was asked for. */
    asked: async () => (await ask("GET", "/__asked")).keys,
    keySet: () => ask("GET", "/.well-known/jwks.json"),
    async close() {
      const gone = once(child, "exit");
      child.stdin.end();
      await gone;
    },
  };
}
