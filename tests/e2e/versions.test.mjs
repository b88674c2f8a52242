// Versions of a hosted server: back to any of them in one call, stop and start,
// and a name that never points to anything but a complete version.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callTool, modernRpc } from "../lib/mcp.mjs";
import { frames } from "../lib/sse.mjs";
import { stage } from "../lib/stage.mjs";

const on = stage();

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

const publish = (config) => on.studio.publish({ specUrl: on.upstream.documentUrl }, config);
const toolNames = async (endpoint, options) => {
  const { message } = await modernRpc(endpoint, "tools/list", {}, options);
  return message.result.tools.map(({ name }) => name);
};
const versions = async (projectId) =>
  (await on.studio.get(`/api/projects/${projectId}/deployments`)).deployments;
const states = async (projectId) =>
  (await versions(projectId)).map(({ version, status }) => `${version} ${status}`);
const activate = (id) => on.studio.api("POST", `/api/deployments/${id}/activate`);
const refusal = ({ status, body }) => [status, body.error.code];

/** The versions of the project, by number. */
async function ids(projectId) {
  return Object.fromEntries((await versions(projectId)).map(({ version, id }) => [version, id]));
}

/** Every name in use points to a live version whose modules are there. */
async function assertNamesComplete() {
  const names = await on.studio.names();
  assert.ok(names.length > 0);
  for (const name of names) {
    assert.deepEqual([name.status, name.stored], ["live", true], JSON.stringify(name));
  }
}

/** Three versions with tools of their own: `{server, tools}`, tools by version. */
async function threeVersions(config = { access: "public" }) {
  const server = await publish(config);
  const { projectId, endpoint, token } = server;
  const tools = { 1: await toolNames(endpoint, { token }) };
  const edits = {
    2: { key: "GET /tides", path: ["name"], value: "tide_table", prev: "get_tides" },
    3: { key: "DELETE /ships/{shipId}", path: ["enabled"], value: false, prev: true },
  };
  for (const [version, edit] of Object.entries(edits)) {
    const patched = await on.studio.api("PATCH", `/api/projects/${projectId}`, { edits: [edit] });
    assert.equal(patched.status, 200, JSON.stringify(patched.body));
    await on.studio.generate(projectId);
    await on.studio.deploy(projectId, config);
    tools[version] = await toolNames(endpoint, { token });
  }
  assert.equal(new Set(Object.values(tools).map(String)).size, 3);
  return { server, tools };
}

describe("an earlier version", () => {
  test("is live again in one call, and its tools answer", async () => {
    const { server, tools } = await threeVersions();
    const byVersion = await ids(server.projectId);
    for (const [version, live] of [
      ["1", "3 stopped,2 stopped,1 live"],
      ["3", "3 live,2 stopped,1 stopped"],
      ["2", "3 stopped,2 live,1 stopped"],
      ["2", "3 stopped,2 live,1 stopped"],
      ["1", "3 stopped,2 stopped,1 live"],
    ]) {
      const { status, body } = await activate(byVersion[version]);
      assert.deepEqual(
        [status, body.version, body.status, body.stoppedAt, body.endpoint],
        [200, version, "live", null, server.endpoint],
        JSON.stringify(body),
      );
      assert.deepEqual(await toolNames(server.endpoint), tools[version], `version ${version}`);
      assert.equal((await states(server.projectId)).join(), live);
      await assertNamesComplete();
    }
    const result = await callTool(server.endpoint, "echo_value", { value: "back" });
    assert.deepEqual(result.structuredContent, { value: "back" });
    const project = await on.studio.get(`/api/projects/${server.projectId}`);
    assert.deepEqual([project.status, project.server.status], ["deployed", "live"]);
    // The next deployment goes on from there.
    const { live } = await on.studio.deploy(server.projectId, { access: "public" });
    assert.equal(live.version, "4");
    assert.deepEqual(await toolNames(server.endpoint), tools[3]);
  });

  test("keeps its own access and credentials, and the project's tokens", async () => {
    const server = await publish({ access: "token", secrets: { HARBOUR_TOKEN: "stored-once" } });
    const { projectId, endpoint, token, deploymentId } = server;
    await on.studio.deploy(projectId, { access: "public" });
    assert.equal((await modernRpc(endpoint, "tools/list")).status, 200);
    assert.equal((await activate(deploymentId)).status, 200);
    assert.equal((await modernRpc(endpoint, "tools/list")).status, 401);
    await on.upstream.reset();
    await callTool(endpoint, "create_ship", { name: "x" }, { token });
    const [{ headers }] = await on.upstream.requests();
    assert.equal(headers.authorization, "Bearer stored-once");
  });

  test("takes over without a call being lost", async () => {
    const server = await publish({ access: "public" });
    await on.studio.deploy(server.projectId, { access: "public" });
    const values = Array.from({ length: 20 }, (_, at) => `during ${at}`);
    const [{ status }, ...results] = await Promise.all([
      activate(server.deploymentId),
      ...values.map((value, at) =>
        callTool(server.endpoint, "echo_value", { value, delay: at * 20 }),
      ),
    ]);
    assert.equal(status, 200);
    assert.deepEqual(
      results.map(({ structuredContent }) => structuredContent),
      values.map((value) => ({ value })),
    );
  });

  test("that is not complete is refused, and what is live stays live", async () => {
    const server = await publish({ access: "public" });
    const { projectId, deploymentId } = server;
    await on.studio.deploy(projectId, { access: "public" });
    const set = (column, value) =>
      on.studio.query(`UPDATE deployments SET ${column} = ? WHERE id = ?`, value, deploymentId);
    for (const [column, value, back, code] of [
      ["status", "failed", "stopped", "version_failed"],
      ["status", "pending", "stopped", "version_in_progress"],
      ["status", "building", "stopped", "version_in_progress"],
      ["target", "npm", "mcpengine", "version_not_hosted"],
    ]) {
      await set(column, value);
      assert.deepEqual(refusal(await activate(deploymentId)), [409, code], value);
      await set(column, back);
    }
    assert.deepEqual(refusal(await activate(UNKNOWN)), [404, "deployment_not_found"]);
    assert.deepEqual(await states(projectId), ["2 live", "1 stopped"]);
    await assertNamesComplete();
  });

  test("that does not start any more is refused, and what is live stays live", async () => {
    const server = await publish({ access: "public" });
    const { projectId, deploymentId, endpoint } = server;
    await on.studio.deploy(projectId, { access: "public" });
    const key = `bundles/${projectId}/${deploymentId}/modules.json`;
    const good = await on.studio.object(key);
    const worker = (source) =>
      JSON.stringify({ mainModule: "worker.js", modules: { "worker.js": source } });
    for (const [source, code, message] of [
      ['throw new Error("rotten");', "server_failed", /could not be started/],
      [
        "export default { fetch: () => Response.json({ result: { tools: [] } }) };",
        "health_check_failed",
        /0 tools of 20/,
      ],
    ]) {
      await on.studio.putObject(key, worker(source));
      const answer = await activate(deploymentId);
      assert.deepEqual(refusal(answer), [502, code]);
      assert.match(answer.body.error.message, message);
      assert.deepEqual(await states(projectId), ["2 live", "1 stopped"]);
      assert.equal((await toolNames(endpoint)).length, server.tools);
    }
    await on.studio.putObject(key, good);
    assert.equal((await activate(deploymentId)).status, 200);
    assert.deepEqual(await states(projectId), ["2 stopped", "1 live"]);
  });
});

test("a version is read back with what it was deployed with, and no secret", async () => {
  const { projectId, deploymentId, ...live } = await publish({
    access: "token",
    secrets: { HARBOUR_TOKEN: "not-to-be-seen" },
  });
  const { createdAt, logs, ...version } = await on.studio.get(`/api/deployments/${deploymentId}`);
  assert.deepEqual(version, {
    id: deploymentId,
    projectId,
    target: "mcpengine",
    status: "live",
    access: "token",
    url: live.url,
    endpoint: live.endpoint,
    artifact: null,
    version: "1",
    tools: 20,
    config: {
      baseUrl: `${on.upstream.origin}/v2`,
      variables: {},
      allowedHosts: [on.upstream.host],
      secrets: [
        "HARBOUR_TOKEN",
        "HARBOUR_USERNAME",
        "HARBOUR_PASSWORD",
        "HARBOUR_OFFICE_KEY",
        "HARBOUR_TIDE_KEY",
        "HARBOUR_OFFICE_COOKIE_API_KEY",
        "HARBOUR_CLIENT_ID",
        "HARBOUR_CLIENT_SECRET",
        "HARBOUR_ACCESS_TOKEN",
      ],
      cloudflare: null,
    },
    stoppedAt: null,
  });
  assert.match(createdAt, /^\d{4}-\d\d-\d\dT/);
  assert.ok(logs.length >= 3, logs.join());
  assert.deepEqual(await versions(projectId), [{ createdAt, logs, ...version }]);
});

describe("a server that is stopped", () => {
  test("answers nobody, keeps its name, and starts where it was", async () => {
    const { server, tools } = await threeVersions({ access: "token" });
    const { projectId, endpoint, token } = server;
    const path = `/api/projects/${projectId}`;
    await activate((await ids(projectId))[2]);
    for (const _ of ["once", "and again"]) {
      const { status, body } = await on.studio.api("POST", `${path}/stop`);
      assert.deepEqual([status, body], [204, ""]);
      for (const given of [{ token }, {}]) {
        const refused = await modernRpc(endpoint, "tools/list", {}, given);
        assert.deepEqual([refused.status, refused.message.error.code], [503, "server_stopped"]);
        assert.match(refused.message.error.message, /is stopped/);
        assert.equal(refused.headers.get("access-control-allow-origin"), "*");
      }
      assert.equal((await on.studio.get(path)).server, null);
      assert.deepEqual(await states(projectId), ["3 stopped", "2 stopped", "1 stopped"]);
    }
    // Another project of the same name gets another address.
    const other = await publish({ access: "public" });
    assert.notEqual(other.endpoint, endpoint);

    for (const _ of ["once", "and again"]) {
      const { status, body } = await on.studio.api("POST", `${path}/start`);
      assert.deepEqual([status, body.version, body.status], [200, "2", "live"]);
      assert.deepEqual(await toolNames(endpoint, { token }), tools[2]);
      assert.equal((await on.studio.get(path)).server.endpoint, endpoint);
    }
    await assertNamesComplete();
  });

  test("starts with the next deployment too", async () => {
    const server = await publish({ access: "public" });
    await on.studio.api("POST", `/api/projects/${server.projectId}/stop`);
    const { live } = await on.studio.deploy(server.projectId, { access: "public" });
    assert.deepEqual([live.version, live.endpoint], ["2", server.endpoint]);
    assert.equal((await toolNames(server.endpoint)).length, server.tools);
  });

  test("is none where nothing was live", async () => {
    const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
    const path = `/api/projects/${projectId}`;
    assert.equal((await on.studio.api("POST", `${path}/stop`)).status, 204);
    assert.deepEqual(refusal(await on.studio.api("POST", `${path}/start`)), [409, "never_live"]);
    for (const verb of ["start", "stop"]) {
      const answer = await on.studio.api("POST", `/api/projects/${UNKNOWN}/${verb}`);
      assert.deepEqual(refusal(answer), [404, "project_not_found"]);
    }
  });
});

describe("a name", () => {
  test("points to the version before at every moment of a deployment that fails", async () => {
    const server = await publish({ access: "public" });
    const { projectId, endpoint, deploymentId } = server;
    const bundle = (await on.studio.objectKeys()).find(
      (key) => key.startsWith(`bundles/${projectId}/`) && key.endsWith("project.json"),
    );
    const stored = JSON.parse(await on.studio.object(bundle));
    stored.bundle.files.find(({ path }) => path === "src/worker.ts").content =
      'throw new Error("no luck");\nexport default {};\n';
    await on.studio.putObject(bundle, JSON.stringify(stored));
    const response = await on.studio.post("/api/deploy", { projectId, target: "mcpengine" });
    const seen = [];
    for await (const { event, data } of frames(response)) {
      seen.push(data.step ?? event);
      const own = (await on.studio.names()).find((name) => name.projectId === projectId);
      assert.deepEqual([own.deploymentId, own.status, own.stored], [deploymentId, "live", true]);
      assert.equal((await toolNames(endpoint)).length, server.tools);
    }
    assert.deepEqual(seen, ["accepted", "compiling", "uploading", "checking", "error"]);
    await assertNamesComplete();
  });

  test("is nobody else's for 90 days after its project is gone", async () => {
    const stranger = "00000000-0000-4000-8000-0000000000aa";
    const slugs = [];
    const create = async () => {
      // The project's own slug is another each time: only the hosted one is asked for.
      const own = await on.studio.api("POST", "/api/projects", { name: "Kept name" });
      await on.studio.query("UPDATE projects SET slug = 'kept-name' WHERE id = ?", own.body.id);
      await on.studio.analyze({ specUrl: on.upstream.documentUrl, projectId: own.body.id });
      await on.studio.generate(own.body.id);
      const { live } = await on.studio.deploy(own.body.id, { access: "public" });
      await on.studio.query("UPDATE projects SET slug = id WHERE id = ?", own.body.id);
      slugs.push(new URL(live.url).hostname.split(".")[0]);
      return own.body.id;
    };
    const first = await create();
    await on.studio.api("DELETE", `/api/projects/${first}`);
    const release = (days) =>
      on.studio.query(
        "UPDATE slugs SET user_id = ?, released_at = ? WHERE slug = 'kept-name'",
        stranger,
        new Date(Date.now() - days * 86_400_000).toISOString(),
      );
    for (const days of [0, 89.9, 90.1]) {
      await release(days);
      await create();
    }
    assert.deepEqual(slugs, ["kept-name", "kept-name-mcp", "kept-name-2", "kept-name"]);
  });
});
