// A server as a Worker of its own on workerd: no gateway before it and no outbound
// filter behind it, as in a user's own account.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { workerModules } from "../../generated/project.mjs";
import { root } from "../../lib/paths.mjs";

const MAIN = "worker.js";

/** The compiled project in `folder`; `{url, end}`. */
export async function startAlone(folder, bindings) {
  const modules = await workerModules(folder);
  modules["runtime.js"] = await readFile(path.join(root, "runtime/dist/runtime.js"), "utf8");
  const order = [MAIN, ...Object.keys(modules).filter((name) => name !== MAIN)];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: order.map((name) => ({ type: "ESModule", path: name, contents: modules[name] })),
      compatibilityDate: "2026-11-01",
      bindings,
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
    }),
  );
  try {
    await miniflare.ready;
    const url = new URL("/mcp", await miniflare.unsafeGetDirectURL()).href;
    return { url, end: () => miniflare.dispose() };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

/** A folder with one module in place of what a compiler made. */
export async function oneModule(folder, content) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, "dist"), { recursive: true });
  await writeFile(path.join(folder, "dist", MAIN), content);
  return folder;
}
