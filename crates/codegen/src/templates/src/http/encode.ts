/** How values become text, and text becomes part of a URL. */

import { ToolError } from "../tool.js";

/** A value as styles see it: a scalar, a list, or a list of names and values. */
export type Scalars =
  | { readonly kind: "scalar"; readonly value: unknown }
  | { readonly kind: "array"; readonly items: unknown[] }
  | { readonly kind: "object"; readonly entries: [string, unknown][] };

export function scalars(value: unknown): Scalars {
  if (Array.isArray(value)) {
    return { kind: "array", items: value.filter(isGiven) };
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    return { kind: "object", entries: entries.filter(([, it]) => isGiven(it)) };
  }
  return { kind: "scalar", value };
}

/** RFC 6570 calls null undefined: it is left out, alone and in lists. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The text of one value; arrays and objects that no style can write are JSON. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return String(value ?? "");
}

/** Reserved characters that stay as they are, by place. */
const KEPT = {
  none: /(?!)/g,
  // Not `/`, `?` and `#`: the value has to stay inside of its path segment.
  path: /%(?:3A|40|21|24|26|27|28|29|2A|2B|2C|3B|3D)/g,
  // Not `&`, `+` and `#`, which would end the value or change it.
  query: /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|3D|5B|5D)/g,
};

/**
 * Percent-encodes all but unreserved characters (RFC 3986) and what is kept.
 * Where reserved characters are, so is what is encoded already (RFC 6570 §3.2.3).
 */
export function encode(
  value: string,
  keep: keyof typeof KEPT = "none",
): string {
  if (keep !== "none" && /%[0-9a-f]{2}/i.test(value)) {
    return value
      .split(/(%[0-9a-f]{2})/i)
      .map((part, at) => (at % 2 === 0 ? encode(part, keep) : part))
      .join("");
  }
  const encoded = encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replace(KEPT[keep], decodeURIComponent);
}

/** @throws ToolError when the value is not base64 (either alphabet). */
export function fromBase64(
  value: unknown,
  name: string,
): Uint8Array<ArrayBuffer> {
  const source = text(value)
    .replace(/\s+/g, "")
    .replace(/-/g, "+")
    .replace(/_/g, "/");
  try {
    return Uint8Array.from(atob(source), (it) => it.charCodeAt(0));
  } catch {
    throw new ToolError(`"${name}" must be base64`);
  }
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // In pieces: the number of arguments of one call is limited.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}
