// Credentials go to the API and nowhere else (invariant 5 of ARCHITECTURE.md).
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { callTool, modernRpc, textOf } from "../lib/mcp.mjs";
import { stage } from "../lib/stage.mjs";
import { OPERATIONS, SECRETS } from "./operations.mjs";

const on = stage();
/** Everything that the studio has said, for the canaries. */
let said = "";

beforeEach(() => on.upstream.reset());

test("the analysis names every secret that the API takes", async () => {
  const { result } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
  const names = (secrets) => secrets.map(({ name }) => name);
  const schemes = result.authFlow.schemes.map(({ id, type, secrets, clientCredentials }) => ({
    id,
    type,
    secrets: names(secrets),
    ...(clientCredentials && { client: names(clientCredentials.secrets) }),
  }));
  assert.deepEqual(schemes, [
    { id: "token", type: "bearer", secrets: ["HARBOUR_TOKEN"] },
    { id: "clerk", type: "basic", secrets: ["HARBOUR_USERNAME", "HARBOUR_PASSWORD"] },
    { id: "officeKey", type: "apiKey", secrets: ["HARBOUR_OFFICE_KEY"] },
    { id: "tideKey", type: "apiKey", secrets: ["HARBOUR_TIDE_KEY"] },
    { id: "officeCookie", type: "apiKey", secrets: ["HARBOUR_OFFICE_COOKIE_API_KEY"] },
    {
      id: "customs",
      type: "oAuth2",
      secrets: ["HARBOUR_ACCESS_TOKEN"],
      client: ["HARBOUR_CLIENT_ID", "HARBOUR_CLIENT_SECRET"],
    },
  ]);
});

test("a missing credential is an error that names it, and nothing is sent", async () => {
  const server = await on.studio.publish({ specUrl: on.upstream.documentUrl });
  const without = async (name, args = {}) => {
    const result = await callTool(server.endpoint, name, args);
    assert.equal(result.isError, true);
    return textOf(result);
  };
  const prefix =
    "The API needs a credential that is not set. No credential is stored. Deploy again with ";
  assert.equal(await without("create_ship", { name: "x" }), `${prefix}HARBOUR_TOKEN`);
  assert.equal(
    await without("delete_ship", { shipId: "s1" }),
    `${prefix}HARBOUR_USERNAME and HARBOUR_PASSWORD`,
  );
  assert.equal(
    await without("get_customs"),
    `${prefix}HARBOUR_CLIENT_ID and HARBOUR_CLIENT_SECRET, or HARBOUR_ACCESS_TOKEN`,
  );
  assert.equal(await without("get_tides"), `${prefix}HARBOUR_TIDE_KEY`);
  assert.deepEqual(await on.upstream.requests(), []);
});

test("no canary is anywhere but at the API", async () => {
  const { projectId, result } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
  const { events } = await on.studio.generate(projectId);
  const { events: deployed, live } = await on.studio.deploy(projectId, {
    access: "token",
    secrets: SECRETS,
  });
  const { token, endpoint } = live;
  say(result, events, deployed);

  for (const { tool, args } of OPERATIONS) {
    const { message, headers } = await modernRpc(
      endpoint,
      "tools/call",
      { name: tool, arguments: args },
      { token },
    );
    say(message, [...headers]);
  }
  assert.ok((await on.upstream.requests()).length >= OPERATIONS.length);
  say((await modernRpc(endpoint, "tools/list", {}, { token })).message);

  const jobs = [events, deployed].map(([first]) => first.data.jobId);
  for (const path of [
    "/api/projects",
    `/api/projects/${projectId}`,
    `/api/projects/${projectId}/analysis`,
    `/api/projects/${projectId}/tools`,
    `/api/projects/${projectId}/bundle`,
    `/api/projects/${projectId}/deployments`,
    `/api/projects/${projectId}/tokens`,
    `/api/projects/${projectId}/secrets`,
    `/api/deployments/${live.deploymentId}`,
    `/api/deployments/${live.deploymentId}/metrics`,
    `/api/deployments/${live.deploymentId}/logs`,
    ...jobs.flatMap((job) => [`/api/jobs/${job}`, `/api/jobs/${job}/events`]),
  ]) {
    const response = await on.studio.fetch(path);
    assert.equal(response.status, 200, path);
    say([...response.headers], await response.text());
  }
  // A mistake in the same request must not repeat the secret either.
  const refused = await on.studio.api("POST", "/api/deploy", {
    projectId,
    target: "mcpengine",
    config: { secrets: { HARBOUR_TOKEN: `${SECRETS.HARBOUR_TOKEN}\n` } },
  });
  assert.deepEqual([refused.status, refused.body.error.code], [400, "invalid_secret"]);
  say(refused.body);

  const stored = await on.studio.everythingStored();
  const places = { said, stored, logs: JSON.stringify(on.studio.logs()) };
  for (const [place, text] of Object.entries(places)) {
    for (const secret of Object.values(SECRETS)) {
      for (const [form, written] of Object.entries(forms(secret))) {
        assert.ok(!text.includes(written), `${place} holds a secret (${form})`);
      }
    }
  }
  // The endpoint token is shown once, in the stream of the deployment.
  assert.match(token, /^mcpe_/);
  assert.ok(JSON.stringify(deployed).includes(token));
  const replayed = await (await on.studio.fetch(`/api/jobs/${jobs[1]}/events`)).text();
  assert.ok(!replayed.includes(token) && !stored.includes(token) && !places.logs.includes(token));
  // The search finds what is there: the names of the secrets are stored.
  assert.ok(stored.includes("HARBOUR_TOKEN") && said.includes("HARBOUR_TOKEN"));
});

/** How a secret could be written down. */
function forms(secret) {
  const bytes = Buffer.from(secret);
  return {
    plain: secret,
    "in JSON": JSON.stringify(secret).slice(1, -1),
    "in a URL": encodeURIComponent(secret),
    base64: bytes.toString("base64").replace(/=+$/, ""),
    hex: bytes.toString("hex"),
    bytes: [...bytes].join(","),
  };
}

function say(...values) {
  for (const value of values) {
    said += `${typeof value === "string" ? value : JSON.stringify(value)}\n`;
  }
}

test("secrets that the API does not have are refused, with the names it has", async () => {
  const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
  await on.studio.generate(projectId);
  for (const [secrets, code, message] of [
    [{ NOBODY_KEY: "x" }, "unknown_secret", /"NOBODY_KEY".*HARBOUR_TOKEN/],
    [{ HARBOUR_TOKEN: "" }, "invalid_secret", /HARBOUR_TOKEN/],
    [{ HARBOUR_TOKEN: "x".repeat(16_385) }, "invalid_secret", /16384/],
  ]) {
    const { status, body } = await on.studio.api("POST", "/api/deploy", {
      projectId,
      target: "mcpengine",
      config: { secrets },
    });
    assert.deepEqual([status, body.error.code], [400, code]);
    assert.match(body.error.message, message);
  }
  assert.deepEqual(await on.studio.get(`/api/projects/${projectId}/deployments`), {
    deployments: [],
  });
});

test("a deployment without secrets keeps those that are stored", async () => {
  const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
  await on.studio.generate(projectId);
  await on.studio.deploy(projectId, { access: "public", secrets: { HARBOUR_TOKEN: "first" } });
  const { live } = await on.studio.deploy(projectId, { access: "public" });
  await callTool(live.endpoint, "create_ship", { name: "x" });
  await on.studio.deploy(projectId, { access: "public", secrets: { HARBOUR_TOKEN: "second" } });
  await callTool(live.endpoint, "create_ship", { name: "x" });
  const sent = (await on.upstream.requests()).map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, ["Bearer first", "Bearer second"]);
});

test("one server cannot use the credentials of another", async () => {
  const owner = await on.studio.publish(
    { specUrl: on.upstream.documentUrl },
    { access: "public", secrets: SECRETS },
  );
  const other = await on.studio.publish({ specUrl: on.upstream.documentUrl });
  assert.notEqual(owner.endpoint, other.endpoint);
  const result = await callTool(
    other.endpoint,
    "create_ship",
    { name: "x" },
    {
      headers: { "mcpengine-auth": "token", authorization: "Bearer of-the-client" },
    },
  );
  assert.equal(result.isError, true);
  assert.deepEqual(await on.upstream.requests(), []);
});

test("a client's own credential never reaches the API", async () => {
  const server = await on.studio.publish({ specUrl: on.upstream.documentUrl });
  await callTool(
    server.endpoint,
    "echo_value",
    { value: "x" },
    {
      headers: { authorization: "Bearer of-the-client", cookie: "session=of-the-client" },
    },
  );
  const sent = await on.upstream.requests();
  assert.equal(sent.length, 1);
  assert.ok(!JSON.stringify(sent[0].headers).includes("of-the-client"));
});
