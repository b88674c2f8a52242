/** Who may use this server when it is reached over a network. */

import { type Env, setting } from "./settings.js";

/**
 * The refusal of a request without the access token, or undefined. A server
 * that holds credentials is not open to all by accident: without a token it
 * answers only after MCP_PUBLIC=1 says so.
 */
export async function accessRefusal(
  request: Request,
  env: Env,
): Promise<Response | undefined> {
  const token = setting(env, "MCP_ACCESS_TOKEN");
  if (token === undefined) {
    if (setting(env, "MCP_PUBLIC") === "1") return undefined;
    return Response.json(
      {
        error:
          "This server is not set up yet: set MCP_ACCESS_TOKEN to the token that " +
          "clients have to send, or MCP_PUBLIC=1 to let everyone in",
      },
      { status: 503 },
    );
  }
  const header = request.headers.get("authorization") ?? "";
  const [, given = ""] = /^bearer +(\S+)$/i.exec(header.trim()) ?? [];
  if (await equal(given, token)) return undefined;
  return Response.json(
    { error: "Send the access token of this server as a bearer token" },
    { status: 401, headers: { "www-authenticate": "Bearer" } },
  );
}

/** Compares digests, so that the time taken says nothing about the token. */
async function equal(a: string, b: string): Promise<boolean> {
  const digests = await Promise.all(
    [a, b].map((it) =>
      crypto.subtle.digest("SHA-256", new TextEncoder().encode(it)),
    ),
  );
  const [first = new ArrayBuffer(), second = new ArrayBuffer()] = digests;
  const left = new Uint8Array(first);
  const right = new Uint8Array(second);
  return (
    left.reduce((sum, byte, at) => sum | (byte ^ (right[at] ?? 0)), 0) === 0
  );
}
