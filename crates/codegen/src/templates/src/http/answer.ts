/** Turns the API's answer into the result of a tool. */

import type { CallToolResult } from "@modelcontextprotocol/server";
import { nextPage, nextPageHint } from "../pages.js";
import { problems } from "../schema.js";
import type { Limits } from "../settings.js";
import type { Arguments, Tool } from "../tool.js";
import type { Credentials } from "./auth.js";
import { decode, mediaType, shorten, statusLine } from "./content.js";
import { toBase64 } from "./encode.js";
import { describeError, MAX_ERROR_CHARS } from "./errors.js";
import type { Answer } from "./send.js";

type Structured = Record<string, unknown>;

export function toResult(
  tool: Tool,
  args: Arguments,
  answer: Answer,
  limits: Limits,
  credentials: Credentials,
): CallToolResult {
  if (answer.status >= 300 || answer.status < 200) {
    return failure(describeError(tool, answer, credentials));
  }
  const type = mediaType(answer.headers);
  if (isJson(type) || (type === "" && tool.response.kind === "json")) {
    return jsonResult(tool, args, answer, limits);
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

function jsonResult(
  tool: Tool,
  args: Arguments,
  answer: Answer,
  limits: Limits,
): CallToolResult {
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
  const text = readable(source, value);
  const result = structuredResult(tool, structured, text, limits);
  const next = nextPage(tool, args, { value, headers: answer.headers });
  if (next === undefined) return result;
  const hint = { type: "text" as const, text: nextPageHint(tool, next) };
  return { ...result, content: [...result.content, hint] };
}

/** Without white space, which costs tokens; as it came where digits would get lost. */
function readable(source: string, value: unknown): string {
  return /\d{16}/.test(source) ? source.trim() : JSON.stringify(value);
}

/**
 * A result with structured content where the tool promises or the value allows
 * it. An answer that breaks the tool's own output schema would be refused by
 * clients, so it is given as a marked text.
 */
function structuredResult(
  tool: Tool,
  value: unknown,
  readable: string,
  limits: Limits,
): CallToolResult {
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
  // Many APIs send null for what is not there, and do not describe that.
  const filled = withoutNulls(value);
  if (problems(tool.outputSchema, filled) === undefined) {
    return { content, structuredContent: filled as Structured };
  }
  const note =
    "The API carried out the request, but its answer is not of the form that " +
    `its description promises (${found}). The answer:`;
  return { content: [{ type: "text", text: note }, ...content], isError: true };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, it]) => it !== null)
      .map(([name, it]) => [name, withoutNulls(it)]),
  );
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
