/**
 * Your own tools, resources and prompts. This file is yours: it is written
 * once, and never again when the rest of the project is made anew.
 */

import type { McpServer } from "@modelcontextprotocol/server";
import type { Env } from "./settings.js";

/**
 * Called for every new server object, before the tools of the API are added.
 * A tool that you register under the name of a generated one replaces it.
 *
 * For example:
 *
 * ```ts
 * server.registerTool(
 *   "add",
 *   {
 *     title: "Add",
 *     description: "Adds two numbers.",
 *     inputSchema: fromJsonSchema<{ a: number; b: number }>({
 *       type: "object",
 *       properties: { a: { type: "number" }, b: { type: "number" } },
 *       required: ["a", "b"],
 *     }),
 *   },
 *   ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }),
 * );
 * ```
 *
 * with `fromJsonSchema` from "@modelcontextprotocol/server". To call the API,
 * use `callApi` from "./http.js" with one of the tools of "./tools/index.js".
 */
export function registerCustom(_server: McpServer, _env: Env): void {}
