/** The server on Cloudflare Workers: MCP at /mcp, health at /. */

import {
  createMcpHandler,
  type McpHttpHandler,
} from "@modelcontextprotocol/server";
import { accessRefusal } from "./access.js";
import { service } from "./config.js";
import { hosted } from "./http/auth.js";
import { createServer } from "./server.js";
import type { Env } from "./settings.js";
import { tools } from "./tools/index.js";

/** One handler for each environment, which is the same object for all requests. */
const handlers = new WeakMap<Env, McpHttpHandler>();

function handlerFor(env: Env): McpHttpHandler {
  let handler = handlers.get(env);
  if (handler === undefined) {
    handler = createMcpHandler(() => createServer(env));
    handlers.set(env, handler);
  }
  return handler;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/mcp") {
      // Where the platform hosts this server, it has checked the caller already.
      const refusal = hosted(env)
        ? undefined
        : await accessRefusal(request, env);
      return refusal ?? handlerFor(env).fetch(request);
    }
    if (pathname === "/") {
      const { name, version } = service;
      return Response.json({ name, version, tools: tools.length });
    }
    return Response.json(
      { error: "Not found: the MCP endpoint is /mcp" },
      { status: 404 },
    );
  },
};
