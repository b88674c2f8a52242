/**
 * Access tokens for a client's id and secret (OAuth 2.0, RFC 6749 §4.4). Each is kept
 * until shortly before it expires, in the memory of this process and nowhere else.
 */

import { apiUrl, type Env, type Limits, setting } from "../settings.js";
import { type ClientCredentials, ToolError } from "../tool.js";
import { toBase64 } from "./encode.js";
import { type Answer, send } from "./send.js";

/** A token is renewed this long before its end, or after half of its life. */
const MARGIN_S = 60;
/** Of a token that does not say how long it lives. */
const DEFAULT_LIFE_S = 300;
const MAX_TOKEN_CHARS = 16_384;

interface Token {
  readonly text: string;
  /** In milliseconds since 1970. */
  readonly until: number;
}

const tokens = new Map<string, Token>();

export interface AccessToken {
  readonly text: string;
  /** Drops it, as the API refuses it. False where it is new: another is no better. */
  forget(): boolean;
}

interface Client {
  readonly url: URL;
  readonly id: string;
  readonly secret: string;
  /** Asked for where the server does not choose by itself. */
  readonly scope: string;
  /** The variable that holds the id, for messages. */
  readonly name: string;
}

export interface Asking {
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** @throws ToolError when none is given. */
export async function accessToken(
  { tokenUrl, secrets, scopes = [] }: ClientCredentials,
  env: Env,
  asking: Asking,
): Promise<AccessToken> {
  const [idName, secretName] = secrets;
  const client: Client = {
    url: URL.canParse(tokenUrl)
      ? new URL(tokenUrl)
      : new URL(tokenUrl, apiUrl(env)),
    id: setting(env, idName) ?? "",
    secret: setting(env, secretName) ?? "",
    scope: scopes.join(" "),
    name: idName,
  };
  const key = JSON.stringify([client.url.href, client.id, client.secret]);
  const known = tokens.get(key);
  if (known !== undefined && known.until > Date.now()) {
    const forget = () => {
      if (tokens.get(key) === known) tokens.delete(key);
      return true;
    };
    return { text: known.text, forget };
  }
  const token = await ask(client, asking);
  tokens.set(key, token);
  return { text: token.text, forget: () => false };
}

/**
 * Servers take the client's secret in a header (RFC 6749 §2.3.1) or in the body, and
 * few say which; some want to be told a scope, and others refuse one.
 */
async function ask(client: Client, asking: Asking): Promise<Token> {
  let inBody = false;
  let scoped = false;
  const refusals = new Set<string>();
  for (;;) {
    const answer = await post(client, inBody, scoped, asking);
    const reply = parse(answer);
    const token = tokenOf(answer, reply);
    if (token !== undefined) return token;
    refusals.add(refusal(client, answer, reply));
    const isScope = reply["error"] === "invalid_scope";
    const missesScope = inBody && reply["error"] === "invalid_request";
    if ((isScope || missesScope) && !scoped && client.scope !== "") {
      scoped = true;
    } else if (!inBody && [400, 401, 403].includes(answer.status)) {
      inBody = true;
    } else {
      const { origin, pathname } = client.url;
      throw new ToolError(
        `No access token was given for ${client.name} at ${origin}${pathname}: ` +
          `${[...refusals].join("; asked in another way, ")}. ` +
          "Whoever runs this server has to check the client's id and secret.",
      );
    }
  }
}

function post(
  client: Client,
  inBody: boolean,
  scoped: boolean,
  { limits, signal }: Asking,
): Promise<Answer> {
  const { url, id, secret } = client;
  const headers = new Headers({
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
  });
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scoped) form.set("scope", client.scope);
  if (inBody) {
    form.set("client_id", id);
    form.set("client_secret", secret);
  } else {
    const pair = new TextEncoder().encode(`${encoded(id)}:${encoded(secret)}`);
    headers.set("authorization", `Basic ${toBase64(pair)}`);
  }
  const redact = (text: string) => without(client, text);
  const credentials = { apply: () => {}, redact };
  const request = { method: "POST", url, headers, body: form.toString() };
  return send(request, { credentials, limits, idempotent: true, signal });
}

function encoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

function parse({ bytes }: Answer): Record<string, unknown> {
  try {
    const reply: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof reply === "object" && reply !== null ? { ...reply } : {};
  } catch {
    return {};
  }
}

function tokenOf(
  { status }: Answer,
  reply: Record<string, unknown>,
): Token | undefined {
  const text = reply["access_token"];
  if (status >= 300 || typeof text !== "string") return undefined;
  if (text.length > MAX_TOKEN_CHARS || !/^[\x21-\x7e]+$/.test(text)) {
    return undefined;
  }
  const told = Number(reply["expires_in"]);
  const life = told > 0 ? told : DEFAULT_LIFE_S;
  const kept = Math.max(life / 2, life - MARGIN_S);
  return { text, until: Date.now() + kept * 1000 };
}

function refusal(
  client: Client,
  { status }: Answer,
  reply: Record<string, unknown>,
): string {
  const told = [reply["error"], reply["error_description"]]
    .filter((part) => typeof part === "string" && part !== "")
    .map((part) => without(client, String(part).slice(0, 300)))
    .join(": ");
  return told || `HTTP ${status}, and no access token`;
}

/** An answer may repeat what it was sent. */
function without({ secret }: Client, text: string): string {
  return [encoded(secret), secret].reduce(
    (text, written) => text.replaceAll(written, "[redacted]"),
    text,
  );
}
