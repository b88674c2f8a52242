// The official conformance runner's own command line, and what it writes: a
// folder with a checks.json for each scenario.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "../lib/paths.mjs";

/** Where the results of `name` go; empty at first. */
export async function outputFolder(name) {
  const folder = path.join(root, "test-results/conformance", name);
  await rm(folder, { recursive: true, force: true });
  return folder;
}

/** Runs a whole requirement set: the runner's exit code, and the checks by scenario. */
export async function runRequirements(url, revision, folder) {
  const code = await run(url, folder, ["--requirements", revision]);
  return { code, checks: await readChecks(folder) };
}

/** Runs scenarios one after the other; their checks by scenario. */
export async function runScenarios(url, scenarios, folder, options = []) {
  for (const scenario of scenarios) {
    await run(url, folder, ["--scenario", scenario, ...options]);
  }
  return readChecks(folder);
}

/** The exit code, which says less than the checks: 1 when one that counts failed. */
async function run(url, folder, options) {
  const manifest = createRequire(import.meta.url).resolve(
    "@modelcontextprotocol/conformance/package.json",
  );
  const { bin } = JSON.parse(await readFile(manifest, "utf8"));
  const main = path.join(path.dirname(manifest), bin.conformance);
  const args = [main, "server", "--url", url, "--output-dir", folder, ...options];
  const { code, printed } = await new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 16 << 20 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, printed: stdout + stderr }),
    );
  });
  assert.match(printed, /^Results saved to /m);
  return code;
}

async function readChecks(folder) {
  const checks = {};
  for (const name of await readdir(folder)) {
    const [, scenario] = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name);
    const file = path.join(folder, name, "checks.json");
    checks[scenario] = JSON.parse(await readFile(file, "utf8"));
  }
  return checks;
}
