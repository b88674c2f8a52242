// What is somebody else's is not there: every route that takes an id answers as
// if nothing had it, and changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modernRpc } from "../lib/mcp.mjs";
import { bodyOf, filled, operations } from "../lib/routes.mjs";
import { stage } from "../lib/stage.mjs";

const STRANGER = "00000000-0000-4000-8000-0000000000aa";

let server;
/** See `filled`. */
let ids;
const on = stage(async (on) => {
  const { studio } = on;
  const secrets = { HARBOUR_TOKEN: "a token of Harbour" };
  server = await studio.publish({ specUrl: on.upstream.documentUrl }, { access: "token", secrets });
  const { projectId, deploymentId } = server;
  const [job] = await studio.query("SELECT id FROM jobs WHERE project_id = ?", projectId);
  const { tokens } = await studio.get(`/api/projects/${projectId}/tokens`);
  const personal = { name: "mine", scopes: ["projects:read"] };
  const { body: own } = await studio.api("POST", "/api/tokens", personal);
  ids = {
    projects: projectId,
    deployments: deploymentId,
    jobs: job.id,
    tokenId: tokens[0].id,
    tokens: own.id,
    name: "HARBOUR_TOKEN",
  };
  await studio.query(
    "INSERT INTO users (id, clerk_id, email, name, created_at, updated_at) " +
      "SELECT ?1, 'stranger', 'stranger@example.com', name, created_at, updated_at FROM users",
    STRANGER,
  );
  const { body: team } = await studio.api("POST", "/api/teams", { name: "Harbour crew" });
  const asked = { email: "a@b", role: "viewer" };
  const { body: asked1 } = await studio.api("POST", `/api/teams/${team.id}/invitations`, asked);
  Object.assign(ids, { teams: team.id, userId: STRANGER, invitationId: asked1.id });
  await studio.query("UPDATE teams SET owner_id = ?", STRANGER);
  await studio.query("UPDATE team_members SET user_id = ?", STRANGER);
  await studio.query("UPDATE projects SET user_id = ? WHERE id = ?", STRANGER, projectId);
  await studio.query("UPDATE personal_tokens SET user_id = ?", STRANGER);
  for (const table of ["deployments", "jobs", "slugs"]) {
    const update = `UPDATE ${table} SET user_id = ? WHERE project_id = ?`;
    await studio.query(update, STRANGER, projectId);
  }
});

test("no route tells or changes what is another user's", async () => {
  const before = await on.studio.everythingStored();
  const all = (await operations()).filter(({ pattern }) => pattern.includes("{"));
  assert.ok(all.length >= 30, `${all.length}`);
  for (const operation of all) {
    const { method, pattern } = operation;
    const body = bodyOf(operation, ids);
    const answer = await on.studio.api(method, filled(operation, ids), body);
    assert.equal(answer.status, 404, `${method} ${pattern}`);
    assert.match(answer.body.error.code, /^(project|deployment|job|token|team)_not_found$/);
    assert.ok(!JSON.stringify(answer.body).includes("Harbour"), `${method} ${pattern}`);
  }
  for (const [pathname, rest] of [
    ["/api/analyze", { specFile: "{}" }],
    ["/api/generate", {}],
    ["/api/deploy", { target: "mcpengine" }],
  ]) {
    const { status, body } = await on.studio.api("POST", pathname, {
      projectId: server.projectId,
      ...rest,
    });
    assert.deepEqual([status, body.error.code], [404, "project_not_found"], pathname);
  }
  assert.deepEqual(await on.studio.projects(), []);
  assert.equal(await on.studio.everythingStored(), before);
});

test("its own callers are served all the while", async () => {
  const { token, endpoint, tools } = server;
  const { status, message } = await modernRpc(endpoint, "tools/list", {}, { token });
  assert.deepEqual([status, message.result.tools.length], [200, tools]);
});
