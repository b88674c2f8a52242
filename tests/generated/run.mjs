// Runs a generated project on Node and on workerd, and connects clients of both
// eras of the protocol to it.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { root, workerModules } from "./project.mjs";

/**
 * What a test file starts ends by the functions that are added to `cleanups`.
 * `settings` gives the environment of servers on Node.
 */
export function runner(cleanups, settings) {
  /** Starts `node dist/node.js --http` and gives its address. */
  async function startHttp(folder, args = [], env = {}) {
    const child = spawn(
      process.execPath,
      [path.join(folder, "dist/node.js"), "--http", "--port", "0", ...args],
      { env: { PATH: process.env.PATH, ...settings(), ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    const exited = new Promise((resolve) => child.once("exit", resolve));
    cleanups.push(() => {
      child.kill("SIGTERM");
      return exited;
    });
    let printed = "";
    return new Promise((resolve, reject) => {
      child.stderr.on("data", (chunk) => {
        printed += chunk;
        const [url] = /http:\/\/\S+/.exec(printed) ?? [];
        if (url !== undefined) resolve(url.replace("0.0.0.0", "127.0.0.1"));
      });
      child.once("exit", (code) => reject(new Error(`exit ${code}: ${printed}`)));
    });
  }

  /** Runs the project on workerd as the platform does. */
  async function startWorker(folder, bindings) {
    const modules = await workerModules(folder);
    modules["runtime.js"] = await readFile(path.join(root, "runtime/dist/runtime.js"), "utf8");
    const main = "worker.js";
    const order = [main, ...Object.keys(modules).filter((name) => name !== main)];
    const flare = new Miniflare(
      convertV4MiniflareOptions({
        modules: order.map((name) => ({ type: "ESModule", path: name, contents: modules[name] })),
        compatibilityDate: "2026-11-01",
        bindings,
      }),
    );
    cleanups.push(() => flare.dispose());
    return new URL("/mcp", await flare.ready).href;
  }

  async function modern(transport) {
    const options = { versionNegotiation: { mode: { pin: "2026-07-28" } } };
    const client = new Client({ name: "test", version: "1" }, options);
    await client.connect(transport);
    cleanups.push(() => client.close());
    return client;
  }

  async function legacy(transport) {
    const client = new LegacyClient({ name: "test", version: "1" });
    await client.connect(transport);
    cleanups.push(() => client.close());
    return client;
  }

  /** The server over stdio. */
  const program = (folder) => ({
    command: process.execPath,
    args: [path.join(folder, "dist/node.js")],
    env: { PATH: process.env.PATH, ...settings() },
  });

  return { legacy, modern, program, startHttp, startWorker };
}
