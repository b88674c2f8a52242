// Makes a runnable project from the golden tree of the code generator: a copy
// below `test-results/` (so that packages come from this workspace), compiled
// by the TypeScript compiler that generated projects pin.
import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

export const root = fileURLToPath(new URL("../..", import.meta.url));
const golden = path.join(root, "crates/codegen/tests/golden");
const runtimePackage = path.join(root, "runtime/package.json");

/**
 * The compiled project; the folder is made anew for `name`. `over` is a tree that
 * is laid over the first.
 */
export async function buildProject(name, change = async () => {}, { over } = {}) {
  const folder = path.join(root, "test-results/generated", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(path.join(golden, "petstore"), folder, { recursive: true });
  if (over !== undefined) {
    await cp(path.join(golden, over), folder, { recursive: true });
  }
  for (const file of await readdir(folder)) {
    if (!file.startsWith("dot-")) continue;
    await rename(path.join(folder, file), path.join(folder, file.replace("dot-", ".")));
  }
  await change(folder);
  await typescript(["-p", folder]);
  return folder;
}

/** A project of a document, as the command line generates it, compiled. */
export async function generateProject(name, document) {
  const folder = path.join(root, "test-results/generated", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  const file = `${folder}.json`;
  await writeFile(file, JSON.stringify(document));
  const mcpengine = ["run", "--quiet", "--package", "mcpengine-cli", "--"];
  await run("cargo", [...mcpengine, "generate", file, "--out", folder], { cwd: root });
  await typescript(["-p", folder]);
  return folder;
}

/** What calls the API, and the tools by name. */
export async function loadProject(folder) {
  const load = (file) => import(pathToFileURL(path.join(folder, "dist", file)).href);
  const { callApi } = await load("http.js");
  const { tools } = await load("tools/index.js");
  return { callApi, tools: new Map(tools.map((tool) => [tool.name, tool])) };
}

/** Runs the pinned TypeScript compiler; fails with what it prints. */
export async function typescript(args) {
  const require = createRequire(runtimePackage);
  const home = path.dirname(require.resolve("typescript/package.json"));
  const { bin } = JSON.parse(await readFile(path.join(home, "package.json"), "utf8"));
  try {
    await run(process.execPath, [path.join(home, bin.tsc), ...args]);
  } catch (error) {
    throw new Error(`tsc failed:\n${error.stdout}${error.stderr}`);
  }
}

/** Names and texts of the compiled modules of a hosted server. */
export async function workerModules(folder) {
  const dist = path.join(folder, "dist");
  const files = await readdir(dist, { recursive: true });
  const modules = {};
  for (const file of files.sort()) {
    if (!file.endsWith(".js") || file === "node.js") continue;
    const name = file.replaceAll("\\", "/");
    const runtime = `${"../".repeat(name.split("/").length - 1) || "./"}runtime.js`;
    const text = await readFile(path.join(dist, file), "utf8");
    modules[name] = text.replaceAll('"@modelcontextprotocol/server"', `"${runtime}"`);
  }
  return modules;
}
