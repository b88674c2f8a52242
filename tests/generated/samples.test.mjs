// Projects of twenty descriptions that are unlike each other: each passes the
// strict type check, and runs on workerd, where it lists its tools in both modes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { modernRpc } from "../lib/mcp.mjs";
import { root, typescript } from "./project.mjs";
import { runner } from "./run.mjs";

const run = promisify(execFile);
const documents = path.join(root, "crates/plan/tests/golden");
const mcpengine = path.join(root, "target/debug/mcpengine");

const SAMPLES = [
  "all-of/nested.yaml",
  "bodies/multipart.yaml",
  "bodies/several-media-types.yaml",
  "broken/operations.yaml",
  "cycles/through-items-and-unions.yaml",
  "extensions/x-mcp.yaml",
  "names/same-but-case.yaml",
  "nullable/every-dialect-31.yaml",
  "parameters/collisions.yaml",
  "parameters/illegal-keys.yaml",
  "parameters/styles.yaml",
  "peers/02-list-larger-than-the-context.json",
  "peers/07-credentials-per-operation.yaml",
  "peers/10-uploads-and-forms.yaml",
  "refs/pointer-escapes.json",
  "security/every-kind.yaml",
  "servers/variables-and-templated-hosts.yaml",
  "swagger-20/body-and-media-types.yaml",
  "values/huge-enum.json",
  "words/addressed-to-the-model.yaml",
];

const cleanups = [];
const { startWorker } = runner(cleanups, () => ({}));
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
});

/** Generates, type-checks and compiles; the names of the tools that should be listed. */
async function build(sample, mode) {
  const folder = path.join(root, "test-results/generated/samples", mode, sample);
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  const file = path.join(documents, sample);
  const choice = ["--all", "--mode", mode];
  await run(mcpengine, ["generate", file, "--out", folder, ...choice]);
  await typescript(["-p", folder]);
  const { stdout } = await run(mcpengine, ["analyze", file, "--json", ...choice], {
    maxBuffer: 64 << 20,
  });
  const { tools } = JSON.parse(stdout);
  return { folder, names: tools.filter((tool) => tool.enabled).map((tool) => tool.name) };
}

async function listed(folder) {
  const url = await startWorker(folder, { MCP_PUBLIC: "1" });
  const { message } = await modernRpc(url, "tools/list");
  // One workerd at a time.
  await cleanups.pop()();
  return message.result.tools.map((tool) => tool.name);
}

assert.equal(SAMPLES.length, 20);
for (const sample of SAMPLES) {
  test(sample, async () => {
    const { folder, names } = await build(sample, "direct");
    assert.ok(names.length > 0, "there is no tool");
    assert.deepEqual((await listed(folder)).sort(), names.sort());
    const dynamic = await build(sample, "dynamic");
    assert.deepEqual(await listed(dynamic.folder), [
      "search_tools",
      "describe_tool",
      "call_read_tool",
      "call_write_tool",
    ]);
  });
}
