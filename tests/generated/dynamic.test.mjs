// A generated project of dynamic mode: four tools that find, describe and call
// the others, as clients of both eras see them on Node and on workerd.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { StdioClientTransport as LegacyStdioTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as LegacyHttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { buildProject } from "./project.mjs";
import { runner } from "./run.mjs";
import { startUpstream } from "./upstream.mjs";

const FOUR = ["search_tools", "describe_tool", "call_read_tool", "call_write_tool"];
const over = { over: "petstore-dynamic" };

const CUSTOM = `
import type { McpServer } from "@modelcontextprotocol/server";
import type { Env } from "./settings.js";

export function registerCustom(server: McpServer, _env: Env): void {
  server.registerTool("get_status", { description: "Mine." }, () => ({
    content: [{ type: "text", text: "custom" }],
  }));
}
`;

let upstream;
let folder;
const cleanups = [];
const settings = () => ({ API_BASE_URL: upstream.url, PETSTORE_API_KEY: "key-1" });
const { legacy, modern, program, startHttp, startWorker } = runner(cleanups, settings);

before(async () => {
  upstream = await startUpstream();
  folder = await buildProject("dynamic", undefined, over);
});
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
  await upstream.close();
});

/** Calls with the names of the four tools, on one client. */
function callers(client) {
  const call = (name, args) => client.callTool({ name, arguments: args });
  const failed = async (name, args) => {
    const result = await call(name, args);
    assert.equal(result.isError, true, JSON.stringify(result));
    assert.equal(result.structuredContent, undefined);
    return result.content[0].text;
  };
  const search = async (args) => {
    const { content, structuredContent, isError } = await call("search_tools", args);
    assert.equal(isError, undefined);
    assert.deepEqual(JSON.parse(content[0].text), structuredContent);
    return structuredContent;
  };
  return { call, failed, search };
}

async function exercise(client) {
  await lists(client);
  await searches(client);
  await describes(client);
  await calls(client);
  await refuses(client);
}

async function lists(client) {
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map(({ name, annotations }) => [name, annotations]),
    [
      ["search_tools", hints(true, false, true, false)],
      ["describe_tool", hints(true, false, true, false)],
      ["call_read_tool", hints(true, false, true, true)],
      ["call_write_tool", hints(false, true, false, true)],
    ],
  );
  assert.deepEqual(tools[0].inputSchema.properties.group.enum, ["pets", "places", "account"]);
  assert.match(client.getInstructions(), /^This server has 12 tools, which are not listed/);
}

function hints(readOnlyHint, destructiveHint, idempotentHint, openWorldHint) {
  return { readOnlyHint, destructiveHint, idempotentHint, openWorldHint };
}

async function searches(client) {
  const { search } = callers(client);
  const found = await search({ query: "remove a pet", limit: 1 });
  assert.deepEqual(found.tools, [
    {
      name: "delete_pet",
      title: "Delete a pet",
      description: "Removes a pet.",
      group: "pets",
      kind: "write",
    },
  ]);
  assert.ok(found.total > 1);
  const account = await search({ query: "", group: "account", limit: 2 });
  assert.equal(account.total, 5);
  assert.deepEqual(
    account.tools.map(({ name }) => name),
    ["sign_in", "put_note"],
  );
  // Page by page, each of the twelve comes once.
  const pages = [];
  for (const offset of [0, 5, 10, 15]) pages.push(await search({ query: "", limit: 5, offset }));
  assert.deepEqual(
    pages.map(({ total, tools }) => [total, tools.length]),
    [5, 5, 2, 0].map((length) => [12, length]),
  );
  const all = pages.flatMap(({ tools }) => tools.map(({ name }) => name));
  assert.equal(new Set(all).size, 12);
  assert.deepEqual(await search({ query: "quasar" }), {
    total: 0,
    tools: [],
    groups: ["pets", "places", "account"],
  });
}

async function describes(client) {
  const { call, failed } = callers(client);
  const { structuredContent } = await call("describe_tool", { name: "get_pet" });
  assert.deepEqual(structuredContent, {
    tools: [
      {
        name: "get_pet",
        title: "Get a pet",
        description: "Returns one pet.",
        group: "pets",
        kind: "read",
        callWith: "call_read_tool",
        inputSchema: {
          type: "object",
          properties: { pet_id: { type: "string", description: "Id of the pet." } },
          required: ["pet_id"],
          additionalProperties: false,
        },
        annotations: hints(true, false, true, true),
      },
    ],
  });
  const several = await call("describe_tool", { names: ["create_pet", "get_pett", "create_pet"] });
  const { tools, unknown } = several.structuredContent;
  assert.deepEqual(
    tools.map(({ name, callWith }) => [name, callWith]),
    [["create_pet", "call_write_tool"]],
  );
  assert.deepEqual([unknown[0].name, unknown[0].similar[0]], ["get_pett", "get_pet"]);

  const nothing = await failed("describe_tool", { name: "list_pet" });
  assert.match(nothing, /^There is no tool "list_pet"\. Names that are like it: list_pets, /);
  assert.match(await failed("describe_tool", {}), /needs the name of a tool/);
  const six = { names: ["a", "b", "c", "d", "e", "f"] };
  assert.match(await failed("describe_tool", six), /do not fit the input schema of describe_tool/);
}

async function calls(client) {
  const { call } = callers(client);
  upstream.answer({ json: [{ id: 1, name: "Rex" }] });
  const read = await call("call_read_tool", { name: "list_pets", arguments: { limit: 3 } });
  assert.deepEqual(read.structuredContent, { items: [{ id: 1, name: "Rex" }] });
  assert.equal(read.isError, undefined);
  assert.equal(upstream.requests[0].url, "/v1/pets?limit=3");

  upstream.answer({ status: 204 });
  const write = await call("call_write_tool", { name: "delete_pet", arguments: { pet_id: "7" } });
  assert.equal(write.isError, undefined);
  assert.deepEqual(
    upstream.requests.map(({ method, url }) => [method, url]),
    [["DELETE", "/v1/pets/7"]],
  );

  // No arguments, as null, and as text.
  upstream.answer({ json: [] });
  await call("call_read_tool", { name: "list_pets" });
  await call("call_read_tool", { name: "list_pets", arguments: null });
  await call("call_read_tool", { name: "list_pets", arguments: '{"limit":5}' });
  assert.deepEqual(
    upstream.requests.map(({ url }) => url),
    ["/v1/pets", "/v1/pets", "/v1/pets?limit=5"],
  );

  // A form that the description promises, and the tool that was called does not.
  upstream.answer({ json: { id: "one" } });
  const other = await call("call_read_tool", { name: "get_pet", arguments: { pet_id: "1" } });
  assert.deepEqual([other.isError, other.structuredContent], [undefined, { id: "one" }]);

  upstream.answer({ status: 404, json: { message: "No such pet" } });
  const missing = await call("call_read_tool", { name: "get_pet", arguments: { pet_id: "1" } });
  assert.equal(missing.isError, true);
  assert.match(missing.content[0].text, /answered 404 .*\n.*\nMessage: No such pet/);
}

async function refuses(client) {
  const { failed } = callers(client);
  upstream.answer({ json: {} });
  assert.equal(
    await failed("call_read_tool", { name: "delete_pet", arguments: { pet_id: "7" } }),
    "delete_pet can change data, so call_read_tool does not take it: call call_write_tool with the same name and arguments.",
  );
  assert.equal(
    await failed("call_write_tool", { name: "get_pet", arguments: { pet_id: "7" } }),
    "get_pet changes nothing, so call_write_tool does not take it: call call_read_tool with the same name and arguments.",
  );
  const wrong = await failed("call_write_tool", { name: "create_pet", arguments: { nme: "Rex" } });
  assert.match(wrong, /^The arguments do not fit the input schema of create_pet: /);
  assert.deepEqual(wrong.split("\n").slice(1), [
    "Missing: name",
    "Not known: nme",
    "The properties that it has:",
    "- name: string, required",
    "- tag: string or null",
  ]);
  const flat = await failed("call_read_tool", { name: "get_pet", pet_id: "7" });
  assert.match(flat, /\nNot known: pet_id\n[^]*- arguments: object/);
  assert.match(
    await failed("call_read_tool", { name: "get_pets", arguments: {} }),
    /^There is no tool "get_pets"\. Names that are like it: get_pet, /,
  );
  const text = await failed("call_read_tool", { name: "get_pet", arguments: "{" });
  assert.match(text, /do not fit the input schema of call_read_tool/);
  assert.match(
    await failed("get_pet", { pet_id: "7" }),
    /^get_pet is not called by its own name: call call_read_tool/,
  );
  await assert.rejects(
    client.callTool({ name: "hidden", arguments: {} }),
    (error) => error.code === -32602 && /There is no tool "hidden"/.test(error.message),
  );
  assert.deepEqual(upstream.requests, []);
}

test("stdio, both eras", async () => {
  await exercise(await modern(new StdioClientTransport(program(folder))));
  await exercise(await legacy(new LegacyStdioTransport(program(folder))));
});

test("HTTP on Node, both eras", async () => {
  const url = new URL(await startHttp(folder));
  await exercise(await modern(new StreamableHTTPClientTransport(url)));
  await exercise(await legacy(new LegacyHttpTransport(url)));
});

test("HTTP on workerd, both eras", async () => {
  const hosted = { MCPENGINE_HOSTED: "1", API_BASE_URL: upstream.url };
  const url = new URL(await startWorker(folder, hosted));
  await exercise(await modern(new StreamableHTTPClientTransport(url)));
  await exercise(await legacy(new LegacyHttpTransport(url)));
});

test("a tool of custom.ts is listed, and the tool it replaces is gone", async () => {
  const write = (made) => writeFile(path.join(made, "src/custom.ts"), CUSTOM);
  const custom = await buildProject("dynamic-custom", write, over);
  for (const client of [
    await modern(new StdioClientTransport(program(custom))),
    await legacy(new LegacyStdioTransport(program(custom))),
  ]) {
    const { call, failed, search } = callers(client);
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      [...FOUR, "get_status"],
    );
    assert.equal((await call("get_status", {})).content[0].text, "custom");
    const found = await search({ query: "status" });
    assert.ok(found.tools.every(({ name }) => name !== "get_status"));
    const listed = /^get_status is a listed tool of this server: call it by its name\.$/;
    assert.match(await failed("call_read_tool", { name: "get_status" }), listed);
    assert.match(await failed("describe_tool", { name: "get_status" }), listed);
  }
});

describe("the search", () => {
  let SearchIndex;
  let words;
  before(async () => {
    const load = (file) => import(pathToFileURL(path.join(folder, "dist/dynamic", file)).href);
    ({ SearchIndex } = await load("search.js"));
    ({ words } = await load("words.js"));
  });

  const made = (name, title = "", description = "") => ({
    name,
    title,
    description,
    group: "",
    path: "",
  });
  const TOOLS = [
    made("invoices_create", "Create an invoice"),
    made("invoices_list", "List invoices", "Gives each invoice with its payments."),
    made("payments_list", "List payments"),
    made("payments_refund", "Refund a payment"),
    made("policies_delete", "Delete a policy"),
    made("查询宠物列表", "查询宠物列表"),
    made("sessions_upload", "Create an upload session", "Uploads a file to a file session."),
    made("content_post", "Upload file"),
    made("file_upload_parts", "Upload a file in parts"),
  ];
  const names = (query) =>
    new SearchIndex(TOOLS).search(query)?.map((number) => TOOLS[number].name);

  for (const [query, best] of [
    ["create invoice", "invoices_create"],
    ["add new invoices", "invoices_create"],
    ["listing the payments", "payments_list"],
    ["show me all payments", "payments_list"],
    ["refunded", "payments_refund"],
    ["deletion of policies", "policies_delete"],
    ["inv", "invoices_list"],
    ["PaymentsList", "payments_list"],
    ["payments_refund", "payments_refund"],
    ["宠物", "查询宠物列表"],
    // What a tool is called comes before what says the same words more often.
    ["Upload file", "content_post"],
    ["upload the files", "content_post"],
    ["File, upload parts", "file_upload_parts"],
    ["create an upload session", "sessions_upload"],
  ]) {
    test(`${query} finds ${best}`, () => assert.equal(names(query)[0], best));
  }

  test("without words nothing is ranked, and without a match nothing is found", () => {
    assert.equal(names(" -- "), undefined);
    assert.deepEqual(names("quasar"), []);
  });

  test("endings and spellings are one word", () => {
    for (const [a, b] of [
      ["policies", "policy"],
      ["addresses", "address"],
      ["boxes", "box"],
      ["statuses", "status"],
      ["deleting", "deletes"],
      ["created", "create"],
      ["billing", "bills"],
      ["ids", "id"],
      ["HTTPServer", "http_server"],
      ["ｐｅｔ", "pet"],
    ]) {
      assert.deepEqual(words(a), words(b), `${a} and ${b}`);
    }
    assert.notDeepEqual(words("string"), words("str"));
  });

  test("any text is searched in short time", () => {
    const many = Array.from({ length: 5_000 }, (_, n) => made(`tool_${n}`, `Do thing ${n}`));
    const index = new SearchIndex(many);
    const started = performance.now();
    for (const query of ["x".repeat(1e6), "do ".repeat(1e5), "\u0000\ud800 \u202e", "a1 ".repeat(99)]) {
      index.search(query);
    }
    const took = performance.now() - started;
    assert.ok(took < 2_000, `${took} ms`);
  });
});
