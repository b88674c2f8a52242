// What the request builder of a generated project puts on the wire.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { buildProject } from "./project.mjs";
import { startUpstream } from "./upstream.mjs";

let upstream;
let callApi;
let tools;
let folder;
const secrets = {
  PETSTORE_API_KEY: "key-secret-1",
  PETSTORE_USERNAME: "ada",
  PETSTORE_PASSWORD: "pass-sécret",
};

before(async () => {
  upstream = await startUpstream();
  folder = await buildProject("requests");
  const load = (file) => import(pathToFileURL(path.join(folder, "dist", file)).href);
  ({ callApi } = await load("http.js"));
  const index = await load("tools/index.js");
  tools = new Map(index.tools.map((tool) => [tool.name, tool]));
});
after(() => upstream.close());

async function call(name, args = {}, env = {}) {
  const signal = env.signal ?? new AbortController().signal;
  const settings = { API_BASE_URL: upstream.url, ...secrets, ...env };
  return callApi(tools.get(name), args, settings, signal);
}

/** The one request of a call that has to work. */
async function sent(name, args, env) {
  upstream.answer(({ method, url }) => ({
    json: method === "GET" && /^\/v1\/pets(\?|$)/.test(url) ? [] : { id: 1, name: "x" },
  }));
  const result = await call(name, args, env);
  assert.equal(result.isError, undefined, JSON.stringify(result.content));
  assert.equal(upstream.requests.length, 1);
  return upstream.requests[0];
}

/** The message of a call that must not reach the API. */
async function refused(name, args, env) {
  upstream.answer({ json: {} });
  const result = await call(name, args, env);
  assert.equal(result.isError, true);
  assert.equal(upstream.requests.length, 0);
  return result.content[0].text;
}

async function query(args) {
  const { url } = await sent("list_pets", args);
  return url.replace("/v1/pets", "");
}

test("query styles", async () => {
  assert.equal(await query({}), "");
  assert.equal(await query({ limit: 5, tags: ["a,b", "c d"] }), "?limit=5&tags=a%2Cb,c%20d");
  assert.equal(await query({ status: ["sold", "pending"] }), "?status=sold&status=pending");
  assert.equal(await query({ status: [], tags: [] }), "");
  assert.equal(
    await query({ filter: { age: { gte: 1, lt: 3 }, colours: ["x&y", "z"] } }),
    "?filter%5Bage%5D%5Bgte%5D=1&filter%5Bage%5D%5Blt%5D=3&filter%5Bcolours%5D%5B0%5D=x%26y&filter%5Bcolours%5D%5B1%5D=z",
  );
  assert.equal(await query({ near: [1.5, -2] }), "?near=1.5%7C-2");
  assert.equal(
    await query({ cursor: "a/b?c=d&e#f+g%20é" }),
    "?cursor=a/b?c=d%26e%23f%2Bg%20%C3%A9",
  );
  assert.equal(
    await query({ where: { a: [1, "&"] } }),
    "?where=%7B%22a%22%3A%5B1%2C%22%26%22%5D%7D",
  );
  assert.equal(await query({ cursor: "", limit: null }), "?cursor=");
});

test("headers and cookies", async () => {
  const { headers } = await sent("list_pets", {
    x_request_tag: "a b",
    session: "x;y=é",
  });
  assert.equal(headers["x-request-tag"], "a b");
  assert.equal(headers["cookie"], "session=x%3By%3D%C3%A9");
  assert.equal(headers["accept"], "application/json");
  assert.equal(headers["user-agent"], "petstore-mcp/1.4.0");
  for (const value of ["a\r\nX-Evil: 1", "a\nb", "a\0b"]) {
    assert.match(await refused("list_pets", { x_request_tag: value }), /line breaks/);
  }
  assert.match(await refused("list_pets", { x_request_tag: "日本" }), /cannot hold/);
});

test("path values stay in their place", async () => {
  const values = [
    ["a/b", "a%2Fb"],
    ["..admin/x", "..admin%2Fx"],
    ["?x=1", "%3Fx%3D1"],
    ["#top", "%23top"],
    ["100%", "100%25"],
    ["%2e%2e", "%252e%252e"],
    ["%2F..%2F", "%252F..%252F"],
    ["a\tb\r\nc", "a%09b%0D%0Ac"],
    ["//evil.example", "%2F%2Fevil.example"],
    ["@evil.example:80", "%40evil.example%3A80"],
    ["...", "..."],
    ["é😀", "%C3%A9%F0%9F%98%80"],
    ["\ud800", "%EF%BF%BD"],
    ["!'()*", "%21%27%28%29%2A"],
  ];
  for (const [value, expected] of values) {
    const { url } = await sent("get_pet", { pet_id: value });
    assert.equal(url, `/v1/pets/${expected}`);
  }
  // nginx and others decode a slash before they look at the dots beside it.
  for (const value of [".", "..", "../admin", "..\\admin", "a/..", "a/./b", "a\\..\\b"]) {
    assert.match(await refused("get_pet", { pet_id: value }), /"\." or "\.\."/);
  }
  for (const value of ["", null, undefined, []]) {
    assert.match(await refused("get_pet", { pet_id: value }), /must not be empty/);
  }
});

test("an id of more digits than a number keeps comes as a string", async () => {
  const { argumentProblems } = await import(
    pathToFileURL(path.join(folder, "dist/schema.js")).href
  );
  const integer = { type: ["integer", "null"] };
  const tool = {
    inputSchema: { type: "object", properties: { id: integer, size: integer, text: {} } },
    request: { method: "GET", path: "/{id}", parameters: [{ name: "id", in: "path" }] },
  };
  const unsafe = Number("9007199254740993");
  for (const [args, expected] of [
    [{ id: 1, size: 2 ** 53 - 1, text: unsafe }, undefined],
    [{ id: null }, undefined],
    [{ id: "9007199254740993" }, undefined],
    [{ id: "-9007199254740993" }, undefined],
    [{ id: unsafe }, "id has more digits than a number keeps: give it as a string of its digits"],
    [{ size: unsafe }, "size has more digits than a number keeps"],
    [{ size: "9007199254740993" }, "size has more digits than a number keeps"],
  ]) {
    assert.equal(argumentProblems(tool, args), expected, JSON.stringify(args));
  }
  assert.match(argumentProblems(tool, { id: "12" }), /integer/);
  assert.match(argumentProblems(tool, { id: "1e30" }), /digits/);
});

test("a format describes, and refuses nothing", async () => {
  const { problems } = await import(pathToFileURL(path.join(folder, "dist/schema.js")).href);
  const time = { type: "string", format: "date-time" };
  const schema = {
    type: "object",
    properties: { at: time, format: time, days: { type: "array", items: { $ref: "#/$defs/format" } } },
    $defs: { format: { type: "string", format: "date", minLength: 2 } },
    additionalProperties: false,
  };
  const fits = { at: "2026-04-29 13:00:00", format: "09:00", days: ["tomorrow"] };
  assert.equal(problems(schema, fits), undefined);
  assert.match(problems(schema, { format: 9 }), /string/);
  assert.match(problems(schema, { days: ["x"] }), /2/);
  const data = { type: "object", properties: { how: { const: { format: "uri" } } } };
  assert.equal(problems(data, { how: { format: "uri" } }), undefined);
});

test("label, matrix and reserved characters in paths", async () => {
  const args = {
    kind: ["inn", "a.b/c"],
    area: { x: 1, y: "a;b" },
    name: "n",
    path: "a:b@c,d/..e?f#g",
    ids: [1, 2],
    cols: ["a", "b"],
    sort: { by: "name", desc: true },
  };
  const { url } = await sent("search_places", args);
  assert.equal(
    url,
    "/v1/places.inn.a.b%2Fc;x=1;y=a%3Bb/n/at/a:b@c,d%2F..e%3Ff%23g?ids=1%202&cols=a%09b&by=name&desc=true",
  );
  for (const path of ["..", "d/../e"]) {
    assert.match(await refused("search_places", { ...args, path }), /"\." or "\.\."/);
  }
});

test("JSON bodies keep null and leave out what is not given", async () => {
  const { headers, body } = await sent("create_pet", { name: "Rex", tag: null });
  assert.equal(headers["content-type"], "application/json");
  assert.equal(body.toString(), '{"name":"Rex","tag":null}');
});

test("form bodies", async () => {
  const { headers, body } = await sent("sign_in", {
    user: "a&b=c d",
    scopes: ["x", "y z"],
    extra: { a: 1 },
  });
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  assert.equal(body.toString(), "user=a%26b%3Dc%20d&scopes=x%20y%20z&extra=%7B%22a%22%3A1%7D");
});

test("multipart bodies", async () => {
  const data = Buffer.from([0, 255, 13, 10, 45, 45]);
  const { headers, body } = await sent("upload_photo", {
    pet_id: "1",
    caption: "Ré\r\n--x",
    meta: { a: 1 },
    photo: { filename: 'a"\r\nb.png', contentType: "image/png", data: data.toString("base64") },
  });
  const [, boundary] = /^multipart\/form-data; boundary=(\S+)$/.exec(headers["content-type"]);
  const parts = body.toString("latin1").split(`--${boundary}`);
  assert.deepEqual(parts, [
    "",
    `\r\nContent-Disposition: form-data; name="caption"\r\n\r\n${Buffer.from("Ré\r\n--x").toString("latin1")}\r\n`,
    '\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n',
    `\r\nContent-Disposition: form-data; name="photo"; filename="a%22 b.png"\r\nContent-Type: image/png\r\n\r\n${data.toString("latin1")}\r\n`,
    "--\r\n",
  ]);
  assert.match(await refused("upload_photo", { pet_id: "1", photo: { data: "*" } }), /base64/);
});

test("recipes that cannot be sent say so", async () => {
  const get = tools.get("get_pet");
  const settings = { API_BASE_URL: upstream.url, ...secrets };
  const { signal } = new AbortController();
  const attempt = async (request, args) => {
    upstream.answer({ json: {} });
    const tool = { ...get, request: { ...get.request, ...request } };
    const { content } = await callApi(tool, args, settings, signal);
    assert.equal(upstream.requests.length, 0);
    return content[0].text;
  };
  const body = { mediaType: "application/json", encoding: "json", property: "pet_id" };
  assert.match(await attempt({ body }, { pet_id: "1" }), /A GET request cannot carry a body/);
  assert.match(await attempt({ method: "TRACE" }, { pet_id: "1" }), /could not be reached .*TRACE/);
  assert.match(
    await attempt({ path: "/a/{other}" }, { other: "1" }),
    /"other" is part of the path/,
  );
  assert.match(await attempt({ path: "/../{petId}" }, { pet_id: "1" }), /"\." or "\.\."/);
  const host = { name: "Host", in: "header", property: "pet_id" };
  assert.match(
    await attempt({ path: "/", parameters: [host] }, { pet_id: "x" }),
    /"Host" cannot be set/,
  );
  const auth = { ...host, name: "mcpengine-auth" };
  assert.match(await attempt({ path: "/", parameters: [auth] }, { pet_id: "x" }), /cannot be set/);
});

test("an empty body of a GET request is left out", async () => {
  const get = tools.get("get_pet");
  const settings = { API_BASE_URL: upstream.url, ...secrets };
  const { signal } = new AbortController();
  for (const encoding of ["form", "json"]) {
    upstream.answer({ json: { id: 1, name: "x" } });
    const body = { mediaType: "text/x", encoding, property: "body" };
    const tool = { ...get, request: { ...get.request, body } };
    const result = await callApi(tool, { pet_id: "1", body: {} }, settings, signal);
    assert.equal(result.isError, undefined);
    assert.equal(upstream.requests[0].headers["content-type"], undefined);
  }
});

test("fixed queries and odd templates", async () => {
  const get = tools.get("get_pet");
  const settings = { API_BASE_URL: upstream.url, ...secrets };
  const { signal } = new AbortController();
  const urlOf = async (path) => {
    upstream.answer({ json: { id: 1, name: "x" } });
    const tool = { ...get, request: { ...get.request, path } };
    const result = await callApi(tool, { pet_id: "a&b" }, settings, signal);
    assert.equal(result.isError, undefined, result.content[0].text);
    return upstream.requests[0].url;
  };
  assert.equal(await urlOf("/x?action=Get&id={petId}#frag"), "/v1/x?action=Get&id=a%26b");
  assert.equal(await urlOf("no-slash/{petId}.json"), "/v1/no-slash/a%26b.json");
  assert.equal(await urlOf("/a b/%7Bc%7D/é\\{petId}"), "/v1/a%20b/%7Bc%7D/%C3%A9%5Ca%26b");
  assert.equal(await urlOf("//evil.example/{petId}"), "/v1//evil.example/a%26b");
});

test("text and binary bodies", async () => {
  const note = await sent("put_note", { body: "<é>" });
  assert.equal(note.headers["content-type"], "text/plain");
  assert.equal(note.body.toString(), "<é>");
  const file = await sent("put_file", { data: "AP8_-w" });
  assert.deepEqual([...file.body], [0, 255, 63, 251]);
});

test("a server of its own that is a path", async () => {
  const { url } = await sent("get_status", {});
  assert.equal(url, "/ops/status");
});

test("credentials on Node", async () => {
  const pet = await sent("get_pet", { pet_id: "1" });
  assert.equal(pet.headers["x-api-key"], "key-secret-1");
  assert.equal(pet.headers["mcpengine-auth"], undefined);

  // The second way, because the token of the first is not set.
  const both = await sent("create_pet", { name: "x" });
  assert.equal(
    both.headers["authorization"],
    `Basic ${Buffer.from("ada:pass-sécret").toString("base64")}`,
  );
  assert.equal(both.headers["x-api-key"], "key-secret-1");
  const token = await sent("create_pet", { name: "x" }, { PETSTORE_TOKEN: " tok " });
  assert.equal(token.headers["authorization"], "Bearer tok");
  assert.equal(token.headers["x-api-key"], undefined);

  // Optional: sent when there is one.
  assert.equal((await sent("list_pets", {})).headers["x-api-key"], "key-secret-1");
  assert.equal(
    (await sent("list_pets", {}, { PETSTORE_API_KEY: "" })).headers["x-api-key"],
    undefined,
  );
  assert.equal((await sent("put_file", { data: "" })).headers["x-api-key"], undefined);

  const missing = await refused("create_pet", { name: "x" }, { PETSTORE_PASSWORD: "" });
  assert.match(missing, /PETSTORE_TOKEN, or PETSTORE_PASSWORD/);
  assert.match(await refused("sign_with_certificate", {}), /mtls \(mutual TLS\)/);
});

test("where the platform adds credentials, only their names are sent", async () => {
  const env = { MCPENGINE_HOSTED: "1", PETSTORE_TOKEN: "tok" };
  const names = async (name, args) => {
    const { headers } = await sent(name, args, env);
    assert.equal(headers["authorization"], undefined);
    assert.equal(headers["x-api-key"], undefined);
    return headers["mcpengine-auth"];
  };
  assert.equal(await names("create_pet", { name: "x" }), "token|user+api_key");
  assert.equal(await names("list_pets", {}), "api_key|");
  assert.equal(await names("put_file", { data: "" }), "");
  assert.equal(await names("get_status", {}), "");
});

test("the base URL", async () => {
  const env = { API_BASE_URL: undefined };
  assert.match(
    await refused("get_pet", { pet_id: "1" }, { ...env, PETSTORE_REGION: "moon" }),
    /PETSTORE_REGION must be one of: eu, us/,
  );
  for (const bad of ["ftp://x", "not a url", "http://user:pw@127.0.0.1/"]) {
    assert.match(await refused("get_pet", { pet_id: "1" }, { API_BASE_URL: bad }), /API_BASE_URL/);
  }
  upstream.answer({ json: { id: 1, name: "x" } });
  await call("get_pet", { pet_id: "1" }, { API_BASE_URL: `${upstream.url}///` });
  assert.equal(upstream.requests[0].url, "/v1/pets/1");
});
