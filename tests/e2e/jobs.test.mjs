// Jobs that survive: taken up again from their row, tried again after a fault of
// ours, ended at their user's wish.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { modernRpc } from "../lib/mcp.mjs";
import { frames, readAll } from "../lib/sse.mjs";
import { startStudio } from "../lib/studio.mjs";
import { startUpstream } from "../lib/upstream.mjs";

const LONG_AGO = "2026-01-01T00:00:00.000Z";

let studio;
let upstream;
/** Serves the upstream's document once it is let go. */
let slow;
before(async () => {
  [studio, upstream] = await Promise.all([
    startStudio({ main: "tests/e2e/faulty-entry.mjs" }),
    startUpstream(),
  ]);
  slow = await slowDocument(await upstream.document());
});
after(() => Promise.all([studio?.close(), upstream?.close(), slow?.close()]));

async function slowDocument(document) {
  let waiting = [];
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    waiting.push(() => response.end(JSON.stringify(document)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/openapi.json`,
    asked: () => asked,
    letGo() {
      for (const answer of waiting) answer();
      waiting = [];
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const faults = (wanted) =>
  studio.fetch("/__faults", { method: "PUT", body: JSON.stringify(wanted) });
const fail = (puts, matching) => faults({ puts, matching });
const jobRow = async (id) =>
  (await studio.query("SELECT state, ending, attempt, input FROM jobs WHERE id = ?", id))[0];
const expire = (id) => studio.query("UPDATE jobs SET lease_until = ? WHERE id = ?", LONG_AGO, id);
const log = async (id) => readAll(await studio.fetch(`/api/jobs/${id}/events`));
const idOf = (event) => event.id.split(":")[0];
const terminals = (events) =>
  events.filter(({ event }) => /complete|live|error|cancelled/.test(event)).map((it) => it.event);
const inputs = async (id) =>
  (await studio.objectKeys()).filter((key) => key.startsWith(`events/${id}/input`));

/** Waits until it holds; what it gave then. */
async function until(check, what) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await check();
    if (found) return found;
    await sleep(100);
  }
  return assert.fail(`it did not come to this: ${what}`);
}

/** Starts an analysis of the slow document: `{id, rest}`, `rest` being its stream. */
async function started() {
  const asked = slow.asked();
  const stream = frames(await studio.post("/api/analyze", { specUrl: slow.url }));
  const first = await stream.next();
  const rest = (async () => {
    const events = [first.value];
    for await (const event of stream) events.push(event);
    return events;
  })();
  await until(() => slow.asked() > asked, "the document is asked for");
  return { id: idOf(first.value), rest };
}

describe("a job that nobody works on any more", () => {
  test("is taken up by the scheduled event, and the first worker is kept out", async () => {
    const { id, rest } = await started();
    await expire(id);
    const asked = slow.asked();
    const scheduled = studio.scheduled();
    await until(() => slow.asked() > asked, "the second attempt asks too");
    assert.deepEqual((({ state, attempt }) => ({ state, attempt }))(await jobRow(id)), {
      state: "running",
      attempt: 2,
    });
    slow.letGo();
    await scheduled;
    // The first stream ends without an end of the job, or with the one that is true.
    const seen = terminals(await rest);
    assert.ok(seen.length === 0 || seen[0] === "analysis:complete", JSON.stringify(seen));
    const events = await log(id);
    assert.deepEqual(terminals(events), ["analysis:complete"]);
    const { projectId } = events.at(-1).data.result;
    assert.deepEqual(await jobRow(id), {
      state: "done",
      ending: "done",
      attempt: 2,
      input: "null",
    });
    assert.equal((await studio.get(`/api/projects/${projectId}`)).status, "analyzed");
    assert.equal((await studio.projects()).filter((it) => it.id === projectId).length, 1);
  });

  test("is taken up by whoever reads its log, an uploaded description included", async () => {
    const document = await upstream.document();
    const text = JSON.stringify(document);
    const { events } = await studio.analyze({ specFile: text });
    const id = idOf(events[0]);
    assert.deepEqual(await inputs(id), []);
    // As its first worker left it, just before its end.
    await studio.query(
      "UPDATE jobs SET state = 'running', ending = NULL, finished_at = NULL, lease_until = ?, input = ? WHERE id = ?",
      LONG_AGO,
      JSON.stringify({ analyze: { source: "document", newProject: true } }),
      id,
    );
    await studio.query(
      "DELETE FROM job_events WHERE job_id = ?1 AND seq = (SELECT MAX(seq) FROM job_events WHERE job_id = ?1)",
      id,
    );
    await studio.putObject(`events/${id}/input-0`, text);
    const after = events.at(-2).id;
    const rest = await readAll(
      await studio.fetch(`/api/jobs/${id}/events`, { headers: { "last-event-id": after } }),
      Number(after.split(":")[1]),
    );
    assert.deepEqual(terminals(rest), ["analysis:complete"]);
    assert.equal(rest.at(-1).data.result.projectId, events.at(-1).data.result.projectId);
    // Numbered on, without a gap.
    const seqs = (await log(id)).map((it) => Number(it.id.split(":")[1]));
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );
    assert.equal((await studio.get(`/api/jobs/${id}`)).state, "done");
    assert.deepEqual(await inputs(id), []);
  });

  test("is dead after its last attempt, and says so", async () => {
    const { id, rest } = await started();
    await studio.query("UPDATE jobs SET attempt = 3, lease_until = ? WHERE id = ?", LONG_AGO, id);
    await studio.scheduled();
    const events = await log(id);
    assert.deepEqual(terminals(events), ["error"]);
    assert.equal(events.at(-1).data.code, "job_interrupted");
    const job = await studio.get(`/api/jobs/${id}`);
    assert.deepEqual([job.state, job.attempt], ["dead", 4]);
    slow.letGo();
    await rest;
    assert.deepEqual(terminals(await log(id)), ["error"]);
  });

  test("its deployment goes live all the same", async () => {
    const { projectId } = await studio.analyze({ specUrl: upstream.documentUrl });
    await studio.generate(projectId);
    const { events, live } = await studio.deploy(projectId, { access: "public" });
    const id = idOf(events[0]);
    const put = (input) =>
      studio.query(
        "UPDATE jobs SET state = 'running', ending = NULL, finished_at = NULL, lease_until = ?, input = ? WHERE id = ?",
        LONG_AGO,
        JSON.stringify(input),
        id,
      );
    const kept = {
      deploy: {
        deploymentId: live.deploymentId,
        slug: "harbour",
        origin: `${studio.origin}/api/deploy`,
        destination: { hosted: { secrets: [] } },
      },
    };
    // Live already, and nobody was told.
    await put(kept);
    await studio.query("DELETE FROM job_events WHERE job_id = ? AND seq > 3", id);
    await studio.scheduled();
    const told = (await log(id)).at(-1);
    assert.deepEqual([told.event, told.data.endpoint], ["deploy:live", live.endpoint]);
    // In the making.
    await studio.query(
      "UPDATE deployments SET status = 'building' WHERE id = ?",
      live.deploymentId,
    );
    await studio.query("UPDATE slugs SET deployment_id = NULL WHERE project_id = ?", projectId);
    await put(kept);
    await studio.query("DELETE FROM job_events WHERE job_id = ? AND seq > 3", id);
    await studio.scheduled();
    const again = (await log(id)).at(-1);
    assert.deepEqual([again.event, again.data.endpoint], ["deploy:live", live.endpoint]);
    const { message } = await modernRpc(live.endpoint, "tools/list", {}, {});
    assert.equal(message.result.tools.length, live.tools);
  });
});

describe("a fault of ours", () => {
  test("is tried again, and the client sees no error", async () => {
    await fail(1, "plan.json");
    const events = await studio.job("/api/analyze", { specUrl: upstream.documentUrl });
    assert.deepEqual(terminals(events), ["analysis:complete"]);
    const job = await studio.get(`/api/jobs/${idOf(events[0])}`);
    assert.deepEqual([job.state, job.attempt], ["done", 2]);
    assert.deepEqual(terminals(await log(job.id)), ["analysis:complete"]);
  });

  test("of a deployment too, which stays one", async () => {
    const { projectId } = await studio.analyze({ specUrl: upstream.documentUrl });
    await studio.generate(projectId);
    await fail(1, "modules.json");
    const { events, live } = await studio.deploy(projectId, { access: "public" });
    const job = await studio.get(`/api/jobs/${idOf(events[0])}`);
    assert.deepEqual([job.state, job.attempt], ["done", 2]);
    const { deployments } = await studio.get(`/api/projects/${projectId}/deployments`);
    assert.deepEqual(
      deployments.map(({ version, status }) => [version, status]),
      [["1", "live"]],
    );
    assert.equal(live.version, "1");
  });

  test("that stays ends the job after three attempts, and nothing is left", async () => {
    const before = (await studio.objectKeys()).filter((key) => !key.startsWith("events/"));
    await fail(100, "plan.json");
    const events = await studio.job("/api/analyze", { specUrl: upstream.documentUrl });
    await fail(0, "");
    const { event, data } = events.at(-1);
    assert.deepEqual([event, data.code, data.recoverable], ["error", "store_unavailable", true]);
    const job = await studio.get(`/api/jobs/${idOf(events[0])}`);
    assert.deepEqual([job.state, job.attempt], ["dead", 3]);
    const after = (await studio.objectKeys()).filter((key) => !key.startsWith("events/"));
    assert.deepEqual(after, before);
  });
});

describe("a database that puts a version live and then is gone", () => {
  /** The version that went live unseen is there with all that it needs, and is told of. */
  async function settled(projectId, id, first) {
    await faults({});
    await expire(id);
    await studio.scheduled();
    const end = (await log(id)).at(-1);
    assert.deepEqual([end.event, end.data.version], ["deploy:live", "2"], JSON.stringify(end));
    const names = (await studio.names()).filter((name) => name.projectId === projectId);
    assert.deepEqual(
      names.map(({ version, status, stored }) => [version, status, stored]),
      [["2", "live", true]],
    );
    const { message } = await modernRpc(first.endpoint, "tools/list", {}, {});
    assert.equal(message.result.tools.length, first.tools);
  }

  test("costs nothing that is live, and the job is told of later", async () => {
    const { projectId } = await studio.analyze({ specUrl: upstream.documentUrl });
    await studio.generate(projectId);
    const { live: first } = await studio.deploy(projectId, { access: "public" });
    await faults({ lost: "SET status = 'live'" });
    const config = { access: "public" };
    const seen = await studio.job("/api/deploy", { projectId, target: "mcpengine", config });
    const { event, data } = seen.at(-1);
    assert.deepEqual([event, data.code], ["error", "store_unavailable"]);
    await settled(projectId, idOf(seen[0]), first);
  });

  test("not in the last attempt either, which clears up behind it", async () => {
    const { projectId } = await studio.analyze({ specUrl: upstream.documentUrl });
    await studio.generate(projectId);
    const { live: first } = await studio.deploy(projectId, { access: "public" });
    const { events, live } = await studio.deploy(projectId, { access: "public" });
    const id = idOf(events[0]);
    // The second version, about to go live in its third attempt; the first is live.
    for (const [sql, ...values] of [
      ["UPDATE deployments SET status = 'building' WHERE id = ?", live.deploymentId],
      ["UPDATE deployments SET status = 'live' WHERE id = ?", first.deploymentId],
      ["UPDATE slugs SET deployment_id = ? WHERE project_id = ?", first.deploymentId, projectId],
    ]) {
      await studio.query(sql, ...values);
    }
    const kept = {
      deploy: {
        deploymentId: live.deploymentId,
        slug: "harbour",
        origin: `${studio.origin}/api/deploy`,
        destination: { hosted: { secrets: [] } },
      },
    };
    const put = () =>
      studio.query(
        "UPDATE jobs SET state = 'running', ending = NULL, finished_at = NULL, attempt = 2, lease_until = ?, input = ? WHERE id = ?",
        LONG_AGO,
        JSON.stringify(kept),
        id,
      );
    await put();
    await studio.query("DELETE FROM job_events WHERE job_id = ? AND seq > 3", id);
    await faults({ lost: "SET status = 'live'" });
    await studio.scheduled();
    assert.equal((await (await studio.fetch("/__faults")).json()).outage, true);
    await put();
    await settled(projectId, id, first);
  });
});

describe("a job that is cancelled", () => {
  test("ends at its next step, without waiting for what it waits for", async () => {
    const projects = await studio.projects();
    const { id, rest } = await started();
    const began = Date.now();
    const asked = await studio.api("POST", `/api/jobs/${id}/cancel`);
    assert.deepEqual([asked.status, asked.body.state], [202, "running"]);
    assert.notEqual(asked.body.cancelRequestedAt, null);
    const again = await studio.api("POST", `/api/jobs/${id}/cancel`);
    assert.equal(again.body.cancelRequestedAt, asked.body.cancelRequestedAt);
    const events = await rest;
    assert.ok(Date.now() - began < 5_000);
    assert.deepEqual(terminals(events), ["cancelled"]);
    assert.equal(events.at(-1).data.jobId, id);
    assert.deepEqual(terminals(await log(id)), ["cancelled"]);
    assert.equal((await studio.get(`/api/jobs/${id}`)).state, "cancelled");
    assert.deepEqual(await studio.projects(), projects);
    const late = await studio.api("POST", `/api/jobs/${id}/cancel`);
    assert.deepEqual([late.status, late.body.error.code], [409, "job_finished"]);
    slow.letGo();
  });

  test("also where its worker is gone", async () => {
    const { id, rest } = await started();
    await studio.query("UPDATE jobs SET cancel_requested_at = ? WHERE id = ?", LONG_AGO, id);
    await expire(id);
    await studio.scheduled();
    assert.deepEqual(terminals(await log(id)), ["cancelled"]);
    slow.letGo();
    await rest;
    assert.deepEqual(terminals(await log(id)), ["cancelled"]);
  });

  test("is its own user's", async () => {
    const { status, body } = await studio.api(
      "POST",
      "/api/jobs/00000000-0000-7000-8000-000000000000/cancel",
    );
    assert.deepEqual([status, body.error.code], [404, "job_not_found"]);
  });
});
