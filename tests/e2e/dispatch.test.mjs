// The adapter `scripts-api` with a dispatch namespace: a version has no address and
// no secret, and what it sends passes through the outbound Worker.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { callTool, modernRpc, textOf } from "../lib/mcp.mjs";
import { cloudflareStage, scriptsApi } from "../lib/scripts-api.mjs";
import { call } from "../lib/upstream.mjs";
import { OPERATIONS, SECRETS } from "./operations.mjs";

const on = cloudflareStage((cloudflare) => scriptsApi(cloudflare, { namespace: "servers" }), {
  main: "tests/e2e/dispatch-entry.mjs",
});
beforeEach(() => Promise.all([on.cloudflare.reset(), on.upstream.reset()]));

const publish = (config) => on.studio.publish({ specUrl: on.upstream.documentUrl }, config);

test("every operation, credentials and all, through a script that holds none", async () => {
  const { endpoint, token, deploymentId, projectId, result } = await publish({
    access: "token",
    secrets: SECRETS,
  });
  for (const { tool, args, requests, result: expected, multipart } of OPERATIONS) {
    await on.upstream.reset();
    const answer = await callTool(endpoint, tool, args, { token });
    const { _meta, resultType, ...result } = answer;
    const whole = typeof expected === "function" ? expected(on.upstream) : expected;
    assert.deepEqual(result, whole, tool);
    if (multipart) continue;
    assert.deepEqual((await on.upstream.requests()).map(call), requests, tool);
  }
  const [script, ...others] = await on.cloudflare.scripts();
  assert.deepEqual(others, []);
  assert.deepEqual([script.namespace, script.name], ["servers", `mcpe-${deploymentId}`]);
  assert.deepEqual(script.bindings, [
    { type: "plain_text", name: "API_BASE_URL", text: `${on.upstream.origin}/v2` },
    { type: "plain_text", name: "MCPENGINE_HOSTED", text: "1" },
  ]);
  const text = JSON.stringify(script);
  for (const secret of Object.values(SECRETS)) assert.ok(!text.includes(secret));

  const [first] = await on.studio.get("/__dispatched");
  const { schemes, ...server } = first.options.outbound.SERVER;
  assert.deepEqual(
    { ...first, options: { ...first.options, outbound: server } },
    {
      name: `mcpe-${deploymentId}`,
      args: {},
      options: {
        limits: { cpuMs: 10_000, subRequests: 50 },
        outbound: { projectId, deploymentId, hosts: [on.upstream.host] },
      },
    },
  );
  const ids = (list) => list.map(({ id }) => id);
  assert.deepEqual(ids(schemes), ids(result.authFlow.schemes));
});

test("a script reaches its API's hosts and no others", async () => {
  const { endpoint } = await publish({ access: "public", secrets: SECRETS });
  const elsewhere = await callTool(endpoint, "get_elsewhere", {});
  assert.equal(elsewhere.isError, true, textOf(elsewhere));
  const hosts = (await on.upstream.requests()).map(({ host }) => host);
  assert.deepEqual(hosts, ["api"]);
});

test("what is not in the namespace is a server that failed", async () => {
  const { endpoint, projectId } = await publish({ access: "public" });
  await on.cloudflare.reset();
  const { status, message } = await modernRpc(endpoint, "tools/list");
  assert.deepEqual([status, message.error.code], [502, "server_failed"]);
  // Making the version live again uploads it again.
  const [{ id }] = (await on.studio.get(`/api/projects/${projectId}/deployments`)).deployments;
  assert.equal((await on.studio.api("POST", `/api/projects/${projectId}/stop`)).status, 204);
  assert.equal((await on.studio.api("POST", `/api/deployments/${id}/activate`)).status, 200);
  assert.equal((await modernRpc(endpoint, "tools/list")).status, 200);
  assert.equal((await on.studio.api("DELETE", `/api/projects/${projectId}`)).status, 204);
  assert.deepEqual(await on.cloudflare.scripts(), []);
});
