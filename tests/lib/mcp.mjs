// MCP clients of both eras: the official ones, and bare JSON-RPC.
import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

export const MODERN = "2026-07-28";

const INFO = { name: "mcpengine-tests", version: "1.0.0" };

/** The official v2 client, held to the modern era. */
export async function modernClient(endpoint, token) {
  const client = new Client(INFO, {
    capabilities: {},
    versionNegotiation: { mode: { pin: MODERN } },
  });
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), options(token)));
  return client;
}

/** The official v1 client, which knows the legacy era only. */
export async function legacyClient(endpoint, token) {
  const client = new LegacyClient(INFO, { capabilities: {} });
  await client.connect(new LegacyTransport(new URL(endpoint), options(token)));
  return client;
}

function options(token) {
  return token === undefined
    ? {}
    : { requestInit: { headers: { authorization: `Bearer ${token}` } } };
}

/** Headers of a modern request (MCP 2026-07-28, Streamable HTTP). */
export function modernHeaders(method, params, token) {
  return {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": MODERN,
    "mcp-method": method,
    ...(params.name !== undefined && { "mcp-name": params.name }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
}

export function modernBody(method, params, id = 1) {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": INFO,
  };
  return JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, _meta } });
}

/** One modern request without a client library; `{status, headers, message}`. */
export async function modernRpc(endpoint, method, params = {}, { token, headers = {} } = {}) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { ...modernHeaders(method, params, token), ...headers },
    body: modernBody(method, params),
  });
  return { status: response.status, headers: response.headers, message: await message(response) };
}

/** The JSON-RPC message of an answer, plain or in the one event of a stream. */
async function message(response) {
  const text = await response.text();
  return parseMessage(text);
}

export function parseMessage(text) {
  const data = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  try {
    return JSON.parse(data);
  } catch {
    return assert.fail(`no JSON-RPC message: ${text.slice(0, 500)}`);
  }
}

/** Calls a tool by bare modern JSON-RPC; its result, which may be an error. */
export async function callTool(endpoint, name, args = {}, options = {}) {
  const { message } = await modernRpc(endpoint, "tools/call", { name, arguments: args }, options);
  assert.ok(message.result, JSON.stringify(message));
  return message.result;
}

/** The text of a result's first content. */
export function textOf(result) {
  return result.content[0].text;
}
