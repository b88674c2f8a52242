// The target `cloudflare`: the server as a Worker in its owner's own account, which
// stands on its own.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { callTool, modernClient, modernRpc } from "../lib/mcp.mjs";
import { cloudflareStage, standIn } from "../lib/scripts-api.mjs";
import { SECRETS } from "./operations.mjs";

const on = cloudflareStage(standIn);
beforeEach(() => Promise.all([on.cloudflare.reset(), on.upstream.reset()]));

const account = (name = "ready") => {
  const { id, token } = on.cloudflare.accounts[name];
  return { accountId: id, apiToken: token };
};
const generated = async () => {
  const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
  await on.studio.generate(projectId);
  return projectId;
};
const deploy = (projectId, cloudflare, config = {}) =>
  on.studio.job("/api/deploy", {
    projectId,
    target: "cloudflare",
    config: { ...config, cloudflare },
  });
const last = (events) => [events.at(-1).event, events.at(-1).data];
const live = async (...args) => {
  const [event, data] = last(await deploy(...args));
  assert.equal(event, "deploy:live", JSON.stringify(data));
  return data;
};
const refused = async (...args) => {
  const [event, data] = last(await deploy(...args));
  assert.equal(event, "error", JSON.stringify(data));
  return data;
};
const at = (name) => `${on.cloudflare.workers}/my-subdomain/${name}`;
const echo = async (endpoint, token) =>
  (await callTool(endpoint, "echo_value", { value: "x" }, { token })).structuredContent;

test("a server is deployed to an account, asks for its token and calls its API", async () => {
  const projectId = await generated();
  await on.cloudflare.lag(2);
  const events = await deploy(
    projectId,
    { ...account(), scriptName: "my-harbour" },
    { secrets: SECRETS },
  );
  const [event, data] = last(events);
  assert.equal(event, "deploy:live", JSON.stringify(data));
  const { url, endpoint, token, version, access, target, health, status, install } = data;
  assert.deepEqual(
    { url, endpoint, version, access, target, status, tools: health.tools, passed: health.passed },
    {
      url: at("my-harbour"),
      endpoint: `${at("my-harbour")}/mcp`,
      version: "1",
      access: "token",
      target: "cloudflare",
      status: "live",
      tools: data.tools,
      passed: true,
    },
  );
  assert.match(token, /^mcpe_[0-9a-f]{70}$/);
  assert.ok(install.some(({ text }) => text.includes(endpoint)));
  assert.ok(!JSON.stringify(install).includes(token));
  const steps = events.filter((it) => it.event === "deploy:progress").map((it) => it.data.step);
  assert.deepEqual(steps, [
    "accepted",
    "compiling",
    "uploading",
    "checking",
    "routing",
    "uploading",
    "checking",
  ]);

  assert.equal((await modernRpc(endpoint, "tools/list")).status, 401);
  assert.equal((await modernRpc(endpoint, "tools/list", {}, { token: `${token}0` })).status, 401);
  const client = await modernClient(endpoint, token);
  assert.equal((await client.listTools()).tools.length, data.tools);
  await client.close();
  assert.deepEqual(await echo(endpoint, token), { value: "x" });
  await callTool(endpoint, "create_ship", { name: "x" }, { token });
  const sent = (await on.upstream.requests()).map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, [undefined, `Bearer ${SECRETS.HARBOUR_TOKEN}`]);

  const [script, ...others] = await on.cloudflare.scripts();
  assert.deepEqual(others, []);
  const hidden = Object.entries({ ...SECRETS, MCP_ACCESS_TOKEN: token }).sort();
  assert.deepEqual(script.bindings, [
    { type: "plain_text", name: "API_BASE_URL", text: `${on.upstream.origin}/v2` },
    ...hidden.map(([name, text]) => ({ type: "secret_text", name, text })),
  ]);
  assert.deepEqual(script.tags, ["mcpengine", `mcpengine-${projectId}`]);
});

test("what is kept is enough to deploy again, and clients keep their token", async () => {
  const projectId = await generated();
  const { accountId, apiToken } = account();
  const own = { accountId, scriptName: "again" };
  const first = await live(projectId, { ...own, apiToken }, { secrets: SECRETS });
  const second = await live(projectId, own);
  assert.deepEqual([second.version, second.token, second.endpoint], ["2", null, first.endpoint]);
  assert.deepEqual(await echo(second.endpoint, first.token), { value: "x" });
  await callTool(second.endpoint, "create_ship", { name: "x" }, { token: first.token });
  const [, { headers }] = await on.upstream.requests();
  assert.equal(headers.authorization, `Bearer ${SECRETS.HARBOUR_TOKEN}`);

  const third = await live(projectId, { ...own, newAccessToken: true });
  assert.match(third.token, /^mcpe_/);
  assert.notEqual(third.token, first.token);
  assert.equal(
    (await modernRpc(third.endpoint, "tools/list", {}, { token: first.token })).status,
    401,
  );
  assert.deepEqual(await echo(third.endpoint, third.token), { value: "x" });

  const { deployments } = await on.studio.get(`/api/projects/${projectId}/deployments`);
  assert.deepEqual(
    deployments.map(({ version, status, config }) => ({ version, status, own: config.cloudflare })),
    [
      ["3", "live"],
      ["2", "stopped"],
      ["1", "stopped"],
    ].map(([version, status]) => ({
      version,
      status,
      own: { accountId, scriptName: "again", apiTokenLast4: apiToken.slice(-4) },
    })),
  );
  assert.deepEqual(
    (await on.cloudflare.scripts()).map(({ name, uploads }) => ({ name, uploads })),
    [{ name: "again", uploads: 3 }],
  );
});

test("a public server lets everybody in, by its owner's choice", async () => {
  const projectId = await generated();
  const { endpoint, token, access } = await live(projectId, account(), { access: "public" });
  assert.deepEqual([token, access], [null, "public"]);
  assert.deepEqual(await echo(endpoint), { value: "x" });
  // Named after the project.
  const { slug } = await on.studio.get(`/api/projects/${projectId}`);
  assert.equal(endpoint, `${at(slug)}/mcp`);
});

test("it stays when the project goes, and beside what is hosted here", async () => {
  const projectId = await generated();
  const { endpoint, token } = await live(projectId, { ...account(), scriptName: "mine" });
  const { live: hosted } = await on.studio.deploy(projectId, { access: "public" });
  assert.deepEqual(await echo(hosted.endpoint), { value: "x" });
  assert.deepEqual(await echo(endpoint, token), { value: "x" });
  const before = (await on.cloudflare.requests()).length;
  assert.equal((await on.studio.api("DELETE", `/api/projects/${projectId}`)).status, 204);
  assert.deepEqual(await echo(endpoint, token), { value: "x" });
  assert.equal((await on.cloudflare.requests()).length, before);
});

describe("a deployment is refused", () => {
  test("where the name is another's, whose Worker stays", async () => {
    const first = await generated();
    const { endpoint, token } = await live(first, { ...account(), scriptName: "taken" });
    const second = await generated();
    const { code, message } = await refused(second, { ...account(), scriptName: "taken" });
    assert.equal(code, "script_taken");
    assert.match(message, /"taken".*scriptName/);
    assert.deepEqual(await echo(endpoint, token), { value: "x" });
    const [{ uploads }] = await on.cloudflare.scripts();
    assert.equal(uploads, 1);
  });

  test("with a token of another account", async () => {
    const projectId = await generated();
    const { code, message, details } = await refused(projectId, {
      accountId: on.cloudflare.accounts.ready.id,
      apiToken: on.cloudflare.accounts.other.token,
    });
    assert.deepEqual([code, details.cloudflareCode], ["cloudflare_unauthorized", 10000]);
    assert.match(message, /Workers Scripts: Edit/);
    // A token that did not work is not kept.
    const again = await on.studio.api("POST", "/api/deploy", {
      projectId,
      target: "cloudflare",
      config: { cloudflare: { accountId: on.cloudflare.accounts.ready.id } },
    });
    assert.deepEqual([again.status, again.body.error.code], [400, "missing_api_token"]);
  });

  test("by an account that is not ready", async () => {
    const { code, message, details } = await refused(await generated(), account("new"));
    assert.deepEqual([code, details.cloudflareCode], ["cloudflare_account_not_ready", 10007]);
    assert.match(message, /Open Workers & Pages/);
  });

  test("where the server does not start, before anything is uploaded", async () => {
    const projectId = await generated();
    const key = (await on.studio.objectKeys()).find(
      (key) => key.startsWith(`bundles/${projectId}/`) && key.endsWith("project.json"),
    );
    const stored = JSON.parse(await on.studio.object(key));
    const file = stored.bundle.files.find(({ path }) => path === "src/custom.ts");
    file.content = `throw new Error("no luck");\n${file.content}`;
    await on.studio.putObject(key, JSON.stringify(stored));
    const { code, details } = await refused(projectId, account());
    assert.equal(code, "server_failed");
    assert.match(details.reason, /no luck/);
    assert.deepEqual(await on.cloudflare.requests(), []);
  });

  for (const [what, config, code] of [
    ["without an account", {}, "invalid_config"],
    [
      "with a bad account id",
      { cloudflare: { accountId: "../x", apiToken: "x".repeat(40) } },
      "invalid_account_id",
    ],
    ["with a bad token", { token: "x y" }, "invalid_api_token"],
    ["with a bad name", { name: "My_Worker" }, "invalid_script_name"],
    ["with a part of another target", { npm: {} }, "invalid_config"],
    ["with a field that there is not", { more: 1 }, "invalid_field"],
  ]) {
    test(what, async () => {
      const projectId = await generated();
      const { token, name, more, ...others } = config;
      const { accountId, apiToken } = account();
      const own = { accountId, apiToken: token ?? apiToken, scriptName: name, more };
      const all = what === "without an account" ? {} : { cloudflare: own, ...others };
      const { status, body } = await on.studio.api("POST", "/api/deploy", {
        projectId,
        target: "cloudflare",
        config: all,
      });
      assert.deepEqual([status, body.error.code], [400, code]);
      assert.ok(!JSON.stringify(body).includes("x y"));
      assert.deepEqual(await on.cloudflare.requests(), []);
    });
  }
});

test("the account's token and the access token are nowhere but where they belong", async () => {
  const projectId = await generated();
  const own = { ...account(), scriptName: "secret" };
  const events = await deploy(projectId, own, { secrets: SECRETS });
  const { token, deploymentId, endpoint } = events.at(-1).data;
  await on.cloudflare.fail({
    method: "PUT",
    status: 403,
    code: 10000,
    message: `no: ${own.apiToken} ${SECRETS.HARBOUR_TOKEN}`,
  });
  const failed = await deploy(projectId, own);
  assert.equal(failed.at(-1).data.code, "cloudflare_unauthorized");

  const said = [events.slice(0, -1), { ...events.at(-1).data, token: null }, failed];
  const jobs = [events, failed].map(([first]) => first.data.jobId);
  for (const path of [
    "/api/projects",
    `/api/projects/${projectId}`,
    `/api/projects/${projectId}/bundle`,
    `/api/projects/${projectId}/deployments`,
    `/api/projects/${projectId}/tokens`,
    `/api/deployments/${deploymentId}`,
    ...jobs.flatMap((job) => [`/api/jobs/${job}`, `/api/jobs/${job}/events`]),
  ]) {
    const response = await on.studio.fetch(path);
    assert.equal(response.status, 200, path);
    said.push([...response.headers], await response.text());
  }
  said.push((await modernRpc(endpoint, "tools/list", {}, { token })).message);
  const zip = await on.studio.job("/api/deploy", { projectId, target: "download", config: {} });
  said.push(zip);
  const places = {
    said: JSON.stringify(said),
    stored: await on.studio.everythingStored(),
    logs: JSON.stringify(on.studio.logs()),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const secret of [own.apiToken, token, ...Object.values(SECRETS)]) {
      const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
      forms.push(Buffer.from(secret).toString("base64").replace(/=+$/, ""));
      forms.push(Buffer.from(secret).toString("hex"));
      for (const form of forms) assert.ok(!text.includes(form), `${place} holds ${form}`);
    }
  }
  assert.ok(places.stored.includes("cloudflare/api-token"));
  // Its last characters are shown, and no more.
  assert.ok(places.said.includes(`"apiTokenLast4\\":\\"${own.apiToken.slice(-4)}`));
});
