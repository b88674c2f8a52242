// The built-in issuer's key of this test run, and tokens that it could have issued.
// The helper for everything that asks a studio of ours for something.
import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";

/** What `src/auth/built_in/mod.rs` calls them. */
export const ISSUER = "urn:mcpengine:development";
export const CLIENT_ID = "mcpengine-studio";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A private key as a JWK: the secret DEV_ISSUER_KEY. */
export const ISSUER_KEY = { ...pair.privateKey.export({ format: "jwk" }), kid: "tests" };

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JWS in compact form; `signature` of the bytes to sign. */
export function jwt(header, claims, signature) {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${signature(Buffer.from(signed)).toString("base64url")}`;
}

/** ES256 as JOSE writes it (RFC 7518 §3.4). */
export const es256 = (key) => (bytes) =>
  sign("sha256", bytes, { key, dsaEncoding: "ieee-p1363" });

const signature = es256(createPrivateKey({ key: ISSUER_KEY, format: "jwk" }));

/** A token of the built-in issuer: of the local account, for an hour, unless said otherwise. */
export function developmentToken(claims = {}) {
  const now = Math.floor(Date.now() / 1_000);
  const all = { iss: ISSUER, sub: "local", azp: CLIENT_ID, iat: now, exp: now + 3_600, ...claims };
  return jwt({ alg: "ES256", kid: ISSUER_KEY.kid, typ: "JWT" }, all, signature);
}

/** The header of a request by the local account. */
export const AUTHORIZATION = { authorization: `Bearer ${developmentToken()}` };
