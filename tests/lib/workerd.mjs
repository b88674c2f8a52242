// The built Worker on workerd through miniflare, without wrangler: its proxy takes
// milliseconds of every request, and its test harness sends the Worker's requests
// through Node, which follows redirects that the Worker wants to see.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, Response } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { ISSUER_KEY } from "./identity.mjs";
import { root } from "./paths.mjs";
import { runSql } from "./sql.mjs";
import { VAULT_KEY } from "./vault-key.mjs";

const ENTRY = "src/entry.mjs";

/** What the file is to the Worker, as the rules of wrangler.toml say. */
function moduleType(file) {
  if (file.startsWith("runtime/")) return "Text";
  return file.endsWith(".wasm") ? "CompiledWasm" : "ESModule";
}

/** The main module first. `main` may wrap the Worker's own entry file. */
async function modules(main) {
  const built = await readdir(path.join(root, "build"), { recursive: true });
  const files = [
    ...(main === ENTRY ? [] : [main]),
    ENTRY,
    "src/watch.mjs",
    "src/without.mjs",
    "src/outbound.worker.mjs",
    "runtime/dist/runtime.js",
    "runtime/dist/node-runtime.js",
    ...built.filter((file) => /\.(js|wasm)$/.test(file)).map((file) => `build/${file}`),
  ];
  return files.map((file) => ({ type: moduleType(file), path: path.join(root, file) }));
}

/** The first key of every vault here; `VAULT_KEYS` may name others before it. */
export const FIRST_KEY = `v1:${VAULT_KEY.toString("base64")}`;

/** What the webhooks of every studio here are signed with, unless a test says so. */
const WEBHOOK_SECRETS = {
  CLERK_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 5).toString("base64")}`,
  STRIPE_WEBHOOK_SECRETS: "whsec_SecretOfEveryStudioInTheTests",
};

/**
 * Starts the Worker with empty state; migrations and sample data are loaded.
 * `frontend` adds the built front end; benchmarks do without, and reach the Worker at a
 * socket of its own: miniflare's proxy takes 0.3 ms of each request. `persist` names a
 * folder that keeps the state for the next start. `closed` lets nothing out: whatever
 * the Worker fetches is answered 502 here, and its address noted in `left`.
 */
export async function startWorkerd({
  vars = {},
  main = ENTRY,
  frontend = false,
  persist,
  closed = false,
} = {}) {
  const left = [];
  const logs = [];
  const config = unstable_readConfig({ config: path.join(root, "wrangler.toml") });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: config.name,
      modules: await modules(main),
      modulesRoot: root,
      compatibilityDate: config.compatibility_date,
      compatibilityFlags: config.compatibility_flags,
      bindings: bindings({
        ...config.vars,
        VAULT_KEYS: FIRST_KEY,
        ...WEBHOOK_SECRETS,
        DEV_ISSUER_KEY: JSON.stringify(ISSUER_KEY),
        ...vars,
      }),
      d1Databases: config.d1_databases.map(({ binding }) => binding),
      r2Buckets: config.r2_buckets.map(({ binding }) => binding),
      queueProducers: Object.fromEntries(
        config.queues.producers.map(({ binding, queue }) => [binding, queue]),
      ),
      queueConsumers: Object.fromEntries(
        config.queues.consumers.map(({ queue, ...settings }) => [
          queue,
          {
            maxBatchSize: settings.max_batch_size,
            maxBatchTimeout: settings.max_batch_timeout,
            maxRetries: settings.max_retries,
          },
        ]),
      ),
      durableObjects: Object.fromEntries(
        config.durable_objects.bindings.map(({ name, class_name }) => [
          name,
          { className: class_name, useSQLite: true },
        ]),
      ),
      workerLoaders: Object.fromEntries(config.worker_loaders.map(({ binding }) => [binding, {}])),
      ...(frontend && { assets: assets(config) }),
      ...(closed && {
        outboundService: (request) => {
          left.push(request.url);
          return new Response("nothing leaves this test", { status: 502 });
        },
      }),
      handleStructuredLogs: (log) => logs.push(log),
      ...(!frontend && { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] }),
      ...(persist && { resourcePersistencePath: persist }),
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
    }),
  );
  try {
    const ready = await miniflare.ready;
    const url = frontend ? ready : await miniflare.unsafeGetDirectURL();
    const database = await miniflare.getD1Database("DB");
    if (!(await isLoaded(database))) await load(database);
    return {
      origin: url.origin,
      database,
      bucket: await miniflare.getR2Bucket("BUCKET"),
      logs,
      left,
      /** Runs the scheduled event to its end. */
      scheduled: async () => (await miniflare.getWorker()).scheduled({ cron: config.triggers.crons[0] }),
      close: () => miniflare.dispose(),
    };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

/** Those that have a value: `undefined` takes a var away. */
function bindings(vars) {
  return Object.fromEntries(Object.entries(vars).filter(([, value]) => value !== undefined));
}

/** The front end, as the section `assets` of wrangler.toml says. */
function assets({ assets: { directory, binding, not_found_handling } }) {
  return {
    directory: path.join(root, directory),
    binding,
    routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    assetConfig: { not_found_handling },
  };
}

async function isLoaded(database) {
  const { results } = await database
    .prepare("SELECT 1 FROM sqlite_master WHERE name = 'users'")
    .all();
  return results.length > 0;
}

async function load(database) {
  const folder = path.join(root, "migrations");
  const migrations = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  const files = [
    ...migrations.map((file) => path.join(folder, file)),
    path.join(root, "src/sample/seed.sql"),
  ];
  for (const file of files) await runSql(database, await readFile(file, "utf8"));
}
