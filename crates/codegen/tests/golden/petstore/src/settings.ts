/** What the environment sets: the base URL of the API and the limits. */

import { servers } from "./config.js";
import { type Tool, ToolError, type UpstreamServer } from "./tool.js";

/** `process.env` on Node, the bindings on Cloudflare. */
export type Env = Readonly<Record<string, unknown>>;

/** The trimmed value of an environment variable; undefined when not set or empty. */
export function setting(env: Env, name: string): string | undefined {
  const value = env[name];
  if (typeof value !== "string") return undefined;
  return value.trim() || undefined;
}

export interface Limits {
  /** For one attempt, its answer included. */
  readonly timeoutMs: number;
  /** Longer answers are cut. */
  readonly responseBytes: number;
  /** Longer texts are cut before the model sees them. */
  readonly textChars: number;
}

/** A timer of more ends at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function limits(env: Env): Limits {
  return {
    timeoutMs: Math.min(positive(env, "API_TIMEOUT_MS", 30_000), MAX_TIMER_MS),
    responseBytes: positive(env, "API_MAX_RESPONSE_BYTES", 1_000_000),
    textChars: positive(env, "API_MAX_TEXT_CHARS", 100_000),
  };
}

function positive(env: Env, name: string, fallback: number): number {
  const value = Number(setting(env, name));
  return Number.isSafeInteger(value) && value > 0 ? value : fallback;
}

/** The URL that the tool's path is appended to: to be read, not changed. */
export function baseUrl(tool: Tool, env: Env): URL {
  const own = tool.request.server && resolve(tool.request.server, env);
  if (own !== undefined && !own.startsWith("/")) return parse(own);

  const api = apiUrl(env);
  // A server that is a path replaces the path of the API's own base URL.
  return own === undefined ? api : parse(api.origin + own);
}

/** The API's own base URL: to be read, not changed. */
export function apiUrl(env: Env): URL {
  return parse(setting(env, "API_BASE_URL") ?? defaultUrl(env));
}

function defaultUrl(env: Env): string {
  const [server] = servers;
  const url = server && resolve(server, env);
  if (url === undefined || url.startsWith("/")) {
    throw new ToolError(
      "The address of the API is not known: set the environment variable API_BASE_URL, " +
        `for example to https://api.example.com${url ?? ""}`,
    );
  }
  return url;
}

/** Fills in the variables of a server's URL. */
function resolve(server: UpstreamServer, env: Env): string {
  return server.url.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = server.variables?.find((it) => it.name === name);
    const value = variable && (setting(env, variable.env) ?? variable.default);
    if (variable === undefined || value === undefined) {
      throw new ToolError(
        `The address of the API has a part that is not known, "${name}": set the ` +
          `environment variable ${variable?.env ?? "API_BASE_URL"}`,
      );
    }
    if (variable.allowed?.length && !variable.allowed.includes(value)) {
      throw new ToolError(
        `The environment variable ${variable.env} must be one of: ` +
          variable.allowed.join(", "),
      );
    }
    return value;
  });
}

/** A few addresses, which every call starts from. */
const parsed = new Map<string, URL>();

function parse(text: string): URL {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  if (!plain) {
    throw new ToolError(
      "The address of the API must be an http or https URL without credentials: " +
        "correct the environment variable API_BASE_URL",
    );
  }
  parsed.set(text, url);
  return url;
}
