import { createParser } from "eventsource-parser";
import { isRecord } from "@/lib/problem";

/** The two eras of MCP over HTTP that clients speak today. */
export const ERAS = ["2026-07-28", "2025-11-25"] as const;
export type Era = (typeof ERAS)[number];

/** One HTTP request and its answer, as they went over the wire; the token is masked. */
export interface Exchange {
  readonly request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  } | null;
  /** From sending to the last byte, in milliseconds. */
  readonly milliseconds: number;
}

export type McpOutcome =
  | { readonly kind: "result"; readonly result: Readonly<Record<string, unknown>> }
  /** The server understood, and refused: a JSON-RPC error. */
  | {
      readonly kind: "rpcError";
      readonly code: number;
      readonly message: string;
      readonly data?: unknown;
    }
  /** No JSON-RPC answer came: a wrong token, a wrong address, no network. */
  | {
      readonly kind: "transportError";
      readonly message: string;
      readonly status: number | null;
    };

export interface McpReport {
  readonly outcome: McpOutcome;
  /** In their order; the older era needs a handshake before the call. */
  readonly exchanges: readonly Exchange[];
  /** Of the last exchange. */
  readonly milliseconds: number;
}

export interface McpTarget {
  readonly endpoint: string;
  readonly token: string | null;
  readonly era: Era;
  readonly signal?: AbortSignal;
}

const CLIENT_INFO = { name: "mcpengine-studio", version: "0.1.0" };

/** Headers of the answer that the log shows; the browser hides most of the others. */
const MASKED = "Bearer ••••••••";

export function callTool(
  target: McpTarget,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<McpReport> {
  return request(target, "tools/call", { name, arguments: args }, name);
}

export function listTools(target: McpTarget): Promise<McpReport> {
  return request(target, "tools/list", {}, null);
}

/**
 * One request. In the 2026-07-28 era it carries all that the server needs; in
 * the 2025-11-25 era it comes after `initialize` and `notifications/initialized`.
 */
async function request(
  target: McpTarget,
  method: string,
  params: Readonly<Record<string, unknown>>,
  name: string | null,
): Promise<McpReport> {
  const exchanges: Exchange[] = [];
  const outcome =
    target.era === "2026-07-28"
      ? await modern(target, method, params, name, exchanges)
      : await legacy(target, method, params, exchanges);
  return { outcome, exchanges, milliseconds: exchanges.at(-1)?.milliseconds ?? 0 };
}

function modern(
  target: McpTarget,
  method: string,
  params: Readonly<Record<string, unknown>>,
  name: string | null,
  exchanges: Exchange[],
): Promise<McpOutcome> {
  const message = {
    jsonrpc: "2.0",
    id: 1,
    method,
    params: {
      ...params,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": target.era,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": CLIENT_INFO,
      },
    },
  };
  const headers: Record<string, string> = {
    "mcp-protocol-version": target.era,
    "mcp-method": method,
  };
  if (name !== null) headers["mcp-name"] = headerValue(name);
  return post(target, message, headers, exchanges);
}

async function legacy(
  target: McpTarget,
  method: string,
  params: Readonly<Record<string, unknown>>,
  exchanges: Exchange[],
): Promise<McpOutcome> {
  const hello = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: target.era, capabilities: {}, clientInfo: CLIENT_INFO },
  };
  const welcome = await post(target, hello, {}, exchanges);
  if (welcome.kind !== "result") return welcome;
  const agreed = welcome.result.protocolVersion;
  const headers: Record<string, string> = {
    "mcp-protocol-version": typeof agreed === "string" ? agreed : target.era,
  };
  const session = exchanges.at(-1)?.response?.headers["mcp-session-id"];
  if (session) headers["mcp-session-id"] = session;
  const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
  const noted = await post(target, initialized, headers, exchanges);
  if (noted.kind !== "result") return noted;
  return post(target, { jsonrpc: "2.0", id: 2, method, params }, headers, exchanges);
}

interface Message {
  readonly id?: number;
  readonly [key: string]: unknown;
}

/** Sends one message and records the exchange. A notification's 2xx is an empty result. */
async function post(
  target: McpTarget,
  message: Message,
  extra: Readonly<Record<string, string>>,
  exchanges: Exchange[],
): Promise<McpOutcome> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...extra,
  };
  const body = JSON.stringify(message);
  const sent = {
    url: target.endpoint,
    headers: target.token ? { ...headers, authorization: MASKED } : headers,
    body,
  };
  const started = performance.now();
  try {
    const response = await fetch(target.endpoint, {
      method: "POST",
      headers: target.token ? { ...headers, authorization: `Bearer ${target.token}` } : headers,
      body,
      // Cookies of this page are none of a generated server's business.
      credentials: "omit",
      ...(target.signal && { signal: target.signal }),
    });
    const text = await response.text();
    exchanges.push({
      request: sent,
      response: {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: text,
      },
      milliseconds: performance.now() - started,
    });
    return outcomeOf(response, text, message.id);
  } catch (error) {
    target.signal?.throwIfAborted();
    exchanges.push({ request: sent, response: null, milliseconds: performance.now() - started });
    const reason = error instanceof Error ? error.message : String(error);
    return {
      kind: "transportError",
      status: null,
      message: `The server could not be reached (${reason}). It may be stopped, or it may not answer this page's origin.`,
    };
  }
}

/** The JSON-RPC answer to `id` in a body that is JSON or framed as SSE. */
function outcomeOf(response: Response, text: string, id: number | undefined): McpOutcome {
  if (id === undefined && response.ok) return { kind: "result", result: {} };
  const type = response.headers.get("content-type") ?? "";
  const messages = type.includes("text/event-stream") ? sseMessages(text) : [parseJson(text)];
  for (const message of messages) {
    if (!isRecord(message)) continue;
    if (isRecord(message.result) && message.id === id) {
      return { kind: "result", result: message.result };
    }
    const { error } = message;
    // A request that could not be read is answered with id null.
    if (isRecord(error) && typeof error.code === "number") {
      return {
        kind: "rpcError",
        code: error.code,
        message: String(error.message ?? ""),
        ...(error.data !== undefined && { data: error.data }),
      };
    }
  }
  return {
    kind: "transportError",
    status: response.status,
    message: statusMessage(response.status),
  };
}

function statusMessage(status: number): string {
  switch (status) {
    case 401:
      return "The server asks for its bearer token (401).";
    case 403:
      return "The server refused this caller (403).";
    case 404:
      return "There is no server at this address (404).";
    default:
      return `The server answered ${status} without a JSON-RPC message.`;
  }
}

function sseMessages(text: string): unknown[] {
  const messages: unknown[] = [];
  const parser = createParser({ onEvent: ({ data }) => messages.push(parseJson(data)) });
  // A body that ends without the blank line still holds a whole message.
  parser.feed(`${text}\n\n`);
  return messages;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A value as a header may carry it: as it is where it is printable ASCII,
 * else `=?base64?…?=` over its UTF-8 (MCP 2026-07-28, HTTP headers).
 */
export function headerValue(value: string): string {
  if (/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !value.startsWith("=?")) {
    return value;
  }
  const bytes = new TextEncoder().encode(value);
  return `=?base64?${btoa(String.fromCharCode(...bytes))}?=`;
}
