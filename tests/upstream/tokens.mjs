// The authorization server of the upstream API: client credentials as RFC 6749 has
// them (§4.4), and nothing that is not written there.
import { createHash } from "node:crypto";

/** The access token of a client, which is another one after tokens were taken back. */
export function tokenOf(id, secret, times = 0) {
  const digest = createHash("sha256").update(`${id}:${secret}`).digest("hex");
  return `access-${digest.slice(0, 24)}-${times}`;
}

const refused = (status, error, description) => ({
  status,
  headers: status === 401 ? { "www-authenticate": "Basic" } : {},
  json: { error, error_description: description },
});

const decoded = (text) => new URLSearchParams(`=${text}`).get("");

export class Tokens {
  /** `{authorization, form}` of each request. */
  requests = [];
  #given = new Set();
  #times = 0;

  has(authorization) {
    return this.#given.has(authorization);
  }

  takeBack() {
    this.requests = [];
    this.#given.clear();
    this.#times += 1;
  }

  async answer(incoming) {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { authorization, "content-type": type } = incoming.headers;
    const form = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
    this.requests.push({ authorization, form: form.toString() });
    if (incoming.method !== "POST") return refused(405, "invalid_request", "Only POST");
    if (type !== "application/x-www-form-urlencoded") {
      return refused(400, "invalid_request", "The body has to be a form");
    }
    if (form.get("grant_type") !== "client_credentials") {
      return refused(400, "unsupported_grant_type", "Only client_credentials");
    }
    const [scheme, pair] = (authorization ?? "").split(" ");
    if (scheme !== "Basic" || pair === undefined) {
      return refused(401, "invalid_client", "Send the secret in the header Authorization");
    }
    const text = Buffer.from(pair, "base64").toString("utf8");
    const [id, secret] = text.split(":").map(decoded);
    if (id === "stranger") return refused(401, "invalid_client", `${secret} is wrong`);
    const token = tokenOf(id, secret, this.#times);
    this.#given.add(`Bearer ${token}`);
    return {
      headers: { "cache-control": "no-store" },
      json: { access_token: token, token_type: "Bearer", expires_in: 3600 },
    };
  }
}
