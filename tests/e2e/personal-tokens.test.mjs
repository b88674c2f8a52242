// Personal access tokens: made, used within their scopes, ended; and of every route
// who is let in by which token.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { developmentToken } from "../lib/identity.mjs";
import { operations } from "../lib/routes.mjs";
import { startStudio } from "../lib/studio.mjs";

let studio;
before(async () => {
  studio = await startStudio();
});
after(() => studio?.close());

const SCOPES = ["projects:read", "projects:write", "servers:deploy"];
const UNKNOWN = "00000000-0000-4000-8000-0000000000ff";

async function make(scopes, more = {}) {
  const { status, body } = await studio.api("POST", "/api/tokens", { name: "t", scopes, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}
const as = (token) => ({ authorization: `Bearer ${token}` });
const ask = (method, pathname, token, body) =>
  studio.api(method, pathname, body, token === null ? { authorization: null } : as(token));

test("a token is shown once, works, is seen to be used, and ends when it is revoked", async () => {
  const { token, ...summary } = await make(["servers:deploy", "projects:read", "projects:read"], {
    name: " laptop ",
    expiresInDays: 7,
  });
  assert.match(token, /^mcpp_[0-9a-f]{70}$/);
  const { id, last4, createdAt, expiresAt, ...rest } = summary;
  assert.deepEqual(rest, {
    name: "laptop",
    scopes: ["projects:read", "servers:deploy"],
    lastUsedAt: null,
    revokedAt: null,
  });
  assert.equal(last4, token.slice(-4));
  assert.equal(Date.parse(expiresAt) - Date.parse(createdAt) > 6.99 * 86_400_000, true);
  assert.ok(!(await studio.everythingStored()).includes(token));

  const { body: me } = await ask("GET", "/api/me", token);
  assert.equal(me.name, "Local user");
  assert.equal((await ask("GET", "/api/projects", token)).status, 200);
  let used;
  do {
    const { tokens } = await studio.get("/api/tokens");
    assert.ok(!JSON.stringify(tokens).includes(token));
    used = tokens.find((one) => one.id === id).lastUsedAt;
  } while (used === null);

  assert.equal((await studio.api("DELETE", `/api/tokens/${id}`)).status, 204);
  const refused = await ask("GET", "/api/projects", token);
  assert.deepEqual(
    [refused.status, refused.body.error.code, refused.body.error.details.reason],
    [401, "invalid_token", "revoked"],
  );
});

test("what cannot be made is refused with its cause", async () => {
  for (const [body, code] of [
    [{ name: "t", scopes: [] }, "invalid_scopes"],
    [{ name: "t", scopes: ["everything"] }, "invalid_field"],
    [{ name: "t" }, "invalid_field"],
    [{ name: "", scopes: SCOPES }, "invalid_token_name"],
    [{ name: "x".repeat(61), scopes: SCOPES }, "invalid_token_name"],
    [{ name: "t", scopes: SCOPES, expiresInDays: 0 }, "invalid_lifetime"],
    [{ name: "t", scopes: SCOPES, expiresInDays: 367 }, "invalid_lifetime"],
    [{ name: "t", scopes: SCOPES, admin: true }, "invalid_field"],
  ]) {
    const answer = await studio.api("POST", "/api/tokens", body);
    assert.deepEqual([answer.status, answer.body.error.code], [400, code]);
  }
});

test("tokens of other forms, other people's, and those that have ended", async () => {
  const { token, id } = await make(SCOPES);
  const flipped = `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
  for (const text of [flipped, "mcpp_", `mcpp_${"0".repeat(70)}`, token.replace("mcpp", "mcpe")]) {
    const { status, body } = await ask("GET", "/api/projects", text);
    assert.deepEqual([status, body.error.code], [401, "invalid_token"], text);
  }
  const grace = developmentToken({ sub: "grace" });
  assert.deepEqual((await ask("GET", "/api/tokens", grace)).body, { tokens: [] });
  const revoked = await ask("DELETE", `/api/tokens/${id}`, grace);
  assert.deepEqual([revoked.status, revoked.body.error.code], [404, "token_not_found"]);
  assert.equal((await ask("GET", "/api/projects", token)).status, 200);
  await studio.query("UPDATE personal_tokens SET expires_at = created_at WHERE id = ?", id);
  const ended = await ask("GET", "/api/projects", token);
  assert.deepEqual([ended.status, ended.body.error.code], [401, "token_expired"]);
});

test("every route: nobody, who has ended, who is gone, and tokens without its scope", async () => {
  const all = (await operations()).filter(({ needs }) => needs !== "nothing");
  const tokens = Object.fromEntries(
    await Promise.all(
      [...SCOPES.map((scope) => [scope]), SCOPES].map(async (scopes) => [
        scopes.join(),
        (await make(scopes)).token,
      ]),
    ),
  );
  const gone = developmentToken({ sub: "gone" });
  const { body: account } = await ask("GET", "/api/me", gone);
  const made = await ask("POST", "/api/tokens", gone, { name: "t", scopes: SCOPES });
  await studio.query("UPDATE users SET deleted_at = created_at WHERE id = ?", account.id);
  const now = Math.floor(Date.now() / 1_000);
  const before = await studio.everythingStored();

  for (const { method, pattern, needs } of all) {
    const pathname = pattern.replaceAll(/\{[^}]+\}/g, UNKNOWN);
    const body = method === "POST" || method === "PATCH" ? {} : undefined;
    const code = async (token) => {
      const answer = await ask(method, pathname, token, body);
      return `${answer.status} ${answer.body.error?.code}`;
    };
    const where = `${method} ${pathname}`;
    assert.equal(await code(null), "401 unauthenticated", where);
    assert.equal(await code(developmentToken({ exp: now - 60 })), "401 token_expired", where);
    assert.equal(await code(gone), "403 account_deleted", where);
    assert.equal(await code(made.body.token), "403 account_deleted", where);
    for (const [scopes, token] of Object.entries(tokens)) {
      const answer = await code(token);
      if (needs === "session") assert.equal(answer, "403 session_required", where);
      else if (needs === "any" || scopes.split(",").includes(needs)) {
        assert.doesNotMatch(answer, /^40[13] /, `${where} with ${scopes}`);
      } else assert.equal(answer, "403 insufficient_scope", `${where} with ${scopes}`);
    }
  }
  // Uses are noted; nothing else has changed.
  const rows = (text) => text.split("\n").filter((line) => !line.startsWith("personal_tokens"));
  const changed = rows(await studio.everythingStored()).filter((row) => !before.includes(row));
  assert.deepEqual(changed, []);
});
