#!/usr/bin/env node
/** The server on Node.js: over stdio, or over HTTP with --http. */

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { service } from "./config.js";
import { createEndpoint, type Endpoint } from "./endpoint.js";
import { unsetCredentials } from "./http/auth.js";
import { createServer } from "./server.js";
import { setting } from "./settings.js";
import { tools } from "./tools/index.js";

const HELP = `${service.title}: an MCP server with ${tools.length} tools

Usage:
  node dist/node.js                     over stdio, for a client that starts it
  node dist/node.js --http [--port N]   over HTTP at http://127.0.0.1:3000/mcp

Options:
  --http         serve Streamable HTTP
  --port N       port for --http (default: PORT of the environment, else 3000)
  --host ADDR    address for --http (default 127.0.0.1); for any other than the
                 local one set MCP_ACCESS_TOKEN, which clients send as a bearer
                 token, or MCP_PUBLIC=1
  --help         show this text

Settings are environment variables, see .env.example. A file .env beside
package.json is read.
`;

function main(): void {
  loadSettings();
  const options = readOptions();
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  for (const names of unsetCredentials(tools, process.env)) {
    note(`Not set: ${names}. Calls that need it will fail.`);
  }
  if (options.http) {
    serveHttp(options.host, options.port);
  } else {
    if (process.stdin.isTTY) {
      note("Waiting for an MCP client on stdin. For HTTP, add --http.");
    }
    serveStdio(() => createServer(process.env), {
      onerror: (error) => note(error.message),
    });
  }
}

/** Standard output carries the protocol, so notes go to standard error. */
function note(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Reads .env; what the environment has already stays. */
function loadSettings(): void {
  try {
    process.loadEnvFile?.(fileURLToPath(new URL("../.env", import.meta.url)));
  } catch {
    // There is no such file.
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        http: { type: "boolean", default: false },
        port: { type: "string", default: process.env["PORT"] || "3000" },
        host: { type: "string", default: "127.0.0.1" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new Error("--port must be a number from 0 to 65535");
    }
    return { ...values, port };
  } catch (error) {
    note(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(2);
  }
}

function serveHttp(host: string, port: number): void {
  const local = ["127.0.0.1", "::1", "localhost"].includes(host);
  const endpoint = createEndpoint(process.env, {
    local,
    onerror: (error) => note(error.message),
  });

  const server = createHttpServer((incoming, outgoing) => {
    answer(endpoint, incoming, outgoing)
      .then((response) => {
        // The last one of this connection, where the server is to end.
        if (!server.listening) outgoing.setHeader("connection", "close");
        return sendResponse(response, outgoing);
      })
      .catch(() => outgoing.destroy());
  });
  server.on("error", (error) => {
    note(`Cannot listen on ${host}:${port}: ${error.message}`);
    process.exit(1);
  });
  server.listen(port, host, () => {
    const address = server.address();
    const bound = typeof address === "object" ? address?.port : port;
    const name = host.includes(":") ? `[${host}]` : host;
    note(`${service.title} listens at http://${name}:${bound}/mcp`);
    if (!local) warnOfAccess();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // A second one ends the process at once.
    process.once(signal, () => end(server, endpoint));
  }
}

/** As long as `docker stop` waits, and a little less. */
const GRACE_MS = 8_000;

/** Lets calls that are under way come to their end, but not for ever. */
function end(server: Server, endpoint: Endpoint): void {
  server.close(() => void endpoint.close());
  setTimeout(() => {
    void endpoint.close();
    server.closeAllConnections();
  }, GRACE_MS).unref();
}

function warnOfAccess(): void {
  const { env } = process;
  if (setting(env, "MCP_ACCESS_TOKEN") !== undefined) return;
  note(
    setting(env, "MCP_PUBLIC") === "1"
      ? "MCP_PUBLIC=1: everyone who reaches this address can use the tools."
      : "It refuses every call until MCP_ACCESS_TOKEN is set, or MCP_PUBLIC=1.",
  );
}

async function answer(
  endpoint: Endpoint,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<Response> {
  try {
    const request = toRequest(incoming, outgoing);
    if (request !== undefined) return await endpoint.fetch(request);
    const error = "This is not a request that a server on HTTP can read";
    return Response.json({ error }, { status: 400 });
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    return Response.json({ error: "Internal error" }, { status: 500 });
  }
}

/** Undefined where the address or the method is none that can be served. */
function toRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Request | undefined {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  const url = addressOf(incoming);
  if (url === undefined || /^(connect|trace|track)$/i.test(method)) {
    return undefined;
  }
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  return new Request(url, {
    method,
    headers,
    signal: gone.signal,
    ...(hasBody && { body: Readable.toWeb(incoming), duplex: "half" }),
  });
}

/** The host name in it is not used: the Host header is what is checked. */
function addressOf({ url = "/" }: IncomingMessage): string | undefined {
  const base = "http://localhost";
  if (url.startsWith("/") && URL.canParse(base + url)) return base + url;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  // A proxy asks for the whole address (RFC 9112, section 3.2.2).
  const { pathname, search } = new URL(url);
  return base + pathname + search;
}

async function sendResponse(
  response: Response,
  outgoing: ServerResponse,
): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body), outgoing);
}

main();
