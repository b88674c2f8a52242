// Runs uploaded scripts in workerd: one process for all, an isolate for each, as
// the Worker Loader gives them. They reach the network as any Worker does.
import { readFile } from "node:fs/promises";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

export async function startRunner() {
  const script = await readFile(new URL("host.worker.mjs", import.meta.url), "utf8");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "host",
      modules: [{ type: "ESModule", path: "host.mjs", contents: script }],
      compatibilityDate: "2026-11-01",
      workerLoaders: { LOADER: {} },
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
    }),
  );
  await miniflare.ready;
  const call = (path, init) => miniflare.dispatchFetch(`http://host${path}`, init);
  return {
    /** Evaluates its top level: `{handlers}`, or `{error}` in workerd's own words. */
    async load(key, script) {
      const body = JSON.stringify({ key, script });
      const response = await call("/load", { method: "POST", body });
      return response.json();
    },
    /** The script's answer. */
    run(key, url, { method, headers, body }) {
      const all = new Headers(headers);
      all.set("stand-in-key", key);
      all.set("stand-in-url", url);
      const duplex = body ? { duplex: "half" } : {};
      return call("/run", { method, headers: all, body, redirect: "manual", ...duplex });
    },
    close: () => miniflare.dispose(),
  };
}
