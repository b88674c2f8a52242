// The studio on workerd, with empty state of its own for each test file.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createTestHarness } from "wrangler";
import { events, terminal } from "./sse.mjs";

export const root = path.join(import.meta.dirname, "../..");

/** A vault key of 32 zero bytes: it guards nothing but test data. */
const VAULT_KEYS = `v1:${Buffer.alloc(32).toString("base64")}`;

export async function startStudio({ vars = {} } = {}) {
  const harness = createTestHarness({
    root,
    workers: [{ configPath: "wrangler.toml", secrets: { VAULT_KEYS }, vars }],
  });
  const { url } = await harness.listen();
  const worker = harness.getWorker();
  await worker.applyD1Migrations("DB");
  const env = await worker.getEnv();
  const seed = await readFile(path.join(root, "src/sample/seed.sql"), "utf8");
  const statements = seed
    .replace(/^\s*--.*$/gm, "")
    .split(/;\s*(?:\n|$)/)
    .filter((statement) => statement.trim());
  await env.DB.batch(statements.map((statement) => env.DB.prepare(statement)));
  return new Studio(harness, url.origin, env);
}

class Studio {
  constructor(harness, origin, env) {
    this.harness = harness;
    this.origin = origin;
    this.env = env;
  }

  /** A request by path; `body` other than text becomes JSON. */
  fetch(route, { body, headers = {}, method = body === undefined ? "GET" : "POST", ...rest } = {}) {
    const plain = body === undefined || typeof body === "string" || body instanceof FormData ||
      body instanceof Uint8Array;
    return fetch(new URL(route, this.origin), {
      method,
      headers: plain ? headers : { "content-type": "application/json", ...headers },
      body: plain ? body : JSON.stringify(body),
      ...rest,
    });
  }

  async json(route, options) {
    const response = await this.fetch(route, options);
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  /** Events of a POST that streams. */
  async stream(route, body, headers) {
    const start = performance.now();
    return events(await this.fetch(route, { body, headers }), start);
  }

  async analyze(body) {
    const end = terminal(await this.stream("/api/analyze", body));
    assert.equal(end.type, "analysis:complete", JSON.stringify(end));
    return end.result;
  }

  async generate(projectId, more = {}) {
    const end = terminal(await this.stream("/api/generate", { projectId, ...more }));
    assert.equal(end.type, "generate:complete", JSON.stringify(end));
    return end.bundle;
  }

  async deploy(projectId, config = {}) {
    const body = { projectId, target: "mcpengine", config };
    const end = terminal(await this.stream("/api/deploy", body));
    assert.equal(end.type, "deploy:live", JSON.stringify(end));
    return { ...end, endpoint: this.local(end.endpoint) };
  }

  /** From a document to a live server. */
  async publish(source, config) {
    const analysis = await this.analyze(source);
    const bundle = await this.generate(analysis.projectId);
    const live = await this.deploy(analysis.projectId, config);
    return { analysis, bundle, live, projectId: analysis.projectId };
  }

  /** An endpoint by path at this studio's own address, which Node resolves. */
  local(endpoint) {
    const { pathname } = new URL(endpoint);
    return new URL(pathname, this.origin).href;
  }

  /** Every row of every table and every object, as one text. */
  async dump() {
    const { results: tables } = await this.env.DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
    ).all();
    const parts = [];
    for (const { name } of tables) {
      const { results } = await this.env.DB.prepare(`SELECT * FROM "${name}"`).all();
      parts.push(`${name}: ${JSON.stringify(results)}`);
    }
    const { objects } = await this.env.BUCKET.list();
    for (const { key } of objects) {
      const object = await this.env.BUCKET.get(key);
      parts.push(`${key}: ${await object.text()}`);
    }
    return parts.join("\n");
  }

  close() {
    return this.harness.close();
  }
}
