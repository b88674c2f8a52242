// What the stand-in takes and refuses, as Cloudflare documents it. The product has
// no part in this.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startCloudflare } from "../../lib/cloudflare.mjs";

const ESM = "application/javascript+module";
const HELLO = `import { greet } from "./lib/greet.js";
export default { fetch: (request, env) => new Response(greet(env) + " at " + request.url) };`;
const GREET = 'export const greet = (env) => env.MESSAGE + " " + env.SECRET.length;';

let cloudflare;
before(async () => {
  cloudflare = await startCloudflare();
});
after(() => cloudflare?.close());
beforeEach(() => cloudflare.reset());

const METADATA = {
  main_module: "main.js",
  bindings: [
    { type: "plain_text", name: "MESSAGE", text: "Hello, world!" },
    { type: "secret_text", name: "SECRET", text: "s3cret" },
  ],
  compatibility_date: "2026-11-01",
};

/** The form as Cloudflare's own command line sends it. */
function form(metadata, modules = { "main.js": HELLO, "lib/greet.js": GREET }, type = ESM) {
  const all = new FormData();
  all.set("metadata", JSON.stringify(metadata));
  for (const [name, text] of Object.entries(modules)) {
    all.set(name, new File([text], name, { type }));
  }
  return all;
}

async function call(method, path, { body, account = "ready", token, headers = {} } = {}) {
  const { id, token: own } = cloudflare.accounts[account];
  const response = await fetch(`${cloudflare.api}/accounts/${id}${path}`, {
    method,
    body,
    headers: { authorization: `Bearer ${token ?? own}`, ...headers },
  });
  const answer = await response.json();
  const [error] = answer.errors;
  return { status: response.status, headers: response.headers, ...answer, code: error?.code };
}

const upload = (name, metadata, ...rest) =>
  call("PUT", `/workers/scripts/${name}`, { body: form(metadata, ...rest) });
const refused = ({ status, code, success }) => [status, code, success];

test("an uploaded Worker runs with its bindings where it is switched on", async () => {
  const { success, result } = await upload("hello", METADATA);
  assert.equal(success, true);
  assert.deepEqual([result.id, result.handlers], ["hello", ["fetch"]]);
  const address = `${cloudflare.workers}/my-subdomain/hello/a?b=c`;
  assert.equal((await fetch(address)).status, 404);
  const switched = await call("POST", "/workers/scripts/hello/subdomain", {
    body: JSON.stringify({ enabled: true }),
    headers: { "content-type": "application/json" },
  });
  assert.deepEqual(switched.result, { enabled: true, previews_enabled: false });
  const answer = await (await fetch(address)).text();
  assert.equal(answer, "Hello, world! 6 at https://hello.my-subdomain.workers.dev/a?b=c");

  const [script] = await cloudflare.scripts();
  assert.deepEqual([script.uploads, script.bindings], [1, METADATA.bindings]);
  assert.equal((await call("DELETE", "/workers/scripts/hello")).success, true);
  assert.equal((await fetch(address)).status, 404);
  assert.deepEqual(refused(await call("DELETE", "/workers/scripts/hello")), [404, 10007, false]);
});

test("a second upload replaces the first", async () => {
  await upload("hello", METADATA);
  const changed = { ...METADATA, bindings: [], tags: ["a", "b"] };
  const { result } = await upload("hello", changed, { "main.js": "export default { fetch() {} }" });
  assert.deepEqual(result.tags, ["a", "b"]);
  const settings = await call("GET", "/workers/scripts/hello/script-settings");
  assert.deepEqual(settings.result.tags, ["a", "b"]);
  const none = await call("GET", "/workers/scripts/other/script-settings");
  assert.deepEqual(refused(none), [404, 10007, false]);
  const scripts = await cloudflare.scripts();
  assert.deepEqual(
    scripts.map(({ name, uploads, bindings }) => ({ name, uploads, bindings })),
    [{ name: "hello", uploads: 2, bindings: [] }],
  );
});

test("a namespace holds scripts of its own", async () => {
  const path = "/workers/dispatch/namespaces/servers/scripts/hello";
  assert.equal((await call("PUT", path, { body: form(METADATA) })).success, true);
  const [{ namespace, name }] = await cloudflare.scripts();
  assert.deepEqual([namespace, name], ["servers", "hello"]);
  const elsewhere = path.replace("servers", "others");
  const answer = await call("PUT", elsewhere, { body: form(METADATA) });
  assert.deepEqual(refused(answer), [404, 10007, false]);
  assert.deepEqual(refused(await call("DELETE", "/workers/scripts/hello")), [404, 10007, false]);
  assert.equal((await call("DELETE", path)).success, true);
});

test("an account is its token's own", async () => {
  const subdomain = (options) => call("GET", "/workers/subdomain", options);
  assert.deepEqual((await subdomain()).result, { subdomain: "my-subdomain" });
  assert.deepEqual(refused(await subdomain({ account: "new" })), [404, 10007, false]);
  const theirs = cloudflare.accounts.other.token;
  assert.deepEqual(refused(await subdomain({ token: theirs })), [403, 10000, false]);
  assert.deepEqual(refused(await subdomain({ token: "x".repeat(40) })), [403, 9109, false]);
  const bad = await subdomain({ token: "x" });
  assert.deepEqual(refused(bad), [400, 6003, false]);
  assert.equal(bad.errors[0].error_chain[0].code, 6111);
  const answer = await fetch(`${cloudflare.api}/accounts/nobody/workers/subdomain`, {
    headers: { authorization: `Bearer ${theirs}` },
  });
  assert.deepEqual([answer.status, (await answer.json()).errors[0].code], [404, 7003]);
  const first = await call("PUT", "/workers/scripts/hello", {
    account: "new",
    body: form(METADATA),
  });
  assert.deepEqual(refused(first), [400, 10063, false]);
});

const { main_module: _, ...rest } = METADATA;
const one = (binding) => ({ ...METADATA, bindings: [binding] });
for (const [what, metadata, code, ...others] of [
  ["no main_module", rest, 10021],
  ["a main_module that is no part", { ...METADATA, main_module: "x.js" }, 10021],
  ["an unknown attribute", { ...METADATA, compatibilityDate: "2026-11-01" }, 10021],
  ["a date that is none", { ...METADATA, compatibility_date: "today" }, 10021],
  ["nine tags", { ...METADATA, tags: [..."abcdefghi"] }, 10021],
  ["a tag with a comma", { ...METADATA, tags: ["a,b"] }, 10021],
  ["a limit that is none", { ...METADATA, limits: { cpuMs: 50 } }, 10021],
  ["a binding without a name", one({ type: "plain_text", text: "x" }), 10052],
  ["a binding of no type", one({ type: "secret", name: "X", text: "x" }), 10021],
  ["a binding without a text", one({ type: "plain_text", name: "X" }), 10021],
  ["a binding with more", one({ type: "plain_text", name: "X", text: "x", value: "x" }), 10021],
  ["a value of 6 kB", one({ type: "plain_text", name: "X", text: "x".repeat(6_000) }), 10054],
  ["129 bindings", { ...METADATA, bindings: Array(129).fill({}) }, 10055],
  ["a module of another type", METADATA, 10021, { "main.js": HELLO }, "application/javascript"],
  ["a module that does not parse", METADATA, 10021, { "main.js": "export default {" }],
  ["a module that throws", METADATA, 10021, { "main.js": 'throw new Error("boom")' }],
  ["a module that is not there", METADATA, 10021, { "main.js": HELLO }],
  ["no handler", METADATA, 10068, { "main.js": "export default {}" }],
]) {
  test(`an upload is refused: ${what}`, async () => {
    assert.deepEqual(refused(await upload("hello", metadata, ...others)), [400, code, false]);
    assert.deepEqual(await cloudflare.scripts(), []);
  });
}

test("the reason of a start-up error is workerd's own", async () => {
  const { errors } = await upload("hello", METADATA, { "main.js": 'throw new Error("boom")' });
  assert.match(errors[0].message, /boom/);
});

test("what is no form is refused", async () => {
  const put = (body, type) =>
    call("PUT", "/workers/scripts/hello", { body, headers: { "content-type": type } });
  for (const [body, type] of [
    [HELLO, "application/javascript"],
    ["--x\r\n\r\n--x--\r\n", "multipart/form-data"],
    ["", "multipart/form-data; boundary=x"],
    [
      "--x\r\nContent-Disposition: form-data\r\n\r\n{}\r\n--x--\r\n",
      "multipart/form-data; boundary=x",
    ],
    [
      '--x\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{}',
      "multipart/form-data; boundary=x",
    ],
  ]) {
    assert.deepEqual(refused(await put(body, type)), [400, 10026, false], body);
  }
  assert.deepEqual(refused(await upload("Hello", METADATA)), [400, 10016, false]);
});

test("faults are met once, in their order", async () => {
  await cloudflare.fail(
    { method: "PUT", status: 429, code: 971, message: "slow down", retryAfter: 1 },
    { method: "PUT", path: "scripts/hello$", cut: "before" },
    { method: "PUT", cut: "after" },
    { method: "DELETE", status: 502, html: true },
  );
  const limited = await upload("hello", METADATA);
  assert.deepEqual(
    [...refused(limited), limited.headers.get("retry-after")],
    [429, 971, false, "1"],
  );
  await assert.rejects(upload("hello", METADATA));
  assert.deepEqual(await cloudflare.scripts(), []);
  await assert.rejects(upload("hello", METADATA));
  assert.equal((await cloudflare.scripts()).length, 1);
  assert.equal((await upload("hello", METADATA)).success, true);
  await assert.rejects(call("DELETE", "/workers/scripts/hello"), SyntaxError);
  const statuses = (await cloudflare.requests()).map(({ status }) => status);
  assert.deepEqual(statuses, [429, null, null, 200, 502]);
});
