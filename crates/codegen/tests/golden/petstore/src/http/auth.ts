/**
 * Credentials of the API.
 *
 * Where the platform hosts this server, it adds them outside of this code: the
 * request only says which ones fit. Everywhere else they come from environment
 * variables. They never appear in a result, an error or a log line.
 */

import { schemes } from "../config.js";
import { type Env, setting } from "../settings.js";
import {
  type AuthScheme,
  type ClientCredentials,
  type Tool,
  ToolError,
} from "../tool.js";
import { toBase64 } from "./encode.js";
import { type Asking, accessToken } from "./token.js";

/** Whether the platform adds credentials to what this server sends. */
export function hosted(env: Env): boolean {
  return setting(env, "MCPENGINE_HOSTED") !== undefined;
}

export interface Credentials {
  /** Adds the credentials to a request. */
  apply(url: URL, headers: Headers): void;
  /** Takes the secrets out of an error that may repeat them. */
  redact(text: string): string;
  /** The same of data: but for what other data may well be, as a user name. */
  redactData(text: string): string;
  /** Drops a token that the API refuses. False where there is no newer one to get. */
  forget(): boolean;
}

/** A scheme, and the variables that hold what it needs. */
interface Part {
  readonly id: string;
  readonly names: readonly string[];
  /** They are a client's, which gets a token with them. */
  readonly client?: ClientCredentials;
}

type Way = readonly Part[];

/** @throws ToolError when a credential is needed, and not there. */
export async function credentials(
  tool: Tool,
  env: Env,
  asking: Asking,
): Promise<Credentials> {
  const usable = usableWays(tool);
  if (hosted(env)) {
    const names = usable.map((way) => way.join("+")).join("|");
    return {
      apply: (_, headers) => headers.set("mcpengine-auth", names),
      redact: (text) => text,
      redactData: (text) => text,
      forget: () => false,
    };
  }
  const ways = usable.flatMap(waysToSet);
  const way = ways.find((way) => missing(way, env).length === 0);
  if (way === undefined && tool.auth.length > 0) {
    throw new ToolError(missingCredential(ways, env));
  }
  const client = way?.find((part) => part.client)?.client;
  const token = client && (await accessToken(client, env, asking));
  const secrets = secretsOf(way ?? [], env);
  if (token !== undefined) secrets.push(token.text);
  const without = (text: string, kept: (secret: string) => boolean) =>
    written(secrets.filter(kept)).reduce(
      (text, secret) => text.replaceAll(secret, "[redacted]"),
      text,
    );
  return {
    apply: (url, headers) => {
      for (const part of way ?? []) {
        const values =
          part.client && token
            ? [token.text]
            : part.names.map((name) => secretOf(name, env));
        applyScheme(part.id, values, url, headers);
      }
    },
    redact: (text) => without(text, (secret) => secret.length >= 4),
    redactData: (text) => without(text, isDistinct),
    forget: () => token?.forget() ?? false,
  };
}

/** The values of the secrets, and the pair of Basic. A client's id is none. */
function secretsOf(way: Way, env: Env): string[] {
  return way.flatMap(({ names, client }) => {
    const values = names.map((name) => setting(env, name) ?? "");
    return [...(client ? values.slice(1) : values), values.join(":")];
  });
}

/** Data does not hold such a text by chance: names, numbers and words are short. */
function isDistinct(secret: string): boolean {
  return secret.length >= 12 && /\d/.test(secret) && /[^\d\s.@-]/.test(secret);
}

/**
 * Secrets as an API may repeat them: in base64, in JSON, in a URL, as they are.
 * The longest first, as one may begin as another does.
 */
function written(secrets: readonly string[]): string[] {
  return secrets
    .flatMap((text) => [
      toBase64(new TextEncoder().encode(text)).replace(/=+$/, ""),
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(text),
      new URLSearchParams({ "": text }).toString().slice(1),
      text,
    ])
    .sort((one, other) => other.length - one.length);
}

/** The ways that this server can go; no credential at all comes last. */
function usableWays(tool: Tool): readonly (readonly string[])[] {
  const known = tool.auth.filter(isUsable);
  const [first] = tool.auth;
  if (known.length === 0 && first !== undefined) {
    const reasons = first.map((id) => {
      const scheme = schemes[id];
      return scheme?.type === "unsupported" ? `${id} (${scheme.reason})` : id;
    });
    throw new ToolError(
      `This operation needs a kind of authentication that is not available here: ${reasons.join(", ")}`,
    );
  }
  return [
    ...known.filter((way) => way.length > 0),
    ...known.filter((way) => way.length === 0),
  ];
}

/** What can be set for a way: of a scheme with two choices, one or the other. */
function waysToSet(ids: readonly string[]): Way[] {
  const none: Way[] = [[]];
  return ids.map(choices).reduce((ways, parts) => {
    return ways.flatMap((way) => parts.map((part) => [...way, part]));
  }, none);
}

/** A client is better than a token, which it renews. */
function choices(id: string): Part[] {
  const scheme = schemes[id];
  if (scheme === undefined || scheme.type === "unsupported") {
    return [{ id, names: [] }];
  }
  const token = { id, names: scheme.secrets };
  const client = scheme.type === "bearer" ? scheme.client : undefined;
  return client ? [{ id, names: client.secrets, client }, token] : [token];
}

function missing(way: Way, env: Env): string[] {
  return way
    .flatMap(({ names }) => names)
    .filter((name) => setting(env, name) === undefined);
}

/** Names of what is not set though tools need it: for whoever starts the server. */
export function unsetCredentials(
  tools: readonly Tool[],
  env: Env,
): ReadonlySet<string> {
  const found = tools
    .filter(({ auth }) => auth.length > 0)
    .map(({ auth }) => auth.filter(isUsable).flatMap(waysToSet))
    .map((ways) => ways.map((way) => missing(way, env)))
    .filter((ways) => ways.every((names) => names.length > 0))
    .map((ways) => ways.map((names) => names.join(" and ")).join(", or "));
  return new Set(found.filter((names) => names !== ""));
}

function isUsable(way: readonly string[]): boolean {
  return way.every((id) => schemes[id] && schemes[id].type !== "unsupported");
}

function missingCredential(ways: readonly Way[], env: Env): string {
  const needed = ways.map((way) => missing(way, env).join(" and "));
  return (
    "The API needs a credential that is not set. " +
    `Whoever runs this server has to set ${needed.join(", or ")}.`
  );
}

function applyScheme(
  id: string,
  values: readonly string[],
  url: URL,
  headers: Headers,
): void {
  const scheme = schemes[id];
  if (scheme === undefined || scheme.type === "unsupported") return;
  const [first = "", second = ""] = values;
  switch (scheme.type) {
    case "bearer":
      headers.set("authorization", `Bearer ${first}`);
      break;
    case "basic": {
      const pair = new TextEncoder().encode(`${first}:${second}`);
      headers.set("authorization", `Basic ${toBase64(pair)}`);
      break;
    }
    case "apiKey":
      applyKey(scheme, first, url, headers);
      break;
  }
}

function secretOf(name: string, env: Env): string {
  const value = setting(env, name) ?? "";
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new ToolError(
      `${name} has characters that no header can hold: whoever runs this server ` +
        "has to set it to the credential itself",
    );
  }
  return value;
}

function applyKey(
  scheme: AuthScheme & { type: "apiKey" },
  key: string,
  url: URL,
  headers: Headers,
): void {
  switch (scheme.in) {
    case "header":
      headers.set(scheme.name, key);
      break;
    case "query": {
      const pair = `${encodeURIComponent(scheme.name)}=${encodeURIComponent(key)}`;
      url.search = url.search ? `${url.search}&${pair}` : pair;
      break;
    }
    case "cookie": {
      const cookie = `${scheme.name}=${encodeURIComponent(key)}`;
      const others = headers.get("cookie");
      headers.set("cookie", others ? `${others}; ${cookie}` : cookie);
      break;
    }
  }
}
