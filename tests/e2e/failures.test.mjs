// What happens when work fails half-way: what was live stays live, what died is
// found out by the next reader, and the next attempt goes through.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callTool } from "../lib/mcp.mjs";
import { assertWhole, frames, jobOf, readAll } from "../lib/sse.mjs";
import { stage } from "../lib/stage.mjs";

const on = stage();

const LONG_AGO = "2026-01-01T00:00:00.000Z";
const LATER = "2100-01-01T00:00:00.000Z";

const publish = () => on.studio.publish({ specUrl: on.upstream.documentUrl }, { access: "public" });
const deploy = (projectId, config = { access: "public" }) =>
  on.studio.job("/api/deploy", { projectId, target: "mcpengine", config });
const statuses = async (projectId) =>
  (await on.studio.get(`/api/projects/${projectId}/deployments`)).deployments.map(
    ({ version, status }) => `${version} ${status}`,
  );

async function assertServes(endpoint) {
  const { structuredContent } = await callTool(endpoint, "echo_value", { value: "there" });
  assert.deepEqual(structuredContent, { value: "there" });
}

describe("a new version that does not work", () => {
  /** Deploys with one file of the generated project replaced, then with the original. */
  async function withFile(path, content, check) {
    const server = await publish();
    const key = (await on.studio.objectKeys()).find(
      (key) => key.startsWith(`bundles/${server.projectId}/`) && key.endsWith("project.json"),
    );
    const original = await on.studio.object(key);
    const stored = JSON.parse(original);
    const file = stored.bundle.files.find((file) => file.path === path);
    file.content = content;
    await on.studio.putObject(key, JSON.stringify(stored));
    const before = await on.studio.objectKeys();
    const events = await deploy(server.projectId, {
      access: "public",
      secrets: { HARBOUR_TOKEN: "of-the-version-that-failed" },
    });
    await check(events.at(-1));

    assert.deepEqual(await statuses(server.projectId), ["2 failed", "1 live"]);
    const [failed] = (await on.studio.get(`/api/projects/${server.projectId}/deployments`))
      .deployments;
    assert.match(failed.logs.at(-1), /^Failed: /);
    const kept = (await on.studio.objectKeys()).filter((key) => !key.startsWith("events/"));
    assert.deepEqual(
      kept,
      before.filter((key) => !key.startsWith("events/")),
    );
    const project = await on.studio.get(`/api/projects/${server.projectId}`);
    assert.deepEqual([project.status, project.server.status], ["deployed", "live"]);
    await assertServes(server.endpoint);
    // Its credential was not stored either.
    const result = await callTool(server.endpoint, "create_ship", { name: "x" });
    assert.match(result.content[0].text, /HARBOUR_TOKEN/);

    await on.studio.putObject(key, original);
    assert.equal((await deploy(server.projectId)).at(-1).event, "deploy:live");
    assert.deepEqual(await statuses(server.projectId), ["3 live", "2 failed", "1 stopped"]);
    await assertServes(server.endpoint);
  }

  test("because it does not compile", async () => {
    await withFile("src/server.ts", "export const = ;\n", ({ event, data }) => {
      assert.deepEqual([event, data.code], ["error", "compile_failed"]);
      assert.match(data.message, /src\/server\.ts/);
    });
  });

  test("because it throws when it is loaded", async () => {
    const content = 'throw new Error("no luck");\nexport default {};\n';
    await withFile("src/worker.ts", content, ({ event, data }) => {
      assert.deepEqual([event, data.code], ["error", "server_failed"]);
      assert.match(data.details.reason, /no luck/);
    });
  });

  test("because it lists other tools than it should", async () => {
    const content =
      'export default { fetch: () => Response.json({ jsonrpc: "2.0", id: 1, result: { tools: [] } }) };\n';
    await withFile("src/worker.ts", content, ({ event, data }) => {
      assert.deepEqual([event, data.code], ["error", "health_check_failed"]);
      assert.match(data.message, /0 tools of 20/);
    });
  });
});

describe("a job whose worker died", () => {
  /** Puts a finished job back to where it was before its last event. */
  async function putBack(job, leaseUntil) {
    await on.studio.query(
      "UPDATE jobs SET state = 'running', finished_at = NULL, lease_until = ? WHERE id = ?",
      leaseUntil,
      job,
    );
    await on.studio.query(
      "DELETE FROM job_events WHERE job_id = ?1 AND seq = (SELECT MAX(seq) FROM job_events WHERE job_id = ?1)",
      job,
    );
  }

  test("is ended by the next reader, once", async () => {
    const { events } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
    const job = jobOf(events);
    await putBack(job, LONG_AGO);
    assert.equal((await on.studio.get(`/api/jobs/${job}`)).state, "running");
    const read = async () =>
      (await readAll(await on.studio.fetch(`/api/jobs/${job}/events`))).map(({ id, data }) => [
        id,
        data,
      ]);
    const logs = await Promise.all([read(), read(), read()]);
    const [, last] = logs[0].at(-1);
    assert.deepEqual(
      [last.type, last.code, last.recoverable, logs[0].length],
      ["error", "job_interrupted", true, events.length],
    );
    assert.deepEqual([logs[1], logs[2]], [logs[0], logs[0]]);
    assert.equal((await on.studio.get(`/api/jobs/${job}`)).state, "failed");
  });

  /** A project whose first deployment is in the making, and that deployment's job. */
  async function deploying(leaseUntil) {
    const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
    await on.studio.generate(projectId);
    const job = jobOf(await deploy(projectId));
    await on.studio.query(
      "UPDATE deployments SET status = 'building' WHERE project_id = ? AND status = 'live'",
      projectId,
    );
    await putBack(job, leaseUntil);
    return { projectId, job };
  }

  test("blocks its project while it may be alive, and no longer", async () => {
    const { projectId, job } = await deploying(LATER);
    const again = await on.studio.api("POST", "/api/deploy", { projectId, target: "mcpengine" });
    assert.deepEqual([again.status, again.body.error.code], [409, "deploy_running"]);
    assert.deepEqual(await statuses(projectId), ["1 building"]);

    await on.studio.query("UPDATE jobs SET lease_until = ? WHERE id = ?", LONG_AGO, job);
    const { live } = await on.studio.deploy(projectId, { access: "public" });
    assert.deepEqual(await statuses(projectId), ["2 live", "1 failed"]);
    await assertServes(live.endpoint);
    const log = await readAll(await on.studio.fetch(`/api/jobs/${job}/events`));
    assert.equal(log.at(-1).data.code, "job_interrupted");
    assert.deepEqual(await statuses(projectId), ["2 live", "1 failed"]);
  });

  test("is marked by whoever reads its log", async () => {
    const { projectId, job } = await deploying(LONG_AGO);
    const log = await readAll(await on.studio.fetch(`/api/jobs/${job}/events`));
    assert.equal(log.at(-1).data.code, "job_interrupted");
    assert.deepEqual(await statuses(projectId), ["1 failed"]);
  });
});

describe("a project that is removed while it is worked on", () => {
  for (const [kind, prepare] of [
    ["analyze", async () => {}],
    ["generate", async () => {}],
    ["deploy", (projectId) => on.studio.generate(projectId)],
  ]) {
    for (const at of [1, 2, 3]) {
      test(`${kind}, at event ${at}, leaves nothing`, async () => {
        const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
        await prepare(projectId);
        const body = {
          analyze: { projectId, specUrl: on.upstream.documentUrl },
          generate: { projectId },
          deploy: { projectId, target: "mcpengine", config: { access: "public" } },
        }[kind];
        const events = [];
        for await (const event of frames(await on.studio.post(`/api/${kind}`, body))) {
          events.push(event);
          if (events.length === at) {
            const { status } = await on.studio.api("DELETE", `/api/projects/${projectId}`);
            assert.equal(status, 204);
          }
        }
        assertWhole(events);
        const last = events.at(-1).data;
        if (last.type === "error") assert.match(last.code, /_not_found$|_lost$|conflict/);
        const left = (await on.studio.everythingStored())
          .split("\n")
          .filter((line) => line.includes(projectId) && !/^(slugs|audit_log): /.test(line))
          .map((line) => line.slice(0, 200));
        assert.deepEqual(left, []);
      });
    }
  }
});

test("an API that is away is a result that says so", async () => {
  const document = await on.upstream.document();
  document.servers = [{ url: "http://127.0.0.1:9/v2" }];
  const server = await on.studio.publish({ specFile: JSON.stringify(document) });
  const result = await callTool(server.endpoint, "get_office");
  assert.equal(result.isError, true);
  const away = await callTool(server.endpoint, "echo_value", { value: "x" });
  assert.equal(away.isError, true);
  assert.match(away.content[0].text, /127\.0\.0\.1/);
  // Moved with the next deployment, without a new generation.
  const { live } = await on.studio.deploy(server.projectId, {
    access: "public",
    variables: { API_BASE_URL: `${on.upstream.origin}/v2` },
  });
  await assertServes(live.endpoint);
});
