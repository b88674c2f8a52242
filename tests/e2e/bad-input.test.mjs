// Bad input: a stable code, a sentence that names cause and place, nothing left
// behind, and never a 500.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answerOf, startStudio } from "../lib/studio.mjs";
import { readAll } from "../lib/sse.mjs";

const MIB = 1 << 20;
const UNKNOWN = "00000000-0000-7000-8000-000000000000";

let studio;
before(async () => {
  studio = await startStudio();
});
after(() => studio?.close());

/** A small description that is accepted; tests break it in one place. */
const description = (change = {}) => ({
  openapi: "3.1.0",
  info: { title: "Small", version: "1" },
  servers: [{ url: "http://127.0.0.1:9" }],
  paths: { "/things": { get: { operationId: "listThings", responses: { 200: { description: "OK" } } } } },
  ...change,
});

/** What a refusal may not change, a line each. */
async function snapshot() {
  const projects = (await studio.projects()).map((project) => JSON.stringify(project));
  return new Set([...projects, ...(await studio.objectKeys())]);
}

async function assertUnchanged(before) {
  const now = await snapshot();
  assert.deepEqual(
    { gone: [...before.difference(now)], left: [...now.difference(before)] },
    { gone: [], left: [] },
  );
}

/** The one error of a request, as envelope or as terminal event, and that nothing is left. */
async function refusal(send) {
  const before = await snapshot();
  const response = await send();
  let status;
  let error;
  if (response.status === 200) {
    const last = (await readAll(response)).at(-1);
    assert.equal(last.event, "error", JSON.stringify(last.data).slice(0, 500));
    const { type, ...rest } = last.data;
    error = rest;
    assert.equal(error.recoverable, false);
  } else {
    ({ status } = response);
    const { headers, body } = await answerOf(response);
    error = body.error;
    assert.equal(error.requestId, headers.get("x-request-id"));
  }
  assert.ok(error.message.length > 15, error.message);
  await assertUnchanged(before);
  return { status, code: error.code, message: error.message, details: error.details };
}

/** The code of a terminal error that may be worth another try. */
async function codeOfFailure(send) {
  const before = await snapshot();
  const last = (await readAll(await send())).at(-1);
  assert.equal(last.event, "error");
  await assertUnchanged(before);
  return last.data.code;
}

const raw = (body, type = "application/json", headers = {}) =>
  studio.fetch("/api/analyze", {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body,
    duplex: "half",
  });

const json = (value) => raw(JSON.stringify(value));

/** A document of nested lists. */
const nested = (depth) => `{"openapi":"3.1.0","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;

/** Each line refers to the one before nine times: 9^9 values from 300 bytes. */
function aliasBomb() {
  const lines = ["openapi: 3.1.0", "a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [at, name] of [..."bcdefghi"].entries()) {
    const before = "abcdefghi"[at];
    lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`);
  }
  return lines.join("\n");
}

describe("documents that are refused", () => {
  for (const [name, body, code, message, details = {}] of [
    [
      "not JSON and not YAML",
      "{ openapi: [ }\n\t%%% {{{",
      "document_syntax",
      /line 1|column|1:/i,
      { line: 1 },
    ],
    [
      "JSON with a mistake on its third line",
      '{\n  "openapi": "3.1.0",\n  "info" { }\n}',
      "document_syntax",
      /./,
      { line: 3, column: 10 },
    ],
    ["nothing", "", "document_empty", /empty/],
    ["white space", " \n\n ", "document_empty", /empty/],
    ["bytes that are no text", Uint8Array.of(0x80, 0x81, 0xfe, 0xff), "document_not_text", /text|UTF-8/],
    ["another JSON document", '{"name":"x","dependencies":{}}', "not_an_api_description", /openapi|swagger/i],
    ["a list", "[1,2]", "not_an_api_description", /openapi|swagger|object/i],
    ["a text", '"hello"', "not_an_api_description", /openapi|swagger|object/i],
    ["another version", '{"openapi":"4.0.0","paths":{}}', "unsupported_version", /4\.0\.0/],
    ["empty paths", JSON.stringify(description({ paths: {} })), "no_operations", /paths|operation/],
    ["no paths", JSON.stringify(description({ paths: undefined })), "no_operations", /paths|operation/],
    ["depth", nested(100_000), "document_too_deep", /128/],
    ["depth in YAML", `openapi: 3.1.0\nx: ${"[".repeat(50_000)}`, "document_too_deep", /128/],
    [
      "more than a million values",
      `{"openapi":"3.1.0","x":[${"1,".repeat(1_000_100)}1]}`,
      "document_too_many_nodes",
      /1,?000,?000/,
    ],
    ["aliases that multiply", aliasBomb(), "document_alias_bomb", /alias/i],
  ]) {
    test(name, async () => {
      const refused = await refusal(() => raw(body, "application/octet-stream"));
      assert.equal(refused.code, code, refused.message);
      assert.match(refused.message, message);
      assert.ok(refused.details.help.length > 10, "no help is given");
      for (const [key, value] of Object.entries(details)) {
        assert.equal(refused.details[key], value, `${key} of ${JSON.stringify(refused.details)}`);
      }
    });
  }

  test("a body of 16 MiB is read, one byte more is not", async () => {
    const padded = (bytes) => {
      const text = JSON.stringify(description());
      return text + " ".repeat(bytes - text.length);
    };
    for (const type of ["application/yaml", "application/json"]) {
      const events = await readAll(await raw(padded(16 * MIB), type));
      assert.equal(events.at(-1).event, "analysis:complete", type);
      const { code, status, details } = await refusal(() => raw(padded(16 * MIB + 1), type));
      assert.deepEqual([status, code, details.limit], [413, "body_too_large", 16 * MIB]);
    }
  });

  test("a body that does not say its length is counted", async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(MIB).fill(0x20));
      },
    });
    const { status, code } = await refusal(() => raw(stream, "application/yaml"));
    assert.deepEqual([status, code], [413, "body_too_large"]);
  });

  test("a wrapped or attached document is held to the same limit", async () => {
    const big = " ".repeat(16 * MIB + 1);
    const form = new FormData();
    form.set("specFile", new Blob([big]), "big.json");
    for (const send of [
      () => json({ specFile: big }),
      () => studio.fetch("/api/analyze", { method: "POST", body: form }),
    ]) {
      const { status, code } = await refusal(send);
      assert.deepEqual([status, code], [413, "body_too_large"]);
    }
  });

  test("a compressed body is refused, whatever it unpacks to", async () => {
    const { status, code } = await refusal(() =>
      raw("x", "application/json", { "content-encoding": "gzip" }),
    );
    assert.deepEqual([status, code], [415, "unsupported_encoding"]);
  });
});

describe("documents that are accepted with findings", () => {
  const withSchema = (schema) =>
    description({
      paths: {
        "/things": {
          post: {
            operationId: "addThing",
            requestBody: { content: { "application/json": { schema } } },
            responses: { 200: { description: "OK" } },
          },
        },
      },
    });

  for (const [name, schema, code] of [
    ["an external $ref", { $ref: "http://127.0.0.1:9/schema.json#/Thing" }, "external-ref"],
    ["a missing $ref", { $ref: "#/components/schemas/Nowhere" }, "missing-ref"],
  ]) {
    test(`${name} loses the schema, not the operation`, async () => {
      const { result } = await studio.analyze({ specFile: JSON.stringify(withSchema(schema)) });
      assert.deepEqual([result.toolCount, result.endpoints[0].tool], [1, "add_thing"]);
      const found = result.diagnostics.find((diagnostic) => diagnostic.code === code);
      assert.ok(found, JSON.stringify(result.diagnostics));
      assert.ok(found.pointer.startsWith("/paths/~1things/post"), found.pointer);
      assert.ok(found.message.includes(schema.$ref) && found.help.length > 10, found.message);
    });
  }

  test("an operation that makes no sense is left out, and the others stay", async () => {
    const { result } = await studio.analyze({
      specFile: JSON.stringify(
        description({ paths: { ...description().paths, "/broken": { get: "nonsense" } } }),
      ),
    });
    assert.equal(result.toolCount, 1);
    assert.ok(
      result.diagnostics.some(({ pointer }) => pointer.startsWith("/paths/~1broken")),
      JSON.stringify(result.diagnostics),
    );
  });
});

describe("requests that are refused before a job exists", () => {
  for (const [name, body, status, code, message] of [
    ["broken JSON", '{"specUrl": ', 400, "invalid_json", /line 1 column/],
    ["no source", "{}", 400, "invalid_source", /specUrl, specFile/],
    ["two sources", '{"specUrl":"http://127.0.0.1/","specFile":"x"}', 400, "invalid_source", /exactly one/],
    ["a wrong type", '{"specUrl":7}', 400, "invalid_field", /string/],
    ["prose", '{"rawDocs":"GET /x"}', 400, "raw_docs_unsupported", /specFile/],
    ["an unknown project", `{"specFile":"{}","projectId":"${UNKNOWN}"}`, 404, "project_not_found", /00000000/],
  ]) {
    test(`analyze: ${name}`, async () => {
      const refused = await refusal(() => raw(body));
      assert.deepEqual([refused.status, refused.code], [status, code]);
      assert.match(refused.message, message);
    });
  }

  test("analyze: a form without the file", async () => {
    const form = new FormData();
    form.set("other", "x");
    const refused = await refusal(() => studio.fetch("/api/analyze", { method: "POST", body: form }));
    assert.deepEqual([refused.status, refused.code], [400, "invalid_source"]);
    assert.match(refused.message, /specFile/);
    const broken = await refusal(() => raw("no form", "multipart/form-data; boundary=x"));
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
      const refused = await refusal(() => json({ specUrl: url }));
      assert.equal(refused.code, "url_denied", refused.message);
    });
  }

  test("analyze: an address that nobody answers, or not with a document", async () => {
    const nobody = await codeOfFailure(() => json({ specUrl: "http://127.0.0.1:9/openapi.json" }));
    assert.equal(nobody, "url_unreachable");
    const missing = await codeOfFailure(() => json({ specUrl: `${studio.origin}/api/nothing` }));
    assert.equal(missing, "url_status");
    const page = await codeOfFailure(() => json({ specUrl: `${studio.origin}/` }));
    assert.match(page, /^(not_an_api_description|document_syntax)$/);
  });

  for (const path of ["/api/generate", "/api/deploy"]) {
    test(`${path}: fields, project, order`, async () => {
      const target = path.endsWith("deploy") ? { target: "mcpengine" } : {};
      const post = (body) => studio.post(path, { ...target, ...body });
      const code = async (body) => {
        const { status, code } = await refusal(() => post(body));
        return [status, code];
      };
      assert.deepEqual(await code({}), [400, "invalid_field"]);
      assert.deepEqual(await code({ projectId: UNKNOWN }), [404, "project_not_found"]);
      assert.deepEqual(await code({ projectId: "' OR 1=1 --" }), [404, "project_not_found"]);
      const { body: draft } = await studio.api("POST", "/api/projects", { name: `Draft of ${path}` });
      const expected = path.endsWith("generate") ? "not_analyzed" : "not_generated";
      assert.deepEqual(await code({ projectId: draft.id }), [409, expected]);
    });
  }

  test("deploy: a target that there is not, variables that the API does not have", async () => {
    const { projectId } = await studio.analyze({ specFile: JSON.stringify(description()) });
    await studio.generate(projectId);
    const code = async (body) => {
      const { status, code } = await refusal(() => studio.post("/api/deploy", { projectId, ...body }));
      return [status, code];
    };
    assert.deepEqual(await code({ target: "moon" }), [400, "invalid_field"]);
    const target = "mcpengine";
    assert.deepEqual(await code({ target, config: { variables: { NO: "x" } } }), [400, "unknown_variable"]);
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
    const refused = await refusal(() => studio.post("/api/deploy", { projectId, target: "mcpengine" }));
    assert.deepEqual([refused.status, refused.code], [400, "base_url_needed"]);
    const { live } = await studio.deploy(projectId, {
      access: "public",
      variables: { API_BASE_URL: "http://127.0.0.1:9/v1/" },
    });
    assert.equal(live.tools, 1);
  });

  test("generate: tools and schemes that the plan does not have, no tool at all", async () => {
    const { projectId } = await studio.analyze({ specFile: JSON.stringify(description()) });
    const code = async (body) => {
      const { status, code } = await refusal(() => studio.post("/api/generate", { projectId, ...body }));
      return [status, code];
    };
    assert.deepEqual(await code({ tools: [{ key: "GET /no" }] }), [400, "unknown_tool"]);
    assert.deepEqual(await code({ auth: { disabledSchemes: ["no"] } }), [400, "unknown_scheme"]);
    assert.deepEqual(
      await code({ tools: [{ key: "GET /things", enabled: false }] }),
      [409, "no_tools"],
    );
  });
});

describe("routes", () => {
  test("a path that is not there, a method that it does not have", async () => {
    for (const [method, path, status, code, { allow, body } = {}] of [
      ["GET", "/api/nothing", 404, "no_such_route"],
      ["GET", "/api/projects/", 404, "no_such_route"],
      ["DELETE", "/api/health", 405, "method_not_allowed", { allow: "GET" }],
      ["PUT", "/api/projects", 405, "method_not_allowed", { allow: "GET, POST" }],
      ["POST", `/api/projects/${UNKNOWN}`, 405, "method_not_allowed", { allow: "GET, PATCH, DELETE" }],
      ["GET", "/api/analyze", 405, "method_not_allowed", { allow: "POST" }],
      ["OPTIONS", "/api/projects", 405, "method_not_allowed", { allow: "GET, POST" }],
      ["GET", `/api/projects/${UNKNOWN}`, 404, "project_not_found"],
      ["GET", `/api/projects/${UNKNOWN}/analysis`, 404, "project_not_found"],
      ["GET", `/api/projects/${UNKNOWN}/deployments`, 404, "project_not_found"],
      ["PATCH", `/api/projects/${UNKNOWN}`, 404, "project_not_found", { body: { name: "x" } }],
      ["DELETE", `/api/projects/${UNKNOWN}`, 404, "project_not_found"],
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
        { status: answer.status, code: answer.body.error.code, allow: answer.headers.get("allow") ?? undefined },
        { status, code, allow },
        `${method} ${path}`,
      );
      assert.equal(answer.body.error.requestId, answer.headers.get("x-request-id"));
    }
  });

  test("a page of another site cannot use the studio of this machine", async () => {
    const before = await snapshot();
    for (const origin of ["https://evil.example", "null", "http://localhost.evil.example", `http://harbour.localhost:${studio.port}`]) {
      for (const [method, path, body] of [
        ["GET", "/api/projects"],
        ["POST", "/api/projects", { name: "x" }],
        ["POST", "/api/analyze", { specFile: "{}" }],
        ["DELETE", `/api/projects/${UNKNOWN}`],
      ]) {
        const answer = await studio.api(method, path, body, { origin });
        assert.deepEqual(
          [answer.status, answer.body.error.code, answer.headers.get("access-control-allow-origin")],
          [403, "origin_not_allowed", null],
          `${origin} ${method} ${path}`,
        );
      }
    }
    await assertUnchanged(before);
    const own = await studio.api("GET", "/api/projects", undefined, { origin: studio.origin });
    assert.equal(own.status, 200);
  });

  test("a JSON body over a megabyte is refused", async () => {
    const { status, body } = await studio.api("POST", "/api/projects", { name: "x".repeat(MIB) });
    assert.deepEqual([status, body.error.code], [413, "body_too_large"]);
  });
});
