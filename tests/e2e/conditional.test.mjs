// ETags and preconditions (RFC 9110 §13): who edits what has changed meanwhile
// learns of it, and nothing is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { developmentToken } from "../lib/identity.mjs";
import { stage } from "../lib/stage.mjs";

let projectId;
let at;
const on = stage(async ({ studio, upstream }) => {
  ({ projectId } = await studio.analyze({ specUrl: upstream.documentUrl }));
  at = `/api/projects/${projectId}`;
});

const patch = (body, tag) =>
  on.studio.api("PATCH", at, body, tag === undefined ? {} : { "if-match": tag });

async function tagOf(pathname = at) {
  const { status, headers } = await on.studio.api("GET", pathname);
  assert.equal(status, 200);
  assert.equal(headers.get("cache-control"), "private, no-cache");
  return headers.get("etag");
}

const state = async () => {
  const { name, description, enabledToolCount } = await on.studio.get(at);
  return { name, description, enabledToolCount };
};

test("a stale tag changes nothing, whatever it was to change", async () => {
  const tag = await tagOf();
  assert.match(tag, /^"[\w-]{22}"$/);
  const first = await patch({ name: "First" }, tag);
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.equal(first.headers.get("etag"), await tagOf());
  const before = await state();
  const { tools } = await on.studio.get(`${at}/tools`);
  const edit = { key: tools[0].key, path: ["enabled"], value: false, prev: true };
  for (const body of [{ name: "Second" }, { edits: [edit] }, { name: "Third", edits: [edit] }]) {
    const { status, body: answer } = await patch(body, tag);
    assert.deepEqual([status, answer.error.code], [412, "precondition_failed"]);
    assert.deepEqual(await state(), before);
  }
  const both = await patch({ name: "Fourth", edits: [edit] }, first.headers.get("etag"));
  assert.equal(both.status, 200, JSON.stringify(both.body));
  assert.deepEqual(
    [both.body.name, both.body.enabledToolCount],
    ["Fourth", before.enabledToolCount - 1],
  );
  assert.equal(both.headers.get("etag"), await tagOf());
});

test("weak tags, lists, the star and nonsense", async () => {
  const tag = await tagOf();
  for (const [value, expected] of [
    [`W/${tag}`, 412],
    ['"other"', 412],
    [`"other", ${tag}`, 200],
    ["*", 200],
    [undefined, 200],
    ["other", 400],
    [`${tag} ${tag}`, 400],
  ]) {
    const { status, body } = await patch({}, value === undefined ? value : value.replace(tag, await tagOf()));
    assert.equal(status, expected, `${value}: ${JSON.stringify(body)}`);
  }
});

test("a project that is not there is not found, whatever the precondition", async () => {
  const { status, body } = await on.studio.api("PATCH", "/api/projects/none", {}, { "if-match": "*" });
  assert.deepEqual([status, body.error.code], [404, "project_not_found"]);
});

test("of twenty editors who saw the same, one is heard", async () => {
  const tag = await tagOf();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => patch({ name: `Editor ${index}` }, tag)),
  );
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, ...Array(19).fill(412)]);
  const winner = answers.find(({ status }) => status === 200);
  assert.equal((await state()).name, winner.body.name);
});

test("a team is renamed, and roles are given, on what was seen", async () => {
  const api = (method, pathname, body, tag, who = {}) =>
    on.studio.api(method, pathname, body, { ...who, ...(tag && { "if-match": tag }) });
  const { body: team } = await api("POST", "/api/teams", { name: "Crew" });
  const home = `/api/teams/${team.id}`;
  const bea = { authorization: `Bearer ${developmentToken({ sub: "bea", name: "Bea" })}` };
  const asked = { email: "bea@example.com", role: "editor" };
  const { body: invitation } = await api("POST", `${home}/invitations`, asked);
  const token = new URL(invitation.url).hash.slice(1);
  assert.equal((await api("POST", "/api/invitations/accept", { token }, undefined, bea)).status, 200);
  const { members } = await on.studio.get(home);
  const member = `${home}/members/${members.find(({ you }) => !you).userId}`;
  const role = async () => (await on.studio.get(home)).members.find(({ you }) => !you).role;

  const tag = await tagOf(home);
  const first = await api("PATCH", home, { name: "First" }, tag);
  assert.deepEqual([first.status, first.body.name], [200, "First"]);
  assert.equal(first.headers.get("etag"), await tagOf(home));
  for (const [pathname, body] of [
    [home, { name: "Second" }],
    [member, { role: "viewer" }],
  ]) {
    const { status, body: answer } = await api("PATCH", pathname, body, tag);
    assert.deepEqual([status, answer.error.code], [412, "precondition_failed"]);
  }
  assert.deepEqual([(await on.studio.get(home)).name, await role()], ["First", "editor"]);
  const given = await api("PATCH", member, { role: "viewer" }, first.headers.get("etag"));
  assert.deepEqual([given.status, given.headers.get("etag")], [204, await tagOf(home)]);
  // Each answer has the tag for the next change, whatever it changes.
  const next = await api("PATCH", home, { name: "Next" }, given.headers.get("etag"));
  assert.equal(next.status, 200);
  assert.equal((await api("PATCH", member, { role: "editor" }, "*")).status, 204);
  assert.equal((await api("PATCH", home, { name: "Free" })).status, 200);
  // Who may not change it learns that first.
  const other = await api("PATCH", home, { name: "Bea's" }, tag, bea);
  assert.deepEqual([other.status, other.body.error.code], [403, "insufficient_role"]);

  const seen = await tagOf(home);
  const answers = await Promise.all([
    ...Array.from({ length: 10 }, (_, index) => api("PATCH", home, { name: `N ${index}` }, seen)),
    ...["admin", "viewer"].map((it) => api("PATCH", member, { role: it }, seen)),
  ]);
  const heard = answers.filter(({ status }) => status < 300);
  assert.ok(heard.length <= 2, "a change that was not seen is lost");
  for (const { status } of answers.filter((it) => !heard.includes(it))) assert.equal(status, 412);
  const again = await on.studio.fetch(home, { headers: { "if-none-match": await tagOf(home) } });
  assert.deepEqual([again.status, await again.text()], [304, ""]);
});

test("what a client has already is not sent again", async () => {
  for (const pathname of [at, `${at}/tools`]) {
    const tag = await tagOf(pathname);
    const again = await on.studio.fetch(pathname, { headers: { "if-none-match": tag } });
    assert.deepEqual([again.status, await again.text()], [304, ""], pathname);
    assert.equal(again.headers.get("etag"), tag);
    assert.ok(again.headers.get("x-request-id"));
    const weak = await on.studio.fetch(pathname, { headers: { "if-none-match": `"x", W/${tag.replace("W/", "")}` } });
    assert.equal(weak.status, 304, pathname);
    const other = await on.studio.fetch(pathname, { headers: { "if-none-match": '"x"' } });
    assert.equal(other.status, 200, pathname);
  }
  const tag = await tagOf(`${at}/tools`);
  const { tools } = await on.studio.get(`${at}/tools`);
  const edit = { key: tools[1].key, path: ["enabled"], value: false, prev: true };
  assert.equal((await patch({ edits: [edit] })).status, 200);
  const changed = await on.studio.fetch(`${at}/tools`, { headers: { "if-none-match": tag } });
  assert.equal(changed.status, 200);
});
