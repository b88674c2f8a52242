/** What is wrong with arguments, so that a model can put them right at once. */

import { argumentProblems } from "../schema.js";
import type { Arguments, ListedTool, ObjectSchema } from "../tool.js";

/** Properties that are named; a schema with more is worth a look of its own. */
const MAX_PROPERTIES = 40;
const MAX_VALUES = 8;
const MAX_CHARS = 80;
const MAX_PROBLEM_CHARS = 1_000;

/** Undefined where the arguments fit the tool's input schema. */
export function misfit(tool: ListedTool, args: Arguments): string | undefined {
  const schema = tool.inputSchema;
  const found = argumentProblems(tool, args);
  if (found === undefined) return undefined;
  const properties = propertiesOf(schema);
  const required = requiredOf(schema);
  const missing = required.filter((name) => !Object.hasOwn(args, name));
  const unknown =
    schema["additionalProperties"] === false
      ? Object.keys(args).filter((name) => !properties.has(name))
      : [];
  const lines = [
    `The arguments do not fit the input schema of ${tool.name}: ${cut(found, MAX_PROBLEM_CHARS)}`,
    ...listed("Missing", missing),
    ...listed("Not known", unknown),
    "The properties that it has:",
    ...[...properties].slice(0, MAX_PROPERTIES).map(([name, property]) => {
      const need = required.includes(name) ? ", required" : "";
      return `- ${cut(name, MAX_CHARS)}: ${typeOf(property)}${need}`;
    }),
  ];
  const rest = properties.size - MAX_PROPERTIES;
  if (rest > 0) lines.push(`- and ${rest} more`);
  if (properties.size === 0) lines.push("- none");
  return lines.join("\n");
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, MAX_PROPERTIES).map((it) => cut(it, MAX_CHARS));
  return [`${what}: ${shown.join(", ")}`];
}

function propertiesOf(schema: ObjectSchema): Map<string, unknown> {
  const { properties } = schema as { properties?: unknown };
  return typeof properties === "object" && properties !== null
    ? new Map(Object.entries(properties))
    : new Map();
}

function requiredOf(schema: ObjectSchema): string[] {
  const { required } = schema as { required?: unknown };
  return Array.isArray(required)
    ? required.filter((name) => typeof name === "string")
    : [];
}

/** The type of a property in a few words. */
function typeOf(schema: unknown): string {
  if (typeof schema !== "object" || schema === null) return "any value";
  const { type, enum: values } = schema as { type?: unknown; enum?: unknown };
  if (Array.isArray(values)) {
    const shown = values.slice(0, MAX_VALUES).map((it) => JSON.stringify(it));
    const more = values.length > MAX_VALUES ? ", …" : "";
    return cut(`one of ${shown.join(", ")}${more}`, 4 * MAX_CHARS);
  }
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return type.join(" or ");
  return "see its schema";
}

export function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit).trimEnd()}…` : text;
}
