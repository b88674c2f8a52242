// Endpoint tokens: several for a project, each shown once, revoked one by one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { modernRpc } from "../lib/mcp.mjs";
import { stage } from "../lib/stage.mjs";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let server;
let path;
const on = stage(async (on) => {
  server = await on.studio.publish({ specUrl: on.upstream.documentUrl }, { access: "token" });
  path = `/api/projects/${server.projectId}/tokens`;
});

const create = (body, at = path) => on.studio.api("POST", at, body);
const list = async (at = path) => (await on.studio.get(at)).tokens;
const revoke = (id, at = path) => on.studio.api("DELETE", `${at}/${id}`);
const statusWith = async (token) =>
  (await modernRpc(server.endpoint, "tools/list", {}, { token })).status;
const refusal = ({ status, body }) => [status, body.error.code];

test("a revoked token is refused on the next request, the others still work", async () => {
  const { status, body: made } = await create({ name: " laptop " });
  assert.equal(status, 201);
  const { id, token, createdAt, ...rest } = made;
  assert.deepEqual(rest, { name: "laptop", last4: token.slice(-4) });
  assert.match(token, /^mcpe_[0-9a-f]{70}$/);
  assert.match(createdAt, TIME);
  const { body: other } = await create({ name: "server" });
  assert.deepEqual(
    await Promise.all([server.token, token, other.token].map(statusWith)),
    [200, 200, 200],
  );

  const revoked = await revoke(id);
  assert.deepEqual([revoked.status, revoked.body], [204, ""]);
  const refused = await modernRpc(server.endpoint, "tools/list", {}, { token });
  assert.deepEqual([refused.status, refused.message.error.code], [401, "invalid_token"]);
  assert.deepEqual(await Promise.all([server.token, other.token].map(statusWith)), [200, 200]);

  const tokens = await list();
  assert.deepEqual(
    tokens.map(({ name, last4, revokedAt }) => [name, last4, revokedAt !== null]),
    [
      ["server", other.last4, false],
      ["first deployment", server.token.slice(-4), false],
      ["laptop", made.last4, true],
    ],
  );
  assert.ok(!JSON.stringify(tokens).includes("mcpe_"));
  // Once more changes nothing.
  assert.equal((await revoke(id)).status, 204);
  assert.deepEqual(await list(), tokens);
});

test("the list says when a token was used, to the hour", async () => {
  const { body: made } = await create({ name: "used" });
  const own = async () => (await list()).find(({ id }) => id === made.id);
  assert.deepEqual(await own(), {
    id: made.id,
    name: "used",
    last4: made.last4,
    createdAt: made.createdAt,
    lastUsedAt: null,
    revokedAt: null,
  });
  const used = async () => {
    assert.equal(await statusWith(made.token), 200);
    // It is noted behind the answer.
    for (let wait = 0; wait < 50 && (await own()).lastUsedAt === null; wait += 1) await sleep(20);
    return (await own()).lastUsedAt;
  };
  const first = await used();
  assert.match(first, TIME);
  const again = await used();
  assert.ok(again === first || again.slice(0, 13) > first.slice(0, 13));
  const long_ago = "2026-01-01T00:00:00.000Z";
  await on.studio.query(
    "UPDATE endpoint_tokens SET last_used_at = ? WHERE id = ?",
    long_ago,
    made.id,
  );
  assert.equal(await statusWith(made.token), 200);
  for (let wait = 0; wait < 50 && (await own()).lastUsedAt === long_ago; wait += 1) await sleep(20);
  assert.ok((await own()).lastUsedAt > long_ago);
});

test("a token without a name gets one, a name that is none is refused", async () => {
  const without = await create();
  assert.deepEqual([without.status, without.body.name], [201, "token"]);
  const long = "ü".repeat(60);
  assert.equal((await create({ name: long })).body.name, long);
  const before = await list();
  for (const [body, code] of [
    [{ name: "" }, "invalid_token_name"],
    [{ name: "   " }, "invalid_token_name"],
    [{ name: "a\nb" }, "invalid_token_name"],
    [{ name: `${long}x` }, "invalid_token_name"],
    [{ name: 7 }, "invalid_field"],
    [{ nmae: "x" }, "invalid_field"],
    ["x", "invalid_field"],
  ]) {
    assert.deepEqual(refusal(await create(body)), [400, code], JSON.stringify(body));
  }
  assert.deepEqual(await list(), before);
});

test("a token is its own project's", async () => {
  const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
  const others = `/api/projects/${projectId}/tokens`;
  assert.deepEqual(await list(others), []);
  const { body: own } = await create({ name: "own" });
  assert.deepEqual(refusal(await revoke(own.id, others)), [404, "token_not_found"]);
  assert.equal(await statusWith(own.token), 200);
  const { body: other } = await create({ name: "other's" }, others);
  assert.equal(await statusWith(other.token), 401);
  assert.deepEqual(refusal(await revoke(UNKNOWN)), [404, "token_not_found"]);
  const nobodys = `/api/projects/${UNKNOWN}/tokens`;
  assert.deepEqual(refusal(await revoke(own.id, nobodys)), [404, "project_not_found"]);
  assert.deepEqual(refusal(await create({}, nobodys)), [404, "project_not_found"]);
  assert.deepEqual(refusal(await on.studio.api("GET", nobodys)), [404, "project_not_found"]);
});

test("a project has 50 tokens that work, and a deployment makes one where there is none", async () => {
  const { projectId, token } = await on.studio.publish(
    { specUrl: on.upstream.documentUrl },
    { access: "token" },
  );
  const own = `/api/projects/${projectId}/tokens`;
  const made = await Promise.all(Array.from({ length: 60 }, () => create({}, own)));
  assert.equal(made.filter(({ status }) => status === 201).length, 49);
  for (const answer of made.filter(({ status }) => status !== 201)) {
    assert.deepEqual(refusal(answer), [409, "too_many_tokens"]);
  }
  const tokens = await list(own);
  assert.equal(tokens.length, 50);
  await Promise.all(tokens.map(({ id }) => revoke(id, own)));
  const { live } = await on.studio.deploy(projectId, { access: "token" });
  assert.match(live.token, /^mcpe_/);
  assert.notEqual(live.token, token);
  const working = (await list(own)).filter(({ revokedAt }) => revokedAt === null);
  assert.deepEqual(
    working.map(({ last4 }) => last4),
    [live.token.slice(-4)],
  );
});
