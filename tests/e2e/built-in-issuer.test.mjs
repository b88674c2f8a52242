// The issuer that development brings along: its flow as a browser takes it, and that
// its tokens are verified like all others.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { CLIENT_ID, developmentToken, es256, ISSUER, ISSUER_KEY, jwt } from "../lib/identity.mjs";
import { answerOf, startStudio } from "../lib/studio.mjs";

let studio;
before(async () => {
  studio = await startStudio();
});
after(() => studio?.close());

const LOCAL_USER = "00000000-0000-4000-8000-000000000001";
const verifier = randomBytes(32).toString("base64url");
const challenge = createHash("sha256").update(verifier).digest("base64url");
const callback = () => `${studio.origin}/auth/callback`;

const query = (changes = {}) => {
  const all = {
    client_id: CLIENT_ID,
    redirect_uri: callback(),
    response_type: "code",
    scope: "openid",
    state: "s t&a",
    nonce: "n1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...changes,
  };
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== undefined));
};

const authorize = (changes, init) =>
  studio.fetch(`/dev-issuer/authorize?${query(changes)}`, { redirect: "manual", ...init });
const token = async (form) =>
  answerOf(
    await studio.fetch("/dev-issuer/token", { method: "POST", body: new URLSearchParams(form) }),
  );
const redeem = (code, changes) =>
  token({
    grant_type: "authorization_code",
    client_id: CLIENT_ID,
    redirect_uri: callback(),
    code_verifier: verifier,
    code,
    ...changes,
  });
const me = (bearer) =>
  studio.api("GET", "/api/me", undefined, { authorization: `Bearer ${bearer}` });

/** The code of a sign-in as `account`, the local one where none is named. */
async function code(account) {
  const body = new URLSearchParams(account ? { account } : {});
  const response = await authorize({}, { method: "POST", body });
  assert.equal(response.status, 303);
  const target = new URL(response.headers.get("location"));
  assert.deepEqual([target.origin + target.pathname, target.searchParams.get("state")], [callback(), "s t&a"]);
  return target.searchParams.get("code");
}

const claimsOf = (text) => JSON.parse(Buffer.from(text.split(".")[1], "base64url"));

test("its documents say where everything is, and its key set has no private key", async () => {
  const discovery = await studio.get("/dev-issuer/.well-known/openid-configuration");
  assert.equal(discovery.issuer, ISSUER);
  const at = (path) => `${studio.origin}/dev-issuer/${path}`;
  assert.deepEqual(
    [discovery.authorization_endpoint, discovery.token_endpoint, discovery.jwks_uri],
    [at("authorize"), at("token"), at("jwks.json")],
  );
  const { kty, crv, kid, x, y } = ISSUER_KEY;
  assert.deepEqual(await studio.get("/dev-issuer/jwks.json"), {
    keys: [{ kty, crv, use: "sig", alg: "ES256", kid, x, y }],
  });
});

test("one click signs in as the local account, whose data is what was there before", async () => {
  const page = await authorize();
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-security-policy"), /default-src 'none'.*frame-ancestors 'none'/s);
  assert.match(await page.text(), /Continue as Local user/);
  const { status, body } = await redeem(await code());
  assert.equal(status, 200);
  assert.deepEqual([body.token_type, body.expires_in], ["Bearer", 600]);
  assert.equal(claimsOf(body.id_token).nonce, "n1");
  const { body: account } = await me(body.access_token);
  assert.deepEqual([account.id, account.name, account.tier], [LOCAL_USER, "Local user", "enterprise"]);
  const renewed = await token({
    grant_type: "refresh_token",
    client_id: CLIENT_ID,
    refresh_token: body.refresh_token,
  });
  assert.equal((await me(renewed.body.access_token)).body.id, LOCAL_USER);
});

test("no question is asked where none may be", async () => {
  const response = await authorize({ prompt: "none" });
  assert.equal(response.status, 303);
  const { searchParams } = new URL(response.headers.get("location"));
  const { body } = await redeem(searchParams.get("code"));
  assert.equal((await me(body.access_token)).body.id, LOCAL_USER);
});

test("another name is another account", async () => {
  const { body } = await redeem(await code(" Ada  Lovelace! "));
  const { body: ada } = await me(body.access_token);
  assert.deepEqual([ada.name, ada.email, ada.tier], ["Ada  Lovelace!", "ada-lovelace@localhost", "enterprise"]);
  assert.notEqual(ada.id, LOCAL_USER);
  const again = await redeem(await code("ada lovelace"));
  assert.equal((await me(again.body.access_token)).body.id, ada.id);
  const local = await redeem(await code("Local"));
  assert.equal((await me(local.body.access_token)).body.id, LOCAL_USER);
});

test("scripts ask for the development token of the local account", async () => {
  const { status, body } = await token({ grant_type: "client_credentials" });
  assert.deepEqual([status, body.expires_in, body.refresh_token], [200, 43_200, undefined]);
  assert.equal((await me(body.access_token)).body.id, LOCAL_USER);
});

test("requests that are not in order get no code", async () => {
  for (const changes of [
    { redirect_uri: "https://evil.example/auth/callback" },
    { redirect_uri: "http://localhost.evil.example/auth/callback" },
    { redirect_uri: `${studio.origin}/s/evil/auth/callback` },
    { redirect_uri: "javascript:alert(1)" },
    { redirect_uri: undefined },
    { client_id: "other" },
    { response_type: "token" },
    { code_challenge: undefined },
    { code_challenge: "short" },
    { code_challenge_method: "plain" },
  ]) {
    for (const init of [{}, { method: "POST", body: new URLSearchParams() }]) {
      const response = await authorize({ prompt: "none", ...changes }, init);
      const { status, body } = await answerOf(response);
      assert.deepEqual(
        [status, body.error?.code, response.headers.get("location")],
        [400, "invalid_authorization_request", null],
        JSON.stringify(changes),
      );
    }
  }
  const page = await authorize({}, { method: "POST", headers: { origin: "https://evil.example" } });
  assert.equal(page.status, 403);
});

test("codes and refresh tokens are good for what they are, and nothing else", async () => {
  const good = await code();
  const { body } = await redeem(good);
  const refresh = { grant_type: "refresh_token", client_id: CLIENT_ID };
  for (const [form, error] of [
    [redeem(good, { code_verifier: randomBytes(32).toString("base64url") }), "invalid_grant"],
    [redeem(good, { code_verifier: "" }), "invalid_grant"],
    [redeem(good, { redirect_uri: `${studio.origin}/` }), "invalid_grant"],
    [redeem(good, { client_id: "other" }), "invalid_client"],
    [redeem(`${good.slice(0, -2)}AA`), "invalid_grant"],
    [redeem(""), "invalid_grant"],
    [redeem(body.refresh_token), "invalid_grant"],
    [redeem(body.access_token), "invalid_grant"],
    [token({ ...refresh, refresh_token: good }), "invalid_grant"],
    [token({ ...refresh, refresh_token: body.access_token }), "invalid_grant"],
    [token({ ...refresh, client_id: "", refresh_token: body.refresh_token }), "invalid_client"],
    [token({ grant_type: "password", client_id: CLIENT_ID }), "unsupported_grant_type"],
    [token({}), "invalid_client"],
  ]) {
    const answer = await form;
    assert.deepEqual([answer.status, answer.body.error], [400, error]);
  }
  for (const text of [good, body.refresh_token]) assert.equal((await me(text)).status, 401);
});

test("its tokens are verified like all others", async () => {
  const now = Math.floor(Date.now() / 1_000);
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const claims = { iss: ISSUER, sub: "local", azp: CLIENT_ID, exp: now + 60 };
  const header = { alg: "ES256", kid: ISSUER_KEY.kid };
  for (const [text, reason] of [
    [jwt(header, claims, es256(stranger.privateKey)), "signature"],
    [jwt({ ...header, alg: "none" }, claims, () => Buffer.alloc(0)), "algorithm"],
    [jwt({ ...header, kid: "other" }, claims, es256(stranger.privateKey)), "key"],
    [developmentToken({ exp: now - 6 }), "expired"],
    [developmentToken({ azp: "https://evil.example" }), "party"],
    [developmentToken({ iss: "https://clerk.example.com" }), "issuer"],
  ]) {
    const { status, body } = await me(text);
    assert.deepEqual([status, body.error.details.reason], [401, reason]);
  }
  const anonymous = await studio.api("GET", "/api/projects", undefined, { authorization: null });
  assert.deepEqual([anonymous.status, anonymous.body.error.code], [401, "unauthenticated"]);
});
