/** Checks values against JSON Schemas. */

import { fromJsonSchema } from "@modelcontextprotocol/server";
import type { Arguments, ObjectSchema, Tool } from "./tool.js";

type Validate = (value: unknown) => string | undefined;

/**
 * Validators are made when they are first needed, and kept: making all of them
 * at the start takes seconds where there are many tools.
 */
const validators = new WeakMap<ObjectSchema, Validate>();

/** What is wrong with the value, in words; undefined when nothing is. */
export function problems(
  schema: ObjectSchema,
  value: unknown,
): string | undefined {
  let validate = validators.get(schema);
  if (validate === undefined) {
    validate = makeValidator(schema);
    validators.set(schema, validate);
  }
  return validate(value);
}

/** A tool, or one that only lists others and sends no request. */
type Checked = Pick<Tool, "inputSchema"> & Partial<Pick<Tool, "request">>;

/**
 * What is wrong with the arguments of a tool, in words. An id of more digits than
 * a number keeps has to come as a string of them where it is a parameter: rounded,
 * it would be the id of something else.
 */
export function argumentProblems(
  { inputSchema, request }: Checked,
  args: Arguments,
): string | undefined {
  const { properties } = inputSchema as { properties?: Arguments };
  const integers = Object.keys(args).filter((name) =>
    isInteger(properties?.[name]),
  );
  for (const name of integers) {
    const value = Number(args[name]);
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) continue;
    const isParameter = request?.parameters?.some(
      (it) => (it.property ?? it.name) === name,
    );
    if (isParameter && isDigits(args[name])) {
      args = { ...args, [name]: value };
    } else {
      const remedy = isParameter ? ": give it as a string of its digits" : "";
      return `${name} has more digits than a number keeps${remedy}`;
    }
  }
  return problems(inputSchema, args);
}

function isInteger(schema: unknown): boolean {
  const { type } = (schema ?? {}) as { type?: unknown };
  return [type].flat().includes("integer");
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^-?\d+$/.test(value);
}

function makeValidator(schema: ObjectSchema): Validate {
  try {
    const checked = withoutFormats(schema) as ObjectSchema;
    const { validate } = fromJsonSchema({ ...checked })["~standard"];
    return (value) => {
      const result = validate(value);
      // The validators of the SDK answer at once.
      if (result instanceof Promise || result.issues === undefined) {
        return undefined;
      }
      return result.issues.map((issue) => issue.message).join("; ");
    };
  } catch {
    // Some APIs describe themselves with schemas that no validator takes, for
    // example with a pattern of another language. The API decides, then.
    return () => undefined;
  }
}

/** Keywords whose values are data. */
const DATA = new Set(["const", "enum", "default", "examples"]);

/** Keywords whose values hold schemas by names. */
const NAMED = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "dependentSchemas",
]);

/**
 * The schema without `format`, which only describes (JSON Schema 2020-12, Validation
 * §7.2.1): many an API calls `2026-04-29 13:00:00` a date-time, and wants it so.
 */
function withoutFormats(schema: unknown, isNames = false): unknown {
  if (Array.isArray(schema)) return schema.map((it) => withoutFormats(it));
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([keyword, it]) =>
      isNames || keyword !== "format" || typeof it !== "string",
  );
  return Object.fromEntries(
    kept.map(([keyword, it]) => {
      if (!isNames && DATA.has(keyword)) return [keyword, it];
      return [keyword, withoutFormats(it, !isNames && NAMED.has(keyword))];
    }),
  );
}
