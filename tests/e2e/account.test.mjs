// The account's own data: taken out whole, and ended for good.
import assert from "node:assert/strict";
import { test } from "node:test";
import { peopleOf, person } from "../lib/people.mjs";
import { stage } from "../lib/stage.mjs";

const CANARY = "canary-account-4e1c77";
const CONFIRM = { confirm: "delete my account" };

const on = stage();
const { as, job } = peopleOf(() => on);

/** A person with a live server; its `{projectId, live}`. */
async function publish(token, more = {}) {
  const source = { specUrl: on.upstream.documentUrl, ...more };
  const { projectId } = (await job(token, "/api/analyze", source)).result;
  await job(token, "/api/generate", { projectId });
  const config = { access: "token", secrets: { HARBOUR_TOKEN: CANARY } };
  const live = await job(token, "/api/deploy", { projectId, target: "mcpengine", config });
  return { projectId, live };
}

async function exported(token) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await on.studio.fetch("/api/me/export", { headers });
  const { status } = response;
  const disposition = response.headers.get("content-disposition");
  const lines = (await response.text()).trimEnd().split("\n");
  return { status, disposition, records: lines.map((line) => JSON.parse(line)) };
}

test("an export holds all that is the account's own, and no secret", async () => {
  const ada = person("ada");
  const { projectId, live } = await publish(ada);
  await as(ada, "PATCH", `/api/projects/${projectId}`, { name: "My harbour" });
  await as(ada, "POST", "/api/projects", { name: "Empty" });
  await as(ada, "POST", "/api/teams", { name: "Crew" });
  await as(ada, "POST", "/api/tokens", { name: "laptop", scopes: ["projects:read"] });
  const { status, disposition, records: all } = await exported(ada);
  const actions = all.filter(({ kind }) => kind === "audit").map(({ entry }) => entry.action);
  const expected = ["deployment.created", "endpoint_token.created", "personal_token.created"];
  assert.deepEqual(actions.sort(), expected);
  const records = all.filter(({ kind }) => kind !== "audit");
  assert.equal(status, 200);
  assert.match(disposition, /^attachment; filename="mcpengine-account-\d{4}-\d\d-\d\d\.ndjson"$/);
  assert.deepEqual(
    records.map(({ kind }) => kind),
    ["account", "team", "personalToken", "project", "project", "description", "bundle", "end"],
  );
  const [{ account }, { team }, { token }, empty, full, description, bundle] = records;
  assert.deepEqual([account.email, team.name, token.name], ["ada@example.com", "Crew", "laptop"]);
  assert.equal(empty.project.name, "Empty");
  assert.equal(full.project.name, "My harbour");
  assert.deepEqual(
    full.secrets.map(({ name, last4 }) => [name, last4]),
    [["HARBOUR_TOKEN", CANARY.slice(-4)]],
  );
  assert.equal(full.deployments[0].id, live.deploymentId);
  assert.equal(full.tokens.length, 1);
  const given = await (await fetch(on.upstream.documentUrl)).text();
  assert.deepEqual([description.projectId, description.text], [projectId, given]);
  assert.ok(bundle.bundle.files.some(({ path }) => path === "src/server.ts"));
  const text = JSON.stringify(all);
  assert.ok(!text.includes(CANARY) && !text.includes(live.token));
});

test("an account ends after what it owns, and nothing opens its credentials again", async () => {
  const bob = person("bob");
  const carol = person("carol");
  const team = (await as(carol, "POST", "/api/teams", { name: "Carol's" })).body;
  const asked = { email: "bob@example.com", role: "editor" };
  const invitation = await as(carol, "POST", `/api/teams/${team.id}/invitations`, asked);
  const token = new URL(invitation.body.url).hash.slice(1);
  await as(bob, "POST", "/api/invitations/accept", { token });
  const own = await publish(bob);
  const shared = await publish(bob, { teamId: team.id });
  const ownTeam = (await as(bob, "POST", "/api/teams", { name: "Bob's" })).body;
  const { id } = (await as(bob, "GET", "/api/me")).body;
  const personal = { name: "t", scopes: ["projects:read"] };
  const { body: pat } = await as(bob, "POST", "/api/tokens", personal);

  for (const [body, code] of [
    [{}, "400 invalid_field"],
    [{ confirm: "yes" }, "400 not_confirmed"],
    [CONFIRM, "409 owns_teams"],
  ]) {
    const answer = await as(bob, "DELETE", "/api/me", body);
    assert.equal(`${answer.status} ${answer.body.error.code}`, code);
  }
  assert.equal((await as(bob, "GET", `/api/projects/${own.projectId}`)).status, 200);
  await as(bob, "DELETE", `/api/teams/${ownTeam.id}`);
  const envelopes = await on.studio.query("SELECT encrypted_value FROM api_keys");
  assert.ok(envelopes.length >= 2);

  assert.equal((await as(bob, "DELETE", "/api/me", CONFIRM)).status, 204);
  for (const token of [bob, pat.token]) {
    const { status, body } = await as(token, "GET", "/api/me");
    assert.ok(status === 403 || status === 401, JSON.stringify(body));
  }
  // Its own server is gone, its objects with it; the team's stays, without Bob's secret.
  const answer = await fetch(own.live.endpoint, { method: "POST" });
  assert.equal(answer.status, 404);
  const keys = (await on.studio.objectKeys()).filter((key) => key.includes(own.projectId));
  assert.deepEqual(keys, []);
  const kept = await as(carol, "GET", `/api/projects/${shared.projectId}`);
  assert.deepEqual([kept.status, kept.body.teamId], [200, team.id]);
  const secrets = await as(carol, "GET", `/api/projects/${shared.projectId}/secrets`);
  assert.deepEqual(secrets.body.secrets, []);
  const [row] = await on.studio.query("SELECT * FROM users WHERE id = ?", id);
  assert.deepEqual(
    [row.email, row.name, row.key_salt, row.tier],
    [`${id}@unknown.invalid`, null, "", "free"],
  );
  const stored = await on.studio.everythingStored();
  assert.ok(!stored.includes("bob@example.com"));
  assert.ok(!stored.includes(CANARY));
  // The same identity does not make the account anew.
  assert.equal((await as(person("bob"), "GET", "/api/me")).body.error.code, "account_deleted");
});

test("a refusal comes before anything is gone", async () => {
  const finn = person("finn");
  const { projectId } = await publish(finn);
  const { id } = (await as(finn, "GET", "/api/me")).body;
  await on.studio.query(
    "INSERT INTO subscriptions (id, user_id, standing, started_at, history, revision) " +
      "VALUES ('sub_finn', ?, 0, '2026-11-24T00:00:00.000Z', '[]', 1)",
    id,
  );
  const refused = await as(finn, "DELETE", "/api/me", CONFIRM);
  assert.deepEqual([refused.status, refused.body.error.code], [409, "subscribed"]);
  const { status, body } = await as(finn, "GET", `/api/projects/${projectId}`);
  assert.deepEqual([status, body.server.status], [200, "live"]);
  await on.studio.query("UPDATE subscriptions SET standing = 2 WHERE id = 'sub_finn'");
  assert.equal((await as(finn, "DELETE", "/api/me", CONFIRM)).status, 204);
});

test("a copy of an envelope opens no more once its owner is gone", async () => {
  const dora = person("dora");
  const erin = person("erin");
  const team = (await as(erin, "POST", "/api/teams", { name: "Erin's" })).body;
  const asked = { email: "dora@example.com", role: "editor" };
  const invitation = await as(erin, "POST", `/api/teams/${team.id}/invitations`, asked);
  const token = new URL(invitation.body.url).hash.slice(1);
  await as(dora, "POST", "/api/invitations/accept", { token });
  const { projectId } = await publish(dora, { teamId: team.id });
  const [copy] = await on.studio.query("SELECT * FROM api_keys WHERE project_id = ?", projectId);
  assert.equal((await as(dora, "DELETE", "/api/me", CONFIRM)).status, 204);
  const columns = Object.keys(copy);
  const places = columns.map((_, index) => `?${index + 1}`);
  const insert = `INSERT INTO api_keys (${columns.join(", ")}) VALUES (${places.join(", ")})`;
  await on.studio.query(insert, ...Object.values(copy));
  assert.equal(await on.studio.scheduled(), "ok");
  // Somebody in the team deploys with what is stored: it does not open.
  const config = { access: "token" };
  const deploy = { projectId, target: "mcpengine", config };
  const live = await job(erin, "/api/deploy", deploy);
  const headers = { authorization: `Bearer ${live.token}`, "content-type": "application/json" };
  const call = { jsonrpc: "2.0", id: 1, method: "tools/call" };
  const params = { name: "create_ship", arguments: { name: "Ariadne", length: 3 } };
  const answer = await fetch(live.endpoint, {
    method: "POST",
    headers: { ...headers, accept: "application/json, text/event-stream" },
    body: JSON.stringify({ ...call, params }),
  });
  const text = await answer.text();
  assert.ok(!text.includes(CANARY), text);
  const sent = (await on.upstream.requests()).filter(({ url }) => url === "/v2/ships");
  assert.ok(!JSON.stringify(sent).includes(CANARY));
});
