// What is done with a project after its first deployment: it is read back,
// edited, imported again, deployed again and removed.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callTool, modernRpc } from "../lib/mcp.mjs";
import { readAll } from "../lib/sse.mjs";
import { stage } from "../lib/stage.mjs";
import { answerOf } from "../lib/studio.mjs";

const on = stage();

const publish = (config) => on.studio.publish({ specUrl: on.upstream.documentUrl }, config);
const toolNames = async (endpoint, options) => {
  const { message } = await modernRpc(endpoint, "tools/list", {}, options);
  return message.result.tools.map(({ name }) => name);
};

describe("the ways in", () => {
  const yaml = [
    "openapi: 3.0.3",
    "info: { title: Small API, version: '1' }",
    "servers: [{ url: 'https://api.example.com' }]",
    "paths:",
    "  /ping:",
    "    get:",
    "      operationId: ping",
    "      responses: { '200': { description: pong } }",
  ].join("\n");
  const json = JSON.stringify({
    openapi: "3.0.3",
    info: { title: "Small API", version: "1" },
    servers: [{ url: "https://api.example.com" }],
    paths: {
      "/ping": { get: { operationId: "ping", responses: { 200: { description: "pong" } } } },
    },
  });
  const form = (file, fields = {}) => {
    const form = new FormData();
    form.set("specFile", file);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };
  const post = (body, type) =>
    on.studio.fetch("/api/analyze", {
      method: "POST",
      body,
      headers: type ? { "content-type": type } : {},
    });

  for (const [name, send] of [
    ["a document in JSON as specFile", () => on.studio.post("/api/analyze", { specFile: json })],
    ["a document in YAML as specFile", () => on.studio.post("/api/analyze", { specFile: yaml })],
    ["the JSON document as body", () => post(json, "application/json")],
    ["the YAML document as body", () => post(yaml, "application/yaml")],
    ["the document without a type", () => post(new TextEncoder().encode(yaml))],
    ["a form with a file", () => post(form(new File([yaml], "small.yaml")))],
    ["a form with a field", () => post(form(json))],
  ]) {
    test(name, async () => {
      const { result } = (await readAll(await send())).at(-1).data;
      const { service, version, toolCount, endpoints, diagnostics } = result;
      assert.deepEqual(
        { service, version, toolCount, endpoints, diagnostics },
        {
          service: "Small API",
          version: "1",
          toolCount: 1,
          endpoints: [
            {
              method: "GET",
              path: "/ping",
              operationId: "ping",
              summary: null,
              tags: [],
              deprecated: false,
              tool: "ping",
            },
          ],
          diagnostics: [],
        },
      );
      const project = await on.studio.get(`/api/projects/${result.projectId}`);
      assert.deepEqual(
        [project.name, project.status, project.toolCount],
        ["Small API", "analyzed", 1],
      );
    });
  }

  const small = async (response) => {
    const { service, endpoints, projectId, diagnostics } = (await readAll(response)).at(-1).data
      .result;
    const { status } = await on.studio.get(`/api/projects/${projectId}`);
    return {
      service,
      status,
      endpoints: endpoints.map(({ method, path, tool }) => `${method} ${path} ${tool}`),
      codes: diagnostics.map(({ code }) => code),
    };
  };
  const prose = "# Small docs\n\nBase URL: https://api.example.com\n\n`GET /ping/{id}`\n";
  const collection = JSON.stringify({
    info: { _postman_id: "1", name: "Small collection" },
    item: [{ name: "Ping it", request: "https://api.example.com/ping/:id" }],
  });

  for (const [name, send] of [
    ["prose as rawDocs", () => on.studio.post("/api/analyze", { rawDocs: prose })],
    ["prose as body", () => post(prose, "text/markdown")],
  ]) {
    test(name, async () => {
      assert.deepEqual(await small(await send()), {
        service: "Small docs",
        status: "analyzed",
        endpoints: ["GET /ping/{id} get_ping"],
        codes: ["prose-document"],
      });
    });
  }

  for (const [name, send] of [
    ["a collection as specFile", () => on.studio.post("/api/analyze", { specFile: collection })],
    ["a collection as body", () => post(collection, "application/json")],
  ]) {
    test(name, async () => {
      assert.deepEqual(await small(await send()), {
        service: "Small collection",
        status: "analyzed",
        endpoints: ["GET /ping/{id} ping_it"],
        codes: [],
      });
    });
  }

  test("a description in several files", async () => {
    const split = yaml.split("\n").slice(0, 5).join("\n").concat(" { $ref: 'paths/ping.yaml' }");
    const ping = "get: { operationId: ping, responses: { '200': { description: pong } } }";
    const parts = new FormData();
    parts.append("specFile", new File([ping], "ping.yaml"), "api/paths/ping.yaml");
    parts.append("specFile", new File([split], "small.yaml"), "api/small.yaml");
    assert.deepEqual(await small(await post(parts)), {
      service: "Small API",
      status: "analyzed",
      endpoints: ["GET /ping ping"],
      codes: [],
    });
  });

  test("prose without an endpoint is refused for what it is", async () => {
    const response = await on.studio.post("/api/analyze", { rawDocs: "just some words" });
    const { event, data } = (await readAll(response)).at(-1);
    assert.deepEqual([event, data.code], ["error", "not_an_api_description"]);
  });

  test("a second document into the same project, by every way", async () => {
    const { projectId } = await on.studio.analyze({ specFile: json });
    const before = (await on.studio.projects()).length;
    const again = await on.studio.analyze({ specFile: yaml, projectId });
    assert.equal(again.projectId, projectId);
    const last = (await readAll(await post(form(new File([yaml], "x.yaml"), { projectId })))).at(
      -1,
    );
    assert.equal(last.data.result.projectId, projectId);
    assert.equal((await on.studio.projects()).length, before);
  });
});

test("a project follows its steps, and its lists follow it", async () => {
  const created = await on.studio.api("POST", "/api/projects", {
    name: " Mine ",
    slug: "my-own",
    description: "d",
  });
  const { id, createdAt, updatedAt, ...rest } = created.body;
  assert.equal(created.status, 201);
  assert.deepEqual(rest, {
    name: "Mine",
    slug: "my-own",
    description: "d",
    status: "draft",
    specUrl: null,
    toolCount: 0,
    enabledToolCount: 0,
    role: "owner",
    teamId: null,
    server: null,
  });
  assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const status = async () => (await on.studio.get(`/api/projects/${id}`)).status;
  await on.studio.analyze({ specUrl: on.upstream.documentUrl, projectId: id });
  assert.equal(await status(), "analyzed");
  await on.studio.generate(id);
  assert.equal(await status(), "generated");
  const { live } = await on.studio.deploy(id, { access: "public" });
  assert.equal(live.endpoint, `${on.studio.origin}/s/my-own/mcp`);
  const project = await on.studio.get(`/api/projects/${id}`);
  assert.deepEqual(
    {
      status: project.status,
      server: project.server,
      specUrl: project.specUrl,
      name: project.name,
    },
    {
      status: "deployed",
      server: { url: live.url, endpoint: live.endpoint, access: "public", status: "live" },
      specUrl: on.upstream.documentUrl,
      name: "Mine",
    },
  );
  const taken = await on.studio.api("POST", "/api/projects", { name: "Other", slug: "my-own" });
  assert.deepEqual([taken.status, taken.body.error.code], [409, "slug_taken"]);
  for (const slug of ["API", "-x", "x_y", "x".repeat(41), ""]) {
    const bad = await on.studio.api("POST", "/api/projects", { name: "Other", slug });
    assert.deepEqual([bad.status, bad.body.error.code], [400, "invalid_slug"], slug);
  }
});

test("the list of projects comes in pages, newest first", async () => {
  for (const name of ["One", "Two", "Three"])
    await on.studio.api("POST", "/api/projects", { name });
  const all = await on.studio.projects();
  assert.deepEqual(
    all.slice(0, 3).map(({ name }) => name),
    ["Three", "Two", "One"],
  );
  const paged = [];
  let cursor = "";
  do {
    const query = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page = await on.studio.get(`/api/projects?limit=2${query}`);
    assert.ok(page.projects.length <= 2);
    paged.push(...page.projects);
    cursor = page.nextCursor;
  } while (cursor !== null);
  assert.deepEqual(paged, all);
});

describe("edits", () => {
  test("change what people see, what is generated and what is served", async () => {
    const server = await publish();
    const path = `/api/projects/${server.projectId}`;
    const patched = await on.studio.api("PATCH", path, {
      name: "Renamed",
      description: "",
      edits: [
        { key: "GET /tides", path: ["name"], value: "tide_table", prev: "get_tides" },
        { key: "GET /tides", path: ["title"], value: "Tide table", prev: "Get the tides" },
        { key: "DELETE /ships/{shipId}", path: ["enabled"], value: false, prev: true },
      ],
    });
    assert.equal(patched.status, 200, JSON.stringify(patched.body));
    assert.deepEqual(
      [patched.body.name, patched.body.description, patched.body.enabledToolCount],
      ["Renamed", null, server.tools - 1],
    );
    const { tools } = await on.studio.get(`${path}/tools`);
    const tides = tools.find(({ key }) => key === "GET /tides");
    assert.deepEqual([tides.name, tides.title], ["tide_table", "Tide table"]);
    // Live is what was deployed, until it is deployed again.
    assert.ok((await toolNames(server.endpoint)).includes("get_tides"));
    await on.studio.generate(server.projectId);
    await on.studio.deploy(server.projectId, { access: "public" });
    const names = await toolNames(server.endpoint);
    assert.deepEqual(
      [names.includes("tide_table"), names.includes("get_tides"), names.includes("delete_ship")],
      [true, false, false],
    );
    assert.equal(names.length, server.tools - 1);
  });

  test("are kept when the document is imported again", async () => {
    const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
    await on.studio.api("PATCH", `/api/projects/${projectId}`, {
      edits: [{ key: "GET /tides", path: ["name"], value: "tide_table", prev: "get_tides" }],
    });
    await on.studio.analyze({ specUrl: on.upstream.documentUrl, projectId });
    const { tools } = await on.studio.get(`/api/projects/${projectId}/tools`);
    assert.equal(tools.find(({ key }) => key === "GET /tides").name, "tide_table");
  });

  test("go along to a new version, which tells what it changes", async () => {
    const version = (placeholder, more = {}) =>
      JSON.stringify({
        openapi: "3.1.0",
        info: { title: "Versions", version: "1" },
        servers: [{ url: on.upstream.origin }],
        paths: {
          [`/things/{${placeholder}}`]: {
            get: {
              operationId: "getThing",
              parameters: [
                { name: placeholder, in: "path", required: true, schema: { type: "string" } },
              ],
              responses: { 200: { description: "OK" } },
            },
          },
          ...more,
        },
      });
    const list = { get: { operationId: "listThings", responses: { 200: { description: "OK" } } } };
    const first = await on.studio.analyze({ specFile: version("id", { "/things": list }) });
    const { projectId } = first;
    assert.equal(first.result.changes, undefined);
    const patched = await on.studio.api("PATCH", `/api/projects/${projectId}`, {
      edits: [
        { key: "GET /things/{id}", path: ["name"], value: "pick_thing", prev: "get_thing" },
        { key: "GET /things", path: ["name"], value: "browse_things", prev: "list_things" },
      ],
    });
    assert.equal(patched.status, 200, JSON.stringify(patched.body));
    const specFile = version("thingId");
    for (const again of [false, true]) {
      const { result } = await on.studio.analyze({ specFile, projectId });
      const { added, removed, changed, renamed, breaking, entries, editsKept } = result.changes;
      const keys = entries.map(({ kind, key, from }) => [kind, key, from]);
      const expected = [
        ["removed", "GET /things", undefined],
        ["renamed", "GET /things/{thingId}", "GET /things/{id}"],
      ];
      assert.deepEqual(
        [added, removed, changed, renamed, breaking, keys, editsKept],
        again ? [0, 0, 0, 0, 0, [], 1] : [0, 1, 0, 1, 2, expected, 1],
      );
      assert.deepEqual(
        result.changes.editConflicts.map(({ key, code }) => [key, code]),
        again ? [] : [["GET /things", "unknown_key"]],
      );
      const { tools } = await on.studio.get(`/api/projects/${projectId}/tools`);
      assert.deepEqual(
        tools.map(({ key, name }) => [key, name]),
        [["GET /things/{thingId}", "pick_thing"]],
      );
    }
  });

  test("that do not fit change nothing, none of them", async () => {
    const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
    const path = `/api/projects/${projectId}`;
    const before = await on.studio.get(`${path}/tools`);
    const good = { key: "GET /tides", path: ["title"], value: "T", prev: "Get the tides" };
    for (const bad of [
      { key: "GET /tides", path: ["name"], value: "x", prev: "somebody_elses" },
      { key: "GET /tides", path: ["name"], value: "list_ships", prev: "get_tides" },
      { key: "GET /tides", path: ["name"], value: "no spaces", prev: "get_tides" },
      { key: "GET /no", path: ["name"], value: "x", prev: "y" },
      { key: "GET /tides", path: ["method"], value: "POST", prev: "GET" },
    ]) {
      const { status, body } = await on.studio.api("PATCH", path, { edits: [good, bad] });
      assert.deepEqual([status, body.error.code], [409, "edit_conflict"], JSON.stringify(bad));
      assert.deepEqual(body.error.details, { key: bad.key, path: bad.path });
    }
    assert.deepEqual(await on.studio.get(`${path}/tools`), before);
  });

  test("come with a generation as overrides", async () => {
    const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
    const { bundle } = await on.studio.generate(projectId, {
      tools: [
        { key: "GET /tides", name: "tide_table", description: "When the water comes." },
        { key: "GET /office", enabled: false },
      ],
      auth: { disabledSchemes: ["tideKey"] },
    });
    const source = bundle.files.map(({ content }) => content).join("\n");
    assert.ok(source.includes('"tide_table"') && !source.includes('"get_office"'));
    assert.ok(!source.includes("HARBOUR_TIDE_KEY"), "a scheme that is off is still there");
  });
});

describe("deployments", () => {
  test("again: the version goes on, address and tokens stay", async () => {
    const server = await publish({ access: "token" });
    const { live: second } = await on.studio.deploy(server.projectId, { access: "token" });
    assert.deepEqual(
      [server.version, second.version, second.endpoint, second.token],
      ["1", "2", server.endpoint, null],
    );
    const { token } = server;
    assert.equal((await toolNames(server.endpoint, { token })).length, server.tools);
    const { deployments } = await on.studio.get(`/api/projects/${server.projectId}/deployments`);
    assert.deepEqual(
      deployments.map(({ version, status, stoppedAt }) => [version, status, stoppedAt !== null]),
      [
        ["2", "live", false],
        ["1", "stopped", true],
      ],
    );
  });

  test("one at a time: the second is refused and the first is not disturbed", async () => {
    const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
    await on.studio.generate(projectId);
    const body = { projectId, target: "mcpengine", config: { access: "public" } };
    const answers = await Promise.all([1, 2, 3, 4].map(() => on.studio.post("/api/deploy", body)));
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { status, body } of await Promise.all(refused.map(answerOf))) {
      assert.deepEqual([status, body.error.code], [409, "deploy_running"]);
    }
    const accepted = answers.filter(({ status }) => status === 200);
    assert.ok(
      refused.length >= 1 && accepted.length >= 1,
      answers.map(({ status }) => status).join(),
    );
    for (const response of accepted) {
      assert.equal((await readAll(response)).at(-1).event, "deploy:live");
    }
    const { deployments } = await on.studio.get(`/api/projects/${projectId}/deployments`);
    assert.equal(deployments.filter(({ status }) => status === "live").length, 1);
    assert.equal(deployments.length, accepted.length);
  });

  test("twenty calls at once get twenty right answers", async () => {
    const server = await publish({ access: "public" });
    const values = Array.from({ length: 20 }, (_, at) => `value ${at}`);
    // The later ones answer first, so that a mix-up would show.
    const results = await Promise.all(
      values.map((value, at) =>
        callTool(server.endpoint, "echo_value", { value, delay: (20 - at) * 10 }),
      ),
    );
    assert.deepEqual(
      results.map(({ structuredContent }) => structuredContent),
      values.map((value) => ({ value })),
    );
  });

  test("calls that are under way when a new version goes live are answered", async () => {
    const server = await publish({ access: "public" });
    const values = Array.from({ length: 20 }, (_, at) => `during ${at}`);
    const [{ live }, ...results] = await Promise.all([
      on.studio.deploy(server.projectId, { access: "public" }),
      ...values.map((value, at) =>
        callTool(server.endpoint, "echo_value", { value, delay: at * 100 }),
      ),
    ]);
    assert.equal(live.version, "2");
    assert.deepEqual(
      results.map(({ structuredContent }) => structuredContent),
      values.map((value) => ({ value })),
    );
  });
});

test("a removed project takes everything with it", async () => {
  const server = await publish({ access: "token", secrets: { HARBOUR_TOKEN: "secret" } });
  const { projectId, endpoint, token } = server;
  const before = (await on.studio.everythingStored())
    .split("\n")
    .filter((line) => line.includes(projectId));
  assert.ok(before.length > 5);
  const removed = await on.studio.fetch(`/api/projects/${projectId}`, { method: "DELETE" });
  assert.deepEqual([removed.status, await removed.text()], [204, ""]);

  for (const path of ["", "/analysis", "/tools", "/bundle", "/deployments"]) {
    const { status, body } = await on.studio.api("GET", `/api/projects/${projectId}${path}`);
    assert.deepEqual([status, body.error.code], [404, "project_not_found"], path);
  }
  assert.ok(!(await on.studio.projects()).some(({ id }) => id === projectId));
  const { status, message } = await modernRpc(endpoint, "tools/list", {}, { token });
  assert.deepEqual([status, message.error.code], [404, "server_not_found"]);

  assert.deepEqual(
    (await on.studio.objectKeys()).filter((key) => key.includes(projectId)),
    [],
  );
  const left = (await on.studio.everythingStored())
    .split("\n")
    .filter((line) => line.includes(projectId));
  // The name stays known, so that nobody else gets its address; what was done stays told.
  assert.deepEqual(
    left.map((line) => line.split(":")[0]),
    ["slugs", "audit_log"],
  );
  const again = await on.studio.api("DELETE", `/api/projects/${projectId}`);
  assert.deepEqual([again.status, again.body.error.code], [404, "project_not_found"]);
});
