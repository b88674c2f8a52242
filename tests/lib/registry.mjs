// A registry for npm packages on loopback: Verdaccio, as a process of its own,
// with nothing above it. What an install needs is published from node_modules.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { root } from "./paths.mjs";
import { freePort } from "./port.mjs";
import { run } from "./run.mjs";

const require = createRequire(import.meta.url);
const VERDACCIO = path.join(
  path.dirname(require.resolve("verdaccio/package.json")),
  "bin/verdaccio",
);

/** How long it may take to answer, in milliseconds. */
const START_TIMEOUT = 60_000;

export async function startRegistry() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "registry-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  await writeFile(path.join(folder, "config.yaml"), config(folder));
  const child = spawn(
    process.execPath,
    [VERDACCIO, "--config", path.join(folder, "config.yaml"), "--listen", `127.0.0.1:${port}`],
    { stdio: ["ignore", "pipe", "pipe"], cwd: folder },
  );
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => output.push(data));
  await answers(`${origin}/-/ping`, child, output);
  const token = await signUp(origin, "publisher");
  const npmrc = path.join(folder, "npmrc");
  await writeFile(npmrc, `registry=${origin}/\n//127.0.0.1:${port}/:_authToken=${token}\n`);
  const npm = (args, options = {}) =>
    run("npm", args, {
      ...options,
      env: {
        ...process.env,
        npm_config_userconfig: npmrc,
        npm_config_globalconfig: path.join(folder, "none"),
        npm_config_cache: path.join(folder, "cache"),
        npm_config_update_notifier: "false",
        npm_config_audit: "false",
        npm_config_fund: "false",
        ...options.env,
      },
    });

  return {
    origin,
    token,
    npm,
    npmrc,
    signUp: (name) => signUp(origin, name),
    /** Publishes what is installed in this repository, and what that needs. */
    async seed(...names) {
      const todo = names.map((name) => [name, "runtime"]);
      const seen = new Set();
      while (todo.length > 0) {
        const [name, from] = todo.pop();
        const found = await locate(name, from);
        if (found === null || seen.has(found)) continue;
        seen.add(found);
        const manifest = JSON.parse(await readFile(path.join(found, "package.json"), "utf8"));
        await npm(["publish", found, "--ignore-scripts", "--tag", "latest"]);
        const needed = { ...manifest.dependencies, ...manifest.optionalDependencies };
        todo.push(...Object.keys(needed).map((it) => [it, found]));
      }
    },
    /** The package's document, or the status of the refusal. */
    async package(name) {
      const response = await fetch(`${origin}/${name.replace("/", "%2f")}`);
      return response.ok ? response.json() : response.status;
    },
    async close() {
      if (child.exitCode === null) {
        const gone = once(child, "exit");
        child.kill("SIGKILL");
        await gone;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function config(folder) {
  return `storage: ${path.join(folder, "storage")}
auth:
  htpasswd:
    file: ${path.join(folder, "htpasswd")}
packages:
  "@closed/*":
    access: $authenticated
    publish: nobody
  "**":
    access: $all
    publish: $authenticated
web:
  enable: false
max_body_size: 300mb
log: { type: stdout, format: pretty, level: warn }
`;
}

async function answers(url, child, output) {
  const end = Date.now() + START_TIMEOUT;
  while (Date.now() < end) {
    if (child.exitCode !== null) break;
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGKILL");
  throw new Error(`the registry did not start:\n${Buffer.concat(output)}`);
}

async function signUp(origin, name) {
  const response = await fetch(`${origin}/-/user/org.couchdb.user:${name}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password: `${name}-password-1` }),
  });
  if (!response.ok) throw new Error(`no account: ${response.status} ${await response.text()}`);
  return (await response.json()).token;
}

/** The folder in which Node.js finds the package from `from`; null where it is not installed. */
async function locate(name, from) {
  const starts = [path.resolve(root, from), path.join(root, "runtime"), root];
  for (const start of starts) {
    for (let folder = start; ; folder = path.dirname(folder)) {
      const candidate = path.join(folder, "node_modules", name);
      const there = await readFile(path.join(candidate, "package.json")).catch(() => null);
      if (there) return candidate;
      if (folder === path.dirname(folder)) break;
    }
  }
  return null;
}
