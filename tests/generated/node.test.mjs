// A generated project as a process on Node: requests that are none, how it starts,
// and how it ends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request as send } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { modernBody, modernHeaders, parseMessage } from "../lib/mcp.mjs";
import { buildProject } from "./project.mjs";
import { startUpstream } from "./upstream.mjs";

const NOWHERE = { PETSTORE_API_KEY: "key-1" };
const children = new Set();
let upstream;
let folder;

before(async () => {
  upstream = await startUpstream();
  folder = await buildProject("node");
});
after(async () => {
  for (const child of children) child.kill("SIGKILL");
  await upstream.close();
});

/** The server on HTTP: its process, its address, and what it has printed so far. */
async function start(args = [], env = {}) {
  const child = spawn(process.execPath, [path.join(folder, "dist/node.js"), "--http", ...args], {
    env: { PATH: process.env.PATH, API_BASE_URL: upstream.url, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.add(child);
  const server = { child, printed: "", exit: once(child, "exit") };
  child.stderr.on("data", (chunk) => (server.printed += chunk));
  while (!/listens at \S+\n/.test(server.printed)) {
    await Promise.race([
      once(child.stderr, "data"),
      server.exit.then(([code]) => {
        throw new Error(`exit ${code}: ${server.printed}`);
      }),
    ]);
  }
  server.url = new URL(/http:\/\/\S+/.exec(server.printed)[0].replace("0.0.0.0", "127.0.0.1"));
  return server;
}

async function end({ child, exit }) {
  child.kill("SIGTERM");
  const [code, signal] = await exit;
  children.delete(child);
  return { code, signal };
}

/** The first line of the answer to a request that no client of HTTP would send. */
async function raw({ port }, head) {
  const socket = connect(Number(port), "127.0.0.1");
  socket.end(`${head}\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`);
  const chunks = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString().split("\r\n")[0];
}

/** The status and the body. */
function ask(url, target, headers, { method = "GET", body } = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(target, url), { method, headers }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      const { statusCode: status, headers } = response;
      resolve({ status, headers, text: Buffer.concat(chunks).toString() });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

test("no request ends the process", async () => {
  const server = await start(["--port", "0"], NOWHERE);
  for (const [head, expected] of [
    ["GET // HTTP/1.1", "HTTP/1.1 404 Not Found"],
    ["GET //evil.example/mcp HTTP/1.1", "HTTP/1.1 404 Not Found"],
    ["GET http://[ HTTP/1.1", "HTTP/1.1 400 Bad Request"],
    ["GET file:///mcp HTTP/1.1", "HTTP/1.1 400 Bad Request"],
    ["GET http://proxied.example/ HTTP/1.1", "HTTP/1.1 200 OK"],
    ["OPTIONS * HTTP/1.1", "HTTP/1.1 400 Bad Request"],
    ["TRACE /mcp HTTP/1.1", "HTTP/1.1 400 Bad Request"],
    ["M-SEARCH /mcp HTTP/1.1", "HTTP/1.1 405 Method Not Allowed"],
  ]) {
    assert.equal(await raw(server.url, head), expected, head);
  }
  assert.deepEqual(await end(server), { code: 0, signal: null });
});

test("a call that is under way comes to its end before the process does", async () => {
  const server = await start(["--port", "0"], NOWHERE);
  const params = { name: "get_pet", arguments: { pet_id: "1" } };
  const headers = modernHeaders("tools/call", params);
  let finish;
  const reached = new Promise((resolve) => {
    upstream.answer(() => {
      resolve();
      return new Promise((done) => (finish = () => done({ json: { id: 1, name: "Rex" } })));
    });
  });
  const call = ask(server.url, "/mcp", headers, {
    method: "POST",
    body: modernBody("tools/call", params),
  });
  await reached;
  const ended = end(server);
  // New ones are not let in.
  await assert.rejects(async () => {
    for (;;) await ask(server.url, "/", {});
  }, /ECONNREFUSED|ECONNRESET/);
  finish();
  const { structuredContent } = parseMessage((await call).text).result;
  assert.deepEqual(structuredContent, { id: 1, name: "Rex" });
  assert.deepEqual(await ended, { code: 0, signal: null });
});

test("what is not set is said at the start", async () => {
  const local = await start(["--port", "0"]);
  assert.match(local.printed, /^Not set: PETSTORE_API_KEY.*\. Calls that need it will fail\.$/m);
  assert.doesNotMatch(local.printed, /MCP_ACCESS_TOKEN/);
  const open = ["--host", "0.0.0.0", "--port", "0"];
  const told = [
    [{}, /^It refuses every call until MCP_ACCESS_TOKEN is set, or MCP_PUBLIC=1\.$/m],
    [{ MCP_PUBLIC: "1" }, /^MCP_PUBLIC=1: everyone who reaches this address/m],
    [{ MCP_ACCESS_TOKEN: "x" }, /^Petstore listens at \S+\n$/m],
  ];
  for (const [env, words] of told) {
    const server = await start(open, { ...NOWHERE, ...env });
    // It is printed behind the line that says where it listens.
    if (env.MCP_ACCESS_TOKEN === undefined) {
      while (!words.test(server.printed)) await once(server.child.stderr, "data");
    }
    assert.match(server.printed, words);
    await end(server);
  }
  await end(local);
});

test("the port is that of the environment where no other is asked for", async () => {
  const free = await start(["--port", "0"], NOWHERE);
  const { port } = free.url;
  await end(free);
  const server = await start([], { ...NOWHERE, PORT: port });
  assert.equal(server.url.port, port);
  await end(server);
});

test("health and descriptions are for everybody, the tools are not", async () => {
  const env = { ...NOWHERE, MCP_ACCESS_TOKEN: "x", MCP_ALLOWED_HOSTS: "mcp.example.com" };
  const server = await start(["--host", "0.0.0.0", "--port", "0"], env);
  const origin = "https://directory.example";
  for (const target of ["/", "/mcp/server-card", "/.well-known/ai-catalog.json"]) {
    const answer = await ask(server.url, target, { origin });
    assert.equal(answer.status, 200, target);
    const allowed = answer.headers["access-control-allow-origin"];
    assert.ok(["*", origin].includes(allowed), `${target}: ${allowed}`);
  }
  const list = { method: "POST", body: modernBody("tools/list", {}) };
  const authorization = "Bearer x";
  for (const headers of [{}, { host: "mcp.example.com", origin }]) {
    const all = { ...modernHeaders("tools/list", {}), authorization, ...headers };
    assert.equal((await ask(server.url, "/mcp", all, list)).status, 403);
  }
  await end(server);
});
