// An OpenID provider on loopback, a process of its own: what Clerk and WorkOS are to
// the studio. Written from OpenID Connect Discovery 1.0, RFC 6749, RFC 7517, RFC 7636
// and Clerk's page on session tokens. Prints `{"origin": …}` when it is ready.
//
// Sign-in: /.well-known/openid-configuration, /.well-known/jwks.json, /oauth/authorize,
// /oauth/token (code with PKCE, refresh; a refresh token works once). What the
// specifications do not allow is refused, and so is every other path.
//
// For tests: `POST /__token {header, claims, key}` signs a token, the parts given being
// laid over those of a good one (null takes a member out), with the key of that name:
// `rsa`, `ec`, `ed`, `retired` (published never) or `other` (another tenant's).
// `POST /__rotate` gives `rsa` a new key and id. `PUT /__fault {"keys": …}` makes the
// key set fail: `status`, `hang`, `garbage`, `empty`, `cut`, or null. `PUT /__life
// {"seconds": …}` sets how long sessions' tokens last. `GET /__asked` counts requests
// for the key set.
import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";

const CLIENT = "client_studio";
const DIGEST = { rsa: "sha256", ec: "sha256", ed: null };

function makeKey(kind) {
  const options = { rsa: { modulusLength: 2_048 }, ec: { namedCurve: "P-256" }, ed: {} }[kind];
  const type = kind === "ed" ? "ed25519" : kind;
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  const alg = { rsa: "RS256", ec: "ES256", ed: "EdDSA" }[kind];
  const kid = `ins_${randomUUID().slice(0, 8)}`;
  return { kind, alg, kid, privateKey, jwk: { use: "sig", alg, kid, ...publicKey.export({ format: "jwk" }) } };
}

const keys = {
  rsa: makeKey("rsa"),
  ec: makeKey("ec"),
  ed: makeKey("ed"),
  retired: makeKey("rsa"),
  other: makeKey("rsa"),
};
let fault = null;
let asked = 0;
let life = 60;
const codes = new Map();
const sessions = new Map();
let origin;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The parts of `changes` laid over `base`; null takes a member out. */
function laid(base, changes = {}) {
  const all = Object.entries({ ...base, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

function token({ header, claims, key = "rsa", audience } = {}) {
  const { kind, alg, kid, privateKey } = keys[key];
  const now = Math.floor(Date.now() / 1_000);
  const head = laid({ alg, cat: "cl_B7d4PD111AAA", kid, typ: "JWT" }, header);
  const body = laid(
    {
      azp: audience ?? "https://studio.example.com",
      exp: now + life,
      fva: [0, -1],
      iat: now,
      iss: origin,
      nbf: now - 10,
      sid: "sess_2abc",
      sts: "active",
      sub: "user_2abc",
      v: 2,
    },
    claims,
  );
  const signed = `${encode(head)}.${encode(body)}`;
  const how = kind === "ec" ? { key: privateKey, dsaEncoding: "ieee-p1363" } : privateKey;
  return `${signed}.${sign(DIGEST[kind], Buffer.from(signed), how).toString("base64url")}`;
}

const json = (status, body, headers = {}) => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
const oauthError = (error) => json(400, { error }, { "access-control-allow-origin": "*" });
const bad = (message) => ({ status: 400, headers: { "content-type": "text/plain" }, body: message });

function keySet(response) {
  asked += 1;
  const published = { keys: [keys.rsa, keys.ec, keys.ed].map(({ jwk }) => jwk) };
  switch (fault) {
    case "status":
      return json(503, { errors: [{ code: "maintenance" }] });
    case "hang":
      return null;
    case "garbage":
      return { status: 200, headers: { "content-type": "text/html" }, body: "<html>" };
    case "empty":
      return json(200, { keys: [] });
    case "cut":
      response.writeHead(200, { "content-length": "5000" });
      response.write('{"keys":[');
      setTimeout(() => response.destroy(), 20);
      return null;
    default:
      return json(200, published);
  }
}

function discovery() {
  const at = (path) => `${origin}${path}`;
  const document = {
    issuer: origin,
    authorization_endpoint: at("/oauth/authorize"),
    token_endpoint: at("/oauth/token"),
    jwks_uri: at("/.well-known/jwks.json"),
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
  };
  return json(200, document, { "access-control-allow-origin": "*" });
}

function authorize(method, { searchParams: query }) {
  const need = ["client_id", "redirect_uri", "response_type", "state", "code_challenge"];
  const missing = need.find((name) => !query.get(name));
  if (missing) return bad(`${missing} is missing`);
  if (query.get("client_id") !== CLIENT) return bad("unknown client_id");
  if (query.get("response_type") !== "code") return bad("response_type is not code");
  if (query.get("code_challenge_method") !== "S256") return bad("PKCE with S256 is required");
  if (!query.get("scope")?.split(" ").includes("openid")) return bad("scope has no openid");
  if (method === "GET") {
    const page =
      "<!doctype html><title>Acme sign-in</title><form method=post><button>Sign in with Acme</button></form>";
    return { status: 200, headers: { "content-type": "text/html" }, body: page };
  }
  const code = randomBytes(16).toString("hex");
  codes.set(code, Object.fromEntries(query));
  const target = new URL(query.get("redirect_uri"));
  target.searchParams.set("code", code);
  target.searchParams.set("state", query.get("state"));
  return { status: 303, headers: { location: target.href }, body: "" };
}

function grant(form) {
  if (form.get("client_id") !== CLIENT) return oauthError("invalid_client");
  let nonce;
  if (form.get("grant_type") === "authorization_code") {
    const asked = codes.get(form.get("code"));
    codes.delete(form.get("code"));
    const verifier = form.get("code_verifier") ?? "";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    if (!asked || challenge !== asked.code_challenge) return oauthError("invalid_grant");
    if (form.get("redirect_uri") !== asked.redirect_uri) return oauthError("invalid_grant");
    ({ nonce } = asked);
  } else if (form.get("grant_type") === "refresh_token") {
    if (!sessions.delete(form.get("refresh_token"))) return oauthError("invalid_grant");
  } else return oauthError("unsupported_grant_type");
  const refresh = randomBytes(16).toString("hex");
  sessions.set(refresh, true);
  const person = { email: "ada@acme.example", name: "Ada of Acme", azp: null };
  const body = {
    // Opaque, as Clerk's are unless asked otherwise: the ID token speaks for the user.
    access_token: `oat_${randomBytes(16).toString("hex")}`,
    id_token: token({ claims: { ...person, aud: CLIENT, sts: null, ...(nonce && { nonce }) } }),
    refresh_token: refresh,
    token_type: "Bearer",
    expires_in: life,
    scope: "openid profile email offline_access",
  };
  return json(200, body, { "access-control-allow-origin": "*" });
}

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const url = new URL(request.url, origin);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /.well-known/jwks.json":
      return keySet(response);
    case "GET /.well-known/openid-configuration":
      return discovery();
    case "GET /oauth/authorize":
    case "POST /oauth/authorize":
      return authorize(request.method, url);
    case "POST /oauth/token":
      if (request.headers["content-type"] !== "application/x-www-form-urlencoded") {
        return oauthError("invalid_request");
      }
      return grant(new URLSearchParams(text));
    case "GET /favicon.ico":
      return { status: 204, headers: {}, body: "" };
    case "POST /__token":
      return json(200, { token: token(JSON.parse(text)) });
    case "POST /__rotate":
      keys.rsa = makeKey("rsa");
      return json(200, {});
    case "PUT /__fault":
      fault = JSON.parse(text).keys;
      return json(200, {});
    case "PUT /__life":
      life = JSON.parse(text).seconds;
      return json(200, {});
    case "GET /__asked":
      return json(200, { keys: asked });
    default:
      return { status: 404, headers: {}, body: "" };
  }
}

const server = createServer(async (request, response) => {
  const answered = await answer(request, response);
  if (answered) response.writeHead(answered.status, answered.headers).end(answered.body);
});
server.listen(0, "127.0.0.1", () => {
  origin = `http://127.0.0.1:${server.address().port}`;
  console.log(JSON.stringify({ origin, client: CLIENT }));
});
process.stdin.on("end", () => process.exit(0)).resume();
