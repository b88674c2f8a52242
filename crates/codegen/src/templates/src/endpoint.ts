/** What this server answers over HTTP, on Node.js and Cloudflare Workers alike. */

import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type McpHttpHandler,
  originValidationResponse,
} from "@modelcontextprotocol/server";
import { accessRefusal } from "./access.js";
import { catalogue, serverCard } from "./card.js";
import { service } from "./config.js";
import { hosted } from "./http/auth.js";
import { createServer } from "./server.js";
import { type Env, setting } from "./settings.js";
import { tools } from "./tools/index.js";

export interface Endpoint {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

export interface EndpointOptions {
  /** It listens on this machine only, so no other host name leads to it. */
  readonly local?: boolean;
  readonly onerror?: (error: Error) => void;
}

/** MCP at /mcp, its description beside it, health at /. */
export function createEndpoint(
  env: Env,
  { local = false, onerror }: EndpointOptions = {},
): Endpoint {
  const mcp = createMcpHandler(() => createServer(env), {
    ...(onerror && { onerror }),
  });
  const answer = (request: Request, path: string) =>
    route(request, path, env, local, (message) => receive(message, mcp));
  return {
    async fetch(request) {
      const path = new URL(request.url).pathname;
      // Where the platform hosts this server, it has checked who is calling.
      if (hosted(env)) return answer(request, path);
      // What describes a server in public is for everybody, health checks too.
      const isOpen = !local && DESCRIPTIONS.has(path);
      const refusal = isOpen ? undefined : foreignRefusal(request, env, local);
      if (refusal !== undefined) return refusal;
      return withCors(request, await answer(request, path));
    },
    close: () => mcp.close(),
  };
}

const CARD = "/mcp/server-card";
const CATALOGUE = "/.well-known/ai-catalog.json";
const DESCRIPTIONS: ReadonlySet<string> = new Set(["/", CARD, CATALOGUE]);

async function route(
  request: Request,
  path: string,
  env: Env,
  local: boolean,
  mcp: (request: Request) => Promise<Response>,
): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204 });
  switch (path) {
    case "/mcp":
      return (await tokenRefusal(request, env, local)) ?? mcp(request);
    case "/":
      return read(request, () => {
        const { name, version } = service;
        const count = tools.length;
        return Response.json({ name, version, tools: count, endpoint: "/mcp" });
      });
    case CARD:
      return read(request, () => serverCard(request, env));
    case CATALOGUE:
      return read(request, () => catalogue(request, env));
    case "/sse":
    case "/messages":
      return problem(
        410,
        "The transport HTTP+SSE is not served any more: connect to /mcp with Streamable HTTP",
      );
    default:
      return problem(404, "Not found: the MCP endpoint is /mcp");
  }
}

/** A longer message is read piece by piece, by the SDK, up to its own limit. */
const AT_ONCE_BYTES = 1 << 20;

/** Hands a message on whose body has been read at once, which is faster. */
async function receive(
  request: Request,
  mcp: McpHttpHandler,
): Promise<Response> {
  const length = request.headers.get("content-length") ?? "";
  const type = request.headers.get("content-type") ?? "";
  const short = /^\d+$/.test(length) && Number(length) <= AT_ONCE_BYTES;
  if (request.method !== "POST" || !short || !type.includes("json")) {
    return mcp.fetch(request);
  }
  const body = await request.text();
  let parsedBody: unknown;
  try {
    parsedBody = JSON.parse(body);
  } catch {
    // The SDK says what is wrong with it.
    return mcp.fetch(new Request(request, { body }));
  }
  return mcp.fetch(request, { parsedBody });
}

function problem(status: number, error: string, headers = {}): Response {
  return Response.json({ error }, { status, headers });
}

async function read(
  { method }: Request,
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  if (method !== "GET" && method !== "HEAD") {
    const allow = "GET, HEAD, OPTIONS";
    return problem(405, `This address is only read: ${allow}`, { allow });
  }
  const response = await answer();
  return method === "HEAD" ? new Response(null, response) : response;
}

async function tokenRefusal(
  request: Request,
  env: Env,
  local: boolean,
): Promise<Response | undefined> {
  // Where the platform hosts this server, it has asked for one already; on the
  // local machine it is asked for only when there is one.
  const none = setting(env, "MCP_ACCESS_TOKEN") === undefined;
  return hosted(env) || (local && none)
    ? undefined
    : accessRefusal(request, env);
}

/**
 * The refusal of a request under a strange Host, or from a page of a strange
 * Origin (MCP 2026-07-28, Streamable HTTP, Security Warning): a page must not
 * reach a local server through a name of its own.
 */
function foreignRefusal(
  request: Request,
  env: Env,
  local: boolean,
): Response | undefined {
  const hosts = local
    ? localhostAllowedHostnames()
    : names(env, "MCP_ALLOWED_HOSTS");
  const refusal =
    hosts.length > 0 ? hostHeaderValidationResponse(request, hosts) : undefined;
  if (refusal !== undefined) return refusal;

  // Programs send none; only what a page sends has one.
  if (request.headers.get("origin") === null) return undefined;
  const origins = names(env, "MCP_ALLOWED_ORIGINS");
  if (origins.includes("*")) return undefined;
  const own = local ? localhostAllowedOrigins() : [hostname(request)];
  return originValidationResponse(request, [...own, ...origins]);
}

/** Host names from a setting that is a list with commas. */
function names(env: Env, name: string): string[] {
  const list = setting(env, name) ?? "";
  return list.split(/[\s,]+/).filter((it) => it !== "");
}

function hostname(request: Request): string {
  const host = `http://${request.headers.get("host")}`;
  return new URL(URL.canParse(host) ? host : request.url).hostname;
}

/** What a page's script may send besides `Mcp-Param-…`. */
const REQUEST_HEADERS = [
  "accept",
  "authorization",
  "content-type",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
];

/** Lets the page that asks read the answer: its origin has been checked. */
function withCors(request: Request, response: Response): Response {
  const origin = request.headers.get("origin");
  if (origin === null) return response;
  const headers = new Headers(response.headers);
  if (!headers.has("access-control-allow-origin")) {
    headers.set("access-control-allow-origin", origin);
    headers.append("vary", "Origin");
  }
  headers.set("access-control-expose-headers", "WWW-Authenticate");
  if (request.method === "OPTIONS") {
    const wanted = request.headers.get("access-control-request-headers") ?? "";
    const parameters = wanted.toLowerCase().match(/mcp-param-[\w-]+/g) ?? [];
    const allowed = [...REQUEST_HEADERS, ...parameters].join(", ");
    headers.set("access-control-allow-headers", allowed);
    headers.set("access-control-allow-methods", "GET, POST, DELETE, OPTIONS");
    headers.set("access-control-max-age", "86400");
  }
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
