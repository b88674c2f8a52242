// Every golden document becomes a project, and every tool of it gets a request from
// inputs that its schema allows: with what is required, and with all there is. Each
// can be sent, and carries what it was given.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { checkRequests } from "../lib/filled.mjs";
import { loadTypescript } from "../lib/load-typescript.mjs";
import { root } from "./project.mjs";

const run = promisify(execFile);
const documents = path.join(root, "crates/plan/tests/golden");
const mcpengine = path.join(root, "target/debug/mcpengine");

/** Documents that are refused, or that have no operation. */
const WITHOUT_TOOLS = new Set([
  "broken/syntax.json",
  "versions/not-an-api-description.json",
  "versions/unsupported.yaml",
  "versions/webhooks-only.yaml",
  "yaml/alias-bomb.yaml",
]);

const files = (await readdir(documents, { recursive: true }))
  .filter((file) => /\.(yaml|json)$/.test(file) && !file.endsWith(".tools.json"))
  .map((file) => file.replaceAll("\\", "/"))
  .sort();
assert.ok(files.length > 140, `${files.length} golden documents`);

for (const file of files) {
  test(file, async () => {
    const folder = path.join(root, "test-results/generated/filled", file);
    await rm(folder, { recursive: true, force: true });
    const document = path.join(documents, file);
    try {
      await run(mcpengine, ["generate", document, "--all", "--out", folder]);
    } catch (error) {
      assert.ok(WITHOUT_TOOLS.has(file), error.stderr);
      return;
    }
    assert.ok(!WITHOUT_TOOLS.has(file), "this document has tools");
    const { tools, buildRequest } = await loadTypescript(folder);
    const { requests, problems } = checkRequests(tools, buildRequest);
    assert.deepEqual(problems, []);
    assert.equal(requests, 2 * tools.length);
  });
}
