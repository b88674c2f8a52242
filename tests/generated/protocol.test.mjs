// A generated project as MCP clients see it: over stdio, over HTTP on Node and
// on workerd, in both eras of the protocol, with the tools of custom.ts.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { StdioClientTransport as LegacyStdioTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as LegacyHttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { buildProject } from "./project.mjs";
import { runner } from "./run.mjs";
import { startUpstream } from "./upstream.mjs";

const TOOLS = [
  "list_pets",
  "get_pet",
  "create_pet",
  "delete_pet",
  "upload_photo",
  "get_photo",
  "search_places",
  "sign_in",
  "put_note",
  "put_file",
  "get_status",
  "sign_with_certificate",
];

const CUSTOM = `
import { fromJsonSchema, type McpServer } from "@modelcontextprotocol/server";
import type { Env } from "./settings.js";

export function registerCustom(server: McpServer, _env: Env): void {
  server.registerTool(
    "add",
    {
      description: "Adds two numbers.",
      inputSchema: fromJsonSchema<{ a: number; b: number }>({
        type: "object",
        properties: { a: { type: "number" }, b: { type: "number" } },
        required: ["a", "b"],
      }),
    },
    ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }),
  );
  server.registerTool("get_status", { description: "Mine." }, () => ({
    content: [{ type: "text", text: "custom" }],
  }));
  server.registerResource("hello", "hello://world", {}, () => ({
    contents: [{ uri: "hello://world", text: "hi" }],
  }));
  server.registerPrompt("greet", { description: "Greets." }, () => ({
    messages: [{ role: "user", content: { type: "text", text: "Hello" } }],
  }));
}
`;

let upstream;
let plain;
let extended;
const cleanups = [];

before(async () => {
  upstream = await startUpstream();
  plain = await buildProject("plain");
  extended = await buildProject("extended", (folder) =>
    writeFile(path.join(folder, "src/custom.ts"), CUSTOM),
  );
});
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
  await upstream.close();
});

const settings = () => ({
  API_BASE_URL: upstream.url,
  PETSTORE_API_KEY: "key-1",
});
const { legacy, modern, program, startHttp, startWorker } = runner(cleanups, settings);

/** What every client has to get from the plain project. */
async function exercise(client) {
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map((tool) => tool.name),
    TOOLS,
  );
  const [list] = tools;
  assert.equal(list.title, "List pets");
  assert.deepEqual(list.annotations, {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  });
  assert.equal(list.outputSchema.properties.items.items.$ref, "#/$defs/Pet");

  upstream.answer({ json: [{ id: 1, name: "Rex" }] });
  const pets = await client.callTool({ name: "list_pets", arguments: { limit: 3 } });
  assert.equal(pets.isError, undefined);
  assert.deepEqual(pets.structuredContent, { items: [{ id: 1, name: "Rex" }] });
  assert.equal(upstream.requests[0].url, "/v1/pets?limit=3");

  upstream.answer({ json: {} });
  const wrong = await client.callTool({ name: "get_pet", arguments: { pet: 1 } });
  assert.equal(wrong.isError, true);
  assert.match(wrong.content[0].text, /do not fit the input schema of get_pet/);
  assert.equal(upstream.requests.length, 0);

  const broken = await client.callTool({ name: "get_pet", arguments: { pet_id: "1" } });
  assert.equal(broken.isError, true);

  await assert.rejects(
    client.callTool({ name: "hidden", arguments: {} }),
    (error) => error.code === -32602 && /There is no tool "hidden"/.test(error.message),
  );
  // One server object for each request: none of these may get another's answer.
  upstream.answer(({ url }) => ({ json: { id: Number(url.split("/").at(-1)), name: "x" } }));
  const ids = Array.from({ length: 40 }, (_, id) => id);
  const answers = await Promise.all(
    ids.map((id) => client.callTool({ name: "get_pet", arguments: { pet_id: String(id) } })),
  );
  assert.deepEqual(
    answers.map((it) => it.structuredContent.id),
    ids,
  );
}

/** What every client has to get from the project with a custom.ts. */
async function exerciseCustom(client) {
  const { tools } = await client.listTools();
  const names = tools.map((tool) => tool.name);
  assert.deepEqual(names, [...TOOLS.filter((name) => name !== "get_status"), "add", "get_status"]);
  const text = async (name, args) => {
    const result = await client.callTool({ name, arguments: args });
    return result.content[0].text;
  };
  assert.equal(await text("add", { a: 2, b: 3 }), "5");
  assert.match(await text("add", { a: "2" }), /Invalid arguments for tool add/);
  assert.equal(await text("get_status", {}), "custom");
  assert.equal((await client.listResources()).resources[0].uri, "hello://world");
  assert.equal((await client.readResource({ uri: "hello://world" })).contents[0].text, "hi");
  assert.equal((await client.listPrompts()).prompts[0].name, "greet");
  upstream.answer({ json: { id: 1, name: "Rex" } });
  assert.match(await text("get_pet", { pet_id: "1" }), /Rex/);
}

test("stdio, both eras", async () => {
  await exercise(await modern(new StdioClientTransport(program(plain))));
  await exercise(await legacy(new LegacyStdioTransport(program(plain))));
  await exerciseCustom(await modern(new StdioClientTransport(program(extended))));
  await exerciseCustom(await legacy(new LegacyStdioTransport(program(extended))));
});

test("HTTP on Node, both eras", async () => {
  const url = new URL(await startHttp(plain));
  await exercise(await modern(new StreamableHTTPClientTransport(url)));
  await exercise(await legacy(new LegacyHttpTransport(url)));
  assert.equal(upstream.requests[0].headers["x-api-key"], "key-1");
  const custom = new URL(await startHttp(extended));
  await exerciseCustom(await modern(new StreamableHTTPClientTransport(custom)));
  await exerciseCustom(await legacy(new LegacyHttpTransport(custom)));
});

test("HTTP on workerd, both eras", async () => {
  const hosted = { MCPENGINE_HOSTED: "1", API_BASE_URL: upstream.url };
  const url = new URL(await startWorker(plain, hosted));
  await exercise(await modern(new StreamableHTTPClientTransport(url)));
  assert.equal(upstream.requests[0].headers["mcpengine-auth"], "api_key");
  await exercise(await legacy(new LegacyHttpTransport(url)));
  const custom = new URL(await startWorker(extended, hosted));
  await exerciseCustom(await modern(new StreamableHTTPClientTransport(custom)));
  await exerciseCustom(await legacy(new LegacyHttpTransport(custom)));

  const health = await fetch(new URL("/", url));
  const about = { name: "petstore", version: "1.4.0", tools: 12, endpoint: "/mcp" };
  assert.deepEqual(await health.json(), about);
  assert.equal((await fetch(url)).status, 405);
});

test("the list of tools may be kept for a while", async () => {
  const url = await startHttp(plain);
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/list",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/list",
      params: {
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  });
  const { result } = await response.json();
  assert.equal(result.ttlMs, 300_000);
  assert.equal(result.cacheScope, "private");
  assert.equal(result.resultType, "complete");
});

const post = (url, headers = {}) =>
  fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  });

test("a local server is not for web pages", async () => {
  const url = await startHttp(plain);
  assert.equal((await post(url)).status, 200);
  assert.equal((await post(url, { origin: "http://localhost:5173" })).status, 200);
  assert.equal((await post(url, { origin: "https://evil.example" })).status, 403);
  assert.equal((await post(url, { origin: "null" })).status, 403);
  const big = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: `"${"x".repeat(5_000_000)}"`,
  });
  assert.equal(big.status, 413);
});

test("a server that others can reach asks for its token", async () => {
  const args = ["--host", "0.0.0.0"];
  assert.equal((await post(await startHttp(plain, args))).status, 503);
  assert.equal((await post(await startHttp(plain, args, { MCP_PUBLIC: "1" }))).status, 200);
  const url = await startHttp(plain, args, { MCP_ACCESS_TOKEN: "open-sesame" });
  assert.equal((await post(url)).status, 401);
  assert.equal((await post(url, { authorization: "Bearer open" })).status, 401);
  assert.equal((await post(url, { authorization: "Bearer open-sesame" })).status, 200);

  const worker = await startWorker(plain, { API_BASE_URL: upstream.url });
  assert.equal((await post(worker)).status, 503);
  const closed = await startWorker(plain, { MCP_ACCESS_TOKEN: "open-sesame" });
  assert.equal((await post(closed)).status, 401);
  assert.equal((await post(closed, { authorization: "Bearer open-sesame" })).status, 200);
});

test("the command line helps", async () => {
  const run = (...args) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [path.join(plain, "dist/node.js"), ...args]);
      const output = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"]) {
        child[name].on("data", (chunk) => (output[name] += chunk));
      }
      child.once("exit", (code) => resolve({ code, ...output }));
    });
  const help = await run("--help");
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Petstore: an MCP server with 12 tools/);
  const wrong = await run("--port", "70000");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--port must be a number/);
  assert.equal((await run("--nope")).code, 2);
});
