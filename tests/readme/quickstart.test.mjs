// The commands of README.md do what it says: from the sample document to a live
// call of a tool, with curl and nothing else.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { parseMessage } from "../lib/mcp.mjs";
import { root } from "../lib/paths.mjs";
import { startStudio } from "../lib/studio.mjs";

const run = promisify(execFile);
const MARKED = /<!-- test:quickstart -->\n```sh\n(?<commands>[\s\S]*?)```/;

// A studio that runs already, where STUDIO names one; else one of the test's own.
let origin = process.env.STUDIO;
let studio;
let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mcpengine-readme-"));
  if (origin) return;
  studio = await startStudio();
  ({ origin } = studio);
});
after(async () => {
  await studio?.close();
  await rm(folder, { recursive: true, force: true });
});

test("the quick start leads to a tool that answers", async () => {
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  const { commands } = MARKED.exec(readme)?.groups ?? assert.fail("README.md has no quick start");
  const { stdout } = await run("sh", ["-eu", "-c", commands], {
    cwd: folder,
    env: { ...process.env, STUDIO: origin },
    timeout: 60_000,
  });
  const lines = stdout.trimEnd().split("\n");
  const sample = await (await fetch(new URL("/sample-api/openapi.json", origin))).json();
  const operations = Object.values(sample.paths).flatMap((item) =>
    Object.keys(item).filter((key) => /^(get|put|post|patch|delete)$/.test(key)),
  );
  assert.equal(lines[0].trim(), String(operations.length), "the count of tools found");
  assert.match(stdout, /^ *1 event: generate:complete$/m);
  assert.match(stdout, /^event: deploy:live$/m);

  const { result } = parseMessage(lines.slice(lines.indexOf("event: deploy:live") + 1).join("\n"));
  const titles = result.structuredContent.items.map(({ title }) => title);
  assert.deepEqual(titles.sort(), [
    "Flatland",
    "The Time Machine",
    "Twenty Thousand Leagues Under the Sea",
  ]);
  assert.equal(result.isError, undefined);
});
