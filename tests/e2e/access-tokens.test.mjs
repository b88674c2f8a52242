// A hosted server with its client's id and secret: the platform gets its access tokens,
// and nobody else sees them (OAuth 2.0 client credentials, RFC 6749 §4.4).
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { callTool, textOf } from "../lib/mcp.mjs";
import { stage } from "../lib/stage.mjs";
import { call } from "../lib/upstream.mjs";
import { tokenOf } from "../upstream/tokens.mjs";

const on = stage();
let number = 0;
/** A client of its own for each test: tokens are kept by client. */
let client;
/** How often tokens were taken back. */
let times = 0;

beforeEach(async () => {
  number += 1;
  client = { HARBOUR_CLIENT_ID: `client ${number}`, HARBOUR_CLIENT_SECRET: "s3cret:of+it" };
  await on.upstream.reset();
  await on.upstream.takeTokensBack();
  times += 1;
});

const publish = (secrets = client) =>
  on.studio.publish({ specUrl: on.upstream.documentUrl }, { access: "public", secrets });

const customs = ({ endpoint }) => callTool(endpoint, "get_customs", {});

const sent = async () =>
  (await on.upstream.requests()).map(call).map(({ url, headers }) => [url, headers.authorization]);

const token = (more = 0) =>
  `Bearer ${tokenOf(client.HARBOUR_CLIENT_ID, client.HARBOUR_CLIENT_SECRET, times + more)}`;

test("a token is got once, for all calls of all servers of a client", async () => {
  const [one, two] = [await publish(), await publish()];
  for (const server of [one, one, two]) assert.equal((await customs(server)).isError, undefined);
  assert.deepEqual(await on.upstream.tokenRequests(), [
    {
      authorization: `Basic ${btoa(`client+${number}:s3cret%3Aof%2Bit`)}`,
      form: "grant_type=client_credentials",
    },
  ]);
  assert.deepEqual(await sent(), Array(3).fill(["/v2/customs", token()]));
});

test("one that was taken back is got anew, and the call is made again", async () => {
  const server = await publish();
  await customs(server);
  await on.upstream.takeTokensBack();
  await on.upstream.reset();
  times += 1;
  assert.equal((await customs(server)).isError, undefined);
  assert.equal((await on.upstream.tokenRequests()).length, 1);
  assert.deepEqual(await sent(), [
    ["/v2/customs", token(-1)],
    ["/v2/customs", token()],
  ]);
});

test("a new secret is used from the next call on, and without one no token is", async () => {
  const server = await publish();
  await customs(server);
  client = { ...client, HARBOUR_CLIENT_SECRET: "another" };
  const { live } = await on.studio.deploy(server.projectId, { access: "public", secrets: client });
  await customs(live);
  assert.equal((await sent()).at(-1)[1], token());
  const removed = await on.studio.fetch(
    `/api/projects/${server.projectId}/secrets/HARBOUR_CLIENT_SECRET`,
    { method: "DELETE" },
  );
  assert.equal(removed.status, 204);
  await on.upstream.reset();
  const result = await customs(live);
  assert.equal(result.isError, true);
  assert.match(textOf(result), /Deploy again with HARBOUR_CLIENT_SECRET, or HARBOUR_ACCESS_TOKEN$/);
  assert.deepEqual(await sent(), []);
});

test("a client goes before a token that is stored, which does without one", async () => {
  const stored = { HARBOUR_ACCESS_TOKEN: "stored-token" };
  await customs(await publish({ ...stored, ...client }));
  await customs(await publish(stored));
  assert.deepEqual(await sent(), [
    ["/v2/customs", token()],
    ["/v2/customs", "Bearer stored-token"],
  ]);
});

test("a refusal says who refused and why, without the secret, and is not kept", async () => {
  const server = await publish({ ...client, HARBOUR_CLIENT_ID: "stranger" });
  for (const round of [1, 2]) {
    const result = await customs(server);
    assert.equal(result.isError, true);
    assert.equal(
      textOf(result),
      "The platform did not let this request through. No access token was given for " +
        "HARBOUR_CLIENT_ID by 127.0.0.1: invalid_client: [redacted] is wrong; asked in another " +
        "way, invalid_client: Send the secret in the header Authorization",
    );
    // In the header, and then in the body.
    assert.equal((await on.upstream.tokenRequests()).length, 2 * round);
  }
  assert.deepEqual(await sent(), []);
});

test("an address that must not be asked is refused when its secret is given", async () => {
  const document = await on.upstream.document();
  for (const tokenUrl of ["https://169.254.169.254/token", "https://login.internal/token"]) {
    document.components.securitySchemes.customs.flows.clientCredentials.tokenUrl = tokenUrl;
    const { projectId } = await on.studio.analyze({ specFile: JSON.stringify(document) });
    await on.studio.generate(projectId);
    const { status, body } = await on.studio.api("POST", "/api/deploy", {
      projectId,
      target: "mcpengine",
      config: { access: "public", secrets: client },
    });
    assert.deepEqual([status, body.error.code], [400, "token_url_denied"]);
    assert.ok(body.error.message.includes(`from ${tokenUrl}, and `), body.error.message);
    // Without it the server can run; its own code may not ask there either.
    const { live } = await on.studio.deploy(projectId, { access: "public" });
    const { deployments } = await on.studio.get(`/api/projects/${projectId}/deployments`);
    assert.deepEqual(deployments[0].config.allowedHosts, [on.upstream.host]);
    assert.match(textOf(await customs(live)), /No credential is stored/);
  }
});
