// The whole chain over a folder of API descriptions:
//
//   node tests/corpus/chain.mjs FOLDER [--studio URL] [--only REGEX] [--all]
//
// FOLDER holds MANIFEST.tsv (columns: path, source, bytes, openapi, operations).
// Each document is analysed and generated, its project passes the strict type
// check, is deployed and asked for its tools, on the studio at URL or on a workerd
// of its own; a Markdown table goes to stdout, and the exit code is 1 when a
// document fails. Rows without operations are left
// out unless --all.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { root, typescript } from "../generated/project.mjs";
import { startWorkerd } from "../lib/workerd.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    studio: { type: "string" },
    only: { type: "string", default: "" },
    all: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
const [folder] = positionals;
if (options.help || !folder) {
  console.error("usage: node tests/corpus/chain.mjs FOLDER [--studio URL] [--only REGEX] [--all]");
  process.exit(options.help ? 0 : 2);
}

/** Where a document does not say where its API is; nothing is called there. */
const NOWHERE = "http://127.0.0.1:9";

const rows = await manifest();
if (rows.length === 0) {
  console.error(`no document of ${folder} is selected`);
  process.exit(1);
}
const own = options.studio ? null : await startWorkerd();
const studio = options.studio ?? own.origin;
const { access_token: token } = await (
  await fetch(`${studio}/dev-issuer/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  })
).json();
const signedIn = { authorization: `Bearer ${token}` };
console.log(
  "| document | operations | tools | generated | types | loaded | listed | first failing step |",
);
console.log("|---|---|---|---|---|---|---|---|");
let failed = 0;
for (const { path, operations } of rows) {
  const row = await chain(path);
  if (row.failure) failed += 1;
  const { tools, generated, types, loaded, listed, failure } = row;
  const cells = [path, operations, tools, generated, types, loaded, listed, failure];
  console.log(`| ${cells.map((cell) => cell ?? "–").join(" | ")} |`);
}
await own?.close();
console.log(`\n${rows.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function manifest() {
  const text = await readFile(join(folder, "MANIFEST.tsv"), "utf8");
  const [head, ...lines] = text.trimEnd().split("\n").map((line) => line.split("\t"));
  const only = new RegExp(options.only);
  return lines
    .map((line) => Object.fromEntries(head.map((name, index) => [name, line[index]])))
    .filter((row) => only.test(row.path) && (options.all || Number(row.operations) > 0));
}

async function chain(path) {
  const row = { failure: null };
  let project;
  try {
    const document = await readFile(join(folder, path));
    const type = path.endsWith(".json") ? "application/octet-stream" : "application/yaml";
    const analysis = (await stream("/api/analyze", document, type)).result;
    project = analysis.projectId;
    row.tools = analysis.toolCount;
    const tools = await notSelected(project);
    const { bundle } = await stream("/api/generate", { projectId: project, tools });
    row.generated = bundle.files.length;
    await typeCheck(bundle);
    row.types = "ok";
    const live = await deploy(project, analysis);
    row.loaded = live.tools;
    row.listed = await list(live.endpoint);
    const enabled = analysis.enabledToolCount + tools.length;
    if (row.listed !== enabled) {
      throw new Error(`listed ${row.listed} of ${enabled} enabled tools`);
    }
  } catch (error) {
    row.failure = String(error.message).replaceAll("|", "\\|").replaceAll("\n", " ").slice(0, 300);
  } finally {
    const address = `${studio}/api/projects/${project}`;
    if (project) await fetch(address, { method: "DELETE", headers: signedIn });
  }
  return row;
}

/** Overrides that turn on what the default selection left out: here every tool is tried. */
async function notSelected(project) {
  const response = await fetch(`${studio}/api/projects/${project}/tools`, { headers: signedIn });
  const { tools } = await response.json();
  return tools
    .filter((tool) => tool.disabledBecause === "notSelected")
    .map(({ key }) => ({ key, enabled: true }));
}

/** The strict type check of the project, as its own `npm run check` does it. */
async function typeCheck({ files }) {
  // Within the workspace, whose packages are those that projects pin.
  const folder = join(root, "test-results/corpus");
  await rm(folder, { recursive: true, force: true });
  for (const { path, content } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  try {
    await typescript(["--noEmit", "-p", folder]);
  } catch (error) {
    throw new Error(`tsc: ${error.message}`);
  }
}

/** Deploys, filling in what only a user can know. */
async function deploy(projectId, analysis) {
  const variables = {};
  const server = analysis.servers[0];
  if (!server?.url.includes("://")) variables.API_BASE_URL = NOWHERE;
  for (const { env, default: value, allowed } of server?.variables ?? []) {
    if (value == null) variables[env] = allowed[0] ?? "example";
  }
  const config = { access: "public", variables };
  const body = { projectId, target: "mcpengine", config };
  try {
    return await stream("/api/deploy", body);
  } catch (error) {
    // The address in the document is a private one or broken: the user's own
    // base URL is what the studio asks for.
    if (!/^(base_url_|variable_)/.test(error.code ?? "")) throw error;
    return stream("/api/deploy", { ...body, config: { ...config, variables: { API_BASE_URL: NOWHERE } } });
  }
}

/** Posts and returns the terminal event of the stream. */
async function stream(path, body, type = "application/json") {
  const raw = Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const response = await fetch(studio + path, {
    method: "POST",
    headers: { "content-type": type, ...signedIn },
    body: raw,
  });
  const text = await response.text();
  if (!response.ok) throw problem(path, JSON.parse(text).error);
  const last = text.trimEnd().split("\n\n").at(-1);
  const event = JSON.parse(last.slice(last.indexOf("data: ") + 6));
  if (event.type === "error") throw problem(path, event);
  return event;
}

function problem(path, { code, message }) {
  return Object.assign(new Error(`${path.slice(5)}: ${code}: ${message}`), { code });
}

/** Counts the tools that the live server lists, page by page. */
async function list(endpoint) {
  let count = 0;
  let cursor;
  do {
    const response = await fetch(endpoint, {
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
          ...(cursor ? { cursor } : {}),
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        },
      }),
    });
    const text = await response.text();
    const data = text.match(/^data: (.*)$/m)?.[1] ?? text;
    const { result, error } = JSON.parse(data);
    if (!result) throw new Error(`tools/list: ${response.status} ${error?.message}`);
    count += result.tools.length;
    cursor = result.nextCursor;
  } while (cursor);
  return count;
}
