// The studio's own pages and the routes that belong to no project.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { root } from "../lib/paths.mjs";
import { startStudio } from "../lib/studio.mjs";

let studio;
before(async () => {
  studio = await startStudio();
});
after(() => studio?.close());

test("health, configuration and the API's own description", async () => {
  const { version, ...health } = await studio.get("/api/health");
  assert.deepEqual(health, { status: "ok", environment: "development" });
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.deepEqual(await studio.get("/api/config"), {
    environment: "development",
    domain: "mcpengine.run",
    maxSpecBytes: 16 << 20,
    sampleSpecUrl: `${studio.origin}/sample-api/openapi.json`,
    auth: {
      authority: `${studio.origin}/dev-issuer`,
      metadataUrl: `${studio.origin}/dev-issuer/.well-known/openid-configuration`,
      clientId: "mcpengine-studio",
      scopes: "openid profile email offline_access",
      builtIn: true,
    },
  });
  const committed = JSON.parse(await readFile(path.join(root, "docs/openapi.json"), "utf8"));
  assert.deepEqual(await studio.get("/api/openapi.json"), committed);
});

test("the studio takes its own description", async () => {
  const { result } = await studio.analyze({
    specFile: JSON.stringify(await studio.get("/api/openapi.json")),
  });
  assert.ok(result.toolCount >= 15);
  assert.deepEqual(
    result.diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
});

test("pages are guarded, and paths of the application get the index page", async () => {
  for (const pathname of ["/", "/projects", "/projects/1234"]) {
    const response = await studio.fetch(pathname, { headers: { accept: "text/html" } });
    assert.equal(response.status, 200, pathname);
    assert.match(response.headers.get("content-type"), /^text\/html/);
    const policy = response.headers.get("content-security-policy");
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(/script-src[^;]*/.exec(policy)[0], /unsafe/);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.match(await response.text(), /<div id="root">/);
  }
});

test("HEAD answers like GET, without the body", async () => {
  const response = await studio.fetch("/api/health", { method: "HEAD" });
  assert.deepEqual([response.status, await response.text()], [200, ""]);
  assert.match(response.headers.get("content-type"), /json/);
});

test("every answer has an id of its own", async () => {
  const ids = await Promise.all(
    ["/api/health", "/api/nothing", "/", "/api/projects"].map(async (pathname) =>
      (await studio.fetch(pathname)).headers.get("x-request-id"),
    ),
  );
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test("production does not start with loopback allowed", async () => {
  const other = await startStudio({ vars: { ENVIRONMENT: "production" } });
  try {
    const { status, body } = await other.api("GET", "/api/health");
    assert.deepEqual([status, body.error.code], [503, "misconfigured"]);
  } finally {
    await other.close();
  }
});

test("production knows nobody without a token, serves no sample, and no server by path", async () => {
  const vars = {
    ENVIRONMENT: "production",
    ALLOW_LOOPBACK: "false",
    STUDIO_HOSTS: "mcpengine.com",
    AUTH_ISSUER: "https://clerk.example.com",
    AUTH_PARTIES: "https://mcpengine.com",
    DEV_ISSUER_KEY: undefined,
  };
  const other = await startStudio({ vars });
  try {
    const ask = async (host, pathname, method = "GET") => {
      const headers = { authorization: null };
      const { status, body } = await other.byHost(host, pathname, { method, headers });
      return [status, body.error?.code];
    };
    assert.deepEqual(await ask("mcpengine.com", "/api/projects"), [401, "unauthenticated"]);
    assert.deepEqual(await ask("mcpengine.com", "/api/analyze", "POST"), [401, "unauthenticated"]);
    assert.deepEqual(await ask("localhost", "/api/projects"), [421, "misdirected_request"]);
    assert.deepEqual(await ask("x.localhost", "/mcp"), [421, "misdirected_request"]);
    assert.deepEqual(await ask("x.mcpengine.run", "/mcp"), [404, "server_not_found"]);
    const sample = await other.byHost("mcpengine.com", "/sample-api/openapi.json");
    assert.ok(!JSON.stringify(sample.body).includes("Sample Library"));
    const byPath = await other.byHost("mcpengine.com", "/s/x/mcp");
    assert.notEqual(byPath.body.error?.code, "server_not_found");
  } finally {
    await other.close();
  }
});
