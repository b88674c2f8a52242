// Bad requests: refused with a status and a stable code, before anything is made.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  assertUnchanged,
  codeOfFailure,
  description,
  refusal,
  snapshot,
  tooLarge,
} from "../lib/refusal.mjs";
import { stage } from "../lib/stage.mjs";

const MIB = 1 << 20;
const UNKNOWN = "00000000-0000-7000-8000-000000000000";

let studio;
const on = stage(async (on) => {
  ({ studio } = on);
});

const raw = (body, type = "application/json", headers = {}) =>
  studio.fetch("/api/analyze", {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body,
  });
const json = (value) => raw(JSON.stringify(value));
const refused = (send) => refusal(studio, send);

describe("requests that are refused before a job exists", () => {
  for (const [name, body, status, code, message] of [
    ["broken JSON", '{"specUrl": ', 400, "invalid_json", /line 1 column/],
    ["no source", "{}", 400, "invalid_source", /specUrl, specFile/],
    [
      "two sources",
      '{"specUrl":"http://127.0.0.1/","specFile":"x"}',
      400,
      "invalid_source",
      /exactly one/,
    ],
    ["a wrong type", '{"specUrl":7}', 400, "invalid_field", /string/],
    ["prose and a file", '{"rawDocs":"GET /x","specFile":"{}"}', 400, "invalid_source", /rawDocs/],
    [
      "an unknown project",
      `{"specFile":"{}","projectId":"${UNKNOWN}"}`,
      404,
      "project_not_found",
      /00000000/,
    ],
  ]) {
    test(`analyze: ${name}`, async () => {
      const it = await refused(() => raw(body));
      assert.deepEqual([it.status, it.code], [status, code]);
      assert.match(it.message, message);
    });
  }

  test("analyze: a form without the file", async () => {
    const form = new FormData();
    form.set("other", "x");
    const it = await refused(() => studio.fetch("/api/analyze", { method: "POST", body: form }));
    assert.deepEqual([it.status, it.code], [400, "invalid_source"]);
    assert.match(it.message, /specFile/);
    const broken = await refused(() => raw("no form", "multipart/form-data; boundary=x"));
    assert.deepEqual([broken.status, broken.code], [400, "invalid_form"]);
  });

  for (const url of [
    "file:///etc/passwd",
    "ftp://example.com/x",
    "not a url",
    "http://169.254.169.254/latest/meta-data",
    "http://10.0.0.1/x",
    "http://[fd00::1]/x",
    "http://0x7f.1.run.mcpengine.run/x",
    "https://user:pass@example.com/x",
  ]) {
    test(`analyze: the address ${url}`, async () => {
      const it = await refused(() => json({ specUrl: url }));
      assert.equal(it.code, "url_denied", it.message);
    });
  }

  test("analyze: addresses that lead to no description", async () => {
    for (const [path, code] of [
      ["http://127.0.0.1:9/openapi.json", "url_unreachable"],
      ["/nothing", "url_status"],
      ["/down", "url_status"],
      ["/to-metadata", "url_denied"],
      ["/to-file", "url_denied"],
      ["/loop", "url_denied"],
      ["/too-large.json", "body_too_large"],
      ["/page", "not_an_api_description"],
    ]) {
      const specUrl = new URL(path, on.upstream.origin).href;
      assert.equal(await codeOfFailure(studio, () => json({ specUrl })), code, path);
    }
  });

  test("analyze: an address that has moved is followed, and kept", async () => {
    const { result, projectId } = await studio.analyze({
      specUrl: `${on.upstream.origin}/moved.json`,
    });
    assert.equal(result.service, "Harbour");
    assert.equal((await studio.get(`/api/projects/${projectId}`)).specUrl, on.upstream.documentUrl);
  });

  for (const path of ["/api/generate", "/api/deploy"]) {
    test(`${path}: fields, project, order`, async () => {
      const target = path.endsWith("deploy") ? { target: "mcpengine" } : {};
      const post = (body) => studio.post(path, { ...target, ...body });
      const code = async (body) => {
        const { status, code } = await refused(() => post(body));
        return [status, code];
      };
      assert.deepEqual(await code({}), [400, "invalid_field"]);
      assert.deepEqual(await code({ projectId: UNKNOWN }), [404, "project_not_found"]);
      assert.deepEqual(await code({ projectId: "' OR 1=1 --" }), [404, "project_not_found"]);
      const { body: draft } = await studio.api("POST", "/api/projects", {
        name: `Draft of ${path}`,
      });
      const expected = path.endsWith("generate") ? "not_analyzed" : "not_generated";
      assert.deepEqual(await code({ projectId: draft.id }), [409, expected]);
    });
  }

  test("deploy: a target that there is not, variables that the API does not have", async () => {
    const { projectId } = await studio.analyze({ specFile: JSON.stringify(description()) });
    await studio.generate(projectId);
    const code = async (body) => {
      const { status, code } = await refused(() =>
        studio.post("/api/deploy", { projectId, ...body }),
      );
      return [status, code];
    };
    assert.deepEqual(await code({ target: "moon" }), [400, "invalid_field"]);
    const target = "mcpengine";
    assert.deepEqual(await code({ target, config: { variables: { NO: "x" } } }), [
      400,
      "unknown_variable",
    ]);
    assert.deepEqual(
      await code({ target, config: { variables: { API_BASE_URL: "http://10.0.0.1/" } } }),
      [400, "base_url_denied"],
    );
    assert.deepEqual(
      await code({ target, config: { variables: { API_BASE_URL: "ftp://example.com/" } } }),
      [400, "base_url_denied"],
    );
  });

  test("deploy: an API whose address nobody knows", async () => {
    const { projectId } = await studio.analyze({
      specFile: JSON.stringify(description({ servers: undefined })),
    });
    await studio.generate(projectId);
    const it = await refused(() => studio.post("/api/deploy", { projectId, target: "mcpengine" }));
    assert.deepEqual([it.status, it.code], [400, "base_url_needed"]);
    const { live } = await studio.deploy(projectId, {
      access: "public",
      variables: { API_BASE_URL: "http://127.0.0.1:9/v1/" },
    });
    assert.equal(live.tools, 1);
  });

  test("generate: tools and schemes that the plan does not have, no tool at all", async () => {
    const { projectId } = await studio.analyze({ specFile: JSON.stringify(description()) });
    const code = async (body) => {
      const { status, code } = await refused(() =>
        studio.post("/api/generate", { projectId, ...body }),
      );
      return [status, code];
    };
    assert.deepEqual(await code({ tools: [{ key: "GET /no" }] }), [400, "unknown_tool"]);
    assert.deepEqual(await code({ auth: { disabledSchemes: ["no"] } }), [400, "unknown_scheme"]);
    assert.deepEqual(await code({ tools: [{ key: "GET /things", enabled: false }] }), [
      409,
      "no_tools",
    ]);
  });
});

describe("routes", () => {
  test("a path that is not there, a method that it does not have", async () => {
    for (const [method, path, status, code, { allow, body } = {}] of [
      ["GET", "/api/nothing", 404, "no_such_route"],
      ["GET", "/api/projects/", 404, "no_such_route"],
      ["DELETE", "/api/health", 405, "method_not_allowed", { allow: "GET" }],
      ["PUT", "/api/projects", 405, "method_not_allowed", { allow: "GET, POST" }],
      [
        "POST",
        `/api/projects/${UNKNOWN}`,
        405,
        "method_not_allowed",
        { allow: "GET, PATCH, DELETE" },
      ],
      ["GET", "/api/analyze", 405, "method_not_allowed", { allow: "POST" }],
      ["OPTIONS", "/api/projects", 405, "method_not_allowed", { allow: "GET, POST" }],
      ["GET", `/api/projects/${UNKNOWN}`, 404, "project_not_found"],
      ["GET", `/api/projects/${UNKNOWN}/analysis`, 404, "project_not_found"],
      ["GET", `/api/projects/${UNKNOWN}/deployments`, 404, "project_not_found"],
      ["PATCH", `/api/projects/${UNKNOWN}`, 404, "project_not_found", { body: { name: "x" } }],
      ["DELETE", `/api/projects/${UNKNOWN}`, 404, "project_not_found"],
      ["GET", `/api/projects/${UNKNOWN}/tokens`, 404, "project_not_found"],
      ["DELETE", `/api/projects/${UNKNOWN}/tokens/${UNKNOWN}`, 404, "project_not_found"],
      ["DELETE", `/api/projects/${UNKNOWN}/tokens/`, 404, "no_such_route"],
      [
        "DELETE",
        `/api/projects/${UNKNOWN}/tokens`,
        405,
        "method_not_allowed",
        { allow: "GET, POST" },
      ],
      ["GET", `/api/projects/${UNKNOWN}/stop`, 405, "method_not_allowed", { allow: "POST" }],
      ["GET", `/api/deployments/${UNKNOWN}`, 404, "deployment_not_found"],
      ["GET", "/api/deployments/%27%20OR%201=1", 404, "deployment_not_found"],
      ["GET", "/api/deployments", 404, "no_such_route"],
      ["POST", `/api/deployments/${UNKNOWN}/activate`, 404, "deployment_not_found"],
      ["GET", `/api/jobs/${UNKNOWN}`, 404, "job_not_found"],
      ["GET", `/api/jobs/${UNKNOWN}/events`, 404, "job_not_found"],
      ["GET", "/api/projects/%27%20OR%201=1", 404, "project_not_found"],
      ["GET", "/api/projects/%ff%00", 404, "project_not_found"],
      ["GET", "/api/projects?limit=0", 400, "invalid_limit"],
      ["GET", "/api/projects?limit=x", 400, "invalid_limit"],
      ["GET", "/api/projects?cursor=x", 400, "invalid_cursor"],
    ]) {
      const answer = await studio.api(method, path, body);
      assert.deepEqual(
        {
          status: answer.status,
          code: answer.body.error.code,
          allow: answer.headers.get("allow") ?? undefined,
        },
        { status, code, allow },
        `${method} ${path}`,
      );
      assert.equal(answer.body.error.requestId, answer.headers.get("x-request-id"));
    }
  });

  test("a page of another site cannot use the studio of this machine", async () => {
    const before = await snapshot(studio);
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost.evil.example",
      `http://harbour.localhost:${studio.port}`,
    ]) {
      for (const [method, path, body] of [
        ["GET", "/api/projects"],
        ["POST", "/api/projects", { name: "x" }],
        ["POST", "/api/analyze", { specFile: "{}" }],
        ["DELETE", `/api/projects/${UNKNOWN}`],
      ]) {
        const answer = await studio.api(method, path, body, { origin });
        assert.deepEqual(
          [
            answer.status,
            answer.body.error.code,
            answer.headers.get("access-control-allow-origin"),
          ],
          [403, "origin_not_allowed", null],
          `${origin} ${method} ${path}`,
        );
      }
    }
    await assertUnchanged(studio, before);
    const own = await studio.api("GET", "/api/projects", undefined, { origin: studio.origin });
    assert.equal(own.status, 200);
  });

  test("a JSON body over a megabyte is refused", async () => {
    const headers = { "content-type": "application/json" };
    await tooLarge(studio, "/api/projects", MIB, { ...headers, "content-length": String(MIB + 1) });
    await tooLarge(studio, "/api/projects", MIB, headers, " ".repeat(MIB + 1));
  });
});
