// What every answer carries, whoever made it, and what pages of other origins may do.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { AUTHORIZATION } from "../lib/identity.mjs";
import { startStudio } from "../lib/studio.mjs";

const GUARDS = {
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^(strict-origin-when-cross-origin|no-referrer)$/,
  "cross-origin-opener-policy": /^same-origin$/,
  "content-security-policy": /default-src 'none'.*frame-ancestors 'none'/,
  "permissions-policy": /camera=\(\)/,
  "x-request-id": /^[0-9a-f-]{36}$/,
};

let studio;
before(async () => {
  studio = await startStudio({ vars: { CORS_ORIGINS: "https://tools.example" } });
});
after(() => studio?.close());

const get = (pathname, headers) => studio.fetch(pathname, { headers, redirect: "manual" });

test("every answer is guarded and named, errors too", async () => {
  const ids = new Set();
  for (const [pathname, status, init] of [
    ["/", 200],
    ["/projects/none", 200],
    ["/favicon.svg", 200],
    ["/assets/none.js", 200],
    ["/api/health", 200],
    ["/api/none", 404],
    ["/api/projects", 401, { headers: { authorization: null } }],
    ["/api/projects", 405, { method: "DELETE" }],
    ["/api/projects", 400, { method: "POST", body: "{" }],
    ["/dev-issuer/.well-known/openid-configuration", 200],
    ["/dev-issuer/none", 404],
    ["/sample-api/none", 404],
    ["/s/none/mcp", 404],
  ]) {
    const response = await studio.fetch(pathname, init);
    const where = `${init?.method ?? "GET"} ${pathname}`;
    assert.equal(response.status, status, where);
    for (const [name, expected] of Object.entries(GUARDS)) {
      const isServer = pathname.startsWith("/s/");
      if (isServer && /opener|permissions|referrer/.test(name) && response.headers.get(name) === null)
        continue;
      assert.match(response.headers.get(name) ?? "", expected, `${where}: ${name}`);
    }
    assert.equal(response.headers.get("strict-transport-security"), null, where);
    ids.add(response.headers.get("x-request-id"));
    await response.arrayBuffer();
  }
  assert.equal(ids.size, 13);
  const nobody = await studio.byHost("nobody.example", "/");
  assert.equal(nobody.status, 421);
  for (const name of Object.keys(GUARDS)) assert.ok(nobody.headers[name], name);
});

test("each page has a nonce of its own, on its scripts and in its policy", async () => {
  const nonces = new Set();
  for (const headers of [{}, {}, { "if-none-match": "*" }]) {
    const response = await get("/settings", headers);
    const policy = response.headers.get("content-security-policy");
    const [, nonce] = /script-src 'self' 'nonce-([\w+/=]{24})' 'strict-dynamic'/.exec(policy) ?? [];
    assert.ok(nonce, policy);
    assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|https?:\/\/\*[ ;]/);
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.equal(response.headers.get("etag"), null);
    const page = await response.text();
    const scripts = page.match(/<script\b[^>]*>/g);
    assert.ok(scripts.length >= 2);
    for (const tag of [...scripts, ...page.match(/<link rel="(?:modulepreload|stylesheet)"[^>]*>/g)])
      assert.ok(tag.includes(`nonce="${nonce}"`), tag);
    assert.ok(!page.includes("MCPENGINE_NONCE"));
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 3);
});

test("files of the build are kept, and are not pages", async () => {
  const page = await (await get("/")).text();
  const [, file] = /src="(\/assets\/[^"]+\.js)"/.exec(page);
  const response = await get(file);
  assert.equal(response.headers.get("cache-control"), "public, max-age=31536000, immutable");
  const tag = response.headers.get("etag");
  assert.equal((await get(file, { "if-none-match": tag })).status, 304);
});

describe("pages of other origins", () => {
  const preflight = (origin, pathname = "/api/projects") =>
    studio.fetch(pathname, {
      method: "OPTIONS",
      headers: {
        authorization: null,
        origin,
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization, if-match",
      },
    });

  test("a listed one may ask, with what the API understands", async () => {
    const answer = await preflight("https://tools.example");
    assert.deepEqual([answer.status, await answer.text()], [204, ""]);
    const allowed = (name) => answer.headers.get(`access-control-${name}`);
    assert.equal(allowed("allow-origin"), "https://tools.example");
    assert.equal(allowed("allow-credentials"), null);
    for (const method of ["GET", "POST", "PATCH", "DELETE"])
      assert.ok(allowed("allow-methods").split(", ").includes(method), method);
    for (const name of ["authorization", "content-type", "if-match", "idempotency-key"])
      assert.ok(allowed("allow-headers").split(", ").includes(name), name);
    assert.match(answer.headers.get("vary"), /Origin/);

    const response = await get("/api/me", { origin: "https://tools.example" });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), "https://tools.example");
    assert.match(response.headers.get("access-control-expose-headers"), /etag.*x-request-id/);
    const refused = await get("/api/projects/none", { origin: "https://tools.example" });
    assert.deepEqual(
      [refused.status, refused.headers.get("access-control-allow-origin")],
      [404, "https://tools.example"],
    );
  });

  test("others may not, however they look", async () => {
    for (const origin of [
      "https://tools.example.evil.example",
      "http://tools.example",
      "https://tools.example:8443",
      "https://TOOLS.example",
      "null",
      "*",
    ]) {
      for (const answer of [await preflight(origin), await get("/api/me", { origin })]) {
        assert.equal(answer.headers.get("access-control-allow-origin"), null, origin);
        assert.match(answer.headers.get("vary"), /Origin/, origin);
      }
      assert.equal((await get("/api/me", { origin })).status, 403, origin);
    }
  });

  test("only the API is for them", async () => {
    const answer = await get("/", { origin: "https://tools.example" });
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  });
});

test("a line of the log names the request that the client knows", async () => {
  await studio.query("ALTER TABLE projects RENAME TO projects_away");
  const { status, headers } = await studio.api("GET", "/api/projects", undefined, AUTHORIZATION);
  await studio.query("ALTER TABLE projects_away RENAME TO projects");
  assert.ok(status >= 500, String(status));
  const id = headers.get("x-request-id");
  // Lines come a moment after the answer.
  const lines = () => studio.logs().map(({ message }) => String(message));
  const told = () => lines().some((line) => line.includes(`[${id}] internal error`));
  const end = Date.now() + 10_000;
  while (!told() && Date.now() < end) await setImmediate();
  assert.ok(told(), lines().join("\n"));
});

test("a var that is no list of origins stops the start", async () => {
  for (const origins of ["*", "https://tools.example/", "tools.example", "https://a.example b"]) {
    const wrong = await startStudio({ vars: { CORS_ORIGINS: origins } });
    const { status, body, headers } = await wrong.api("GET", "/api/health");
    await wrong.close();
    assert.deepEqual([status, body.error.code], [503, "misconfigured"], origins);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
});

test("in production browsers come by https only", async () => {
  const production = await startStudio({
    vars: {
      ENVIRONMENT: "production",
      ALLOW_LOOPBACK: "false",
      STUDIO_HOSTS: "127.0.0.1",
      AUTH_ISSUER: "https://issuer.example",
      AUTH_PARTIES: "https://mcpengine.example",
      DEV_ISSUER_KEY: undefined,
    },
  });
  for (const pathname of ["/", "/api/health", "/api/none"]) {
    const { headers } = await production.fetch(pathname);
    assert.match(headers.get("strict-transport-security") ?? "", /^max-age=63072000/, pathname);
  }
  await production.close();
});
