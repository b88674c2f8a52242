/** Page by page through a long list: what to ask for next. */

import type { Arguments, ObjectSchema, Pagination, Tool } from "./tool.js";

/** An answer of the API. */
export interface Page {
  /** The value of its JSON. */
  readonly value: unknown;
  readonly headers: Headers;
}

export interface NextPage {
  /** What the tool's next call needs besides the arguments that it had. */
  readonly args: Arguments;
  /** The answer says that there is one; else this page may be the last. */
  readonly isCertain: boolean;
}

/** Undefined on the last page, and where nothing says what comes next. */
export function nextPage(
  tool: Tool,
  args: Arguments,
  page: Page,
): NextPage | undefined {
  const { pagination } = tool;
  if (pagination === undefined) return undefined;
  const { value } = page;
  const more = pagination.more && at(value, pagination.more);
  if (more === false) return undefined;
  const { position, next: field } = pagination;
  const told = address(page, pagination);
  if (told !== undefined) {
    const next = byLink(tool, args, told) ?? byToken(position, told);
    return next && { args: next, isCertain: true };
  }
  if (position === undefined || pagination.style === "link") return undefined;
  const next =
    pagination.style === "cursor"
      ? cursor(tool, args, value, pagination)
      : number(tool, args, value, pagination, position);
  if (next === undefined || same(args[position], next)) return undefined;
  const isTold = field !== undefined && isPosition(at(value, field));
  const isCertain = more === true || isTold || hasTotal(value, pagination);
  return { args: { [position]: next }, isCertain };
}

/** The sentence that tells a model so. */
export function nextPageHint(
  tool: Tool,
  { args, isCertain }: NextPage,
): string {
  const what = isCertain ? "There is a next page" : "There may be a next page";
  return (
    `${what}: to read it, call ${tool.name} again with the same arguments and ` +
    `${JSON.stringify(args)}.`
  );
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

function itemsOf(
  value: unknown,
  { items }: Pagination,
): readonly unknown[] | undefined {
  const found = items && at(value, items);
  return Array.isArray(found) ? found : undefined;
}

/** An answer with fewer items than were asked for is the last. */
function isShort(
  tool: Tool,
  args: Arguments,
  items: readonly unknown[] | undefined,
): boolean {
  const size = sizeOf(tool, args);
  return items?.length === 0 || (items?.length ?? size) < size;
}

function sizeOf(tool: Tool, args: Arguments): number {
  const name = tool.pagination?.size;
  if (name === undefined) return 0;
  const size = Number(args[name] ?? byDefault(tool.inputSchema, name));
  return Number.isFinite(size) ? size : 0;
}

function byDefault(schema: ObjectSchema, name: string): unknown {
  return at(schema, ["properties", name, "default"]);
}

function cursor(
  tool: Tool,
  args: Arguments,
  value: unknown,
  { next, lastItem, items }: Pagination,
): unknown {
  const told = next && at(value, next);
  if (isPosition(told)) return told;
  if (lastItem === undefined || items === undefined) return undefined;
  const found = itemsOf(value, { style: "cursor", items });
  if (found === undefined || isShort(tool, args, found)) return undefined;
  const id = at(found.at(-1), [lastItem]);
  return isPosition(id) ? id : undefined;
}

function isPosition(value: unknown): value is string | number {
  return typeof value === "number" || (typeof value === "string" && !!value);
}

function number(
  tool: Tool,
  args: Arguments,
  value: unknown,
  pagination: Pagination,
  position: string,
): number | undefined {
  const told = pagination.next && at(value, pagination.next);
  if (typeof told === "number") return told;
  const hasMore = pagination.more && at(value, pagination.more) === true;
  const items = itemsOf(value, pagination);
  if (items === undefined || items.length === 0) return undefined;
  if (!hasMore && isShort(tool, args, items)) return undefined;
  const isPage = pagination.style === "page";
  const given = args[position] ?? byDefault(tool.inputSchema, position);
  const current = Number(given ?? (isPage ? 1 : 0));
  if (!Number.isSafeInteger(current)) return undefined;
  const next = current + (isPage ? 1 : items.length);
  // What the answer says itself goes before what its numbers say.
  if (hasMore || !hasTotal(value, pagination)) return next;
  // Pages that are counted from 0 are behind by one, and asked for in vain once.
  const seen = isPage ? current * (sizeOf(tool, args) || items.length) : next;
  return seen < totalOf(value, pagination) ? next : undefined;
}

function hasTotal(value: unknown, pagination: Pagination): boolean {
  return Number.isFinite(totalOf(value, pagination));
}

/** How many items there are; NaN where the answer does not say. */
function totalOf(value: unknown, { total }: Pagination): number {
  const found = total && at(value, total);
  return isPosition(found) ? Number(found) : Number.NaN;
}

/**
 * The address of the next page, in the answer or its `Link` (RFC 8288). What is
 * described as a cursor is an address too where it begins as one.
 */
function address({ value, headers }: Page, { style, next }: Pagination) {
  const told = next && at(value, next);
  if (typeof told === "string" && told !== "") {
    if (style === "link" || /^https?:\/\//i.test(told)) return told;
  }
  if (style !== "link") return undefined;
  for (const [, address, parameters = ""] of (
    headers.get("link") ?? ""
  ).matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*("[^"]*\bnext\b[^"]*"|next\b)/i.test(parameters)) {
      return address;
    }
  }
  return undefined;
}

/** The query of an address as arguments, where they differ from those before. */
function byLink(
  tool: Tool,
  args: Arguments,
  address: string,
): Arguments | undefined {
  const base = "http://localhost";
  if (!URL.canParse(address, base)) return undefined;
  const { searchParams } = new URL(address, base);
  const next: Record<string, unknown> = {};
  for (const { name, in: place, property = name } of tool.request.parameters ??
    []) {
    const value = place === "query" ? searchParams.get(name) : null;
    if (value === null || same(args[property], value)) continue;
    const type = at(tool.inputSchema, ["properties", property, "type"]);
    next[property] = typed(value, type);
  }
  return Object.keys(next).length > 0 ? next : undefined;
}

/** What is described as an address may be a token. */
function byToken(
  position: string | undefined,
  told: string,
): Arguments | undefined {
  const isAddress = /^([a-z]+:|[/.])|[?&]/i.test(told);
  return position === undefined || isAddress ? undefined : { [position]: told };
}

function typed(text: string, type: unknown): unknown {
  const types = Array.isArray(type) ? type : [type];
  const isNumber = types.includes("integer") || types.includes("number");
  const value = Number(text);
  return isNumber && text.trim() !== "" && !Number.isNaN(value) ? value : text;
}

function same(given: unknown, next: unknown): boolean {
  return given !== undefined && String(given) === String(next);
}
