// People and organisations that Clerk has deleted: the webhook is fast, and the
// scheduled event ends what they leave as DELETE /api/me would.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startClerk } from "../lib/clerk.mjs";
import { peopleOf, person } from "../lib/people.mjs";
import { startStripe } from "../lib/stripe.mjs";
import { startStudio } from "../lib/studio.mjs";
import { startUpstream } from "../lib/upstream.mjs";

const CANARY = "canary-deleted-71c0aa";

let on;
before(async () => {
  const [clerk, stripe, upstream] = await Promise.all([
    startClerk(),
    startStripe(),
    startUpstream(),
  ]);
  on = { clerk, stripe, upstream };
  on.studio = await startStudio({ vars: { ...clerk.vars, ...stripe.vars } });
});
after(() => Promise.all(Object.values(on ?? {}).map((it) => it.close())));

const { as, job } = peopleOf(() => on);
const idOf = async (token) => (await as(token, "GET", "/api/me")).body.id;
const project = async (token, id) => (await as(token, "GET", `/api/projects/${id}`)).status;

/** A live server with a credential; its `{projectId, endpoint}`. */
async function publish(token, more = {}) {
  const source = { specUrl: on.upstream.documentUrl, ...more };
  const { projectId } = (await job(token, "/api/analyze", source)).result;
  await job(token, "/api/generate", { projectId });
  const config = { access: "public", secrets: { HARBOUR_TOKEN: CANARY } };
  const live = await job(token, "/api/deploy", { projectId, target: "mcpengine", config });
  assert.equal(live.type, "deploy:live", JSON.stringify(live));
  return { projectId, endpoint: live.endpoint };
}

async function team(owner, name, members) {
  const { body } = await as(owner, "POST", "/api/teams", { name });
  for (const [token, email, role] of members) {
    const asked = await as(owner, "POST", `/api/teams/${body.id}/invitations`, { email, role });
    const secret = new URL(asked.body.url).hash.slice(1);
    const joined = await as(token, "POST", "/api/invitations/accept", { token: secret });
    assert.equal(joined.status, 200, JSON.stringify(joined.body));
  }
  return body.id;
}

/** Clerk tells, and the answer comes at once. */
async function tell(type, data) {
  const message = await on.clerk.event(type, data);
  const [{ status }] = await on.clerk.send(`${on.studio.origin}/api/webhooks/clerk`, [message]);
  assert.equal(status, 200);
}

async function sweep() {
  const logged = on.studio.logs().length;
  assert.equal(await on.studio.scheduled(), "ok");
  return on.studio.logs().slice(logged).map(({ message }) => message).join("\n");
}

async function assertGone({ projectId, endpoint }) {
  assert.deepEqual(await on.studio.query("SELECT id FROM projects WHERE id = ?", projectId), []);
  const keys = (await on.studio.objectKeys()).filter((key) => key.includes(projectId));
  assert.deepEqual(keys, []);
  assert.equal((await fetch(endpoint, { method: "POST" })).status, 404);
  const names = await on.studio.query(
    "SELECT slug FROM slugs WHERE project_id = ? AND released_at IS NULL",
    projectId,
  );
  assert.deepEqual(names, []);
}

test("a deleted person's account ends, and others take their team", async () => {
  const [ada, bea, cal] = ["user_ada", "user_bea", "user_cal"].map(person);
  const own = await publish(ada);
  const crew = await team(ada, "Crew", [
    [bea, "user_bea@example.com", "editor"],
    [cal, "user_cal@example.com", "admin"],
  ]);
  const shared = await publish(ada, { teamId: crew });
  const asked = { email: "user_ada@example.com", role: "viewer" };
  const other = await team(bea, "Bea's", []);
  await as(bea, "POST", `/api/teams/${other}/invitations`, asked);
  const id = await idOf(ada);
  const [{ key_salt: salt }] = await on.studio.query("SELECT key_salt FROM users WHERE id = ?", id);
  assert.match(salt, /^[0-9a-f]{32}$/);

  await tell("user.deleted", { id: "user_ada" });
  assert.equal((await as(ada, "GET", "/api/me")).body.error.code, "account_deleted");
  const invitations = await on.studio.query("SELECT id FROM team_invitations WHERE email LIKE '%ada%'");
  assert.deepEqual(invitations, []);
  assert.equal((await on.studio.query("SELECT id FROM projects WHERE user_id = ?", id)).length, 2);
  await sweep();

  await assertGone(own);
  const [row] = await on.studio.query("SELECT * FROM users WHERE id = ?", id);
  assert.deepEqual([row.name, row.key_salt, row.tier], [null, "", "free"]);
  assert.deepEqual(await on.studio.query("SELECT id FROM api_keys WHERE user_id = ?", id), []);
  const detail = (await as(cal, "GET", `/api/teams/${crew}`)).body;
  assert.equal(detail.role, "owner");
  assert.deepEqual(detail.members.map(({ role }) => role), ["owner", "editor"]);
  assert.equal(await project(bea, shared.projectId), 200);
  assert.notEqual((await fetch(shared.endpoint, { method: "POST" })).status, 404);
  assert.ok(!(await on.studio.everythingStored()).includes(CANARY));
  // A second event finds nothing to do.
  await sweep();
  assert.equal(await project(bea, shared.projectId), 200);
});

test("a team that nobody takes ends with its owner, and so does what is paid for", async () => {
  const [dan, eve] = ["user_dan", "user_eve"].map(person);
  const crew = await team(dan, "Viewers", [[eve, "user_eve@example.com", "viewer"]]);
  const shared = await publish(dan, { teamId: crew });
  const metadata = { mcpengine_user: await idOf(dan) };
  const { id } = await on.stripe.happen("subscribe", { customer: "cus_dan", metadata });
  await on.stripe.happen("change", { subscription: id, later: 1, to: { status: "active" } });
  const deliver = async () => {
    const events = (await on.stripe.events()).map((event) => event.id);
    await on.stripe.send(`${on.studio.origin}/api/webhooks/stripe`, events);
  };
  await deliver();
  await tell("user.deleted", { id: "user_dan" });
  // First nothing more is charged; the rest waits until Stripe has told of it.
  await sweep();
  const ended = (await on.stripe.requests()).filter(({ method }) => method === "DELETE");
  assert.deepEqual(ended.map(({ path, status }) => [path, status]), [[`/v1/subscriptions/${id}`, 200]]);
  assert.equal(await project(eve, shared.projectId), 200);
  await deliver();
  await sweep();
  await assertGone(shared);
  assert.deepEqual((await as(eve, "GET", "/api/teams")).body.teams, []);
  const rows = await on.studio.query("SELECT key_salt FROM users WHERE id = ?", metadata.mcpengine_user);
  assert.deepEqual(rows, [{ key_salt: "" }]);
});

test("a deleted organisation's projects end, and nobody gets into it", async () => {
  const [fay, gus] = ["user_fay", "user_gus"].map(person);
  await Promise.all([idOf(fay), idOf(gus)]);
  const organization = {
    id: "org_x",
    name: "X",
    slug: "x",
    createdBy: "user_fay",
    updatedAt: Date.now(),
  };
  await tell("organization.created", organization);
  await tell("organizationMembership.created", {
    id: "orgmem_fay",
    organization,
    userId: "user_fay",
    role: "org:admin",
    createdAt: Date.now(),
    updatedAt: Date.now(),
  });
  const [{ id }] = (await as(fay, "GET", "/api/teams")).body.teams;
  const shared = await publish(fay, { teamId: id });
  const own = await publish(fay);
  const invitation = { email: "user_gus@example.com", role: "editor" };
  const asked = await as(fay, "POST", `/api/teams/${id}/invitations`, invitation);
  await tell("organization.deleted", { id: "org_x" });
  const token = new URL(asked.body.url).hash.slice(1);
  assert.equal((await as(gus, "POST", "/api/invitations/accept", { token })).status, 404);
  assert.equal(await project(fay, shared.projectId), 404);
  assert.notEqual((await fetch(shared.endpoint, { method: "POST" })).status, 404);
  await sweep();
  await assertGone(shared);
  assert.equal(await project(fay, own.projectId), 200);
  assert.deepEqual(await on.studio.query("SELECT * FROM team_members WHERE team_id = ?", id), []);
});

test("what fails at one does not keep the others, and is taken up again", async () => {
  const [hal, ida] = ["user_hal", "user_ida"].map(person);
  const [first, second] = [await publish(hal), await publish(ida)];
  // As if it were in the marketplace, out of which somebody has to take it first.
  const listed = [first.projectId, await idOf(hal)];
  await on.studio.query(
    "INSERT INTO marketplace_listings (id, project_id, author_id, name, slug, created_at) " +
      "VALUES ('m', ?, ?, 'M', 'm', '2026-11-24T00:00:00.000Z')",
    ...listed,
  );
  for (const id of ["user_hal", "user_ida"]) await tell("user.deleted", { id });
  assert.match(await sweep(), new RegExp(`account ${listed[1]}: `));
  await assertGone(second);
  assert.notEqual((await fetch(first.endpoint, { method: "POST" })).status, 404);
  await on.studio.query("DELETE FROM marketplace_listings");
  await sweep();
  await assertGone(first);
});
