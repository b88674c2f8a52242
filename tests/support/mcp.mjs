// MCP clients of both eras, and the bare requests that they make.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const MODERN = "2026-07-28";

const requestInit = (token) => (token ? { headers: { authorization: `Bearer ${token}` } } : {});

/** The official client, held to the 2026-07-28 protocol. */
export async function modern(endpoint, token) {
  const client = new Client(
    { name: "tests", version: "1" },
    { versionNegotiation: { mode: { pin: MODERN } } },
  );
  await client.connect(
    new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: requestInit(token) }),
  );
  return client;
}

/** The version 1 client: the 2025-11-25 handshake. */
export async function legacy(endpoint, token) {
  const client = new LegacyClient({ name: "tests", version: "1" });
  await client.connect(new LegacyTransport(new URL(endpoint), { requestInit: requestInit(token) }));
  return client;
}

/** One request of the 2026-07-28 protocol, as curl would send it. */
export function post(endpoint, method, params = {}, headers = {}) {
  return fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": MODERN,
      "mcp-method": method,
      ...(params.name ? { "mcp-name": params.name } : {}),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": MODERN,
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  });
}

/** Result or error of a tool call by {@link post}, whether JSON or one event. */
export async function call(endpoint, name, args = {}, headers = {}) {
  const response = await post(endpoint, "tools/call", { name, arguments: args }, headers);
  const text = await response.text();
  const json = text.startsWith("{") ? text : text.match(/^data: (.*)$/m)?.[1];
  if (json === undefined) throw new Error(`status ${response.status}: ${text}`);
  const message = JSON.parse(json);
  if (message.result === undefined) throw new Error(`status ${response.status}: ${json}`);
  return message.result;
}
