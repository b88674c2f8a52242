/** The styles of OpenAPI: how values, arrays and objects are written. */

import type { Parameter, Style } from "../tool.js";
import { type Scalars, encode, scalars, text } from "./encode.js";

/** The value of a path parameter, encoded for its place in the path. */
export function pathValue(parameter: Parameter, value: unknown): string {
  const { name, style = "simple", explode = false } = parameter;
  const write = (it: unknown) =>
    encode(text(it), parameter.allowReserved ? "path" : "none");
  switch (style) {
    case "label": {
      const parts = exploded(value, explode, write);
      return "." + (parts ?? [flat(value, write)]).join(".");
    }
    case "matrix": {
      const named = (it: string) =>
        it === "" ? `;${encode(name)}` : `;${encode(name)}=${it}`;
      // Of all styles only this one has no "=" before an empty value.
      const parts = exploded(value, explode, write, "");
      if (parts === undefined) return named(flat(value, write));
      return Array.isArray(value)
        ? parts.map(named).join("")
        : parts.map((it) => `;${it}`).join("");
    }
    default:
      return simple(parameter, value, write);
  }
}

/**
 * Style `simple`, in paths and headers, and what Swagger 2.0 has there besides:
 * lists with another delimiter than the comma.
 */
export function simple(
  parameter: Parameter,
  value: unknown,
  write: (value: unknown) => string,
): string {
  const parts = exploded(value, parameter.explode ?? false, write);
  const between = delimiter(parameter.style, write);
  return parts?.join(between) ?? flat(value, write, between);
}

/**
 * The parts of an exploded array or object; undefined for all other values.
 * `empty` stands behind the name of an empty value.
 */
function exploded(
  value: unknown,
  explode: boolean,
  write: (value: unknown) => string,
  empty = "=",
): string[] | undefined {
  if (!explode) return undefined;
  const list = scalars(value);
  if (list.kind === "array") return list.items.map(write);
  if (list.kind === "object") {
    return list.entries.map(([key, it]) => {
      const text = write(it);
      return `${write(key)}${text === "" ? empty : `=${text}`}`;
    });
  }
  return undefined;
}

function flat(
  value: unknown,
  write: (value: unknown) => string,
  between = ",",
): string {
  return flatten(scalars(value)).map(write).join(between);
}

function flatten(list: Scalars): unknown[] {
  switch (list.kind) {
    case "array":
      return list.items;
    case "object":
      return list.entries.flat();
    case "scalar":
      return [list.value];
  }
}

const DELIMITERS: Partial<Record<Style, string>> = {
  spaceDelimited: " ",
  pipeDelimited: "|",
  tabDelimited: "\t",
};

/** What stands between the items of a list, written like the items. */
function delimiter(
  style: Style | undefined,
  write: (value: unknown) => string,
): string {
  const special = style && DELIMITERS[style];
  return special === undefined ? "," : write(special);
}

/** `name=value` pairs of a query, a cookie or a form, encoded. */
export function pairs(
  name: string,
  value: unknown,
  how: Pick<Parameter, "style" | "explode" | "allowReserved">,
): string[] {
  const { style = "form", explode = style === "form" } = how;
  const write = (it: unknown) =>
    encode(text(it), how.allowReserved ? "query" : "none");
  const key = encode(name);
  if (style === "deepObject") return deepPairs(key, value, write);

  const list = scalars(value);
  if (list.kind === "scalar") return [`${key}=${write(list.value)}`];
  if (explode) {
    return list.kind === "array"
      ? list.items.map((it) => `${key}=${write(it)}`)
      : list.entries.map(([name, it]) => `${encode(name)}=${write(it)}`);
  }
  const items = flatten(list);
  if (items.length === 0) return [];
  return [`${key}=${items.map(write).join(delimiter(style, write))}`];
}

/** `key[a][b]=1&key[list][0]=2`, the form that most servers read. */
function deepPairs(
  key: string,
  value: unknown,
  write: (value: unknown) => string,
  depth = 0,
): string[] {
  if (typeof value !== "object" || value === null || depth > 16) {
    return [`${key}=${write(value)}`];
  }
  return Object.entries(value)
    .filter(([, it]) => it !== undefined && it !== null)
    .flatMap(([name, it]) =>
      deepPairs(`${key}%5B${encode(name)}%5D`, it, write, depth + 1),
    );
}
