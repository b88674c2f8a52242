/** Reads what the API's answers hold. */

import type { Answer } from "./send.js";

/** `type/subtype` in lower case, or an empty string. */
export function mediaType(headers: Headers): string {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}

export function statusLine({ status, statusText }: Answer): string {
  return statusText ? `${status} ${statusText}` : String(status);
}

const utf8 = new TextDecoder();

export function decode(answer: Answer): string {
  const type = answer.headers.get("content-type") ?? "";
  const charset = /charset="?([^\s";]+)/i.exec(type)?.[1]?.toLowerCase();
  if (charset === undefined || charset === "utf-8") {
    return utf8.decode(answer.bytes);
  }
  try {
    return new TextDecoder(charset).decode(answer.bytes);
  } catch {
    return utf8.decode(answer.bytes);
  }
}

export function shorten(source: string, limit: number): string {
  if (source.length <= limit) return source;
  // Not between the halves of a character.
  const start = source.slice(0, limit).toWellFormed();
  return `${start}\n\n[Cut: ${source.length - limit} of ${source.length} characters left out.]`;
}
