/** The MCP server: a fresh object for every request or connection. */

import {
  type CallToolResult,
  type HandlerResultTypeMap,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type RequestTypeMap,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { service } from "./config.js";
import { registerCustom } from "./custom.js";
import { callApi } from "./http.js";
import { withProgress } from "./progress.js";
import { argumentProblems } from "./schema.js";
import type { Env } from "./settings.js";
import type { Tool } from "./tool.js";
import { tools } from "./tools/index.js";

// Made once: a server object lives for one request only.
const byName = new Map(tools.map((tool) => [tool.name, tool]));
const listed = tools.map(
  ({ name, title, description, inputSchema, outputSchema, annotations }) => ({
    name,
    title,
    description,
    inputSchema,
    ...(outputSchema && { outputSchema }),
    annotations,
  }),
);

/** How long a client may keep what this server is and lists. */
const KEEP = { ttlMs: 300_000, cacheScope: "private" } as const;

/**
 * Makes a server with the tools of the API and those of src/custom.ts. Server
 * objects must not be shared between requests that run at the same time.
 */
export function createServer(env: Env): McpServer {
  const { instructions, ...info } = service;
  const server = new McpServer(info, {
    ...(instructions !== undefined && { instructions }),
    capabilities: {
      // Declared even where src/custom.ts has none, so that their lists are empty
      // and no error. Without sessions nobody can be told that one has changed.
      prompts: { listChanged: false },
      resources: { listChanged: false },
      // What src/custom.ts registers may have a user interface (MCP Apps).
      extensions: { "io.modelcontextprotocol/ui": {} },
    },
    cacheHints: {
      "server/discover": KEEP,
      "tools/list": KEEP,
      "prompts/list": KEEP,
      "resources/list": KEEP,
      "resources/templates/list": KEEP,
    },
  });
  const custom = customTools(server, env);
  serveTools(server, custom, env);
  return server;
}

type Handler<Method extends "tools/list" | "tools/call"> = (
  request: RequestTypeMap[Method],
  context: ServerContext,
) => HandlerResultTypeMap[Method] | Promise<HandlerResultTypeMap[Method]>;

/** The handlers for the tools of src/custom.ts; none when it has no tool. */
interface CustomTools {
  list?: Handler<"tools/list">;
  call?: Handler<"tools/call">;
}

/**
 * Runs src/custom.ts. The SDK installs its handlers with the first tool that is
 * registered: they are kept aside, because the tools of the API are served from
 * a table. Registering each of them for every request is slow where there are
 * hundreds.
 */
function customTools(server: McpServer, env: Env): CustomTools {
  const custom: CustomTools = {};
  const { server: low } = server;
  const install = low.setRequestHandler;
  low.setRequestHandler = ((method: string, ...rest: unknown[]) => {
    const [handler] = rest;
    if (method === "tools/list") {
      custom.list = handler as Handler<"tools/list">;
    } else if (method === "tools/call") {
      custom.call = handler as Handler<"tools/call">;
    } else {
      Reflect.apply(install, low, [method, ...rest]);
    }
  }) as typeof install;
  try {
    registerCustom(server, env);
  } finally {
    low.setRequestHandler = install;
  }
  return custom;
}

function serveTools(server: McpServer, custom: CustomTools, env: Env): void {
  const { server: low } = server;
  low.registerCapabilities({ tools: { listChanged: false } });

  low.setRequestHandler("tools/list", async (request, context) => {
    const own = await custom.list?.(request, context);
    if (own === undefined) return { tools: listed };
    const replaced = new Set(own.tools.map((tool) => tool.name));
    const rest = listed.filter((tool) => !replaced.has(tool.name));
    return { ...own, tools: [...rest, ...own.tools] };
  });

  low.setRequestHandler("tools/call", async (request, context) => {
    const { name, arguments: args = {} } = request.params;
    if (custom.list !== undefined && custom.call !== undefined) {
      const own = await custom.list({ method: "tools/list" }, context);
      if (own.tools.some((tool) => tool.name === name)) {
        return custom.call(request, context);
      }
    }
    const tool = byName.get(name);
    if (tool === undefined) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `There is no tool "${name}"`,
      );
    }
    const { signal } = context.mcpReq;
    const result = await withProgress(context, () =>
      callTool(tool, args, env, signal),
    );
    return low.projectCallToolResult(result, tool.outputSchema);
  });
}

async function callTool(
  tool: Tool,
  args: Record<string, unknown>,
  env: Env,
  signal: AbortSignal,
): Promise<CallToolResult> {
  const found = argumentProblems(tool, args);
  if (found !== undefined) {
    // A result, not a protocol error: the model can read it and try again.
    const message = `The arguments do not fit the input schema of ${tool.name}: ${found}`;
    return { content: [{ type: "text", text: message }], isError: true };
  }
  return callApi(tool, args, env, signal);
}
