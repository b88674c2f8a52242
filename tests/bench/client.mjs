// The requests of the main job, as a client without libraries makes them.
import { AUTHORIZATION } from "../lib/identity.mjs";

/** Posts, reads the stream to its end and returns the terminal event. */
export async function stream(origin, path, body, type = "application/json") {
  const response = await fetch(origin + path, {
    method: "POST",
    headers: { "content-type": type, ...AUTHORIZATION },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
  const last = text.trimEnd().split("\n\n").at(-1);
  const event = JSON.parse(last.slice(last.indexOf("data: ") + 6));
  if (event.type === "error") throw new Error(`${path}: ${event.code}: ${event.message}`);
  return event;
}

/** The request of a `tools/call` in the modern era. */
export function callRequest(name, args) {
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": name,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name,
        arguments: args,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
