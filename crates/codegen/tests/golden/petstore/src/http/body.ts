/** Bodies of HTML forms: urlencoded and multipart. */

import { type Body, type BodyProperty, ToolError } from "../tool.js";
import { fromBase64, text } from "./encode.js";
import { pairs } from "./styles.js";

/** `application/x-www-form-urlencoded`. */
export function formBody(body: Body, value: unknown): string {
  return fields(body, value)
    .flatMap(([field, it]) =>
      field.contentType?.includes("json")
        ? items(it).flatMap((item) =>
            pairs(field.name, JSON.stringify(item), {}),
          )
        : pairs(field.name, it, field),
    )
    .join("&");
}

/** A media type is that of each item of a list, which repeat the name. */
function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The properties of the body with their values, `null` left out. */
function fields(body: Body, value: unknown): [BodyProperty, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ToolError("The body of this request has to be an object");
  }
  return Object.entries(value)
    .filter(([, it]) => it !== undefined && it !== null)
    .map(([name, it]) => {
      const field = body.properties?.find((field) => field.name === name);
      return [field ?? { name }, it];
    });
}

interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly contentType?: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** `multipart/form-data` (RFC 7578). */
export function multipartBody(
  body: Body,
  value: unknown,
): { mediaType: string; data: Uint8Array<ArrayBuffer> } {
  const parts = fields(body, value).flatMap(([field, it]) =>
    items(it).map((item) => part(field, item)),
  );
  const boundary = `form-${crypto.randomUUID()}`;
  const utf8 = new TextEncoder();
  const chunks = parts.flatMap((it) => [
    utf8.encode(partHead(boundary, it)),
    it.data,
    utf8.encode("\r\n"),
  ]);
  chunks.push(utf8.encode(`--${boundary}--\r\n`));
  const [essence = "multipart/form-data"] = body.mediaType.split(";");
  return {
    mediaType: `${essence.trim()}; boundary=${boundary}`,
    data: concat(chunks),
  };
}

function part(field: BodyProperty, value: unknown): Part {
  const { name, contentType } = field;
  if (!field.file) {
    const json = typeof value === "object" ? "application/json" : undefined;
    const type = contentType ?? json;
    const data = new TextEncoder().encode(
      type?.includes("json") ? JSON.stringify(value) : text(value),
    );
    return { name, data, ...(type && { contentType: type }) };
  }
  // A file may also be given as its base64 data alone.
  const file: Record<string, unknown> =
    typeof value === "object" && value !== null
      ? { ...value }
      : { data: value };
  return {
    name,
    filename: text(file["filename"]) || name,
    contentType:
      text(file["contentType"]) || contentType || "application/octet-stream",
    data: fromBase64(file["data"], `${field.property ?? name}.data`),
  };
}

function partHead(boundary: string, part: Part): string {
  const quoted = (it: string) =>
    it.replace(/[\r\n\0]+/g, " ").replace(/"/g, "%22");
  const lines = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${quoted(part.name)}"` +
      (part.filename === undefined
        ? ""
        : `; filename="${quoted(part.filename)}"`),
  ];
  if (part.contentType !== undefined) {
    lines.push(`Content-Type: ${part.contentType.replace(/[\r\n\0]+/g, " ")}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
