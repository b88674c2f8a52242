// Teams: who may do what, of every route; and how people come and go.
import assert from "node:assert/strict";
import { test } from "node:test";
import { developmentToken } from "../lib/identity.mjs";
import { bodyOf, filled, operations } from "../lib/routes.mjs";
import { readAll } from "../lib/sse.mjs";
import { stage } from "../lib/stage.mjs";

const ROLES = ["viewer", "editor", "admin", "owner"];

/**
 * The least role in the team that each operation asks for. `own` concerns the account of who
 * asks, or makes something new: teams change nothing about it. A new route fails until it is
 * here.
 */
const NEEDS = {
  get_me: "own",
  delete_me: "own",
  export_me: "own",
  list_personal_tokens: "own",
  create_personal_token: "own",
  revoke_personal_token: "own",
  get_usage: "own",
  get_billing: "own",
  // The body names the team: tests/e2e/billing.test.mjs.
  start_checkout: "own",
  open_billing_portal: "own",
  list_audit: "own",
  list_projects: "own",
  create_project: "own",
  list_teams: "own",
  create_team: "own",
  preview_invitation: "own",
  accept_invitation: "own",
  get_project: "viewer",
  get_analysis: "viewer",
  list_tools: "viewer",
  get_bundle: "viewer",
  list_deployments: "viewer",
  get_deployment: "viewer",
  get_deployment_artifact: "viewer",
  get_deployment_metrics: "viewer",
  get_deployment_logs: "viewer",
  get_job: "viewer",
  get_job_events: "viewer",
  get_team: "viewer",
  update_project: "editor",
  list_tokens: "editor",
  create_token: "editor",
  list_secrets: "editor",
  analyze: "editor",
  generate: "editor",
  deploy: "editor",
  activate_deployment: "editor",
  stop_project: "editor",
  start_project: "editor",
  cancel_job: "editor",
  revoke_token: "editor",
  delete_secret: "editor",
  update_team: "admin",
  create_invitation: "admin",
  revoke_invitation: "admin",
  update_member: "admin",
  remove_member: "admin",
  transfer_team: "owner",
  transfer_project: "admin",
  delete_project: "admin",
  delete_team: "owner",
};

/** What is no 2xx though it is let in. */
const ANSWERS = {
  get_deployment_artifact: "404 no_artifact",
  cancel_job: "409 job_finished",
  deploy: "200 undefined",
  // The team has a project until the last moment; who is let in learns that.
  delete_team: "409 team_has_projects",
};

/** `{id, token}` by name; the roles, who left, and a stranger. */
const people = {};
/** See `filled`. */
let ids;
const on = stage(async (on) => {
  for (const sub of [...ROLES, "left", "stranger", "spare"]) {
    const token = developmentToken({ sub, name: sub });
    people[sub] = { token, id: (await as({ token }, "GET", "/api/me")).body.id };
  }
  const team = (await as(people.owner, "POST", "/api/teams", { name: "Crew" })).body;
  for (const name of ["viewer", "editor", "admin", "left", "spare"]) {
    await join(team.id, people[name], { left: "editor", spare: "editor" }[name] ?? name);
  }
  const secrets = { HARBOUR_TOKEN: "a token of Harbour" };
  const source = { specUrl: on.upstream.documentUrl, teamId: team.id };
  const projectId = last(await job(people.editor, "/api/analyze", source)).result.projectId;
  await job(people.editor, "/api/generate", { projectId });
  const config = { access: "token", secrets };
  const deploy = { projectId, target: "mcpengine", config };
  const live = last(await job(people.editor, "/api/deploy", deploy));
  const [{ id: jobs }] = await on.studio.query("SELECT id FROM jobs WHERE kind = 'deploy'");
  const { tokens } = (await as(people.editor, "GET", `/api/projects/${projectId}/tokens`)).body;
  const invitation = await as(people.owner, "POST", `/api/teams/${team.id}/invitations`, {
    email: "later@example.com",
    role: "viewer",
  });
  ids = {
    teams: team.id,
    projects: projectId,
    deployments: live.deploymentId,
    jobs,
    tokenId: tokens[0].id,
    invitationId: invitation.body.id,
    userId: people.spare.id,
    name: "HARBOUR_TOKEN",
    document: await (await fetch(on.upstream.documentUrl)).text(),
  };
  const gone = `/api/teams/${team.id}/members/${people.left.id}`;
  assert.equal((await as(people.left, "DELETE", gone)).status, 204);
});

const as = ({ token }, method, pathname, body) =>
  on.studio.api(method, pathname, body, { authorization: `Bearer ${token}` });

async function job({ token }, pathname, body) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const response = await on.studio.post(pathname, body, { headers });
  assert.equal(response.status, 200, pathname);
  return readAll(response);
}
const last = (events) => events.at(-1).data;

/** A person comes into a team by the link of an invitation. */
async function join(teamId, who, role) {
  const invitation = { email: "x@example.com", role };
  const made = await as(people.owner, "POST", `/api/teams/${teamId}/invitations`, invitation);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const token = new URL(made.body.url).hash.slice(1);
  const joined = await as(who, "POST", "/api/invitations/accept", { token });
  assert.deepEqual([joined.status, joined.body.role], [200, role]);
  return token;
}

/** Status and code of a request to this operation; streams are read to their end. */
async function ask(who, operation) {
  const { token } = people[who];
  const body = bodyOf(operation, ids);
  const response = await on.studio.fetch(filled(operation, ids), {
    method: operation.method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return `${response.status} ${isJson ? JSON.parse(text).error?.code : undefined}`;
}

test("every route is listed", async () => {
  const guarded = (await operations()).filter(({ needs }) => needs !== "nothing");
  assert.deepEqual(guarded.map(({ id }) => id).sort(), Object.keys(NEEDS).sort());
});

test("every route refuses whoever has too small a role, and changes nothing", async () => {
  const all = (await operations()).filter(({ id }) => ROLES.includes(NEEDS[id]));
  const before = await on.studio.everythingStored();
  let asked = 0;
  for (const operation of all) {
    const least = ROLES.indexOf(NEEDS[operation.id]);
    for (const who of ROLES.slice(0, least)) {
      assert.equal(await ask(who, operation), "403 insufficient_role", `${operation.id} ${who}`);
      asked += 1;
    }
    for (const who of ["left", "stranger"]) {
      assert.match(await ask(who, operation), /^404 \w+_not_found$/, `${operation.id} ${who}`);
      asked += 1;
    }
  }
  assert.ok(asked >= 100, `${asked} requests`);
  // Not `equal`: what it prints would be all that is stored, twice.
  assert.ok((await on.studio.everythingStored()) === before, "something was changed");
});

test("lists show a team's things to its members alone", async () => {
  for (const [who, count] of [
    ["viewer", 1],
    ["owner", 1],
    ["left", 0],
    ["stranger", 0],
  ]) {
    const of = async (query) =>
      (await as(people[who], "GET", `/api/projects${query}`)).body.projects.length;
    const counts = [await of(""), await of(`?team=${ids.teams}`), await of("?team=none")];
    assert.deepEqual(counts, [count, count, 0], who);
    assert.equal((await as(people[who], "GET", "/api/teams")).body.teams.length, count, who);
  }
  const { body } = await as(people.viewer, "GET", `/api/projects/${ids.projects}`);
  assert.deepEqual([body.role, body.teamId], ["viewer", ids.teams]);
});

test("every route lets in who has just the role for it", async () => {
  const order = Object.keys(NEEDS);
  const all = (await operations())
    .filter(({ id }) => ROLES.includes(NEEDS[id]))
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  for (const operation of all) {
    if (["transfer_project", "delete_team", "delete_project"].includes(operation.id)) continue;
    // Out of the team, they are let in again below.
    const who = NEEDS[operation.id];
    const answer = await ask(who, operation);
    const expected = ANSWERS[operation.id];
    if (expected) assert.equal(answer, expected, operation.id);
    else assert.match(answer, /^2\d\d undefined$/, `${operation.id} ${who}`);
    if (operation.id === "remove_member") await join(ids.teams, people.spare, "editor");
  }
  // The team was handed on, and comes back.
  const { members } = (await as(people.viewer, "GET", `/api/teams/${ids.teams}`)).body;
  const roles = Object.fromEntries(members.map(({ name, role }) => [name, role]));
  assert.deepEqual(roles, {
    spare: "owner",
    admin: "admin",
    owner: "admin",
    editor: "editor",
    viewer: "viewer",
  });
  const back = { userId: people.owner.id };
  const transfer = `/api/teams/${ids.teams}/transfer`;
  assert.equal((await as(people.spare, "POST", transfer, back)).body.role, "admin");
  const one = (id) => all.find((operation) => operation.id === id);
  assert.equal(await ask("owner", one("delete_team")), ANSWERS.delete_team);
  assert.equal(await ask("admin", one("transfer_project")), "200 undefined");
  // Now the admin's own: the team has nothing to do with it any more.
  assert.equal(await ask("owner", one("get_project")), "404 project_not_found");
  const into = { teamId: ids.teams };
  const move = `/api/projects/${ids.projects}/transfer`;
  assert.equal((await as(people.admin, "POST", move, into)).body.teamId, ids.teams);
  assert.equal(await ask("admin", one("delete_project")), "204 undefined");
  assert.equal(await ask("owner", one("delete_team")), "204 undefined");
});

test("a role that changes counts from the next request on", async () => {
  const team = (await as(people.owner, "POST", "/api/teams", { name: "Second" })).body;
  const member = `/api/teams/${team.id}/members/${people.viewer.id}`;
  await join(team.id, people.viewer, "viewer");
  const make = async () => {
    const { status, body } = await as(people.viewer, "POST", "/api/projects", {
      name: "Thing",
      teamId: team.id,
    });
    return [status, body.error?.code ?? body.teamId];
  };
  assert.deepEqual(await make(), [403, "insufficient_role"]);
  assert.equal((await as(people.owner, "PATCH", member, { role: "editor" })).status, 204);
  assert.deepEqual(await make(), [201, team.id]);
  assert.equal((await as(people.owner, "DELETE", member)).status, 204);
  assert.deepEqual(await make(), [404, "team_not_found"]);
  // Nobody leaves a team without an owner, nor becomes one by a role.
  const owner = `/api/teams/${team.id}/members/${people.owner.id}`;
  for (const [method, body] of [
    ["DELETE", undefined],
    ["PATCH", { role: "viewer" }],
  ]) {
    const { status, body: answer } = await as(people.owner, method, owner, body);
    assert.deepEqual([status, answer.error.code], [409, "owner_must_transfer"], method);
  }
});

test("an invitation is for one, and ends when it is taken, taken back, or too old", async () => {
  const team = (await as(people.owner, "POST", "/api/teams", { name: "Third" })).body;
  const invite = async (role = "editor") => {
    const made = await as(people.owner, "POST", `/api/teams/${team.id}/invitations`, {
      email: "someone@example.com",
      role,
    });
    return { id: made.body.id, token: new URL(made.body.url).hash.slice(1), url: made.body.url };
  };
  const accept = async (who, token) => {
    const { status, body } = await as(who, "POST", "/api/invitations/accept", { token });
    return `${status} ${body.error?.code ?? body.role}`;
  };
  const first = await invite();
  assert.ok(first.url.startsWith(`${on.studio.origin}/invite#mcpi_`));
  assert.ok(!(await on.studio.everythingStored()).includes(first.token));
  const { body: offer } = await as(people.viewer, "POST", "/api/invitations/preview", first);
  assert.equal(offer.error.code, "invalid_field");
  const preview = await as(people.viewer, "POST", "/api/invitations/preview", {
    token: first.token,
  });
  const { expiresAt, ...shown } = preview.body;
  assert.deepEqual(shown, {
    teamId: team.id,
    teamName: "Third",
    role: "editor",
    invitedBy: "owner",
    joined: false,
  });
  assert.ok(Date.parse(expiresAt) > Date.now() + 6.9 * 86_400_000);
  // Of ten who come at once one gets in.
  const crowd = Array.from({ length: 10 }, (_, index) => ({
    token: developmentToken({ sub: `crowd-${index}` }),
  }));
  const answers = await Promise.all(crowd.map((who) => accept(who, first.token)));
  const counts = answers.map((answer) => answer.slice(0, 3)).sort();
  assert.deepEqual(counts, ["200", ...Array(9).fill("404")]);
  const second = await invite();
  // Who is in it already takes nobody's place.
  assert.equal(await accept(people.owner, second.token), "200 owner");
  const revoke = `/api/teams/${team.id}/invitations/${second.id}`;
  assert.equal((await as(people.owner, "DELETE", revoke)).status, 204);
  assert.equal(await accept(people.viewer, second.token), "404 invitation_not_found");
  const third = await invite();
  await on.studio.query(
    "UPDATE team_invitations SET expires_at = created_at WHERE id = ?",
    third.id,
  );
  assert.equal(await accept(people.viewer, third.token), "404 invitation_not_found");
  for (const [email, role, code] of [
    ["nobody", "editor", "invalid_email"],
    ["a@b c", "editor", "invalid_email"],
    ["a@b", "owner", "invalid_role"],
    ["a@b", "king", "invalid_field"],
  ]) {
    const pathname = `/api/teams/${team.id}/invitations`;
    const { status, body } = await as(people.owner, "POST", pathname, { email, role });
    assert.deepEqual([status, body.error.code], [400, code], email);
  }
});

test("who is taken out while their job runs loses the job's project, not its end", async () => {
  const team = (await as(people.owner, "POST", "/api/teams", { name: "Fourth" })).body;
  await join(team.id, people.editor, "editor");
  const source = { specUrl: on.upstream.documentUrl, teamId: team.id };
  const projectId = last(await job(people.editor, "/api/analyze", source)).result.projectId;
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${people.editor.token}`,
  };
  const running = await on.studio.post("/api/generate", { projectId }, { headers });
  const member = `/api/teams/${team.id}/members/${people.editor.id}`;
  assert.equal((await as(people.owner, "DELETE", member)).status, 204);
  const events = await readAll(running);
  const end = events.at(-1);
  // Either it was faster, or it ends with the error that a stranger gets.
  if (end.event !== "generate:complete") assert.equal(end.data.code, "project_not_found");
  const [row] = await on.studio.query(
    "SELECT state FROM jobs WHERE project_id = ? AND kind = 'generate'",
    projectId,
  );
  assert.notEqual(row.state, "running");
  const seen = await as(people.editor, "GET", `/api/projects/${projectId}`);
  assert.equal(seen.body.error.code, "project_not_found");
});
