/** Sends a request: time limit, retries, redirects and the size of the answer. */

import type { Limits } from "../settings.js";
import { ToolError } from "../tool.js";
import type { Credentials } from "./auth.js";
import { concat } from "./body.js";
import type { ApiRequest } from "./request.js";

const MAX_RETRIES = 2;
const MAX_REDIRECTS = 5;
/** A longer `Retry-After` is for the model to decide about. */
const MAX_WAIT_MS = 10_000;

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The answer is longer than what was read. */
  readonly cut: boolean;
  /** Where it came from, without credentials. */
  readonly url: URL;
  /** Another host, to which it redirects; not followed. */
  readonly elsewhere: URL | undefined;
}

export interface SendOptions {
  readonly credentials: Pick<Credentials, "apply" | "redact">;
  readonly limits: Limits;
  /** The request may be sent again. */
  readonly idempotent: boolean;
  readonly signal: AbortSignal;
}

/** @throws ToolError when there is no answer; what `signal` says when aborted. */
export async function send(
  request: ApiRequest,
  options: SendOptions,
): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await attemptOnce(request, options);
    const busy = answer.status === 429 || answer.status === 503;
    if (!busy || !options.idempotent || attempt >= MAX_RETRIES) return answer;
    const wait = retryDelay(answer.headers.get("retry-after"), attempt);
    if (wait > MAX_WAIT_MS) return answer;
    await sleep(wait, options.signal);
  }
}

async function attemptOnce(
  request: ApiRequest,
  options: SendOptions,
): Promise<Answer> {
  const { timeoutMs, responseBytes } = options.limits;
  const limit = timeLimit(timeoutMs, options.signal);
  try {
    const { response, ...place } = await follow(request, options, limit.signal);
    const { bytes, cut } = await read(response, responseBytes);
    const { status, statusText, headers } = response;
    return { status, statusText, headers, bytes, cut, ...place };
  } catch (error) {
    if (error instanceof ToolError) throw error;
    options.signal.throwIfAborted();
    const place = `${request.url.origin}${request.url.pathname}`;
    if (limit.isOver()) {
      throw new ToolError(
        `The API did not answer ${request.method} ${place} within ${timeoutMs / 1000} seconds`,
      );
    }
    const why = options.credentials.redact(reason(error));
    throw new ToolError(`The API could not be reached at ${place}${why}`);
  } finally {
    limit.release();
  }
}

/**
 * A signal that aborts after so many milliseconds, or with another one. Released,
 * it hears of neither: the other one is aborted behind every call.
 */
function timeLimit(ms: number, other: AbortSignal) {
  const controller = new AbortController();
  const stop = () => controller.abort(other.reason);
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    controller.abort();
  }, ms);
  if (other.aborted) stop();
  else other.addEventListener("abort", stop, { once: true });
  return {
    signal: controller.signal,
    isOver: () => over,
    release() {
      clearTimeout(timer);
      other.removeEventListener("abort", stop);
    },
  };
}

/** Node hides what happened in the cause. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return "";
  const code = "code" in cause ? cause.code : undefined;
  return ` (${typeof code === "string" && code !== "" ? code : cause.message})`;
}

interface Followed extends Pick<Answer, "url" | "elsewhere"> {
  readonly response: Response;
}

/** Follows redirects by hand, so that credentials stay with the API's host. */
async function follow(
  request: ApiRequest,
  { credentials }: SendOptions,
  signal: AbortSignal,
): Promise<Followed> {
  const { method, body } = request;
  let { url } = request;
  for (let hop = 0; ; hop++) {
    const target = new URL(url);
    const headers = new Headers(request.headers);
    credentials.apply(target, headers);
    const response = await fetch(target, {
      method,
      headers,
      redirect: "manual",
      signal,
      ...(body !== undefined && { body }),
    });
    const here = { response, url, elsewhere: undefined };
    if (!isRedirect(response.status)) return here;
    const location = response.headers.get("location");
    if (location === null) return here;
    const next = URL.canParse(location, url.href)
      ? new URL(location, url)
      : undefined;
    if (isReading(method) && isElsewhere(url, next) && isSafe(next)) {
      return { response, url, elsewhere: next };
    }
    await response.body?.cancel();
    const refusal = refuseRedirect(method, url, next, hop);
    if (next === undefined || refusal !== undefined) {
      throw new ToolError(
        `The API answered ${response.status} with a redirect to ` +
          `${credentials.redact(next?.href ?? "an invalid address")}, ` +
          `which was not followed: ${refusal ?? "it is not a URL"}`,
      );
    }
    url = next;
  }
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

function isSafe({ protocol, username, password }: URL): boolean {
  return protocol === "https:" && username === "" && password === "";
}

/** The same host over TLS is no other place. */
function isElsewhere(from: URL, to: URL | undefined): to is URL {
  if (to === undefined || to.origin === from.origin) return false;
  const isUpgrade =
    from.protocol === "http:" &&
    to.protocol === "https:" &&
    from.hostname === to.hostname;
  return !isUpgrade;
}

function refuseRedirect(
  method: string,
  from: URL,
  to: URL | undefined,
  hop: number,
): string | undefined {
  if (to === undefined) return undefined;
  if (!isReading(method)) {
    return `a ${method} request is sent to one place only`;
  }
  if (isElsewhere(from, to)) return "it is another host";
  if (hop >= MAX_REDIRECTS) return `there were ${MAX_REDIRECTS} before it`;
  return undefined;
}

/** It says so, and is not compressed: reading it at once is faster. */
function isShort(headers: Headers, limit: number): boolean {
  const length = headers.get("content-length") ?? "";
  const plain = !headers.has("content-encoding");
  return plain && /^\d+$/.test(length) && Number(length) <= limit;
}

async function read(
  response: Response,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; cut: boolean }> {
  if (isShort(response.headers, limit)) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { bytes: bytes.subarray(0, limit), cut: bytes.length > limit };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    const chunk: Uint8Array = value;
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
    if (size > limit) {
      await reader.cancel();
      return { bytes: concat(chunks), cut: true };
    }
  }
  return { bytes: concat(chunks), cut: false };
}

/** Milliseconds; `Retry-After` is in seconds, or a date (RFC 9110 §10.2.3). */
function retryDelay(header: string | null, attempt: number): number {
  const value = header?.trim();
  if (!value) return 500 * 2 ** attempt;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date)
    ? 500 * 2 ** attempt
    : Math.max(0, date - Date.now());
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
