// The main job on workerd: a document in, tools called by real clients, and the
// upstream saw exactly the right requests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, legacy, modern, post } from "../support/mcp.mjs";
import { terminal } from "../support/sse.mjs";
import { startStudio } from "../support/studio.mjs";
import { startUpstream } from "../support/upstream.mjs";
import { TOOLS } from "../upstream/document.mjs";

const SECRET = "canary-7f3a9c-never-to-be-seen";

let studio;
let upstream;
let live;
let projectId;
let secretNames;

/** The name under which a scheme's credential is given. */
const secretName = (analysis, id, at = 0) =>
  analysis.authFlow.schemes.find((scheme) => scheme.id === id).secrets[at].name;

before(async () => {
  [studio, upstream] = await Promise.all([startStudio(), startUpstream()]);
  const analysis = await studio.analyze({ specUrl: upstream.documentUrl });
  projectId = analysis.projectId;
  secretNames = {
    bearer: secretName(analysis, "bearer"),
    headerKey: secretName(analysis, "headerKey"),
    queryKey: secretName(analysis, "queryKey"),
    user: secretName(analysis, "basic", 0),
    password: secretName(analysis, "basic", 1),
  };
  await studio.generate(projectId);
  live = await studio.deploy(projectId, {
    secrets: {
      [secretNames.bearer]: SECRET,
      [secretNames.headerKey]: `${SECRET}-header`,
      [secretNames.queryKey]: `${SECRET}-query`,
      [secretNames.user]: "user",
      [secretNames.password]: `${SECRET}-password`,
    },
  });
});
after(async () => {
  upstream?.close();
  await studio?.close();
});

const authorized = () => ({ authorization: `Bearer ${live.token}` });
const ask = (name, args) => call(live.endpoint, name, args, authorized());

/** What the upstream saw of one call. */
async function sent(name, args) {
  await upstream.taken();
  const result = await ask(name, args);
  const requests = await upstream.taken();
  return { result, requests };
}

test("both eras list the same tools", async () => {
  for (const connect of [modern, legacy]) {
    const client = await connect(live.endpoint, live.token);
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      TOOLS,
    );
    const result = await client.callTool({ name: "get_item", arguments: { itemId: "a/../b?c" } });
    assert.deepEqual(result.structuredContent, { id: "a/../b?c", name: "Bolt" });
    await client.close();
  }
});

test("query, header and cookie parameters arrive as the document says", async () => {
  const { requests } = await sent("list_items", {
    tag: ["a b", "c&d"],
    ids: [1, 2],
    filter: { color: "red", size: 3 },
    limit: 5,
    "X-Trace": "t-1",
    locale: "de",
  });
  assert.deepEqual(requests, [
    {
      method: "GET",
      url: "/v1/items?tag=a%20b&tag=c%26d&ids=1,2&filter%5Bcolor%5D=red&filter%5Bsize%5D=3&limit=5",
      headers: {
        accept: "application/json",
        authorization: `Bearer ${SECRET}`,
        cookie: "locale=de",
        "x-trace": "t-1",
      },
      body: "",
    },
  ]);
});

test("a path value cannot leave its segment", async () => {
  const { requests } = await sent("get_item", { itemId: "../../admin?x=1#y" });
  assert.deepEqual(
    requests.map(({ method, url }) => ({ method, url })),
    [{ method: "GET", url: "/v1/items/..%2F..%2Fadmin%3Fx%3D1%23y" }],
  );
});

test("bodies are written in the media type of the document", async () => {
  const json = await sent("create_item", { id: "7", name: "Nut", price: 1.5 });
  assert.deepEqual(json.requests, [
    {
      method: "POST",
      url: "/v1/items",
      headers: {
        accept: "application/json",
        authorization: `Bearer ${SECRET}`,
        "content-type": "application/json",
      },
      body: '{"id":"7","name":"Nut","price":1.5}',
    },
  ]);
  assert.deepEqual(json.result.structuredContent, { id: "7", name: "Nut", price: 1.5 });

  const form = await sent("sign_in", { user: "a&b", scope: "r w" });
  assert.deepEqual(form.requests, [
    {
      method: "POST",
      url: "/v1/login",
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "user=a%26b&scope=r%20w",
    },
  ]);

  const { requests } = await sent("upload_photo", { itemId: "7", caption: "Side", size: 3 });
  const [{ headers, body }] = requests;
  const [, boundary] = headers["content-type"].match(/^multipart\/form-data; ?boundary="?([^"]+)"?$/);
  const parts = body.split(`--${boundary}`).map((part) => part.trim());
  assert.deepEqual(parts, [
    "",
    'Content-Disposition: form-data; name="caption"\r\n\r\nSide',
    'Content-Disposition: form-data; name="size"\r\n\r\n3',
    "--",
  ]);
});

test("each kind of credential goes where its scheme says, and only there", async () => {
  const key = await sent("get_with_key", {});
  assert.equal(key.requests[0].headers["x-api-key"], `${SECRET}-header`);
  assert.equal(key.requests[0].headers.authorization, undefined);
  const query = await sent("get_with_query_key", {});
  assert.equal(query.requests[0].url, `/v1/access/query-key?api_key=${SECRET}-query`);
  const basic = await sent("get_with_basic", {});
  assert.equal(
    basic.requests[0].headers.authorization,
    `Basic ${Buffer.from(`user:${SECRET}-password`).toString("base64")}`,
  );
  const open = await sent("sign_in", { user: "u" });
  assert.equal(open.requests[0].headers.authorization, undefined);
  for (const { requests } of [key, query, basic, open]) {
    assert.equal(requests[0].headers["mcpengine-auth"], undefined, "our own header stays inside");
  }
});

test("answers of every kind become results", async () => {
  for (const status of [404, 429, 500]) {
    const { result } = await sent("get_status", { status });
    assert.equal(result.isError, true, `status ${status}`);
    assert.match(result.content[0].text, new RegExp(String(status)));
  }
  const gone = await sent("delete_item", { itemId: "1" });
  assert.notEqual(gone.result.isError, true);
  assert.equal(gone.requests[0].method, "DELETE");
  const photo = await sent("get_photo", { itemId: "1" });
  const image = photo.result.content.find(({ type }) => type === "image");
  assert.equal(image.mimeType, "image/png");
  assert.equal(Buffer.from(image.data, "base64").subarray(1, 4).toString(), "PNG");
  const slow = await sent("get_slow", { ms: 300 });
  assert.notEqual(slow.result.isError, true);
  const large = await sent("get_large", {});
  assert.ok(large.result.content[0].text.length > 1_000);
});

test("a redirect to another host is not followed with the credential", async () => {
  const { result, requests } = await sent("get_moved", {});
  assert.equal(result.isError, true);
  assert.deepEqual(
    requests.map(({ url }) => url),
    ["/v1/moved"],
  );
});

test("wrong arguments are a result that names them, and reach nobody", async () => {
  const { result, requests } = await sent("list_items", { limit: "many" });
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /limit/);
  assert.deepEqual(requests, []);
});

test("twenty calls at once each get their own answer", async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `item-${index}`);
  const results = await Promise.all(ids.map((itemId) => ask("get_item", { itemId })));
  assert.deepEqual(
    results.map(({ structuredContent }) => structuredContent.id),
    ids,
  );
});

test("the endpoint wants its token", async () => {
  for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: `Basic ${live.token}` }]) {
    const response = await post(live.endpoint, "tools/list", {}, headers);
    assert.equal(response.status, 401);
    assert.match(response.headers.get("www-authenticate"), /^Bearer /);
  }
  assert.equal((await post(live.endpoint, "tools/list", {}, authorized())).status, 200);
  const { status, body } = await studio.json(`/api/projects/${projectId}/tokens`, { method: "POST" });
  assert.equal(status, 201);
  assert.equal(body.token.slice(-4), body.last4);
  const other = { authorization: `Bearer ${body.token}` };
  assert.equal((await post(live.endpoint, "tools/list", {}, other)).status, 200);
});

test("no credential is anywhere but at the upstream", async () => {
  const bodies = [await studio.dump()];
  for (const route of ["", "/analysis", "/tools", "/bundle", "/deployments"]) {
    bodies.push(await (await studio.fetch(`/api/projects/${projectId}${route}`)).text());
  }
  const stream = await studio.stream("/api/deploy", {
    projectId,
    target: "mcpengine",
    config: { secrets: { [secretNames.bearer]: SECRET } },
  });
  assert.equal(terminal(stream).type, "deploy:live");
  bodies.push(JSON.stringify(stream), JSON.stringify(studio.harness.getLogs()));
  for (const form of [SECRET, Buffer.from(SECRET).toString("base64").slice(0, -4)]) {
    for (const body of bodies) {
      const at = body.indexOf(form);
      assert.equal(at, -1, `found in …${body.slice(Math.max(0, at - 120), at)}`);
    }
  }
  assert.ok(!bodies[0].includes(live.token), "the endpoint token is stored as a digest only");
});

test("a missing credential is a result that says so", async () => {
  const other = await studio.publish({ specUrl: upstream.documentUrl }, { access: "public" });
  const result = await call(other.live.endpoint, "list_items");
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /credential/i);
  assert.equal(other.live.token, null);
});
