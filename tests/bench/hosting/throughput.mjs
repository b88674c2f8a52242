// Calls a second of a server of 200 tools at eight at once. As it is hosted, behind
// gateway and token check and before the outbound filter, beside a plain McpServer with
// the same tools in the same place; as a Worker of its own, beside the same plain one as
// such; the generated project as a Node process; FastMCP serving the same document. All
// in turns, in one run.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { typescript } from "../../generated/project.mjs";
import { modernBody, modernHeaders, parseMessage } from "../../lib/mcp.mjs";
import { root } from "../../lib/paths.mjs";
import { median } from "../client.mjs";
import { document } from "../document.mjs";
import { oneModule, startAlone } from "./alone.mjs";
import { plainServer } from "./plain.mjs";
import { ROUNDS, cell, client, deploy, generate, load, rate, start, toolCall, verdict } from "./rig.mjs";

const run = promisify(execFile);

const TOOLS = 200;
const CONCURRENCY = 8;
const CALLS = 1_200;
/** Newest when this was written; installed once, below target/. */
const FASTMCP = "4.1.6";
const FOLDER = path.join(root, "target/bench");

export async function measure({ studio, upstream }) {
  const text = document(TOOLS, upstream.origin);
  const hosted = await publish(studio, text);
  const node = await onNode(hosted, upstream);
  const servers = [hosted, await plain(studio, text, hosted), node];
  servers.push(await alone(node, upstream), await plainAlone(hosted, upstream));
  servers.push(await fastMcp(text, upstream));
  const { send, close } = client(CONCURRENCY);
  const rates = new Map(servers.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { name, url, request, share = 1 } of servers) {
      const call = async () => {
        const answer = await send(url, request);
        if (!answer.includes("One")) throw new Error(`${name}: ${answer.slice(0, 500)}`);
      };
      const found = await rate(CALLS * share, CONCURRENCY, call);
      if (round > 0) rates.get(name).push(found); // The first round warms up.
    }
  }
  close();
  for (const { end } of servers) await end?.();
  console.log(`\n3. ${TOOLS} tools, ${CONCURRENCY} calls at once, calls a second, median of ${ROUNDS}, ${load()}`);
  for (const { name } of servers) console.log(`   ${name.padEnd(22)} ${cell(median(rates.get(name)), 8, 0)}`);
  compare("hosted", rates, { "plain, hosted": 1.5, "generated, Node": 1, FastMCP: 1 });
  compare("generated, alone", rates, { "plain, alone": 1.5, "generated, Node": 1, FastMCP: 1 });
}

/** How many times as many calls as each of the others a server answers. */
function compare(name, rates, goals) {
  for (const [other, goal] of Object.entries(goals)) {
    const ratio = median(rates.get(name).map((own, round) => own / rates.get(other)[round]));
    const line = `${name} to ${other}`.padEnd(40);
    console.log(`   ${line} ${cell(ratio, 5, 2)}×  goal ${goal}×  ${verdict(ratio >= goal)}`);
  }
}

async function publish(studio, text) {
  const generated = await generate(studio.origin, text);
  const { endpoint, token } = await deploy(studio.origin, generated.projectId, { access: "token" });
  const list = await fetch(endpoint, {
    method: "POST",
    headers: modernHeaders("tools/list", {}, token),
    body: modernBody("tools/list", {}),
  });
  const definitions = parseMessage(await list.text()).result.tools;
  if (definitions.length !== TOOLS) throw new Error(`${definitions.length} tools`);
  const request = toolCall(generated.tools[0], { limit: 1 }, token);
  return { name: "hosted", url: endpoint, request, definitions, generated };
}

/** The same place: its sources replace those of a project before it is deployed. */
async function plain(studio, text, { request, definitions, generated }) {
  const { projectId, bundle } = await generate(studio.origin, text);
  const key = `bundles/${projectId}/${bundle.id}/project.json`;
  const stored = await (await studio.bucket.get(key)).json();
  stored.bundle.files = [{ path: "src/worker.ts", content: plainServer(definitions) }];
  await studio.bucket.put(key, JSON.stringify(stored));
  const { endpoint, token } = await deploy(studio.origin, projectId, { access: "token" });
  const own = toolCall(generated.tools[0], { limit: 1 }, token);
  if (own.body !== request.body) throw new Error("another request");
  return { name: "plain, hosted", url: endpoint, request: own };
}

async function onNode({ generated }, upstream) {
  const folder = path.join(FOLDER, "hosting-node");
  await rm(folder, { recursive: true, force: true });
  for (const { path: file, content } of generated.bundle.files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
  await typescript(["-p", folder]);
  const main = path.join(folder, "dist/node.js");
  const ready = /http:\/\/\S+/;
  const program = await start(process.execPath, [main, "--http", "--port", "0"], {
    env: { API_BASE_URL: upstream.origin },
    ready,
  });
  const url = ready.exec(program.line)[0].replace("0.0.0.0", "127.0.0.1");
  const request = toolCall(generated.tools[0], { limit: 1 });
  return { name: "generated, Node", url, request, folder, end: program.close };
}

/** What a user's own account runs, with the access check off as of the one beside it. */
async function alone({ folder, request }, upstream) {
  const bindings = { API_BASE_URL: upstream.origin, MCP_PUBLIC: "1" };
  return { name: "generated, alone", request, ...(await startAlone(folder, bindings)) };
}

async function plainAlone({ generated, definitions }, upstream) {
  const folder = await oneModule(path.join(FOLDER, "hosting-plain"), plainServer(definitions));
  const request = toolCall(generated.tools[0], { limit: 1 });
  const bindings = { API_BASE_URL: upstream.origin };
  return { name: "plain, alone", request, ...(await startAlone(folder, bindings)) };
}

async function fastMcp(text, upstream) {
  const python = path.join(FOLDER, `fastmcp-${FASTMCP}/bin/python`);
  if (!existsSync(python)) {
    const venv = path.dirname(path.dirname(python));
    await run("python3", ["-m", "venv", venv]);
    await run(python, ["-m", "pip", "install", "--quiet", `fastmcp==${FASTMCP}`]);
  }
  const file = path.join(FOLDER, "fastmcp.json");
  await writeFile(file, text);
  const script = fileURLToPath(new URL("fastmcp_server.py", import.meta.url));
  const port = await freePort();
  const program = await start(python, [script, file, upstream.origin, String(port)], {
    ready: /^made$/,
  });
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "listResource0s", arguments: { limit: 1 } },
  });
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2025-11-25",
    "content-length": Buffer.byteLength(body),
  };
  const request = { method: "POST", headers, body };
  const url = `http://127.0.0.1:${port}/mcp`;
  await listening(url);
  // It is the slowest by far: a quarter of the calls says as much.
  return { name: "FastMCP", url, request, share: 1 / 4, end: program.close };
}

async function listening(url) {
  for (let wait = 0; wait < 300; wait += 1) {
    const answered = await fetch(url).catch(() => undefined);
    await answered?.body?.cancel();
    if (answered !== undefined) return;
    await sleep(100);
  }
  throw new Error(`nobody listens at ${url}`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
