// A studio on real workerd for one test file: the built Worker, a free port of
// loopback, empty state, its own vault key, the sample data loaded.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { AUTHORIZATION } from "./identity.mjs";
import { root } from "./paths.mjs";
import { readAll } from "./sse.mjs";
import { startWorkerd } from "./workerd.mjs";

/** What `cargo xtask build` makes. */
const BUILT = ["build/index.js", "runtime/dist/runtime.js", "frontend/dist/index.html"];

/**
 * @param options `vars` replaces vars of wrangler.toml, `main` wraps the Worker's entry file,
 * `persist` names a folder that keeps the state, `closed` lets no request of the Worker out.
 */
export async function startStudio({ vars, main, persist, closed } = {}) {
  for (const file of BUILT) {
    assert.ok(existsSync(path.join(root, file)), `${file} is missing: run \`cargo xtask build\``);
  }
  return new Studio(await startWorkerd({ vars, main, persist, closed, frontend: true }));
}

class Studio {
  #workerd;

  constructor(workerd) {
    this.#workerd = workerd;
    /** `http://127.0.0.1:PORT`. */
    this.origin = workerd.origin;
    this.port = Number(new URL(workerd.origin).port);
  }

  async close() {
    await this.#workerd.close();
  }

  /** Runs the scheduled event to its end; its outcome, `ok`. */
  async scheduled() {
    const { outcome } = await this.#workerd.scheduled();
    return outcome;
  }

  /** What the Worker has written to its log. */
  logs() {
    return this.#workerd.logs;
  }

  /** The addresses that the Worker asked for while nothing was let out. */
  left() {
    return this.#workerd.left;
  }

  /** As the local account, unless the headers say who else; `authorization: null` is nobody. */
  fetch(pathname, init = {}) {
    const headers = new Headers(signedIn(pathname));
    for (const [name, value] of Object.entries(init.headers ?? {})) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
    return fetch(new URL(pathname, this.origin), { ...init, headers });
  }

  /** A request with a JSON body where one is given; `{status, headers, body}`. */
  async api(method, pathname, json, headers = {}) {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const type = body === undefined ? {} : { "content-type": "application/json" };
    return answerOf(await this.fetch(pathname, { method, body, headers: { ...type, ...headers } }));
  }

  /** `GET` of what has to be there. */
  async get(pathname) {
    const { status, body } = await this.api("GET", pathname);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** A request under any Host, which `fetch` cannot send. */
  byHost(host, pathname, { method = "GET", headers = {}, ...rest } = {}) {
    const all = { host, ...signedIn(pathname), ...headers };
    const given = Object.entries(all).filter(([, value]) => value !== null);
    return rawRequest(this.port, pathname, { method, headers: Object.fromEntries(given), ...rest });
  }

  /** Starts a job; its stream is not read yet. */
  post(pathname, json, init = {}) {
    return this.fetch(pathname, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
      ...init,
    });
  }

  /** Runs a job to its end; all its events. */
  async job(pathname, json) {
    return stream(await this.post(pathname, json));
  }

  /** A description to a project: `{events, projectId, result}`. */
  async analyze(source) {
    const events = succeeded(await this.job("/api/analyze", source), "analysis:complete");
    const { result } = events.at(-1).data;
    return { events, projectId: result.projectId, result };
  }

  async generate(projectId, overrides = {}) {
    const events = succeeded(
      await this.job("/api/generate", { projectId, ...overrides }),
      "generate:complete",
    );
    return { events, bundle: events.at(-1).data.bundle };
  }

  async deploy(projectId, config = {}) {
    const events = succeeded(
      await this.job("/api/deploy", { projectId, target: "mcpengine", config }),
      "deploy:live",
    );
    return { events, live: events.at(-1).data };
  }

  /** The whole way; the live server with its project. */
  async publish(source, config = { access: "public" }) {
    const { projectId, result } = await this.analyze(source);
    await this.generate(projectId);
    const { live } = await this.deploy(projectId, config);
    return { projectId, result, ...live };
  }

  async projects() {
    return (await this.get("/api/projects?limit=100")).projects;
  }

  /** Rows of a query on the studio's database. */
  async query(sql, ...values) {
    const { results } = await this.#workerd.database
      .prepare(sql)
      .bind(...values)
      .all();
    return results;
  }

  /** Keys of all stored objects, sorted. */
  async objectKeys() {
    const keys = [];
    let cursor;
    do {
      const page = await this.#workerd.bucket.list({ cursor });
      keys.push(...page.objects.map((object) => object.key));
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor !== undefined);
    return keys.sort();
  }

  async object(key) {
    return (await this.#workerd.bucket.get(key)).text();
  }

  /** `{key, metadata, bytes}` of every stored object. */
  async objects() {
    const all = [];
    for (const key of await this.objectKeys()) {
      const object = await this.#workerd.bucket.get(key);
      const { httpMetadata, customMetadata } = object;
      const bytes = Buffer.from(await object.arrayBuffer());
      all.push({ key, metadata: { httpMetadata, customMetadata }, bytes });
    }
    return all;
  }

  /** What every name that is in use points to; `stored` is whether its modules are there. */
  async names() {
    const rows = await this.query(
      "SELECT s.slug, s.project_id AS projectId, d.id AS deploymentId, d.version, d.status, " +
        "d.modules_key AS modulesKey FROM slugs s JOIN deployments d ON d.id = s.deployment_id",
    );
    const keys = new Set(await this.objectKeys());
    return rows.map(({ modulesKey, ...row }) => ({ ...row, stored: keys.has(modulesKey) }));
  }

  async putObject(key, text) {
    await this.#workerd.bucket.put(key, text);
  }

  /** All rows, by table. */
  async tables() {
    const tables = await this.query(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    );
    const all = new Map();
    for (const { name } of tables) all.set(name, await this.query(`SELECT * FROM "${name}"`));
    return all;
  }

  /** Everything that is stored, as one text: all rows of all tables, all objects. */
  async everythingStored() {
    const texts = [];
    for (const [name, rows] of await this.tables()) {
      texts.push(`${name}: ${JSON.stringify(rows)}`);
    }
    for (const key of await this.objectKeys()) {
      texts.push(`${key}: ${await this.object(key)}`);
    }
    return texts.join("\n");
  }
}

/** Only the API asks who asks; a hosted server has tokens of its own. */
function signedIn(pathname) {
  return pathname.startsWith("/api/") ? AUTHORIZATION : {};
}

/** All events of a job's stream. */
export async function stream(response) {
  if (response.status !== 200) {
    assert.fail(`status ${response.status}: ${await response.text()}`);
  }
  return readAll(response);
}

function succeeded(events, terminal) {
  const last = events.at(-1);
  assert.equal(last.event, terminal, JSON.stringify(last.data).slice(0, 2_000));
  return events;
}

export async function answerOf(response) {
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return {
    status: response.status,
    headers: response.headers,
    body: type.includes("json") ? JSON.parse(text) : text,
  };
}

/**
 * A request over node:http: any Host, any method, headers as given. With
 * `unfinished` the body is not ended: the answer has to come all the same. (To
 * send on to somebody who has refused already ends in EPIPE, now and then.)
 */
function rawRequest(port, pathname, { method, headers, body, unfinished = false }) {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: "127.0.0.1", port, path: pathname, method, headers },
      async (incoming) => {
        const chunks = [];
        for await (const chunk of incoming) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString("utf8");
        const isJson = incoming.headers["content-type"]?.includes("json");
        if (unfinished) outgoing.destroy();
        resolve({
          status: incoming.statusCode,
          headers: incoming.headers,
          body: isJson ? JSON.parse(text) : text,
        });
      },
    );
    outgoing.on("error", reject);
    if (!unfinished) outgoing.end(body);
    else if (body) outgoing.write(body);
    else outgoing.flushHeaders();
  });
}
