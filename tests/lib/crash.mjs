// Kills a studio in the midst of deployments and calls, starts it again on what it
// has left, and looks whether all that it had acknowledged is there.
import assert from "node:assert/strict";
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AUTHORIZATION, ISSUER_KEY } from "./identity.mjs";
import { modernBody, modernHeaders, parseMessage } from "./mcp.mjs";
import { numbers } from "./numbers.mjs";
import { description } from "./refusal.mjs";
import { readAll } from "./sse.mjs";

const PROGRAM = fileURLToPath(new URL("studio-process.mjs", import.meta.url));
/** Deployed over and over, at the same time. */
const PROJECTS = 3;
/** Every job has ended by then, after a start, in milliseconds. */
const SETTLED = 60_000;
/** A round is killed within this time of its first deployment, in milliseconds. */
const LONGEST = 1_000;

/** @returns a studio process on the state of that folder */
async function startProcess(state) {
  const child = fork(PROGRAM, [state, JSON.stringify(ISSUER_KEY)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = once(child, "exit");
  const early = gone.then(([code]) => {
    throw new Error(`the studio ended with ${code} before it was ready`);
  });
  const [{ origin }] = await Promise.race([once(child, "message"), early]);
  early.catch(() => {});
  let last = 0;
  return {
    origin,
    async ask(name, ...args) {
      last += 1;
      const id = last;
      child.send({ id, name, args });
      for (;;) {
        const [message] = await once(child, "message");
        if (message.id !== id) continue;
        if (message.error !== undefined) throw new Error(message.error);
        return message.answer;
      }
    },
    /** The process and all that it has started, each by its own id. */
    async kill() {
      const tree = [...(await descendants(child.pid)), child.pid];
      for (const pid of tree) {
        try {
          process.kill(pid, "SIGKILL");
        } catch (error) {
          if (error.code !== "ESRCH") throw error;
        }
      }
      await gone;
    },
  };
}

async function descendants(pid) {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  const parents = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [];
  for (let level = [pid]; level.length > 0; ) {
    level = parents.filter(([, parent]) => level.includes(parent)).map(([own]) => own);
    found.push(...level);
  }
  return found;
}

/** What the client of a crashing studio knows. */
class Client {
  /** `{projectId, endpoint, deploymentId, version}` of every `deploy:live` that came whole. */
  acknowledged = [];
  calls = 0;
  cutOff = 0;
  #origin;
  #killed = false;
  #document;

  constructor(document) {
    this.#document = document;
  }

  begin(origin) {
    this.#origin = origin;
    this.#killed = false;
  }

  end() {
    this.#killed = true;
  }

  /** Somebody has deployed since, so that there is something to lose. */
  async acknowledgedOver(count) {
    while (this.acknowledged.length <= count) await sleep(10);
  }

  /** Runs `step` over and over until the kill, whose victims are no faults. */
  async until(step) {
    while (!this.#killed) {
      try {
        await step();
      } catch (error) {
        if (!this.#killed) throw error;
        this.cutOff += 1;
      }
    }
  }

  async #job(path, body) {
    const response = await fetch(new URL(path, this.#origin), {
      method: "POST",
      headers: { "content-type": "application/json", ...AUTHORIZATION },
      body: JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(`${path}: ${await response.text()}`);
    const last = (await readAll(response)).at(-1);
    if (!/(:complete|:live)$/.test(last?.event ?? "")) {
      throw new Error(`${path} ended with ${JSON.stringify(last)}`);
    }
    return last.data;
  }

  async create() {
    const specFile = JSON.stringify(this.#document);
    const { result } = await this.#job("/api/analyze", { specFile });
    await this.#job("/api/generate", { projectId: result.projectId });
    return result.projectId;
  }

  async deploy(projectId) {
    const config = { access: "public" };
    const live = await this.#job("/api/deploy", { projectId, target: "mcpengine", config });
    const { pathname } = new URL(live.endpoint);
    const { deploymentId, version } = live;
    this.acknowledged.push({ projectId, pathname, deploymentId, version: Number(version) });
  }

  /** The tools that the server at this path lists. */
  async list(pathname) {
    const response = await fetch(new URL(pathname, this.#origin), {
      method: "POST",
      headers: modernHeaders("tools/list", {}),
      body: modernBody("tools/list", {}),
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    this.calls += 1;
    return parseMessage(text).result.tools.map(({ name }) => name);
  }

  /** One that was acknowledged, at random. */
  async callSomeone(random) {
    const someone = this.acknowledged[random(this.acknowledged.length)];
    if (someone === undefined) await sleep(5);
    else await this.list(someone.pathname);
  }
}

/**
 * @param rounds how often it is killed
 * @param state a folder that is not there yet
 * @param seed of the moments at which it is killed
 * @returns how much was done, for the reader
 */
export async function crash({ rounds, state, seed = 1, told = () => {} }) {
  const random = numbers(seed);
  const client = new Client(description());
  const projects = [];
  let interrupted = 0;
  let studio = await startProcess(state);
  try {
    client.begin(studio.origin);
    while (projects.length < PROJECTS) projects.push(await client.create());
    for (let round = 1; round <= rounds; round += 1) {
      const work = [
        ...projects.map((projectId) => client.until(() => client.deploy(projectId))),
        client.until(async () => client.deploy(await client.create())),
        client.until(() => client.callSomeone(random)),
        client.until(() => client.callSomeone(random)),
      ];
      const moment = client
        .acknowledgedOver(client.acknowledged.length)
        .then(() => sleep(random(LONGEST)));
      // A step that fails before the kill ends the race.
      await Promise.race([moment, Promise.all(work)]);
      client.end();
      await studio.kill();
      await Promise.all(work);
      studio = await startProcess(state);
      client.begin(studio.origin);
      interrupted += await (round === rounds ? settle(studio) : takeUp(studio));
      await check(studio, client);
      told(round, client);
    }
  } finally {
    await studio.kill();
  }
  const { calls, cutOff, acknowledged } = client;
  return { rounds, acknowledged: acknowledged.length, calls, cutOff, interrupted };
}

/** As time passes: leases run out, and the scheduled event ends their jobs. */
async function takeUp(studio) {
  const past = "2026-01-01T00:00:00.000Z";
  const [{ n }] = await studio.ask("query", "SELECT COUNT(*) AS n FROM jobs WHERE state = 'running'");
  await studio.ask("query", "UPDATE jobs SET lease_until = ? WHERE state = 'running'", past);
  assert.equal(await studio.ask("scheduled"), "ok");
  const left = await studio.ask(
    "query",
    "SELECT id FROM jobs WHERE state = 'running' UNION ALL " +
      "SELECT id FROM deployments WHERE status IN ('pending', 'building')",
  );
  assert.deepEqual(left, [], "jobs and deployments that nobody ends");
  return n;
}

/** The same by the clock: every job has ended within a minute of the start. */
async function settle(studio) {
  const started = Date.now();
  const running = async () => {
    const sql = "SELECT COUNT(*) AS n FROM jobs WHERE state = 'running'";
    return (await studio.ask("query", sql))[0].n;
  };
  const found = await running();
  while ((await running()) > 0) {
    assert.ok(Date.now() - started < SETTLED, "jobs go on a minute after the start");
    assert.equal(await studio.ask("scheduled"), "ok");
    await sleep(1_000);
  }
  return found;
}

async function check(studio, client) {
  const rows = await studio.ask(
    "query",
    "SELECT d.id, d.project_id AS projectId, d.version, d.status, d.modules_key AS modulesKey, " +
      "s.slug FROM deployments d LEFT JOIN slugs s ON s.deployment_id = d.id",
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const live = new Map(rows.filter(({ slug }) => slug).map((row) => [row.projectId, row]));
  for (const { projectId, deploymentId, version } of client.acknowledged) {
    const own = byId.get(deploymentId);
    assert.ok(own, `the acknowledged deployment ${deploymentId} is lost`);
    assert.ok(["live", "stopped"].includes(own.status), `${deploymentId} is ${own.status}`);
    assert.ok(Number(live.get(projectId)?.version) >= version, `${projectId} went back`);
  }
  // All are looked at; those that were deployed last are called, too.
  const latest = new Set(client.acknowledged.slice(-10).map(({ projectId }) => projectId));
  for (const { id, projectId, slug, status, modulesKey } of live.values()) {
    assert.equal(status, "live", `${slug} points to ${id}`);
    const modules = JSON.parse(await studio.ask("object", modulesKey));
    assert.ok(modules.mainModule in modules.modules, `${slug} points to ${id}`);
    if (latest.has(projectId)) assert.equal((await client.list(`/s/${slug}/mcp`)).length, 1);
  }
  const [{ n }] = await studio.ask(
    "query",
    "SELECT COUNT(*) AS n FROM slugs s JOIN projects p ON p.id = s.project_id " +
      "WHERE s.deployment_id IS NULL AND p.status = 'deployed'",
  );
  assert.equal(n, 0, "deployed projects whose name points nowhere");
}
