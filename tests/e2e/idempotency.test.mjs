// Idempotency-Key: what is sent twice is made once, and answered twice.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { developmentToken } from "../lib/identity.mjs";
import { readAll } from "../lib/sse.mjs";
import { stage } from "../lib/stage.mjs";

const on = stage();

const send = (pathname, body, key, headers = {}) =>
  on.studio.api("POST", pathname, body, { "idempotency-key": key, ...headers });

/** The events of a stream, without the moment at which each came. */
const told = async (response) => (await readAll(response)).map(({ at: _, ...event }) => event);

const keys = () => on.studio.query("SELECT * FROM idempotency_keys ORDER BY created_at");

test("a project is made once, and another body under its key is refused", async () => {
  const key = randomUUID();
  const body = { name: "Once" };
  const first = await send("/api/projects", body, key);
  assert.equal(first.status, 201, JSON.stringify(first.body));
  assert.equal(first.headers.get("idempotency-replayed"), null);
  for (const same of [key, `"${key}"`]) {
    const again = await send("/api/projects", body, same);
    assert.deepEqual([again.status, again.body], [201, first.body]);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
  }
  for (const [pathname, other] of [
    ["/api/projects", { name: "Twice" }],
    ["/api/tokens", body],
  ]) {
    const { status, body: answer } = await send(pathname, other, key);
    assert.deepEqual([status, answer.error.code], [422, "idempotency_key_reused"], pathname);
  }
  const named = (await on.studio.projects()).filter(({ name }) => name === "Once");
  assert.deepEqual(named.map(({ id }) => id), [first.body.id]);
  // Another person's key of the same text is another key.
  const authorization = `Bearer ${developmentToken({ sub: "somebody-else" })}`;
  const other = await send("/api/projects", body, key, { authorization });
  assert.equal(other.status, 201);
  assert.notEqual(other.body.id, first.body.id);
});

test("of ten that come at once, one is carried out", async () => {
  const key = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => send("/api/projects", { name: "At once" }, key)),
  );
  for (const { status, body } of answers) {
    if (status === 409) assert.equal(body.error.code, "idempotency_key_in_use");
    else assert.equal(status, 201, JSON.stringify(body));
  }
  const named = (await on.studio.projects()).filter(({ name }) => name === "At once");
  assert.equal(named.length, 1);
  assert.equal((await send("/api/projects", { name: "At once" }, key)).body.id, named[0].id);
});

test("a token that is shown once is shown again, and nowhere in clear", async () => {
  const key = randomUUID();
  const body = { name: "script", scopes: ["projects:read"] };
  const first = await send("/api/tokens", body, key);
  assert.equal(first.status, 201, JSON.stringify(first.body));
  const again = await send("/api/tokens", body, key);
  assert.deepEqual([again.status, again.body], [201, first.body]);
  const { tokens } = await on.studio.get("/api/tokens");
  assert.equal(tokens.filter(({ name }) => name === "script").length, 1);
  assert.ok(!(await on.studio.everythingStored()).includes(first.body.token));
  const { status } = await on.studio.api("GET", "/api/me", undefined, {
    authorization: `Bearer ${first.body.token}`,
  });
  assert.equal(status, 200);
});

test("a team and an invitation to it are made once", async () => {
  const [teamKey, key] = [randomUUID(), randomUUID()];
  const team = await send("/api/teams", { name: "Crew" }, teamKey);
  assert.equal(team.status, 201, JSON.stringify(team.body));
  const { status, body } = await send("/api/teams", { name: "Crew" }, teamKey);
  assert.deepEqual([status, body], [201, team.body]);
  const { teams } = await on.studio.get("/api/teams");
  assert.deepEqual(teams.map(({ id }) => id), [team.body.id]);

  const at = `/api/teams/${team.body.id}`;
  const asked = { email: "bea@example.com", role: "editor" };
  const first = await send(`${at}/invitations`, asked, key);
  assert.equal(first.status, 201, JSON.stringify(first.body));
  const again = await send(`${at}/invitations`, asked, key);
  assert.deepEqual([again.status, again.body], [201, first.body]);
  // As if the isolate had died before the answer: another link, the same invitation.
  await on.studio.query(
    "UPDATE idempotency_keys SET status = NULL, answer = NULL, " +
      "lease_until = '2020-01-01T00:00:00.000Z' WHERE idempotency_key = ?",
    key,
  );
  const late = await send(`${at}/invitations`, asked, key);
  assert.deepEqual([late.status, late.body.id], [201, first.body.id]);
  const { invitations } = await on.studio.get(at);
  assert.deepEqual(invitations.map(({ id }) => id), [first.body.id]);
  const preview = async ({ url }) => {
    const token = new URL(url).hash.slice(1);
    return (await on.studio.api("POST", "/api/invitations/preview", { token })).status;
  };
  assert.deepEqual([await preview(first.body), await preview(late.body)], [404, 200]);
  assert.ok(!(await on.studio.everythingStored()).includes(new URL(late.body.url).hash.slice(1)));
});

test("a refused request frees its key", async () => {
  const key = randomUUID();
  assert.equal((await send("/api/projects", { name: "" }, key)).status, 400);
  assert.equal((await send("/api/projects", { name: "Mended" }, key)).status, 201);
  for (const bad of ["a b", "x".repeat(256), '"']) {
    const { status, body } = await send("/api/projects", { name: "No" }, bad);
    assert.deepEqual([status, body.error.code], [400, "invalid_idempotency_key"], bad);
  }
});

test("a job is followed, not repeated", async () => {
  const key = randomUUID();
  const start = (body) =>
    on.studio.post("/api/analyze", body, {
      headers: { "content-type": "application/json", "idempotency-key": key },
    });
  const body = { specUrl: on.upstream.documentUrl };
  const [first, second] = [await start(body), await start(body)];
  const [events, followed] = [await told(first), await told(second)];
  assert.equal(events.at(-1).event, "analysis:complete");
  assert.deepEqual(followed, events);
  assert.deepEqual(await told(await start(body)), events);
  const { projectId } = events.at(-1).data.result;
  const jobs = await on.studio.query("SELECT id FROM jobs WHERE project_id = ?", projectId);
  assert.equal(jobs.length, 1);
  assert.equal((await start({ ...body, projectId })).status, 422);
});

test("a form is the same whatever its boundary", async () => {
  const key = randomUUID();
  const file = new Blob([JSON.stringify(await on.upstream.document())]);
  const start = () => {
    const form = new FormData();
    form.append("specFile", file, "openapi.json");
    return on.studio.fetch("/api/analyze", {
      method: "POST",
      body: form,
      headers: { "idempotency-key": key },
    });
  };
  const [first, second] = [await start(), await start()];
  assert.deepEqual([first.status, second.status], [200, 200]);
  assert.deepEqual(await told(first), await told(second));
});

test("what broke off is taken up under the same id", async () => {
  const key = randomUUID();
  const body = { name: "Broken off" };
  const first = await send("/api/projects", body, key);
  // As if the isolate had died between the effect and the answer.
  const unanswered = (lease) =>
    on.studio.query(
      "UPDATE idempotency_keys SET status = NULL, answer = NULL, lease_until = ? " +
        "WHERE idempotency_key = ?",
      lease,
      key,
    );
  await unanswered("2999-01-01T00:00:00.000Z");
  const early = await send("/api/projects", body, key);
  assert.deepEqual([early.status, early.body.error.code], [409, "idempotency_key_in_use"]);
  await unanswered("2020-01-01T00:00:00.000Z");
  const late = await send("/api/projects", body, key);
  assert.deepEqual([late.status, late.body], [201, first.body]);
  const named = (await on.studio.projects()).filter(({ name }) => name === "Broken off");
  assert.equal(named.length, 1);

  const token = { name: "broken off", scopes: ["projects:read"] };
  const tokenKey = randomUUID();
  const lost = await send("/api/tokens", token, tokenKey);
  await on.studio.query(
    "UPDATE idempotency_keys SET status = NULL, answer = NULL, " +
      "lease_until = '2020-01-01T00:00:00.000Z' WHERE idempotency_key = ?",
    tokenKey,
  );
  const made = await send("/api/tokens", token, tokenKey);
  assert.deepEqual([made.status, made.body.id], [201, lost.body.id]);
  assert.notEqual(made.body.token, lost.body.token);
  const asks = async (secret) =>
    (await on.studio.api("GET", "/api/me", undefined, { authorization: `Bearer ${secret}` })).status;
  // The first was never answered, so nobody has it.
  assert.deepEqual([await asks(lost.body.token), await asks(made.body.token)], [401, 200]);
});

test("keys are forgotten after a day", async () => {
  const key = randomUUID();
  const first = await send("/api/projects", { name: "Day" }, key);
  const old = new Date(Date.now() - 25 * 3_600_000).toISOString();
  await on.studio.query("UPDATE idempotency_keys SET created_at = ?", old);
  const again = await send("/api/projects", { name: "Day" }, key);
  assert.equal(again.status, 201);
  assert.notEqual(again.body.id, first.body.id);
  assert.equal(await on.studio.scheduled(), "ok");
  assert.deepEqual((await keys()).map((row) => row.idempotency_key), [key]);
});
