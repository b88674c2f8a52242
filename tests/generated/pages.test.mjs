// From page to page: what a result says of the next one, as the model reads it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { document } from "./pages.document.mjs";
import { generateProject, loadProject } from "./project.mjs";
import { startUpstream } from "./upstream.mjs";

let upstream;
let project;

before(async () => {
  upstream = await startUpstream();
  project = await loadProject(await generateProject("pages", document));
});
after(() => upstream.close());

/** The sentence of a result that says what is next; undefined: none. */
async function hintOf(path, args, json, headers = {}) {
  upstream.answer({ json, headers });
  const tool = [...project.tools.values()].find((it) => it.request.path === path);
  const env = { API_BASE_URL: upstream.origin };
  const result = await project.callApi(tool, args, env, new AbortController().signal);
  assert.equal(result.isError, undefined, result.content[0].text);
  return result.content[1]?.text;
}

const HINT =
  /^There (is|may be) a next page: to read it, call (?:\w+) again with the same arguments and (.*)\.$/;

/** The arguments that it names. */
async function next(...call) {
  const hint = await hintOf(...call);
  return hint === undefined ? undefined : JSON.parse(HINT.exec(hint)[2]);
}

/** Whether it is certain. */
async function isCertain(...call) {
  return HINT.exec(await hintOf(...call))[1] === "is";
}

const three = [{ id: 1 }, { id: 2 }, { id: 3 }];
const two = [{ id: 1 }, { id: 2 }];

test("a cursor of the answer", async () => {
  const page = { items: two, next_cursor: "c2" };
  assert.deepEqual(await next("/by-cursor", {}, page), { cursor: "c2" });
  assert.equal(await next("/by-cursor", { cursor: "c2" }, page), undefined);
  assert.equal(await next("/by-cursor", {}, { ...page, has_more: false }), undefined);
  for (const none of ["", null, undefined]) {
    assert.equal(await next("/by-cursor", {}, { items: two, next_cursor: none }), undefined);
  }
});

test("the id of the last item", async () => {
  const data = [{ id: "a" }, { id: "b" }];
  const page = { data, has_more: true };
  assert.deepEqual(await next("/by-id", {}, page), { starting_after: "b" });
  assert.equal(await next("/by-id", {}, { data, has_more: false }), undefined);
  assert.equal(await next("/by-id", {}, { data: [], has_more: true }), undefined);
  assert.equal(await next("/by-id", { limit: 5 }, { data }), undefined);
});

test("the number of the page", async () => {
  assert.deepEqual(await next("/by-page", {}, { items: two }), { page: 2 });
  assert.deepEqual(await next("/by-page", { page: 2 }, { items: two }), { page: 3 });
  assert.equal(await next("/by-page", { page: 2 }, { items: [{ id: 1 }] }), undefined);
  assert.equal(await next("/by-page", { page: 2 }, { items: two, total: 4 }), undefined);
  assert.deepEqual(await next("/by-page", { page: 2 }, { items: two, total: 5 }), { page: 3 });
  assert.equal(await next("/by-page", {}, {}), undefined);
});

test("what an answer says of more goes before its numbers", async () => {
  const page = { items: two, total: 0, has_more: true };
  assert.deepEqual(await next("/by-more", { page: 3 }, page), { page: 4 });
  assert.equal(await isCertain("/by-more", { page: 3 }, page), true);
  assert.equal(await next("/by-more", {}, { ...page, items: [] }), undefined);
  assert.equal(await next("/by-more", {}, { ...page, has_more: false }), undefined);
  assert.equal(await next("/by-more", {}, { items: two }), undefined);
  assert.deepEqual(await next("/by-next", { page: 3 }, { items: two, next: 7 }), { page: 7 });
});

test("a token where an address was described", async () => {
  const page = (next) => ({ items: two, _metadata: { next } });
  assert.deepEqual(await next("/by-token", {}, page("DYEs/w9-==")), { page_token: "DYEs/w9-==" });
  const address = "https://pages.example.com/by-token?page_token=c2";
  assert.deepEqual(await next("/by-token", {}, page(address)), { page_token: "c2" });
  for (const other of ["https://pages.example.com/x", "/x", "x?y=1"]) {
    assert.equal(await next("/by-token", {}, page(other)), undefined, other);
  }
});

test("how many are skipped", async () => {
  assert.deepEqual(await next("/by-offset", {}, { items: two }), { offset: 2 });
  const args = { offset: 4, limit: 3 };
  assert.deepEqual(await next("/by-offset", args, { items: three, total: 8 }), { offset: 7 });
  assert.equal(await next("/by-offset", args, { items: three, total: 7 }), undefined);
  assert.equal(await next("/by-offset", args, { items: two }), undefined);
});

test("the address of the next page", async () => {
  const link = (text) => ({ link: text });
  const url = "https://pages.example.com/by-header?page=3&per_page=2&other=1";
  const rel = `<https://pages.example.com/x?page=1>; rel="prev", <${url}>; rel="next"`;
  assert.deepEqual(await next("/by-header", { per_page: 2, page: 2 }, two, link(rel)), { page: 3 });
  assert.deepEqual(await next("/by-header", {}, two, link(`<${url}>;rel=next`)), {
    page: 3,
    per_page: 2,
  });
  for (const none of ["", `<${url}>; rel="nextish"`, "<https://[>; rel=next", "<?x=1>; rel=next"]) {
    assert.equal(await next("/by-header", {}, two, link(none)), undefined, none);
  }
});

test("a cursor that is an address", async () => {
  const address = "https://pages.example.com/by-cursor?cursor=c2&limit=50";
  assert.deepEqual(await next("/by-cursor", {}, { items: two, next_cursor: address }), {
    cursor: "c2",
    limit: 50,
  });
  const other = "https://pages.example.com/by-cursor?other=c2";
  assert.equal(await next("/by-cursor", {}, { items: two, next_cursor: other }), undefined);
});

test("the model is told whether there is a next page for certain", async () => {
  const data = [{ id: "a" }, { id: "b" }];
  for (const [expected, ...call] of [
    [true, "/by-cursor", {}, { items: two, next_cursor: "c2" }],
    [true, "/by-id", {}, { data, has_more: true }],
    [false, "/by-id", {}, { data }],
    [true, "/by-page", { page: 2 }, { items: two, total: 5 }],
    [false, "/by-page", {}, { items: two }],
    [false, "/by-page", {}, { items: two, total: null }],
    [true, "/by-offset", { offset: 4, limit: 3 }, { items: three, total: 8 }],
    [true, "/by-header", {}, two, { link: "<https://pages.example.com/?page=3>; rel=next" }],
  ]) {
    assert.equal(await isCertain(...call), expected, JSON.stringify(call));
  }
});

test("a list that has no pages", async () => {
  assert.equal(await next("/once", {}, { items: three }), undefined);
});
