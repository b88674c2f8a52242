// One person's whole way through the studio, with a secret of every kind, and then the
// question where each of them is: nowhere but where it belongs (invariant 5 of
// ARCHITECTURE.md, taken widely). Whoever adds a kind of secret plants it here.
import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Canaries, Recorder } from "../lib/canary.mjs";
import { startClerk } from "../lib/clerk.mjs";
import { startCloudflare } from "../lib/cloudflare.mjs";
import { CLIENT_ID, ISSUER_KEY } from "../lib/identity.mjs";
import { modernBody, modernHeaders } from "../lib/mcp.mjs";
import { startRegistry } from "../lib/registry.mjs";
import { standIn } from "../lib/scripts-api.mjs";
import { STRIPE_SECRETS, startStripe } from "../lib/stripe.mjs";
import { startStudio } from "../lib/studio.mjs";
import { startUpstream } from "../lib/upstream.mjs";
import { tokenOf } from "../upstream/tokens.mjs";

const canaries = new Canaries();
const unique = (kind) => canaries.plant(kind, `canary-${kind}-${randomBytes(12).toString("hex")}`);

/** Of the API: what a header, a URL and JSON write differently is in them. */
const SECRETS = {
  HARBOUR_TOKEN: canaries.plant("HARBOUR_TOKEN", `canary-b ${randomBytes(12).toString("base64")}`),
  HARBOUR_USERNAME: unique("HARBOUR_USERNAME"),
  HARBOUR_PASSWORD: canaries.plant("HARBOUR_PASSWORD", `pass:wörd"\\${randomUUID()}`),
  HARBOUR_OFFICE_KEY: unique("HARBOUR_OFFICE_KEY"),
  HARBOUR_TIDE_KEY: canaries.plant("HARBOUR_TIDE_KEY", `/&+ ü${randomUUID()}`),
  HARBOUR_OFFICE_COOKIE_API_KEY: unique("HARBOUR_OFFICE_COOKIE_API_KEY"),
  HARBOUR_CLIENT_ID: unique("HARBOUR_CLIENT_ID"),
  HARBOUR_CLIENT_SECRET: unique("HARBOUR_CLIENT_SECRET"),
};
const CLIENT = Buffer.from(`${SECRETS.HARBOUR_CLIENT_ID}:${SECRETS.HARBOUR_CLIENT_SECRET}`);
canaries.plant("HARBOUR_CLIENT_SECRET", CLIENT.toString("base64"));
canaries.plant("access token", tokenOf(SECRETS.HARBOUR_CLIENT_ID, SECRETS.HARBOUR_CLIENT_SECRET));
const BASIC = Buffer.from(`${SECRETS.HARBOUR_USERNAME}:${SECRETS.HARBOUR_PASSWORD}`);
canaries.plant("HARBOUR_PASSWORD", BASIC.toString("base64"));

const WRONG = { cloudflare: unique("cloudflare-wrong"), npm: unique("npm-wrong") };
const ROOT_KEY = randomBytes(32);
canaries.plant("VAULT_KEYS", ROOT_KEY);
canaries.plant("VAULT_KEYS", ROOT_KEY.toString("base64"));
canaries.plant("DEV_ISSUER_KEY", ISSUER_KEY.d);
canaries.plant("DEV_ISSUER_KEY", Buffer.from(ISSUER_KEY.d, "base64url"));
canaries.plant("STRIPE_WEBHOOK_SECRETS", STRIPE_SECRETS[0]);

/** All that the studio says. */
const said = new Recorder(canaries);
const { ask, json, job, makes } = said;

let on;
let folder;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "canary-"));
  const [upstream, clerk, stripe, cloudflare, registry] = await Promise.all([
    startUpstream(),
    startClerk(),
    startStripe(),
    startCloudflare(),
    startRegistry(),
  ]);
  on = { upstream, clerk, stripe, cloudflare, registry };
  canaries.plant("CLERK_WEBHOOK_SECRETS", clerk.secret);
  canaries.plant("CLERK_WEBHOOK_SECRETS", Buffer.from(clerk.secret.slice(6), "base64"));
  canaries.plant("STRIPE_SECRET_KEY", stripe.key);
  canaries.plant("cloudflare", cloudflare.accounts.ready.token);
  canaries.plant("npm", registry.token);
  on.studio = await startStudio({
    persist: folder,
    vars: {
      ...clerk.vars,
      ...stripe.vars,
      ...standIn(cloudflare),
      VAULT_KEYS: `v1:${ROOT_KEY.toString("base64")}`,
      // Uses are counted, so that the counters are looked at as well.
      MINIMUM_TIER: "team",
    },
  });
  said.origin = on.studio.origin;
});
after(async () => {
  await Promise.all(Object.values(on ?? {}).map((it) => it.close()));
  await rm(folder, { recursive: true, force: true });
});

/** By code and PKCE, as the front end does it. */
async function signIn(account) {
  const verifier = randomBytes(32).toString("base64url");
  const redirect = `${on.studio.origin}/auth/callback`;
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: redirect,
    response_type: "code",
    scope: "openid",
    state: "s",
    nonce: "n",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const names = ["code", "refresh token", "access token", "id token"].map(
    (it) => `${account}: ${it}`,
  );
  const page = await ask("POST", `/dev-issuer/authorize?${query}`, {
    body: new URLSearchParams({ account }),
    shows: [names[0]],
  });
  const code = new URL(page.headers.get("location")).searchParams.get("code");
  canaries.plant(names[0], code);
  const form = { grant_type: "authorization_code", client_id: CLIENT_ID, redirect_uri: redirect };
  const tokens = await json("POST", "/dev-issuer/token", {
    body: new URLSearchParams({ ...form, code_verifier: verifier, code }),
    shows: names.slice(1),
  });
  canaries.plant(names[1], tokens.refresh_token);
  canaries.plant(names[2], tokens.access_token);
  canaries.plant(names[2], tokens.access_token.split(".")[2]);
  canaries.plant(names[3], tokens.id_token);
  return tokens.access_token;
}

async function call(live, name, args, token = live.token) {
  const { status, text } = await ask("POST", live.endpoint, {
    token,
    headers: modernHeaders("tools/call", { name }),
    body: modernBody("tools/call", { name, arguments: args }),
  });
  return { status, text };
}

const calls = [
  ["create_ship", { name: "x" }],
  ["delete_ship", { shipId: "s1" }],
  ["replace_ship", { shipId: "s1", name: "x" }],
  ["get_tides", {}],
  ["get_office", {}],
  ["get_customs", {}],
];

/** Tools are called as they should be, and then the API repeats what it was sent. */
async function use(live) {
  for (const [name, args] of calls) {
    const { status, text } = await call(live, name, args);
    assert.equal(status, 200, text);
    assert.doesNotMatch(text, /isError":true/, name);
  }
  await on.upstream.repeat(true);
  try {
    for (const [name, args] of calls) {
      const { text } = await call(live, name, args);
      assert.doesNotMatch(text, /isError":true/, name);
      // A 204 has nothing to repeat it in.
      if (name !== "delete_ship") assert.match(text, /\[redacted\]/, name);
    }
  } finally {
    await on.upstream.repeat(false);
  }
  await on.upstream.refuse(true);
  try {
    for (const [name, args] of calls) {
      const { text } = await call(live, name, args);
      assert.match(text, /401 Unauthorized.*\[redacted\]/s, name);
    }
  } finally {
    await on.upstream.refuse(false);
  }
  assert.equal((await call(live, "get_tides", {}, unique("another-token"))).status, 401);
}

/** The live tail, until it has told of a call that failed. */
async function follow(token, deploymentId) {
  const response = await fetch(`${on.studio.origin}/api/deployments/${deploymentId}/logs`, {
    headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
  });
  const chunks = [];
  for await (const chunk of response.body) {
    chunks.push(Buffer.from(chunk));
    if (Buffer.concat(chunks).includes("[redacted]")) break;
  }
  said.note("the live tail", response, Buffer.concat(chunks));
}

/** Servers in each place, and each archive. */
async function deployAll(token, projectId) {
  const deploy = (target, config, shows) =>
    job("/api/deploy", token, { projectId, target, config }, shows);
  const live = await deploy("mcpengine", { access: "token", secrets: SECRETS }, ["endpoint token"]);
  assert.equal(live.type, "deploy:live", live.text);
  canaries.plant("endpoint token", live.token);
  await use(live);
  await follow(token, live.deploymentId);
  const { id, token: apiToken } = on.cloudflare.accounts.ready;
  const own = (cloudflare, shows) => deploy("cloudflare", { cloudflare, secrets: SECRETS }, shows);
  const refused = await own({ accountId: id, apiToken: WRONG.cloudflare });
  assert.equal(refused.type, "error", refused.text);
  const worker = await own({ accountId: id, apiToken, scriptName: "own" }, ["own access token"]);
  assert.equal(worker.type, "deploy:live", worker.text);
  canaries.plant("own access token", worker.token);
  await use(worker);
  const npm = { registry: on.registry.origin, version: "1.0.0", packageName: "harbour" };
  const unpublished = await deploy("npm", { npm: { ...npm, token: WRONG.npm } });
  assert.equal(unpublished.code, "npm_unauthorized", unpublished.text);
  const taken = [];
  for (const [target, config] of [
    ["npm", { npm: { ...npm, token: on.registry.token } }],
    ["docker", { docker: { image: "acme/harbour:1.0" } }],
    ["download", {}],
    ["download", { download: { format: "mcpb" } }],
  ]) {
    const made = await deploy(target, config);
    assert.equal(made.type, "deploy:live", made.text);
    taken.push(made.deploymentId);
  }
  return { live, taken };
}

/** Selling, and what the directory and the seller tell. */
async function buy(token) {
  await on.stripe.fail({
    method: "POST",
    status: 400,
    code: "resource_missing",
    message: `No such price, by key ${on.stripe.key}`,
  });
  await json("POST", "/api/billing/checkout", { token, body: { plan: "pro" } }, 502);
  const { url } = await json("POST", "/api/billing/checkout", { token, body: { plan: "pro" } });
  const session = await on.stripe.happen("complete", { session: url.split("/").at(-1) });
  const events = (await on.stripe.events()).map(({ id }) => id);
  const to = (name) => `${on.studio.origin}/api/webhooks/${name}`;
  const message = await on.clerk.event("user.created", {
    id: "user_c",
    email: "c@example.org",
    updatedAt: 1,
  });
  const answers = [
    await on.stripe.send(to("stripe"), events),
    await on.stripe.send(to("stripe"), events, { secrets: [STRIPE_SECRETS[1]] }),
    await on.clerk.send(to("clerk"), [message]),
    await on.clerk.send(to("clerk"), [message], { skew: 400 }),
  ];
  said.note("webhooks", undefined, Buffer.from(JSON.stringify(answers)));
  await json("GET", "/api/billing", { token });
  await json("POST", "/api/billing/portal", { token, body: {} });
  return { session, to };
}

/** Nothing more is paid for, so that the account may end. */
async function cancel(to) {
  const started = (await on.stripe.events()).find(({ type }) => type.endsWith(".created"));
  await on.stripe.happen("end", { subscription: started.data.object.id, later: 60 });
  const events = (await on.stripe.events()).map(({ id }) => id);
  await on.stripe.send(to("stripe"), events);
}

/** What is read of a project, and what is refused with a secret in it. */
async function look(token, projectId, { live, taken }) {
  const project = `/api/projects/${projectId}`;
  const jobs = await on.studio.query("SELECT id FROM jobs");
  for (const target of [
    "/api/me",
    "/api/projects",
    "/api/audit",
    "/api/tokens",
    "/api/teams",
    "/api/usage",
    project,
    ...["analysis", "tools", "bundle", "deployments", "tokens", "secrets"].map(
      (part) => `${project}/${part}`,
    ),
    ...["", "/metrics", "/logs"].map((part) => `/api/deployments/${live.deploymentId}${part}`),
    ...taken.map((id) => `/api/deployments/${id}/artifact`),
    ...jobs.flatMap(({ id }) => [`/api/jobs/${id}`, `/api/jobs/${id}/events`]),
    "/api/me/export",
  ]) {
    const { status, text } = await ask("GET", target, { token });
    assert.equal(status, 200, `${target}: ${text.slice(0, 300)}`);
  }
  const bad = { ...SECRETS, HARBOUR_OFFICE_KEY: `${SECRETS.HARBOUR_OFFICE_KEY}\n` };
  const deploy = { projectId, target: "mcpengine", config: { secrets: bad } };
  await json("POST", "/api/deploy", { token, body: deploy }, 400);
  const cut = JSON.stringify(deploy).slice(0, -1);
  await json("POST", "/api/deploy", { token, body: cut }, 400);
  await json("GET", "/api/me", { token: `${token}x` }, 401);
  await json("GET", "/api/me", { token: unique("no-token") }, 401);
}

const bare = (places) =>
  places.flatMap(([place, content]) =>
    canaries.found(content).map(({ name, form }) => `${place} holds ${name} (${form})`),
  );

async function stored() {
  const rows = [...(await on.studio.tables())].map(([name, all]) => [
    `table ${name}`,
    JSON.stringify(all),
  ]);
  const objects = (await on.studio.objects()).flatMap(({ key, metadata, bytes }) => [
    [`object ${key}`, bytes],
    [`metadata of ${key}`, `${key} ${JSON.stringify(metadata)}`],
  ]);
  return [...rows, ...objects];
}

test("a secret is found in each form, and in archives", async () => {
  const planted = new Canaries();
  planted.plant("it", 'canary "ü" /+');
  for (const [text, form] of [
    ['{"a":"canary \\"ü\\" /+"}', "JSON"],
    ["?q=canary%20%22%C3%BC%22%20%2F%2B", "percent"],
    ["q=canary+%22%C3%BC%22+%2F%2B", "form"],
    [Buffer.from('xcanary "ü" /+!').toString("base64"), "base64"],
    [Buffer.from('xycanary "ü" /+').toString("base64url"), "base64"],
    [Buffer.from('canary "ü" /+').toString("hex"), "hex"],
  ]) {
    assert.deepEqual(planted.found(text), [{ name: "it", form }], text);
  }
  assert.deepEqual(planted.found("canary"), []);
});

test("the secrets of a whole journey are where they belong, and nowhere else", async () => {
  const ada = await signIn("Ada");
  const bob = await signIn("Bob");
  const described = { specUrl: on.upstream.documentUrl };
  const { result } = await job("/api/analyze", ada, described);
  const { projectId } = result;
  assert.equal((await job("/api/generate", ada, { projectId })).type, "generate:complete");
  const made = await deployAll(ada, projectId);
  await makes(
    "another endpoint token",
    `/api/projects/${projectId}/tokens`,
    ada,
    { name: "t" },
    (it) => it.token,
  );
  const scopes = ["projects:read"];
  const personal = await makes(
    "personal token",
    "/api/tokens",
    ada,
    { name: "t", scopes },
    (it) => it.token,
  );
  await json("GET", "/api/projects", { token: personal });
  const team = await json("POST", "/api/teams", { token: ada, body: { name: "Crew" } }, 201);
  const invitation = await makes(
    "invitation token",
    `/api/teams/${team.id}/invitations`,
    ada,
    { email: "bob@localhost", role: "editor" },
    ({ url }) => new URL(url).hash.slice(1),
  );
  for (const what of ["preview", "accept"]) {
    await json("POST", `/api/invitations/${what}`, { token: bob, body: { token: invitation } });
  }
  const { to } = await buy(ada);
  await look(ada, projectId, made);
  assert.equal(await on.studio.scheduled(), "ok");
  assert.deepEqual(bare(await stored()), []);

  await cancel(to);
  await json("DELETE", `/api/teams/${team.id}`, { token: ada }, 204);
  await json("DELETE", `/api/projects/${projectId}/secrets/HARBOUR_TOKEN`, { token: ada }, 204);
  await json("DELETE", "/api/me", { token: ada, body: { confirm: "delete my account" } }, 204);
  await json("GET", "/api/me", { token: ada }, 403);
  said.check();
  assert.deepEqual(bare([...(await stored()), ["the log", JSON.stringify(on.studio.logs())]]), []);
  await elsewhere();
  await everyByte();
});

/** The API has its own credentials and no token of ours; what was published has none. */
async function elsewhere() {
  const requests = Buffer.from(
    JSON.stringify(await on.upstream.requests()) +
      JSON.stringify(await on.upstream.tokenRequests()) +
      (await on.upstream.requests()).map(({ body }) => body.toString("utf8")).join(),
  );
  assert.deepEqual(
    canaries
      .found(requests)
      .map(({ name }) => name)
      .sort(),
    [...Object.keys(SECRETS), "access token"].sort(),
  );
  const [script] = await on.cloudflare.scripts();
  const { bindings } = script;
  const modules = JSON.stringify(script.modules);
  assert.ok(modules.includes("create_ship"), "the stand-in keeps modules elsewhere");
  assert.deepEqual(
    canaries
      .found(JSON.stringify(bindings))
      .map(({ name }) => name)
      .sort(),
    [...Object.keys(SECRETS), "own access token"].sort(),
  );
  const { versions } = await on.registry.package("harbour");
  const tarball = await (await fetch(versions["1.0.0"].dist.tarball)).arrayBuffer();
  const places = [
    ["the Worker", modules],
    ["the package", Buffer.from(tarball)],
    ["its document", JSON.stringify(versions)],
  ];
  assert.deepEqual(bare(places), []);
}

/** What the platform wrote: also rows that are gone, counters and the queue. */
async function everyByte() {
  await on.studio.close();
  const { studio: _, ...others } = on;
  on = others;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  assert.ok(files.length > 3, "the state is somewhere else");
  const places = [];
  for (const { name, parentPath } of files) {
    places.push([name, await readFile(path.join(parentPath, name))]);
  }
  assert.ok(places.some(([, bytes]) => bytes.includes("HARBOUR_TOKEN")));
  assert.deepEqual(bare(places), []);
}
