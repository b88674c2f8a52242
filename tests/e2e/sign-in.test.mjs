// Tokens of an OpenID provider, on real workerd with real signatures: who gets in,
// and that nobody else does.
import assert from "node:assert/strict";
import { createHmac, createPublicKey, createVerify, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { es256, jwt } from "../lib/identity.mjs";
import { PARTY, startIssuer } from "../lib/issuer.mjs";
import { startStudio } from "../lib/studio.mjs";

let issuer;
let studio;
before(async () => {
  issuer = await startIssuer();
  studio = await startStudio({ vars: issuer.vars });
});
after(() => Promise.all([studio?.close(), issuer?.close()]));

/** What `GET /api/me` answers to this `Authorization`. */
async function me(authorization, on = studio) {
  return on.api("GET", "/api/me", undefined, { authorization });
}
const bearer = (token) => `Bearer ${token}`;
const now = () => Math.floor(Date.now() / 1_000);

test("every algorithm and form that is allowed gets in, as the same account", async () => {
  const ids = new Set();
  for (const parts of [
    {},
    { key: "ec" },
    { key: "ed" },
    { header: { typ: null } },
    { header: { typ: "at+jwt" } },
    { claims: { azp: null, aud: "client_studio" } },
    { claims: { azp: null, aud: ["https://api.example.com", PARTY] } },
    { claims: { azp: null, client_id: "client_studio" } },
    { claims: { nbf: null, iat: null, sts: null, v: null } },
    // Within the five seconds that clocks may differ.
    { claims: { exp: now() - 2 } },
    { claims: { nbf: now() + 3 } },
  ]) {
    const { status, body } = await me(bearer(await issuer.token(parts)));
    assert.equal(status, 200, JSON.stringify([parts, body]));
    const { id, createdAt, ...account } = body;
    assert.deepEqual(account, { email: null, name: null, tier: "enterprise" });
    ids.add(id);
  }
  assert.equal(ids.size, 1);
  const lower = await me(`bearer ${await issuer.token()}`);
  assert.equal(lower.status, 200);
});

test("an account is made from the first token's claims, and is its own", async () => {
  const claims = { sub: "user_new", email: "new@example.com", name: "New" };
  const token = await issuer.token({ claims });
  const { body } = await me(bearer(token));
  assert.deepEqual([body.email, body.name], ["new@example.com", "New"]);
  const [row] = await studio.query("SELECT clerk_id FROM users WHERE id = ?", body.id);
  assert.equal(row.clerk_id, `${issuer.origin}|user_new`);
  const headers = { authorization: bearer(token) };
  const made = await studio.api("POST", "/api/projects", { name: "Mine" }, headers);
  assert.equal(made.status, 201);
  const others = { authorization: bearer(await issuer.token()) };
  const { body: list } = await studio.api("GET", "/api/projects", undefined, others);
  assert.deepEqual(list.projects, []);
  const one = `/api/projects/${made.body.id}`;
  assert.equal((await studio.api("GET", one, undefined, others)).status, 404);
  assert.equal((await studio.api("GET", one, undefined, headers)).status, 200);
});

test("an account that was deleted does not come back", async () => {
  const token = await issuer.token({ claims: { sub: "user_gone" } });
  const { body } = await me(bearer(token));
  await studio.query("UPDATE users SET deleted_at = created_at WHERE id = ?", body.id);
  const answer = await me(bearer(token));
  assert.deepEqual([answer.status, answer.body.error.code], [403, "account_deleted"]);
});

/** `[what, Authorization, reason]`; the reason is null where no token is seen. */
async function badTokens() {
  const good = await issuer.token();
  const [head, body, signature] = good.split(".");
  const { keys } = await issuer.keySet();
  const [rsa, ec] = keys;
  const make = async (what, parts, reason) => [what, bearer(await issuer.token(parts)), reason];
  const raw = (what, text, reason) => [what, bearer(text), reason];
  const claims = JSON.parse(Buffer.from(body, "base64url"));
  const hmac = (secret) => (bytes) => createHmac("sha256", secret).update(bytes).digest();
  const pem = createPublicKey({ key: rsa, format: "jwk" }).export({ type: "spki", format: "pem" });
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const strangersKey = stranger.publicKey.export({ format: "jwk" });
  const ecToken = await issuer.token({ key: "ec" });
  const [ecHead, ecBody, ecSignature] = ecToken.split(".");
  const ecBytes = Buffer.from(ecSignature, "base64url");
  const flipped = (text, index) => {
    const bytes = Buffer.from(text, "base64url");
    bytes[index] ^= 1;
    return bytes.toString("base64url");
  };
  const encode = (text) => Buffer.from(text).toString("base64url");
  const none = { alg: "none", typ: "JWT", kid: rsa.kid };
  return [
    ["nothing", null, null],
    ["an empty header", "", null],
    ["another scheme", `Basic ${good}`, null],
    ["no scheme", good, null],
    ["a scheme alone", "Bearer", null],
    raw("a word", "x", "malformed"),
    raw("two parts", `${head}.${body}`, "malformed"),
    raw("four parts", `${good}.x`, "malformed"),
    raw("an encrypted token", `${good}.x.y`, "malformed"),
    raw("no signature", `${head}.${body}.`, "signature"),
    raw("padding", `${head}.${body}.${signature}==`, "malformed"),
    raw("padding in the header", `${head}=.${body}.${signature}`, "malformed"),
    raw("a space within", `${head}. ${body}.${signature}`, "malformed"),
    raw("the other base64 alphabet", `${head}.${body}.+/${signature.slice(2)}`, "malformed"),
    raw("bits after the last byte", `${head}.${body}.${signature.slice(0, -1)}${nextDigit(signature)}`, "malformed"),
    raw("over 8 kB", await issuer.token({ claims: { filler: "x".repeat(8_192) } }), "malformed"),
    raw("alg none, unsigned", jwt(none, claims, () => Buffer.alloc(0)), "algorithm"),
    raw("alg None", jwt({ ...none, alg: "None" }, claims, () => Buffer.alloc(0)), "algorithm"),
    raw("alg none over a real signature", `${encode(JSON.stringify(none))}.${body}.${signature}`, "algorithm"),
    raw("HS256 with the public key as a secret", jwt({ ...none, alg: "HS256" }, claims, hmac(pem)), "algorithm"),
    raw("HS256 with the key's JSON as a secret", jwt({ ...none, alg: "HS256" }, claims, hmac(JSON.stringify(rsa))), "algorithm"),
    raw("HS256 with an empty secret", jwt({ ...none, alg: "HS256" }, claims, hmac("")), "algorithm"),
    await make("RS384", { header: { alg: "RS384" } }, "algorithm"),
    await make("PS256", { header: { alg: "PS256" } }, "algorithm"),
    await make("rs256 in lower case", { header: { alg: "rs256" } }, "algorithm"),
    await make("ES256 with the RSA key's id", { header: { alg: "ES256" } }, "key"),
    await make("RS256 with the EC key's id", { key: "ec", header: { alg: "RS256" } }, "key"),
    await make("EdDSA with the EC key's id", { key: "ec", header: { alg: "EdDSA" } }, "key"),
    await make("no kid", { header: { kid: null } }, "key"),
    await make("an empty kid", { header: { kid: "" } }, "key"),
    await make("another's kid", { header: { kid: ec.kid } }, "key"),
    await make("a kid that is a path", { header: { kid: "../../dev/null" } }, "key"),
    await make("a kid that is SQL", { header: { kid: "' OR 1=1 --" } }, "key"),
    await make("a key that was never published", { key: "retired" }, "key"),
    await make("another tenant's token", { key: "other" }, "key"),
    await make("another tenant's key under our id", { key: "other", header: { kid: rsa.kid } }, "signature"),
    await make("jku", { header: { jku: `${issuer.origin}/.well-known/jwks.json` } }, "header"),
    await make("x5u", { header: { x5u: "https://evil.example/cert" } }, "header"),
    raw("its own key in jwk", jwt({ alg: "ES256", kid: ec.kid, jwk: strangersKey }, claims, es256(stranger.privateKey)), "header"),
    await make("x5c", { header: { x5c: ["MIIB"] } }, "header"),
    await make("crit", { header: { crit: ["exp"] } }, "header"),
    await make("b64 false", { header: { b64: false, crit: ["b64"] } }, "header"),
    await make("typ of a logout token", { header: { typ: "logout+jwt" } }, "header"),
    await make("a nested token", { header: { cty: "JWT" } }, "malformed"),
    raw("a stranger's signature", jwt({ alg: "ES256", kid: ec.kid }, claims, es256(stranger.privateKey)), "signature"),
    raw("the first bit of the signature", `${head}.${body}.${flipped(signature, 0)}`, "signature"),
    raw("the last bit of the signature", `${head}.${body}.${flipped(signature, 255)}`, "signature"),
    raw("a bit of the claims", `${head}.${encode(JSON.stringify({ ...claims, sub: "user_admin" }))}.${signature}`, "signature"),
    raw("another token's signature", `${head}.${body}.${(await issuer.token({ claims: { sub: "b" } })).split(".")[2]}`, "signature"),
    raw("the claims in other words", `${head}.${encode(` ${JSON.stringify(claims)}`)}.${signature}`, "signature"),
    raw("an ES256 signature of zeros", `${ecHead}.${ecBody}.${Buffer.alloc(64).toString("base64url")}`, "signature"),
    raw("an ES256 signature in DER", `${ecHead}.${ecBody}.${der(ecBytes).toString("base64url")}`, "signature"),
    raw("an ES256 signature with a byte more", `${ecHead}.${ecBody}.${Buffer.concat([ecBytes, Buffer.alloc(1)]).toString("base64url")}`, "signature"),
    await make("another issuer", { claims: { iss: "https://clerk.other.example" } }, "issuer"),
    await make("the issuer with a slash", { claims: { iss: `${issuer.origin}/` } }, "issuer"),
    await make("the built-in issuer", { claims: { iss: "urn:mcpengine:development" } }, "issuer"),
    await make("issuers in an array", { claims: { iss: [issuer.origin] } }, "claims"),
    await make("no issuer", { claims: { iss: null } }, "claims"),
    await make("no party", { claims: { azp: null } }, "party"),
    await make("a foreign azp", { claims: { azp: "https://evil.example" } }, "party"),
    await make("an azp that begins like ours", { claims: { azp: `${PARTY}.evil.example` } }, "party"),
    await make("a foreign aud", { claims: { azp: null, aud: "client_other" } }, "party"),
    await make("a foreign aud beside our azp", { claims: { aud: "client_other" } }, "party"),
    await make("a foreign client_id", { claims: { azp: null, client_id: "client_other" } }, "party"),
    await make("an azp in an array", { claims: { azp: [PARTY] } }, "claims"),
    await make("exp six seconds ago", { claims: { exp: now() - 7 } }, "expired"),
    await make("exp in the last century", { claims: { exp: 1 } }, "expired"),
    await make("no exp", { claims: { exp: null } }, "claims"),
    await make("exp as text", { claims: { exp: String(now() + 60) } }, "claims"),
    await make("nbf six seconds ahead", { claims: { nbf: now() + 9 } }, "not_yet_valid"),
    await make("iat in the future", { claims: { iat: now() + 60 } }, "not_yet_valid"),
    await make("a session that is pending", { claims: { sts: "pending" } }, "pending"),
    await make("nobody", { claims: { sub: null } }, "claims"),
    await make("an empty subject", { claims: { sub: "" } }, "subject"),
    await make("subjects in an array", { claims: { sub: ["user_2abc"] } }, "claims"),
    await make("a subject of a kilobyte", { claims: { sub: "a".repeat(1_000) } }, "subject"),
  ];
}

/** The base64url digit that differs in bits that belong to no byte. */
function nextDigit(text) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return digits[digits.indexOf(text.at(-1)) ^ 1];
}

/** `r` and `s` as OpenSSL writes them. */
function der(bytes) {
  const integer = (part) => {
    const value = part[0] & 0x80 ? Buffer.concat([Buffer.alloc(1), part]) : part;
    return Buffer.concat([Buffer.from([2, value.length]), value]);
  };
  const both = Buffer.concat([integer(bytes.subarray(0, 32)), integer(bytes.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, both.length]), both]);
}

test("no bad token gets in", async () => {
  const before = await studio.query("SELECT * FROM users ORDER BY id");
  const table = await badTokens();
  assert.ok(table.length >= 60, String(table.length));
  let accepted = 0;
  for (const [what, authorization, reason] of table) {
    const answer = await me(authorization);
    if (answer.status < 400) accepted += 1;
    const expected = { null: "unauthenticated", expired: "token_expired" };
    assert.deepEqual(
      [answer.status, answer.body.error?.code, answer.body.error?.details?.reason ?? null],
      [401, expected[reason] ?? "invalid_token", reason],
      `${what}: ${JSON.stringify(answer.body)}`,
    );
    assert.match(answer.headers.get("www-authenticate"), /^Bearer/, what);
    assert.ok(!JSON.stringify(answer.body).includes("eyJ"), what);
  }
  assert.equal(accepted, 0);
  assert.deepEqual(await studio.query("SELECT * FROM users ORDER BY id"), before);
  // The ES256 signature in DER is a true one, in another form.
  const [head, body, signature] = (await issuer.token({ key: "ec" })).split(".");
  const { keys } = await issuer.keySet();
  const key = createPublicKey({ key: keys[1], format: "jwk" });
  const verify = createVerify("sha256").update(`${head}.${body}`);
  assert.ok(verify.verify(key, der(Buffer.from(signature, "base64url"))));
});

describe("the issuer's keys", () => {
  test("a rotation costs no request, and strangers' key ids one fetch", async () => {
    const own = await startIssuer();
    const on = await startStudio({ vars: own.vars });
    try {
      const old = bearer(await own.token());
      const first = await Promise.all(Array.from({ length: 20 }, () => me(old, on)));
      assert.deepEqual([...new Set(first.map(({ status }) => status))], [200]);
      assert.equal(await own.asked(), 1);
      for (let turn = 2; turn < 5; turn += 1) {
        await own.rotate();
        const fresh = bearer(await own.token());
        const answers = await Promise.all(Array.from({ length: 20 }, () => me(fresh, on)));
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
        assert.equal(await own.asked(), turn);
        assert.equal((await me(old, on)).body.error?.details.reason, "key");
      }
    } finally {
      await Promise.all([on.close(), own.close()]);
    }
  });

  test("made-up key ids make one fetch, whoever is signed in stays so", async () => {
    const own = await startIssuer();
    const on = await startStudio({ vars: own.vars });
    try {
      const token = bearer(await own.token());
      assert.equal((await me(token, on)).status, 200);
      for (let turn = 0; turn < 30; turn += 1) {
        const forged = await own.token({ key: "other", header: { kid: `made-up-${turn}` } });
        assert.equal((await me(bearer(forged), on)).status, 401);
      }
      assert.equal(await own.asked(), 2);
      assert.equal((await me(token, on)).status, 200);
    } finally {
      await Promise.all([on.close(), own.close()]);
    }
  });

  test("an outage is not seen, not even by an isolate that starts in it", async () => {
    const own = await startIssuer();
    const folder = await mkdtemp(path.join(tmpdir(), "mcpengine-keys-"));
    const options = { vars: own.vars, persist: folder };
    let on = await startStudio(options);
    try {
      assert.equal((await me(bearer(await own.token()), on)).status, 200);
      for (const fault of ["status", "garbage", "empty", "cut", "hang"]) {
        await own.fail(fault);
        assert.equal((await me(bearer(await own.token()), on)).status, 200, fault);
        await on.close();
        on = await startStudio(options);
        assert.equal((await me(bearer(await own.token()), on)).status, 200, `${fault}, anew`);
      }
      assert.ok((await own.asked()) >= 6);
    } finally {
      await Promise.all([on.close(), own.close()]);
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("without keys nobody gets in, and the answer says that it may pass", async () => {
    const own = await startIssuer();
    await own.fail("status");
    const on = await startStudio({ vars: own.vars });
    try {
      const token = bearer(await own.token());
      const { status, body } = await me(token, on);
      assert.deepEqual([status, body.error.code], [503, "sign_in_unavailable"]);
      await own.fail(null);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      assert.equal((await me(token, on)).status, 200);
    } finally {
      await Promise.all([on.close(), own.close()]);
    }
  });
});

test("the built-in issuer is not there beside another", async () => {
  const page = await studio.fetch("/dev-issuer/jwks.json");
  assert.match(page.headers.get("content-type"), /^text\/html/);
  const { auth } = await studio.get("/api/config");
  assert.deepEqual(auth, {
    authority: issuer.origin,
    metadataUrl: `${issuer.origin}/.well-known/openid-configuration`,
    clientId: "client_studio",
    scopes: "openid profile email offline_access",
    builtIn: false,
  });
  const policy = (await studio.fetch("/")).headers.get("content-security-policy");
  assert.ok(/connect-src [^;]*/.exec(policy)[0].includes(issuer.origin));
});

test("production names its issuer and has none built in", async () => {
  const production = {
    ENVIRONMENT: "production",
    ALLOW_LOOPBACK: "false",
    STUDIO_HOSTS: "localhost,127.0.0.1",
    AUTH_ISSUER: "https://clerk.example.com",
    AUTH_PARTIES: "https://studio.example.com",
    DEV_ISSUER_KEY: undefined,
  };
  for (const [change, status] of [
    [{}, 200],
    [{ AUTH_ISSUER: "" }, 503],
    [{ AUTH_ISSUER: "http://clerk.example.com" }, 503],
    [{ AUTH_PARTIES: " , " }, 503],
    [{ DEV_ISSUER_KEY: "{}" }, 503],
  ]) {
    const other = await startStudio({ vars: { ...production, ...change } });
    try {
      const answer = await other.api("GET", "/api/health");
      assert.equal(answer.status, status, JSON.stringify([change, answer.body]));
      if (status === 503) assert.equal(answer.body.error.code, "misconfigured");
    } finally {
      await other.close();
    }
  }
});
