// Checks of this server that need neither the API nor its credentials: calls go
// to a stand-in on this machine. Run them with `npm test`.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { McpServer } from "@modelcontextprotocol/server";
import { schemes } from "../dist/config.js";
import { registerCustom } from "../dist/custom.js";
import { createEndpoint } from "../dist/endpoint.js";
import { tools } from "../dist/tools/index.js";

const PROTOCOL = "2026-07-28";
const listed = tools;

/** Requests that the stand-in has seen. */
const seen = [];
const api = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  response.setHeader("content-type", "application/json").end("{}");
});
let endpoint;
/** Names of the tools of src/custom.ts: what they do is not checked here. */
const custom = new Set();
const isOwn = ({ name }) => !custom.has(name);

before(async () => {
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  const secrets = Object.values(schemes).flatMap((it) => it.secrets ?? []);
  const env = {
    ...Object.fromEntries(secrets.map((name) => [name, "test"])),
    API_BASE_URL: `http://127.0.0.1:${api.address().port}`,
    MCP_PUBLIC: "1",
  };
  const server = new McpServer({ name: "custom", version: "1.0.0" });
  const register = server.registerTool;
  server.registerTool = (name, ...rest) => {
    custom.add(name);
    return Reflect.apply(register, server, [name, ...rest]);
  };
  registerCustom(server, env);
  endpoint = createEndpoint(env);
});

after(async () => {
  await endpoint.close();
  api.close();
});

/** Sends one message of the protocol and gives its result or error. */
async function send(method, params = {}, headers = {}) {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": PROTOCOL,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const message = { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } };
  const response = await endpoint.fetch(
    new Request("http://localhost/mcp", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": PROTOCOL,
        "mcp-method": method,
        ...(params.name !== undefined && { "mcp-name": params.name }),
        ...headers,
      },
      body: JSON.stringify(message),
    }),
  );
  const text = await response.text();
  const data = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  return { status: response.status, ...JSON.parse(data) };
}

test("the tools are listed, each with a title, a description and hints", async () => {
  const { result } = await send("tools/list");
  const names = listed.map((tool) => tool.name);
  for (const name of listed.filter(isOwn).map((tool) => tool.name)) {
    const tool = result.tools.find((it) => it.name === name);
    assert.ok(tool, `${name} is not listed`);
    assert.ok(tool.title && tool.description && tool.annotations, name);
    assert.equal(tool.inputSchema.type, "object", name);
  }
  assert.equal(new Set(names).size, names.length);
});

test("arguments that do not fit never reach the API", async () => {
  seen.length = 0;
  const strict = listed.filter((it) => isOwn(it) && it.inputSchema.required?.length);
  for (const tool of strict) {
    const { result } = await send("tools/call", { name: tool.name, arguments: {} });
    assert.equal(result.isError, true, tool.name);
  }
  assert.deepEqual(seen, []);
});

test("calls reach the API", async () => {
  // Those that need no argument, at the base URL that is set here, with a kind of
  // credential that this server has.
  const isUsable = (way) => way.every((id) => schemes[id]?.type !== "unsupported");
  const callable = tools.filter(isOwn).filter(
    ({ inputSchema, request, auth }) =>
      !inputSchema.required?.length &&
      request.server === undefined &&
      (auth.length === 0 || auth.some(isUsable)),
  );
  for (const { name, annotations, request } of callable) {
    seen.length = 0;
    assert.equal(typeof annotations.readOnlyHint, "boolean", name);
    const call = { name, arguments: {} };
    const { result } = await send("tools/call", call);
    const [message = {}] = result.content;
    assert.equal(seen.length, 1, `${name}: ${message.text}`);
    assert.ok(seen[0].startsWith(`${request.method} /`), `${name}: ${seen[0]}`);
  }
});

test("pages of other origins are turned away", async () => {
  const { status } = await send("tools/list", {}, { origin: "https://evil.example" });
  assert.equal(status, 403);
});
