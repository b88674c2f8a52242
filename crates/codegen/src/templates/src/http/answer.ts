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
  const { status } = answer;
  if (status >= 300 && status < 400 && answer.elsewhere !== undefined) {
    return elsewhereResult(tool, answer, answer.elsewhere, credentials);
  }
  if (status >= 300 || status < 200) {
    return failure(describeError(tool, answer, credentials));
  }
  const type = mediaType(answer.headers);
  const text = () => credentials.redactData(decode(answer));
  if (isJson(type) || (type === "" && tool.response.kind === "json")) {
    return jsonResult(tool, args, answer, text(), limits);
  }
  if (answer.bytes.length === 0) {
    return structuredResult(tool, {}, done(answer), limits);
  }
  if (type.startsWith("text/") || isMarkup(type) || type === "") {
    return textResult(tool, answer, text(), limits);
  }
  return binaryResult(tool, answer, type);
}

/**
 * Files are often kept in another place, to which an API redirects. It is not
 * asked from here: it is no host of the API, and the address alone may let in.
 */
function elsewhereResult(
  tool: Tool,
  answer: Answer,
  to: URL,
  credentials: Credentials,
): CallToolResult {
  const uri = credentials.redact(to.href);
  const text =
    `The API answered ${statusLine(answer)} with the address of another host, ` +
    `which was not followed: ${uri}`;
  const name = to.pathname.split("/").at(-1) || to.hostname;
  return {
    content: [
      { type: "text", text },
      { type: "resource_link", uri, name: credentials.redact(name) },
    ],
    ...marked(tool),
  };
}

export function failure(message: string): CallToolResult {
  return { content: [{ type: "text", text: message }], isError: true };
}

function isJson(type: string): boolean {
  return /^(application|text)\/(.+\+)?json$/.test(type);
}

function isMarkup(type: string): boolean {
  // No model reads a drawing in SVG as an image.
  return /^(application\/(.+\+)?(xml|yaml|x-yaml|javascript|x-ndjson|jsonl|x-www-form-urlencoded)|image\/svg\+xml)$/.test(
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
  source: string,
  limits: Limits,
): CallToolResult {
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
      ? textResult(tool, answer, source, limits)
      : failure(
          `The API answered ${statusLine(answer)} with text that is not valid JSON:\n\n` +
            shorten(source, limits.textChars),
        );
  }
  const structured = tool.response.wrap ? { items: value } : value;
  const isExact = !/\d{16}/.test(source) || !losesDigits(value);
  // Without white space, which costs tokens; as it came where digits would get lost.
  const text = isExact ? JSON.stringify(value) : source.trim();
  const result = structuredResult(tool, structured, text, limits);
  const next = nextPage(tool, args, { value, headers: answer.headers });
  const hints = [
    ...(isExact || result.structuredContent === undefined ? [] : [INEXACT]),
    ...(next === undefined ? [] : [nextPageHint(tool, next)]),
  ].map((text) => ({ type: "text" as const, text }));
  return hints.length > 0
    ? { ...result, content: [...result.content, ...hints] }
    : result;
}

const INEXACT =
  "Numbers of more than 15 digits are exact in the text above only, not in the " +
  "structured content.";

/** Whether JSON.parse has rounded an integer: JSON has no limit for them. */
function losesDigits(value: unknown): boolean {
  if (typeof value === "number") {
    return Number.isInteger(value) && !Number.isSafeInteger(value);
  }
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(losesDigits);
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
  source: string,
  limits: Limits,
): CallToolResult {
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
