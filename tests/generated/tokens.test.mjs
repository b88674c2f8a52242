// How a generated server gets access tokens with a client's id and secret (OAuth 2.0,
// RFC 6749 §4.4), keeps them and gets new ones.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { generateProject, loadProject } from "./project.mjs";
import { tokensDocument } from "./tokens.document.mjs";
import { startUpstream } from "./upstream.mjs";

let upstream;
let callApi;
let tools;
/** A client of its own for each test, so that none has the token of another. */
let client;
let number = 0;

before(async () => {
  upstream = await startUpstream();
  const folder = await generateProject("tokens", tokensDocument());
  ({ callApi, tools } = await loadProject(folder));
});
after(() => upstream.close());
beforeEach(() => {
  number += 1;
  client = {
    DEPOT_DEPOT_CLIENT_ID: `client ${number}`,
    DEPOT_DEPOT_CLIENT_SECRET: "s3cret:of+the client",
  };
});

const call = (name, env = client) =>
  callApi(
    tools.get(name),
    {},
    { API_BASE_URL: upstream.url, ...env },
    new AbortController().signal,
  );

const isToken = ({ url }) => url.endsWith("token");

/** The API, with an authorization server that answers `token(request, count)`. */
function answer(token, api = () => ({ json: { ok: true } })) {
  let asked = 0;
  upstream.answer((request) => (isToken(request) ? token(request, ++asked) : api(request)));
}

const given = (access_token, more = {}) => ({
  json: { access_token, token_type: "Bearer", expires_in: 3600, ...more },
});

const lines = () =>
  upstream.requests.map(({ method, url, headers, body }) =>
    [method, url, headers.authorization, body.toString()].filter(Boolean).join(" "),
  );

const basic = (id) => `Basic ${Buffer.from(id).toString("base64")}`;

async function failure(name, env) {
  const result = await call(name, env);
  assert.equal(result.isError, true);
  return result.content[0].text;
}

test("a token is got once, and sent until it expires", async () => {
  answer((_, count) => given(`token-${count}`));
  for (const name of ["list_crates", "add_crate"]) {
    assert.deepEqual((await call(name)).structuredContent ?? {}, { ok: true });
  }
  assert.deepEqual(lines(), [
    `POST /oauth/token ${basic(`client+${number}:s3cret%3Aof%2Bthe+client`)} ` +
      "grant_type=client_credentials",
    "GET /v1/crates Bearer token-1",
    "POST /v1/crates Bearer token-1",
  ]);
  const [{ headers }] = upstream.requests;
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  assert.equal(headers.accept, "application/json");
});

test("one that has expired is got anew", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  answer((_, count) => given(`token-${count}`, { expires_in: count === 1 ? 100 : "3600" }));
  const sent = async (seconds) => {
    context.mock.timers.tick(seconds * 1000);
    await call("list_crates");
    return upstream.requests.at(-1).headers.authorization;
  };
  // Half of a short life, an hour but for its last minute.
  assert.equal(await sent(0), "Bearer token-1");
  assert.equal(await sent(49), "Bearer token-1");
  assert.equal(await sent(1), "Bearer token-2");
  assert.equal(await sent(3539), "Bearer token-2");
  assert.equal(await sent(1), "Bearer token-3");
});

test("one that the API refuses is got anew, once", async () => {
  const refuses = new Set(["Bearer token-1"]);
  answer(
    (_, count) => given(`token-${count}`),
    ({ headers }) =>
      refuses.has(headers.authorization) ? { status: 401 } : { json: { ok: true } },
  );
  // The first is new: another is no better.
  assert.match(await failure("add_crate"), /401/);
  assert.equal(upstream.requests.length, 2);
  assert.equal((await call("add_crate")).isError, undefined);
  assert.deepEqual(
    upstream.requests.slice(2).map(({ url, headers }) => `${url} ${headers.authorization}`),
    [
      "/v1/crates Bearer token-1",
      `/oauth/token ${basic(`client+${number}:s3cret%3Aof%2Bthe+client`)}`,
      "/v1/crates Bearer token-2",
    ],
  );
});

test("a server that wants the secret in the body, and a scope, gets both", async () => {
  answer(({ headers, body }) => {
    const form = new URLSearchParams(body.toString());
    if (headers.authorization) return { status: 401, json: { error: "invalid_client" } };
    if (!form.has("scope")) return { status: 400, json: { error: "invalid_request" } };
    return given("token-of-the-body");
  });
  assert.equal((await call("list_crates")).isError, undefined);
  const forms = upstream.requests.filter(isToken).map(({ body }) => body.toString());
  const secret = `client_id=client+${number}&client_secret=s3cret%3Aof%2Bthe+client`;
  assert.deepEqual(forms, [
    "grant_type=client_credentials",
    `grant_type=client_credentials&${secret}`,
    `grant_type=client_credentials&scope=depot.read+depot.write&${secret}`,
  ]);
  assert.equal(upstream.requests.at(-1).headers.authorization, "Bearer token-of-the-body");
});

test("a refusal says who refused, and why, without the secret", async () => {
  const at = `No access token was given for DEPOT_DEPOT_CLIENT_ID at ${upstream.origin}/oauth/token: `;
  const after = ". Whoever runs this server has to check the client's id and secret.";
  const cases = [
    [
      {
        status: 401,
        json: { error: "invalid_client", error_description: "no s3cret:of+the client" },
      },
      "invalid_client: no [redacted]",
    ],
    [{ status: 404, body: "<p>Not here</p>" }, "HTTP 404, and no access token"],
    [{ json: { error: "invalid_client" } }, "invalid_client"],
    [{ json: { access_token: 5 } }, "HTTP 200, and no access token"],
    [{ json: { access_token: "line\nbreak" } }, "HTTP 200, and no access token"],
    [{ json: { access_token: "a".repeat(16_385) } }, "HTTP 200, and no access token"],
    [{ json: [] }, "HTTP 200, and no access token"],
    [{ status: 302, headers: { location: "https://evil.example/" } }, undefined],
  ];
  for (const [reply, told] of cases) {
    answer(() => reply);
    const text = await failure("list_crates");
    if (told === undefined)
      assert.match(text, /redirect to https:\/\/evil\.example\/, which was not/);
    else assert.equal(text, at + told + after);
    assert.ok(upstream.requests.every(isToken), text);
    assert.ok(!text.includes("s3cret"), text);
  }
});

test("a token that the API repeats is taken out", async () => {
  const token = "tok3n-of-the-depot";
  answer(
    () => given(token),
    () => ({ json: { next: `https://depot.example/?t=${token}`, id: `client ${number}` } }),
  );
  assert.deepEqual((await call("list_crates")).structuredContent, {
    next: "https://depot.example/?t=[redacted]",
    id: `client ${number}`,
  });
});

test("a token that is set does without a client; a client goes before it", async () => {
  answer(() => given("token-of-the-client"));
  const sent = async (name, env) => {
    await call(name, env);
    const { headers } = upstream.requests.at(-1);
    return headers.authorization ?? headers["x-key"];
  };
  const token = { DEPOT_DEPOT_ACCESS_TOKEN: "token-that-is-set" };
  assert.equal(await sent("list_crates", token), "Bearer token-that-is-set");
  assert.equal(await sent("list_crates", { ...token, ...client }), "Bearer token-of-the-client");
  const door = { DEPOT_DOOR_CLIENT_ID: `${number}`, DEPOT_DOOR_CLIENT_SECRET: "x" };
  assert.equal(await sent("list_doors", door), "Bearer token-of-the-client");
  assert.equal(upstream.requests.filter(isToken).at(-1).url, "/door-token");
  assert.equal(await sent("list_doors", { DEPOT_API_KEY: "the-key" }), "the-key");
});

test("what is missing is told with each choice", async () => {
  const start = "The API needs a credential that is not set. Whoever runs this server has to set ";
  assert.equal(
    await failure("list_crates", { DEPOT_DEPOT_CLIENT_ID: "x" }),
    `${start}DEPOT_DEPOT_CLIENT_SECRET, or DEPOT_DEPOT_ACCESS_TOKEN.`,
  );
});
