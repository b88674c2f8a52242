// A generated server with all that MCP has in its src/custom.ts, on workerd,
// passes what both revisions of the specification require.
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { generateProject, typescript } from "../generated/project.mjs";
import { runner } from "../generated/run.mjs";
import { startUpstream } from "../generated/upstream.mjs";
import { document } from "./fixture.document.mjs";
import { assertConforms, baseline } from "./judge.mjs";
import { outputFolder, runRequirements, runScenarios } from "./runner.mjs";
import { NOT_SCORED, REQUIRED, STATELESS_LEGACY } from "./scenarios.mjs";

let upstream;
let url;
const cleanups = [];
const { startWorker } = runner(cleanups, () => ({}));

before(async () => {
  upstream = await startUpstream();
  const folder = await generateProject("conformance", document);
  const fixture = fileURLToPath(new URL("fixture", import.meta.url));
  await cp(fixture, path.join(folder, "src"), { recursive: true });
  await typescript(["-p", folder]);
  url = await startWorker(folder, {
    API_BASE_URL: upstream.url,
    MCP_PUBLIC: "1",
    MCP_ALLOWED_HOSTS: "127.0.0.1, localhost",
  });
});
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
  await upstream.close();
});

test("2026-07-28: 37 of 37", async () => {
  assert.equal(REQUIRED.length, 37);
  const folder = await outputFolder("fixture-modern");
  const { code, checks } = await runRequirements(url, "2026-07-28", folder);
  const scenarios = [...REQUIRED, ...NOT_SCORED];
  assertConforms(checks, scenarios, baseline.fixture["2026-07-28"]);
  assert.equal(code, 0);
  // The rest is of an extension, Tasks, which the server does not offer.
  const others = Object.keys(checks).filter((name) => !scenarios.includes(name));
  assert.deepEqual(new Set(others.map((name) => name.split("-")[0])), new Set(["tasks"]));
});

test("2025-11-25: 26 of 26 without a session", async () => {
  assert.equal(STATELESS_LEGACY.length, 26);
  const folder = await outputFolder("fixture-legacy");
  const options = ["--spec-version", "2025-11-25"];
  const checks = await runScenarios(url, STATELESS_LEGACY, folder, options);
  assertConforms(checks, STATELESS_LEGACY, baseline.fixture["2025-11-25"]);
});
