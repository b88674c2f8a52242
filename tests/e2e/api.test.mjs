// The HTTP API on workerd: streams, jobs, projects, and every bad input.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { post } from "../support/mcp.mjs";
import { events, terminal } from "../support/sse.mjs";
import { startStudio } from "../support/studio.mjs";

const DOCUMENT = {
  openapi: "3.0.3",
  info: { title: "Small", version: "1" },
  servers: [{ url: "http://127.0.0.1:9" }],
  paths: { "/ping": { get: { operationId: "ping", responses: { 200: { description: "ok" } } } } },
};

let studio;
before(async () => {
  studio = await startStudio();
});
after(() => studio?.close());

/** A request with a Host of its own, which `fetch` does not allow. */
function withHost(host, path = "/") {
  const { hostname, port } = new URL(studio.origin);
  return new Promise((resolve, reject) => {
    const request = http.get({ hostname, port, path, headers: { host } }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    request.on("error", reject);
  });
}

test("health and config answer, with a request id", async () => {
  const health = await studio.json("/api/health");
  assert.deepEqual([health.status, health.body.status, health.body.environment], [200, "ok", "development"]);
  assert.ok(health.headers.get("x-request-id"));
  const config = await studio.json("/api/config");
  assert.equal(config.body.maxSpecBytes, 16 * 1024 * 1024);
  const own = await studio.json("/api/openapi.json");
  assert.match(own.body.openapi, /^3\.1/);
});

test("an unknown Host is answered 421, never with the front end", async () => {
  for (const host of ["evil.example", "mcpengine.run", "a.b.localhost", "localhost.evil.example"]) {
    const { status, body } = await withHost(host);
    assert.equal(status, 421, host);
    assert.ok(!body.includes("<html"), host);
  }
  const unknown = await withHost("nobody.localhost", "/mcp");
  assert.equal(unknown.status, 404);
});

test("the document may come as JSON string, raw body, YAML and file", async () => {
  const text = JSON.stringify(DOCUMENT);
  const form = new FormData();
  form.set("specFile", new File([text], "small.json", { type: "application/json" }));
  const yaml =
    "openapi: 3.0.3\ninfo: {title: Small, version: '1'}\nservers: [{url: 'http://127.0.0.1:9'}]\n" +
    "paths:\n  /ping:\n    get: {operationId: ping, responses: {'200': {description: ok}}}\n";
  const raw = async (body, headers) => terminal(await studio.stream("/api/analyze", body, headers));
  const ends = [
    await raw({ specFile: text }),
    await raw(text, { "content-type": "application/json" }),
    await raw(yaml, { "content-type": "application/yaml" }),
    await raw(form),
  ];
  for (const { type, result } of ends) {
    assert.equal(type, "analysis:complete");
    assert.equal(result.service, "Small");
    assert.deepEqual(
      result.endpoints.map(({ method, path, operationId }) => ({ method, path, operationId })),
      [{ method: "GET", path: "/ping", operationId: "ping" }],
    );
  }
  const ids = new Set(ends.map(({ result }) => result.projectId));
  assert.equal(ids.size, 4, "each analysis without a project makes one");
});

test("a stream starts at once, ends once, and can be taken up again", async () => {
  const list = await studio.stream("/api/analyze", DOCUMENT);
  const end = terminal(list);
  assert.equal(end.type, "analysis:complete");
  assert.deepEqual(list[0].data.step, "accepted");
  assert.ok(list.some(({ event }) => event === "analysis:tool_found"));
  const times = [];
  for (let round = 0; round < 3; round += 1) {
    times.push((await studio.stream("/api/analyze", DOCUMENT))[0].ms);
  }
  assert.ok(Math.min(...times) < 100, `first event after ${times.map(Math.round)} ms`);

  const { jobId } = list[0].data;
  const job = await studio.json(`/api/jobs/${jobId}`);
  assert.deepEqual([job.body.kind, job.body.state], ["analyze", "done"]);
  const plain = (items) => items.map(({ id, event, data }) => ({ id, event, data }));
  const replay = await events(await studio.fetch(`/api/jobs/${jobId}/events`));
  assert.deepEqual(plain(replay), plain(list));
  const rest = await events(
    await studio.fetch(`/api/jobs/${jobId}/events`, { headers: { "last-event-id": list[1].id } }),
  );
  assert.deepEqual(plain(rest), plain(list.slice(2)));
});

test("what was made can be read back, edited and removed", async () => {
  const { analysis, bundle, live, projectId } = await studio.publish(
    { specFile: JSON.stringify(DOCUMENT) },
    { access: "public" },
  );
  const get = async (route) => (await studio.json(`/api/projects/${projectId}${route}`)).body;
  assert.deepEqual(await get("/analysis"), analysis);
  assert.deepEqual(await get("/bundle"), bundle);
  const project = await get("");
  assert.equal(project.status, "deployed");
  assert.equal(project.server.status, "live");
  const [tool] = (await get("/tools")).tools;
  assert.deepEqual([tool.name, tool.method, tool.path, tool.enabled], ["ping", "GET", "/ping", true]);
  const paths = bundle.files.map(({ path }) => path);
  for (const path of ["src/server.ts", "src/worker.ts", "src/node.ts", "src/custom.ts", "package.json", "README.md"]) {
    assert.ok(paths.includes(path), path);
  }

  const renamed = await studio.json(`/api/projects/${projectId}`, {
    method: "PATCH",
    body: { edits: [{ key: tool.key, path: ["name"], value: "check", prev: "ping" }] },
  });
  assert.equal(renamed.status, 200, JSON.stringify(renamed.body));
  assert.equal((await get("/tools")).tools[0].name, "check");

  assert.equal((await post(live.endpoint, "tools/list")).status, 200);
  assert.equal((await studio.fetch(`/api/projects/${projectId}`, { method: "DELETE" })).status, 204);
  assert.equal((await studio.fetch(`/api/projects/${projectId}`)).status, 404);
  assert.equal((await post(live.endpoint, "tools/list")).status, 404);
  // The released slug is remembered, so that nobody can take over its address.
  const left = (await studio.dump()).split("\n").filter((part) => part.includes(projectId));
  assert.deepEqual(
    left.map((part) => part.split(":")[0]),
    ["slugs"],
    "rows and objects are gone",
  );
});

test("a second deployment while one runs is 409", async () => {
  const analysis = await studio.analyze({ specFile: JSON.stringify(DOCUMENT) });
  await studio.generate(analysis.projectId);
  const body = { projectId: analysis.projectId, target: "mcpengine", config: { access: "public" } };
  const answers = await Promise.all([1, 2, 3].map(() => studio.fetch("/api/deploy", { body })));
  const refused = answers.filter(({ status }) => status === 409);
  const accepted = answers.filter(({ status }) => status === 200);
  assert.ok(accepted.length >= 1 && refused.length >= 1, answers.map(({ status }) => status).join());
  for (const response of refused) {
    assert.equal((await response.json()).error.code, "deploy_running");
  }
  for (const response of accepted) {
    assert.equal(terminal(await events(response)).type, "deploy:live");
  }
});

const deep = (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"]
  .concat("bcdefghi".split("").map((c, i) => `${c}: &${c} [${`*${"abcdefghi"[i]},`.repeat(9).slice(0, -1)}]`))
  .join("\n");

/** Documents that are refused in the stream: what, code. */
const REFUSED = [
  ["neither JSON nor YAML", "{ : ] not a document", "document_syntax"],
  ["cut off JSON", '{"openapi": "3.1.0", "paths": {', "document_syntax"],
  ["an empty text", "   ", "document_empty"],
  ["some other JSON", '{"hello": "world"}', "not_an_api_description"],
  ["no operations", '{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{}}', "no_operations"],
  ["a deep document", deep(100_000), /^document_/],
  ["an alias bomb", bomb, /^document_/],
];

for (const [name, text, code] of REFUSED) {
  test(`refused with a code: ${name}`, async () => {
    const count = async () => (await studio.json("/api/projects?limit=100")).body.projects.length;
    const before = await count();
    const response = await studio.fetch("/api/analyze", { body: { specFile: text } });
    let error;
    if (response.status === 200) {
      error = terminal(await events(response));
      assert.equal(error.type, "error");
    } else {
      assert.ok(response.status >= 400 && response.status < 500, `status ${response.status}`);
      ({ error } = await response.json());
    }
    assert.match(error.code, code instanceof RegExp ? code : new RegExp(`^${code}$`));
    assert.ok(error.message.length > 10, error.message);
    assert.equal(await count(), before, "nothing half-made is left behind");
  });
}

test("external and missing references are diagnostics or errors, never fetched", async () => {
  const broken = structuredClone(DOCUMENT);
  broken.paths["/ping"].get.parameters = [
    { $ref: "http://127.0.0.1:9/parameters.json#/p" },
    { $ref: "#/components/parameters/Nowhere" },
  ];
  const end = terminal(await studio.stream("/api/analyze", broken));
  const codes = end.type === "error" ? [end.code] : end.result.diagnostics.map(({ code }) => code);
  assert.ok(codes.some((code) => /ref/.test(code)), codes.join());
});

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

/** Requests that are refused before a job exists: what, route, options, status, code. */
const BAD_REQUESTS = [
  ["broken JSON", "/api/generate", { body: "{", headers: { "content-type": "application/json" } }, 400, "invalid_json"],
  ["unknown project", "/api/generate", { body: { projectId: UNKNOWN } }, 404, "project_not_found"],
  ["unknown project", "/api/deploy", { body: { projectId: UNKNOWN, target: "mcpengine" } }, 404, "project_not_found"],
  ["unknown project", "/api/analyze", { body: { specFile: "{}", projectId: UNKNOWN } }, 404, "project_not_found"],
  ["unknown project", `/api/projects/${UNKNOWN}`, {}, 404, "project_not_found"],
  ["no id", "/api/projects/%27%20OR%201=1", {}, 404, "project_not_found"],
  ["unknown job", `/api/jobs/${UNKNOWN}`, {}, 404, "job_not_found"],
  ["unknown route", "/api/nothing", {}, 404, "no_such_route"],
  ["wrong method", "/api/health", { method: "DELETE" }, 405, "method_not_allowed"],
  ["no source", "/api/analyze", { body: {} }, 400, "invalid_source"],
  ["bad limit", "/api/projects?limit=none", {}, 400, "invalid_limit"],
];

for (const [name, route, options, status, code] of BAD_REQUESTS) {
  test(`${name} at ${route}: ${status} ${code}`, async () => {
    const answer = await studio.json(route, options);
    assert.deepEqual([answer.status, answer.body.error.code], [status, code]);
    assert.equal(answer.body.error.requestId, answer.headers.get("x-request-id"));
    assert.ok(answer.body.error.message.length > 5);
  });
}

test("a body over the limit is refused", async () => {
  const big = new Uint8Array(16 * 1024 * 1024 + 1).fill(0x20);
  const response = await studio.fetch("/api/analyze", {
    body: big,
    headers: { "content-type": "application/yaml" },
  });
  const status = response.status;
  const error = status === 200 ? terminal(await events(response)) : (await response.json()).error;
  assert.ok(status === 200 || status === 413, `status ${status}`);
  assert.match(error.code, /too_large/);
});

test("addresses that are not for fetching are refused", async () => {
  for (const specUrl of ["file:///etc/passwd", "http://169.254.169.254/latest", "http://10.0.0.1/x", "not a url"]) {
    const response = await studio.fetch("/api/analyze", { body: { specUrl } });
    const error =
      response.status === 200 ? terminal(await events(response)) : (await response.json()).error;
    assert.match(error.code, /^(url_|invalid_)/, specUrl);
  }
});

test("deployment options that the API does not have are named", async () => {
  const analysis = await studio.analyze({ specFile: JSON.stringify(DOCUMENT) });
  const body = { projectId: analysis.projectId, target: "mcpengine", config: {} };
  const early = await studio.json("/api/deploy", { body });
  assert.deepEqual([early.status, early.body.error.code], [409, "not_generated"]);
  await studio.generate(analysis.projectId);
  for (const [config, code] of [
    [{ secrets: { NOPE: "x" } }, "unknown_secret"],
    [{ variables: { NOPE: "x" } }, "unknown_variable"],
  ]) {
    const answer = await studio.json("/api/deploy", { body: { ...body, config } });
    assert.deepEqual([answer.status, answer.body.error.code], [400, code]);
  }
});
