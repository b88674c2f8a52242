// The adapter `scripts-api` without a namespace: a version is a Worker with an
// address of its own, and the gateway stands before it.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { callTool, modernRpc } from "../lib/mcp.mjs";
import { cloudflareStage, scriptsApi } from "../lib/scripts-api.mjs";
import { startStudio } from "../lib/studio.mjs";
import { SECRETS } from "./operations.mjs";

const on = cloudflareStage((cloudflare) => scriptsApi(cloudflare));
beforeEach(() => Promise.all([on.cloudflare.reset(), on.upstream.reset()]));

const publish = (config) => on.studio.publish({ specUrl: on.upstream.documentUrl }, config);
const deploy = async (projectId, config = { access: "public" }, studio = on.studio) =>
  (await studio.job("/api/deploy", { projectId, target: "mcpengine", config })).at(-1);
const names = async () => (await on.cloudflare.scripts()).map(({ name }) => name).sort();
const echo = async (endpoint, options) =>
  (await callTool(endpoint, "echo_value", { value: "x" }, options)).structuredContent;
const workerIds = async (projectId) =>
  (
    await on.studio.query(
      "SELECT version, status, worker_id FROM deployments WHERE project_id = ? ORDER BY version",
      projectId,
    )
  ).map((row) => ({ ...row }));

test("an uploaded version answers through the gateway, with the API's credential", async () => {
  const server = await publish({ access: "token", secrets: SECRETS });
  const { endpoint, token, projectId, deploymentId } = server;
  assert.deepEqual(await echo(endpoint, { token }), { value: "x" });
  await callTool(endpoint, "create_ship", { name: "x" }, { token });
  const sent = (await on.upstream.requests()).map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, [undefined, `Bearer ${SECRETS.HARBOUR_TOKEN}`]);

  const [script, ...others] = await on.cloudflare.scripts();
  assert.deepEqual(others, []);
  const { name, date, flags, tags, limits, bindings, main, enabled, namespace } = script;
  assert.deepEqual(
    { name, date, flags, tags, limits, main, enabled, namespace },
    {
      name: `mcpe-${deploymentId}`,
      date: "2026-11-01",
      flags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
      tags: ["mcpengine", `mcpengine-${projectId}`],
      limits: { cpu_ms: 10_000 },
      main: "worker.js",
      enabled: true,
      namespace: "",
    },
  );
  const [door] = bindings.filter((it) => it.name === "MCP_ACCESS_TOKEN");
  assert.match(door.text, /^[0-9a-f]{64}$/);
  const hidden = Object.entries({ ...SECRETS, MCP_ACCESS_TOKEN: door.text }).sort();
  assert.deepEqual(bindings, [
    { type: "plain_text", name: "API_BASE_URL", text: `${on.upstream.origin}/v2` },
    { type: "plain_text", name: "MCPENGINE_GATEWAY", text: "1" },
    { type: "plain_text", name: "MCP_ALLOWED_ORIGINS", text: "*" },
    ...hidden.map(([name, text]) => ({ type: "secret_text", name, text })),
  ]);
});

test("only the gateway reaches the Worker at its own address", async () => {
  const { endpoint, token, deploymentId } = await publish({ access: "token" });
  const address = `${on.cloudflare.workers}/my-subdomain/mcpe-${deploymentId}/mcp`;
  for (const given of [undefined, token]) {
    const response = await fetch(address, {
      method: "POST",
      headers: { ...(given && { authorization: `Bearer ${given}` }) },
    });
    assert.equal(response.status, 401);
  }
  assert.equal((await modernRpc(endpoint, "tools/list")).status, 401);
  assert.deepEqual(await echo(endpoint, { token }), { value: "x" });
});

test("a page may call, and a public server says that it is one", async () => {
  const { endpoint } = await publish({ access: "public" });
  const headers = { origin: "https://page.example" };
  assert.deepEqual(await echo(endpoint, { headers }), { value: "x" });
  const card = await (await fetch(`${endpoint}/server-card`)).json();
  assert.deepEqual(
    card.remotes.map(({ url, headers }) => ({ url, headers })),
    [{ url: endpoint, headers: undefined }],
  );
});

test("what passes is tried again, and there is one script all the same", async () => {
  const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
  await on.studio.generate(projectId);
  await on.cloudflare.fail(
    { method: "GET", path: "/subdomain$", status: 503, html: true },
    { method: "PUT", status: 429, code: 971, message: "slow down", retryAfter: 1 },
    { method: "PUT", status: 500, code: 10013, message: "workers.api.error.unknown" },
    { method: "PUT", cut: "after" },
    { method: "POST", cut: "before" },
  );
  const { live } = await on.studio.deploy(projectId, { access: "public" });
  assert.deepEqual(await echo(live.endpoint), { value: "x" });
  const scripts = await on.cloudflare.scripts();
  assert.deepEqual(
    scripts.map(({ name, uploads }) => ({ name, uploads })),
    [{ name: `mcpe-${live.deploymentId}`, uploads: 2 }],
  );
  const put = (await on.cloudflare.requests()).filter(({ method }) => method === "PUT");
  assert.deepEqual(
    put.map(({ status }) => status),
    [429, 500, null, 200],
  );
});

describe("a refusal of Cloudflare's", () => {
  for (const [what, fault, code, status, message] of [
    [
      "of the token",
      { status: 403, code: 10000, message: "Authentication error" },
      "cloudflare_unauthorized",
      403,
      /^Cloudflare: Authentication error \(code 10000\)\. The API token is not valid/,
    ],
    [
      "of the Worker's code",
      { status: 400, code: 10021, message: "Uncaught Error: boom\n  at worker.js:1:7" },
      "cloudflare_invalid_script",
      400,
      /^Cloudflare: Uncaught Error: boom at worker\.js:1:7 \(code 10021\)\. The Worker did not pass/,
    ],
    [
      "of its size",
      { status: 400, code: 10027, message: "Your Worker exceeded the size limit of 3 MiB" },
      "cloudflare_limit",
      400,
      /\(code 10027\)\. The Worker is larger than the account's plan allows\.$/,
    ],
    [
      "of so many requests",
      { status: 429, code: 971, message: "slow down", retryAfter: 300 },
      "cloudflare_rate_limited",
      429,
      /^Cloudflare: slow down \(code 971\)\. Try again in 300 s\.$/,
    ],
    [
      "for a fault of its own",
      { status: 502, html: true, times: 4 },
      "cloudflare_unavailable",
      502,
      /^Cloudflare: it refused without a reason \(status 502\)\.$/,
    ],
  ]) {
    test(`${what} is shown with its code and meaning, and leaves nothing behind`, async () => {
      const { projectId, endpoint } = await publish({ access: "public" });
      const before = await names();
      await on.cloudflare.fail({ method: "PUT", ...fault });
      const { event, data } = await deploy(projectId);
      assert.deepEqual([event, data.code, data.details.status], ["error", code, status]);
      assert.equal(data.details.cloudflareCode, fault.code ?? null);
      assert.match(data.message, message);
      assert.deepEqual(await names(), before);
      const [first, second] = await workerIds(projectId);
      assert.deepEqual(
        [first.status, second],
        ["live", { version: "2", status: "failed", worker_id: null }],
      );
      assert.deepEqual(await echo(endpoint), { value: "x" });
    });
  }

  test("of code that does not start comes from the code itself", async () => {
    const { projectId } = await publish({ access: "public" });
    const key = (await on.studio.objectKeys()).find(
      (key) => key.startsWith(`bundles/${projectId}/`) && key.endsWith("project.json"),
    );
    const stored = JSON.parse(await on.studio.object(key));
    const file = stored.bundle.files.find(({ path }) => path === "src/custom.ts");
    file.content = `throw new Error("no luck");\n${file.content}`;
    await on.studio.putObject(key, JSON.stringify(stored));
    const { data } = await deploy(projectId);
    assert.equal(data.code, "cloudflare_invalid_script");
    assert.match(data.message, /no luck.*\(code 10021\)/);
  });
});

test("versions stay what they are: back, stopped, started, and gone with the project", async () => {
  const server = await publish({ access: "public", secrets: { HARBOUR_TOKEN: "first" } });
  const { projectId, endpoint, deploymentId: one } = server;
  const { deploymentId: two } = (
    await deploy(projectId, { access: "public", secrets: { HARBOUR_TOKEN: "second" } })
  ).data;
  assert.deepEqual(await names(), [`mcpe-${one}`, `mcpe-${two}`].sort());
  const back = await on.studio.api("POST", `/api/deployments/${one}/activate`);
  assert.equal(back.status, 200, JSON.stringify(back.body));
  // With the credential of now, not that of then.
  await callTool(endpoint, "create_ship", { name: "x" });
  const sent = (await on.upstream.requests()).map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, ["Bearer second"]);

  assert.equal((await on.studio.api("POST", `/api/projects/${projectId}/stop`)).status, 204);
  assert.equal((await modernRpc(endpoint, "tools/list")).status, 503);
  assert.equal((await on.studio.api("POST", `/api/projects/${projectId}/start`)).status, 200);
  assert.deepEqual(await echo(endpoint), { value: "x" });

  // Not half: while the scripts stay, so does the project.
  await on.cloudflare.fail({ method: "DELETE", status: 403, code: 10000, message: "no" });
  const refused = await on.studio.api("DELETE", `/api/projects/${projectId}`);
  assert.deepEqual([refused.status, refused.body.error.code], [422, "cloudflare_unauthorized"]);
  assert.equal((await on.studio.api("GET", `/api/projects/${projectId}`)).status, 200);
  await on.cloudflare.fail({ method: "DELETE", cut: "after" });
  assert.equal((await on.studio.api("DELETE", `/api/projects/${projectId}`)).status, 204);
  assert.deepEqual(await names(), []);
  assert.equal((await modernRpc(endpoint, "tools/list")).status, 404);
});

test("a version that fails its check leaves no script, unless that cannot be taken away", async () => {
  const { projectId } = await publish({ access: "public" });
  const before = await names();
  const { workers } = on.cloudflare;
  assert.ok(workers);
  await on.cloudflare.fail(
    { method: "POST", status: 400, code: 10026, message: "no" },
    { method: "DELETE", status: 403, code: 10000, message: "no" },
  );
  assert.equal((await deploy(projectId)).data.code, "cloudflare_refused");
  const left = (await names()).filter((name) => !before.includes(name));
  assert.equal(left.length, 1);
  const [, failed] = await workerIds(projectId);
  assert.equal(failed.worker_id, `workers.dev/my-subdomain/${left[0]}`);
  assert.equal((await on.studio.api("DELETE", `/api/projects/${projectId}`)).status, 204);
  assert.deepEqual(await names(), []);
});

test("the operator's token and the gateway's are nowhere to be seen", async () => {
  const { ready } = on.cloudflare.accounts;
  const { projectId, deploymentId, endpoint } = await publish({
    access: "public",
    secrets: SECRETS,
  });
  await on.cloudflare.fail({
    method: "PUT",
    status: 403,
    code: 10000,
    message: `${ready.token} is bad`,
  });
  const events = await on.studio.job("/api/deploy", { projectId, target: "mcpengine", config: {} });
  assert.equal(events.at(-1).data.code, "cloudflare_unauthorized");
  const [{ bindings }] = await on.cloudflare.scripts();
  const gateway = bindings.find(({ name }) => name === "MCP_ACCESS_TOKEN").text;
  const said = [events, (await modernRpc(endpoint, "tools/list")).message];
  for (const path of [
    `/api/projects/${projectId}/deployments`,
    `/api/deployments/${deploymentId}`,
    `/api/projects/${projectId}/bundle`,
  ]) {
    said.push(await on.studio.get(path));
  }
  const places = {
    said: JSON.stringify(said),
    stored: await on.studio.everythingStored(),
    logs: JSON.stringify(on.studio.logs()),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const secret of [ready.token, gateway, ...Object.values(SECRETS)]) {
      assert.ok(!text.includes(secret), `${place} holds ${secret}`);
    }
  }
  assert.ok(places.stored.includes("mcpengine/gateway-token"));
});

test("without an account the operator is told", async () => {
  const studio = await startStudio({
    vars: { ...scriptsApi(on.cloudflare), CLOUDFLARE_ACCOUNT_ID: "" },
  });
  try {
    const { projectId } = await studio.analyze({ specUrl: on.upstream.documentUrl });
    await studio.generate(projectId);
    const { event, data } = await deploy(projectId, {}, studio);
    assert.deepEqual([event, data.code], ["error", "misconfigured"]);
    assert.match(data.message, /CLOUDFLARE_ACCOUNT_ID/);
  } finally {
    await studio.close();
  }
});

test("production does not start with the stand-in's addresses", async () => {
  const studio = await startStudio({
    vars: {
      ...scriptsApi(on.cloudflare),
      ENVIRONMENT: "production",
      ALLOW_LOOPBACK: "false",
      STUDIO_HOSTS: "localhost,127.0.0.1",
      AUTH_ISSUER: "https://clerk.example.com",
      AUTH_PARTIES: "https://studio.example.com",
      DEV_ISSUER_KEY: undefined,
    },
  });
  try {
    const { status, body } = await studio.api("GET", "/api/health");
    assert.deepEqual([status, body.error.code], [503, "misconfigured"]);
    assert.match(body.error.message, /CLOUDFLARE_API_URL is on loopback/);
  } finally {
    await studio.close();
  }
});
