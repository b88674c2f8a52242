// Calls that take long: the client hears that they are under way, and the API
// that nobody waits any more.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { StdioClientTransport as LegacyStdioTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as LegacyHttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { buildProject } from "./project.mjs";
import { runner } from "./run.mjs";
import { startUpstream } from "./upstream.mjs";

const cleanups = [];
const settings = () => ({ API_BASE_URL: upstream.url, PETSTORE_API_KEY: "key-1" });
const { legacy, modern, program, startHttp, startWorker } = runner(cleanups, settings);
let upstream;
const clients = {};

before(async () => {
  upstream = await startUpstream();
  const folder = await buildProject("waiting");
  const dynamic = await buildProject("waiting-dynamic", async () => {}, {
    over: "petstore-dynamic",
  });
  const node = new URL(await startHttp(folder));
  const hosted = { MCPENGINE_HOSTED: "1", API_BASE_URL: upstream.url };
  const workerd = new URL(await startWorker(folder, hosted));
  Object.assign(clients, {
    "stdio, modern": await modern(new StdioClientTransport(program(folder))),
    "stdio, legacy": await legacy(new LegacyStdioTransport(program(folder))),
    "Node, modern": await modern(new StreamableHTTPClientTransport(node)),
    "Node, legacy": await legacy(new LegacyHttpTransport(node)),
    "workerd, modern": await modern(new StreamableHTTPClientTransport(workerd)),
    "workerd, legacy": await legacy(new LegacyHttpTransport(workerd)),
    dynamic: await modern(new StdioClientTransport(program(dynamic))),
  });
});
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
  await upstream.close();
});

const isLegacy = (name) => name.endsWith("legacy");

/** Calls a tool with what the clients of both eras take for options. */
function call(name, options) {
  const get = { name: "get_pet", arguments: { pet_id: "1" } };
  const params = name === "dynamic" ? { name: "call_read_tool", arguments: get } : get;
  const client = clients[name];
  return isLegacy(name)
    ? client.callTool(params, undefined, options)
    : client.callTool(params, options);
}

test("progress is told to those who ask", async () => {
  upstream.answer(async () => {
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    return { json: { id: 1, name: "Rex" } };
  });
  const heard = await Promise.all(
    Object.keys(clients).map(async (name) => {
      const progress = [];
      const onprogress = ({ progress: value, message }) => progress.push([value, message]);
      const result = await call(name, { onprogress });
      assert.equal(result.isError, undefined, name);
      return [name, progress];
    }),
  );
  const expected = [
    [2, "Waiting for the API: 2 s"],
    [4, "Waiting for the API: 4 s"],
  ];
  assert.deepEqual(
    heard,
    Object.keys(clients).map((name) => [name, expected]),
  );
});

// Not over HTTP in the legacy era, where cancelling is a request of its own, which
// a server without sessions cannot relate to another; and not on local workerd,
// which does not tell a Worker that its client has gone.
const CANCELLING = ["stdio, modern", "stdio, legacy", "Node, modern", "dynamic"];

test("a call that is cancelled is cancelled at the API", { timeout: 10_000 }, async () => {
  for (const name of CANCELLING) {
    let told;
    const reached = new Promise((resolve) => {
      upstream.answer((_, __, incoming) => {
        resolve();
        told = new Promise((gone) => incoming.once("close", gone));
        return undefined;
      });
    });
    const stop = new AbortController();
    const outcome = call(name, { signal: stop.signal });
    await reached;
    stop.abort("enough");
    await assert.rejects(outcome, /enough|abort/i, name);
    await told;
  }
});
