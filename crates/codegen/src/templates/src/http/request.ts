/**
 * Builds the HTTP request of a tool from its recipe and the model's arguments.
 *
 * Arguments are data from outside: a path value can never leave its place in
 * the path, a header value never starts a new header, and the request always
 * goes to the base URL that the operator has set.
 */

import { service } from "../config.js";
import {
  type Arguments,
  type Body,
  type Parameter,
  type Tool,
  ToolError,
} from "../tool.js";
import { formBody, multipartBody } from "./body.js";
import { fromBase64, text } from "./encode.js";
import { typeWithin } from "./sniff.js";
import { pairs, pathValue, simple } from "./styles.js";

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** @throws ToolError when an argument cannot be sent. */
export function buildRequest(
  tool: Tool,
  args: Arguments,
  base: URL,
): ApiRequest {
  const { method, parameters = [], body, accept } = tool.request;
  const headers = new Headers({
    accept: accept ?? "*/*",
    // Some APIs refuse requests that do not say who sends them.
    "user-agent": `${service.name}-mcp/${service.version}`,
  });
  for (const [name, value] of Object.entries(tool.request.headers ?? {})) {
    setHeader(headers, name, value);
  }
  const query: string[] = [];
  const cookies: string[] = [];

  for (const parameter of parameters) {
    const value = argument(args, parameter);
    if (value === undefined) continue;
    switch (parameter.in) {
      case "query":
        query.push(...pairs(parameter.name, value, parameter));
        break;
      case "cookie":
        cookies.push(...pairs(parameter.name, value, parameter));
        break;
      case "header":
        setHeader(headers, parameter.name, simple(parameter, value, text));
        break;
      case "path":
        break; // Filled into the template below.
    }
  }
  if (cookies.length > 0) setHeader(headers, "cookie", cookies.join("; "));

  const url = buildUrl(tool, args, base, query);
  const content = body && encodeBody(body, args);
  if (content === undefined) return { method, url, headers, body: undefined };
  if (method === "GET" || method === "HEAD") {
    // Some descriptions give every operation a body, if only an empty one.
    if (["", "{}"].includes(String(content.data))) {
      return { method, url, headers, body: undefined };
    }
    throw new ToolError(`A ${method} request cannot carry a body from here`);
  }
  setHeader(headers, "content-type", content.mediaType);
  return { method, url, headers, body: content.data };
}

function argument(args: Arguments, parameter: Parameter): unknown {
  const name = parameter.property ?? parameter.name;
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (!parameter.json) return value;
  const json = JSON.stringify(value);
  return parameter.in === "header" ? inAscii(json) : json;
}

/** JSON can say every character in those that a header holds. */
function inAscii(json: string): string {
  return json.replace(
    /[^\x20-\x7e]/g,
    (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function buildUrl(
  tool: Tool,
  args: Arguments,
  base: URL,
  query: readonly string[],
): URL {
  // Some descriptions put a fixed query into the path, or a marker behind `#`.
  const [withoutFragment = ""] = tool.request.path.split("#");
  const [template = "", fixedQuery] = withoutFragment.split("?", 2);
  const path =
    base.pathname.replace(/\/+$/, "") +
    (template.startsWith("/") ? "" : "/") +
    fillPath(tool, args, template);

  // Some servers decode a slash before they look at the dots beside it.
  for (const segment of path.split(/\/|%2f|%5c/i)) {
    if (/^(\.|%2e){1,2}$/i.test(segment)) {
      throw new ToolError(
        'A path value must not make a part of the path "." or ".."',
      );
    }
  }
  const url = new URL(base.origin + path);
  if (url.origin !== base.origin || url.pathname !== path) {
    throw new ToolError(`The path values do not fit into ${tool.request.path}`);
  }
  const fixed = fixedQuery ? [fillPath(tool, args, fixedQuery)] : [];
  url.search = [...fixed, ...query].join("&");
  return url;
}

function fillPath(tool: Tool, args: Arguments, template: string): string {
  const parameters = tool.request.parameters ?? [];
  return template
    .split(/(\{[^{}]*\})/)
    .map((part) => {
      if (!/^\{[^{}]*\}$/.test(part)) return encodeTemplate(part);
      const name = part.slice(1, -1);
      const parameter = parameters.find(
        (it) => it.in === "path" && it.name === name,
      );
      const value = parameter && argument(args, parameter);
      const filled =
        value === undefined ? "" : pathValue(parameter as Parameter, value);
      if (filled === "") {
        throw new ToolError(
          `"${parameter?.property ?? name}" is part of the path and must not be empty`,
        );
      }
      return filled;
    })
    .join("");
}

/** Encodes what a URL's path cannot hold, and leaves what is encoded already. */
function encodeTemplate(part: string): string {
  return encodeURI(part.toWellFormed()).replace(/%25([0-9a-f]{2})/gi, "%$1");
}

/** Headers that belong to the connection or to the platform. */
const FIXED_HEADERS =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|keep-alive|expect|proxy-.*|mcpengine-.*)$/i;

function setHeader(headers: Headers, name: string, value: string): void {
  if (FIXED_HEADERS.test(name)) {
    throw new ToolError(`The header "${name}" cannot be set`);
  }
  if (/[\r\n\0]/.test(value)) {
    throw new ToolError(
      `The value of the header "${name}" must not have line breaks`,
    );
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new ToolError(
      `The value of the header "${name}" has characters that a header cannot hold`,
    );
  }
  headers.set(name, value);
}

interface EncodedBody {
  readonly mediaType: string;
  readonly data: string | Uint8Array<ArrayBuffer>;
}

function encodeBody(body: Body, args: Arguments): EncodedBody | undefined {
  const value = bodyValue(body, args);
  if (value === undefined) return undefined;
  const { mediaType } = body;
  switch (body.encoding) {
    case "json":
      return { mediaType, data: JSON.stringify(value) };
    case "form":
      return { mediaType, data: formBody(body, value) };
    case "multipart":
      return multipartBody(body, value);
    case "text":
      return { mediaType, data: text(value) };
    case "binary": {
      const data = fromBase64(value, body.property ?? "body");
      return { mediaType: typeWithin(mediaType, data), data };
    }
  }
}

function bodyValue(body: Body, args: Arguments): unknown {
  if (body.properties === undefined) {
    const name = body.property ?? "body";
    return Object.hasOwn(args, name) ? args[name] : undefined;
  }
  const given = body.properties.flatMap(({ name, property = name }) =>
    Object.hasOwn(args, property) && args[property] !== undefined
      ? [[name, args[property]] as const]
      : [],
  );
  if (given.length === 0 && !body.required) return undefined;
  return Object.fromEntries(given);
}
