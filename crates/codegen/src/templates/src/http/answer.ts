/** Turns the API's answer into the result of a tool. */

import type { CallToolResult } from "@modelcontextprotocol/server";
import { problems } from "../schema.js";
import type { Limits } from "../settings.js";
import type { Tool } from "../tool.js";
import type { Credentials } from "./auth.js";
import { text, toBase64 } from "./encode.js";
import type { Answer } from "./send.js";

type Structured = Record<string, unknown>;

/** How much of an error's body the model gets to see, in characters. */
const MAX_ERROR_CHARS = 4_000;

export async function toResult(
  tool: Tool,
  answer: Answer,
  limits: Limits,
  credentials: Credentials,
): Promise<CallToolResult> {
  if (answer.status >= 400 || answer.status < 200) {
    return failure(describeError(tool, answer, credentials));
  }
  const type = mediaType(answer.headers);
  if (isJson(type) || (type === "" && tool.response.kind === "json")) {
    return jsonResult(tool, answer, limits);
  }
  if (answer.bytes.length === 0) {
    return structuredResult(tool, {}, done(answer), limits);
  }
  if (type.startsWith("text/") || isMarkup(type) || type === "") {
    return textResult(tool, answer, limits);
  }
  return binaryResult(tool, answer, type);
}

export function failure(message: string): CallToolResult {
  return { content: [{ type: "text", text: message }], isError: true };
}

/** `type/subtype` in lower case, or an empty string. */
function mediaType(headers: Headers): string {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}

function isJson(type: string): boolean {
  return /^(application|text)\/(.+\+)?json$/.test(type);
}

function isMarkup(type: string): boolean {
  return /^application\/(.+\+)?(xml|yaml|x-yaml|javascript|x-ndjson|jsonl|x-www-form-urlencoded)$/.test(
    type,
  );
}

function done(answer: Answer): string {
  return `Done: the API answered ${statusLine(answer)} without content.`;
}

function statusLine({ status, statusText }: Answer): string {
  return statusText ? `${status} ${statusText}` : String(status);
}

function decode(answer: Answer): string {
  const type = answer.headers.get("content-type") ?? "";
  const charset = /charset="?([^\s";]+)/i.exec(type)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(answer.bytes);
  } catch {
    return new TextDecoder().decode(answer.bytes);
  }
}

async function jsonResult(
  tool: Tool,
  answer: Answer,
  limits: Limits,
): Promise<CallToolResult> {
  const source = decode(answer);
  if (answer.cut) {
    return failure(
      `The API answered ${statusLine(answer)} with more than ` +
        `${limits.responseBytes} bytes, which is too long. Ask for less, for ` +
        "example with a smaller page or a filter. The answer starts:\n\n" +
        shorten(source, MAX_ERROR_CHARS),
    );
  }
  if (source.trim() === "") {
    return structuredResult(tool, {}, done(answer), limits);
  }
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return tool.outputSchema === undefined
      ? textResult(tool, answer, limits)
      : failure(
          `The API answered ${statusLine(answer)} with text that is not valid JSON:\n\n` +
            shorten(source, limits.textChars),
        );
  }
  const structured = tool.response.wrap ? { items: value } : value;
  return structuredResult(
    tool,
    structured,
    JSON.stringify(value, null, 2),
    limits,
  );
}

/**
 * A result with structured content where the tool promises or the value allows
 * it. An answer that breaks the tool's own output schema would be refused by
 * clients, so it is given as a marked text.
 */
async function structuredResult(
  tool: Tool,
  value: unknown,
  readable: string,
  limits: Limits,
): Promise<CallToolResult> {
  const content: CallToolResult["content"] = [
    { type: "text", text: shorten(readable, limits.textChars) },
  ];
  if (tool.outputSchema === undefined) {
    const object =
      typeof value === "object" && value !== null && !Array.isArray(value);
    return object && Object.keys(value).length > 0
      ? { content, structuredContent: value as Structured }
      : { content };
  }
  const found = problems(tool.outputSchema, value);
  if (found === undefined) {
    return { content, structuredContent: value as Structured };
  }
  const note =
    "The API carried out the request, but its answer is not of the form that " +
    `its description promises (${found}). The answer:`;
  return { content: [{ type: "text", text: note }, ...content], isError: true };
}

function textResult(
  tool: Tool,
  answer: Answer,
  limits: Limits,
): CallToolResult {
  const source = decode(answer);
  const whole = answer.cut
    ? `${source}\n\n[The answer is longer than ${limits.responseBytes} bytes, and was cut here.]`
    : source;
  const readable = shorten(whole, limits.textChars);
  if (tool.outputSchema !== undefined) {
    return failure(
      `The API answered ${statusLine(answer)} with ${mediaType(answer.headers) || "text"} ` +
        `where its description promises JSON:\n\n${readable}`,
    );
  }
  return { content: [{ type: "text", text: readable }] };
}

function binaryResult(
  tool: Tool,
  answer: Answer,
  mimeType: string,
): CallToolResult {
  if (answer.cut) {
    return failure(
      `The API answered ${statusLine(answer)} with a file (${mimeType}) that is too long to be returned.`,
    );
  }
  const data = toBase64(answer.bytes);
  if (mimeType.startsWith("image/") || mimeType.startsWith("audio/")) {
    const type = mimeType.startsWith("image/") ? "image" : "audio";
    return {
      content: [{ type, data, mimeType }],
      ...marked(tool),
    };
  }
  return {
    content: [
      {
        type: "resource",
        resource: { uri: answer.url.href, mimeType, blob: data },
      },
    ],
    ...marked(tool),
  };
}

/** A tool that promises structured content can give a file as an error only. */
function marked(tool: Tool): { isError?: true } {
  return tool.outputSchema === undefined ? {} : { isError: true };
}

function describeError(
  tool: Tool,
  answer: Answer,
  credentials: Credentials,
): string {
  const source = decode(answer);
  const platform = answer.headers.get("mcpengine-error");
  if (platform !== null) {
    const message = errorMessage(source) ?? platform;
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
  const fields = body as Structured;
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

function shorten(source: string, limit: number): string {
  if (source.length <= limit) return source;
  // Not between the halves of a character.
  const start = source.slice(0, limit).toWellFormed();
  return `${text(start)}\n\n[Cut: ${source.length - limit} of ${source.length} characters left out.]`;
}
