// ETags and preconditions (RFC 9110 §13): who edits what has changed meanwhile
// learns of it, and nothing is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
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
