/** Describes the error answers of the API and of the platform. */

import type { Tool } from "../tool.js";
import type { Credentials } from "./auth.js";
import { decode, mediaType, shorten, statusLine } from "./content.js";
import type { Answer } from "./send.js";

/** How much of an error's body the model gets to see, in characters. */
export const MAX_ERROR_CHARS = 4_000;

/** What went wrong and what can be done, for the model to read. */
export function describeError(
  tool: Tool,
  answer: Answer,
  credentials: Credentials,
): string {
  const source = decode(answer);
  const platform = answer.headers.get("mcpengine-error");
  if (platform !== null) {
    const message = credentials.redact(errorMessage(source) ?? platform);
    return platform === "missing_credential"
      ? `The API needs a credential that is not set. ${message}`
      : `The platform did not let this request through. ${message}`;
  }
  const { method, path } = tool.request;
  const lines = [
    `The API answered ${statusLine(answer)} to ${method} ${path}.`,
    hint(answer),
  ];
  const message = errorMessage(source);
  if (message !== undefined) lines.push(`Message: ${message}`);
  if (isHtml(answer, source)) {
    const title = /<title[^>]*>([^<]*)<\/title>/i.exec(source)?.[1]?.trim();
    if (title) lines.push(`Message: ${title}`);
  } else if (source.trim() !== "" && source.trim() !== message) {
    lines.push("", shorten(source, MAX_ERROR_CHARS));
  }
  return credentials.redact(
    lines.filter((line) => line !== undefined).join("\n"),
  );
}

function isHtml(answer: Answer, source: string): boolean {
  return (
    mediaType(answer.headers) === "text/html" ||
    /^\s*<(!doctype html|html)/i.test(source)
  );
}

/** What the model, or whoever runs the server, can do about it. */
function hint({ status, headers }: Answer): string | undefined {
  switch (status) {
    case 400:
    case 422:
      return "Check the arguments against the message below.";
    case 401:
      return "The credential is missing, wrong or expired: whoever runs this server has to set a valid one.";
    case 403:
      return "The credential does not allow this operation.";
    case 404:
    case 410:
      return "What was asked for does not exist: check the ids in the arguments.";
    case 409:
    case 412:
      return "The state of the data has changed: read it again before trying again.";
    case 429: {
      const after = headers.get("retry-after");
      return after
        ? `Too many requests: try again later (Retry-After: ${after}).`
        : "Too many requests: try again later.";
    }
    default:
      return status >= 500
        ? "The API has a problem of its own: try again later."
        : undefined;
  }
}

/** The message of the usual forms of error bodies, RFC 9457 among them. */
function errorMessage(source: string): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(source);
  } catch {
    return undefined;
  }
  return messageOf(body, 0);
}

function messageOf(body: unknown, depth: number): string | undefined {
  if (typeof body === "string") return body.trim() || undefined;
  if (typeof body !== "object" || body === null || depth > 3) return undefined;
  if (Array.isArray(body)) return messageOf(body[0], depth + 1);
  const fields = body as Record<string, unknown>;
  for (const name of [
    "detail",
    "message",
    "error_description",
    "error",
    "errors",
    "title",
  ]) {
    const message = messageOf(fields[name], depth + 1);
    if (message !== undefined) return shorten(message, 500);
  }
  return undefined;
}
