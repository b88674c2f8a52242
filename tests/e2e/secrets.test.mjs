// Stored credentials: what is shown of them, how one is deleted, and how they go
// over to a new root key while their servers use them.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { callTool, textOf } from "../lib/mcp.mjs";
import { startStudio } from "../lib/studio.mjs";
import { startUpstream } from "../lib/upstream.mjs";
import { FIRST_KEY } from "../lib/workerd.mjs";
import { OPERATIONS, SECRETS } from "./operations.mjs";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let upstream;
/** Kept over the restarts of a studio that gets another root key. */
let folder;
let studio;

before(async () => {
  [upstream, folder] = await Promise.all([
    startUpstream(),
    mkdtemp(path.join(tmpdir(), "mcpengine-secrets-")),
  ]);
  studio = await startStudio({ persist: path.join(folder, "state") });
});
beforeEach(() => upstream.reset());
after(async () => {
  await Promise.all([studio?.close(), upstream?.close()]);
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The same state under other root keys, the current one first. */
async function restart(...keys) {
  await studio.close();
  studio = await startStudio({
    persist: path.join(folder, "state"),
    vars: { VAULT_KEYS: keys.join(",") },
  });
}

async function publish(secrets) {
  const server = await studio.publish(
    { specUrl: upstream.documentUrl },
    { access: "public", secrets },
  );
  return { ...server, secrets: `/api/projects/${server.projectId}/secrets` };
}

const refusal = ({ status, body }) => [status, body.error.code];
const list = async (pathname) => (await studio.get(pathname)).secrets;
const remove = (pathname, name) => studio.api("DELETE", `${pathname}/${name}`);

/** Ids of the root keys in use, with how many envelopes each has. */
async function keysInUse() {
  const rows = await studio.query("SELECT encrypted_value AS envelope FROM api_keys");
  const ids = rows.map(({ envelope }) => envelope.split(".")[1]);
  return Object.fromEntries([...new Set(ids)].map((id) => [id, ids.filter((own) => own === id).length]));
}

/** Calls every tool of the server; what the API saw of its credentials. */
async function credentialsSeen(slug) {
  await upstream.reset();
  const endpoint = `${studio.origin}/s/${slug}/mcp`;
  for (const { tool, args } of OPERATIONS) await callTool(endpoint, tool, args);
  const requests = await upstream.requests();
  return requests.map(({ url, headers: { authorization, cookie, ...rest } }) => [
    url,
    authorization,
    cookie,
    rest["x-office-key"],
  ]);
}

test("a project lists its credentials by name and last characters", async () => {
  const server = await publish(SECRETS);
  const secrets = await list(server.secrets);
  assert.deepEqual(
    secrets.map(({ name, last4 }) => [name, last4]),
    Object.entries(SECRETS)
      .map(([name, value]) => [name, value.slice(-4)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  for (const secret of secrets) {
    assert.deepEqual(Object.keys(secret).sort(), ["createdAt", "last4", "name"]);
    assert.match(secret.createdAt, TIME);
  }
  // Of a short one nothing is shown; a replaced one is the new one.
  await studio.deploy(server.projectId, {
    access: "public",
    secrets: { HARBOUR_TOKEN: "elevenchars", HARBOUR_USERNAME: "twelve chars" },
  });
  const now = await list(server.secrets);
  const last4 = Object.fromEntries(now.map(({ name, last4 }) => [name, last4]));
  assert.equal(now.length, Object.keys(SECRETS).length);
  assert.deepEqual([last4.HARBOUR_TOKEN, last4.HARBOUR_USERNAME], [null, "hars"]);
  const without = await publish({});
  assert.deepEqual(await list(without.secrets), []);
});

test("a deleted credential is gone with the next call", async () => {
  const server = await publish(SECRETS);
  const create = () => callTool(server.endpoint, "create_ship", { name: "x" });
  assert.equal((await create()).isError, undefined);
  assert.equal((await remove(server.secrets, "HARBOUR_TOKEN")).status, 204);
  const result = await create();
  assert.equal(result.isError, true);
  assert.match(textOf(result), /Deploy again with HARBOUR_TOKEN$/);
  assert.equal((await upstream.requests()).length, 1);
  const names = (await list(server.secrets)).map(({ name }) => name);
  assert.equal(names.length, Object.keys(SECRETS).length - 1);
  assert.ok(!names.includes("HARBOUR_TOKEN"));
  // The others still work.
  assert.equal(
    (await callTool(server.endpoint, "delete_ship", { shipId: "s1" })).isError,
    undefined,
  );
  for (const [pathname, name, code] of [
    [server.secrets, "HARBOUR_TOKEN", "credential_not_found"],
    [server.secrets, "harbour_password", "credential_not_found"],
    [server.secrets, "%27%20OR%201", "credential_not_found"],
    [`/api/projects/${UNKNOWN}/secrets`, "HARBOUR_PASSWORD", "project_not_found"],
  ]) {
    assert.deepEqual(refusal(await remove(pathname, name)), [404, code], name);
  }
  const nobodys = await studio.api("GET", `/api/projects/${UNKNOWN}/secrets`);
  assert.deepEqual(refusal(nobodys), [404, "project_not_found"]);
  assert.equal((await list(server.secrets)).length, Object.keys(SECRETS).length - 1);
});

test("credentials go over to a new root key at the scheduled event", async () => {
  const { projectId } = await publish(SECRETS);
  const { slug } = await studio.get(`/api/projects/${projectId}`);
  const before = await credentialsSeen(slug);
  assert.ok(before.some(([, authorization]) => authorization === `Bearer ${SECRETS.HARBOUR_TOKEN}`));
  const { v1: count, ...others } = await keysInUse();
  assert.ok(count >= 6);
  assert.deepEqual(others, {});

  const second = `v2:${randomBytes(32).toString("base64")}`;
  await restart(second, FIRST_KEY);
  assert.deepEqual(await credentialsSeen(slug), before);
  // One that cannot be opened is named by its id, and stops nobody.
  const [{ id, envelope }] = await studio.query(
    "SELECT id, encrypted_value AS envelope FROM api_keys " +
      "WHERE project_id <> ? ORDER BY id LIMIT 1",
    projectId,
  );
  const spoil = (text) => studio.query("UPDATE api_keys SET encrypted_value = ? WHERE id = ?", text, id);
  await spoil(`${envelope.slice(0, -4)}AAAA`);
  assert.equal(await studio.scheduled(), "ok");
  assert.deepEqual(await keysInUse(), { v1: 1, v2: count - 1 });
  const named = studio.logs().filter(({ message }) => message.includes(id));
  assert.equal(named.length, 1, JSON.stringify(studio.logs()));
  assert.ok(!JSON.stringify(studio.logs()).includes(envelope.slice(0, 40)));
  assert.deepEqual(await credentialsSeen(slug), before);

  await spoil(envelope);
  assert.equal(await studio.scheduled(), "ok");
  assert.deepEqual(await keysInUse(), { v2: count });
  const stored = await studio.everythingStored();
  assert.equal(await studio.scheduled(), "ok");
  assert.equal(await studio.everythingStored(), stored, "nothing is left to do");

  // The first key can go.
  await restart(second);
  assert.deepEqual(await credentialsSeen(slug), before);
  assert.deepEqual(
    (await list(`/api/projects/${projectId}/secrets`)).map(({ last4 }) => last4).sort(),
    Object.values(SECRETS)
      .map((value) => value.slice(-4))
      .sort(),
  );
});

test("the scheduled event ends jobs whose isolate is gone", async () => {
  const { projectId } = await publish({});
  const { events } = await studio.deploy(projectId, { access: "public" });
  const { jobId } = events[0].data;
  // As an isolate leaves them that died in the midst of it.
  const past = "2026-01-01T00:00:00.000Z";
  await studio.query("DELETE FROM job_events WHERE job_id = ?", jobId);
  await studio.query(
    "UPDATE jobs SET state = 'running', lease_until = ?, finished_at = NULL WHERE id = ?",
    past,
    jobId,
  );
  await studio.query("UPDATE deployments SET status = 'pending' WHERE job_id = ?", jobId);
  assert.equal(await studio.scheduled(), "ok");
  assert.equal((await studio.get(`/api/jobs/${jobId}`)).state, "failed");
  const [row] = await studio.query("SELECT status FROM deployments WHERE job_id = ?", jobId);
  assert.equal(row.status, "failed");
  const [event, ...more] = await studio.query(
    "SELECT json FROM job_events WHERE job_id = ?",
    jobId,
  );
  assert.equal(JSON.parse(event.json).code, "job_interrupted");
  assert.deepEqual(more, []);
});
