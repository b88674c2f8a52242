import { isRecord } from "@/lib/problem";

export type JsonObject = Readonly<Record<string, unknown>>;

/** How one schema is edited. What no control fits is edited as JSON. */
export type Control =
  | { readonly kind: "string"; readonly multiline: boolean; readonly format: string | null }
  | { readonly kind: "number"; readonly integer: boolean }
  | { readonly kind: "boolean" }
  | { readonly kind: "enum"; readonly values: readonly unknown[] }
  | { readonly kind: "array"; readonly item: Control }
  | { readonly kind: "object"; readonly fields: readonly FormField[] }
  | { readonly kind: "json" };

export interface FormField {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly required: boolean;
  /** Shown where nothing is filled in. */
  readonly placeholder: string;
  readonly control: Control;
}

/** Nested objects are forms down to here, then JSON: deeper forms help nobody. */
const MAX_DEPTH = 3;

/** The fields of a tool's input, in the schema's order, required ones first. */
export function formFields(inputSchema: JsonObject): FormField[] {
  return fieldsOf(inputSchema, inputSchema, 0);
}

function fieldsOf(schema: JsonObject, root: JsonObject, depth: number): FormField[] {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const fields = Object.entries(properties).map(([name, raw]): FormField => {
    const property = resolve(raw, root);
    return {
      name,
      title: typeof property.title === "string" ? property.title : name,
      description: typeof property.description === "string" ? property.description : null,
      required: required.has(name),
      placeholder: placeholderOf(property),
      control: controlOf(property, root, depth),
    };
  });
  return [
    ...fields.filter((field) => field.required),
    ...fields.filter((field) => !field.required),
  ];
}

function controlOf(schema: JsonObject, root: JsonObject, depth: number): Control {
  if (Array.isArray(schema.enum) && schema.enum.length > 0) {
    return { kind: "enum", values: schema.enum };
  }
  if ("const" in schema) return { kind: "enum", values: [schema.const] };
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) {
    const real = alternatives.map((one) => resolve(one, root)).filter((one) => one.type !== "null");
    // A nullable type is the type itself; null is still there in the JSON view.
    return real.length === 1 && real[0] && depth < MAX_DEPTH
      ? controlOf(real[0], root, depth + 1)
      : { kind: "json" };
  }
  switch (typeOf(schema)) {
    case "string":
      return {
        kind: "string",
        multiline: typeof schema.maxLength === "number" && schema.maxLength > 200,
        format: typeof schema.format === "string" ? schema.format : null,
      };
    case "integer":
      return { kind: "number", integer: true };
    case "number":
      return { kind: "number", integer: false };
    case "boolean":
      return { kind: "boolean" };
    case "array": {
      const item = controlOf(resolve(schema.items, root), root, depth + 1);
      const scalar = ["string", "number", "boolean", "enum"].includes(item.kind);
      return scalar ? { kind: "array", item } : { kind: "json" };
    }
    case "object": {
      const fields = depth < MAX_DEPTH ? fieldsOf(schema, root, depth + 1) : [];
      return fields.length > 0 ? { kind: "object", fields } : { kind: "json" };
    }
    default:
      return { kind: "json" };
  }
}

/** The one type of a schema; of `["string", "null"]` the first that is not null. */
function typeOf(schema: JsonObject): unknown {
  if (!Array.isArray(schema.type)) return schema.type;
  const types = schema.type.filter((type) => type !== "null");
  return types.length === 1 ? types[0] : undefined;
}

/** Follows local `$ref`s; a cycle or a foreign reference is an open schema. */
function resolve(schema: unknown, root: JsonObject): JsonObject {
  let current = schema;
  for (let step = 0; step < 16; step += 1) {
    if (!isRecord(current)) return {};
    const { $ref: ref } = current;
    if (typeof ref !== "string") return current;
    if (!ref.startsWith("#")) return {};
    let target: unknown = root;
    for (const part of ref.slice(1).split("/").slice(1)) {
      const key = decodePointer(part);
      target = isRecord(target) && Object.hasOwn(target, key) ? target[key] : undefined;
    }
    current = target;
  }
  return {};
}

function decodePointer(part: string): string {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // Not percent-encoded, so it is meant literally.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

function placeholderOf(schema: JsonObject): string {
  const example = Array.isArray(schema.examples) ? schema.examples[0] : schema.example;
  const shown = schema.default ?? example;
  if (shown === undefined || shown === null) return "";
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}

/** Where a form starts: the required fields that the description fills itself. */
export function initialValue(inputSchema: JsonObject): JsonObject {
  const properties = isRecord(inputSchema.properties) ? inputSchema.properties : {};
  const required = Array.isArray(inputSchema.required) ? inputSchema.required : [];
  const value: Record<string, unknown> = {};
  for (const name of required) {
    if (typeof name !== "string" || !Object.hasOwn(properties, name)) continue;
    const property = resolve(properties[name], inputSchema);
    const example = Array.isArray(property.examples) ? property.examples[0] : property.example;
    const start = property.const ?? property.default ?? example;
    if (start !== undefined) put(value, name, start);
  }
  return value;
}

/** `object` with `name` set, or without it where `value` is undefined; never changes `object`. */
export function withProperty(object: JsonObject, name: string, value: unknown): JsonObject {
  const next: Record<string, unknown> = {};
  for (const [key, old] of Object.entries(object)) {
    if (key !== name) put(next, key, old);
    else if (value !== undefined) put(next, key, value);
  }
  if (value !== undefined && !Object.hasOwn(object, name)) put(next, name, value);
  return next;
}

/** Assignment that also takes `__proto__` as the plain key that it is in JSON. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Whether `control` can show `value` without changing it; else it is shown as JSON. */
export function fits(control: Control, value: unknown): boolean {
  if (value === undefined) return true;
  switch (control.kind) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "enum":
      return control.values.some((one) => sameJson(one, value));
    case "array":
      return Array.isArray(value) && value.every((item) => fits(control.item, item));
    case "object":
      return isRecord(value);
    case "json":
      return true;
  }
}

export function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string };

/** A number as it is typed. What a double cannot hold exactly is refused, not rounded. */
export function parseNumber(text: string, integer: boolean): Parsed<number> {
  const value = Number(text);
  if (text.trim() === "" || !/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim())) {
    return { ok: false, message: "Not a number." };
  }
  if (!Number.isFinite(value)) return { ok: false, message: "The number is too large." };
  if (integer && !Number.isInteger(value)) return { ok: false, message: "Not a whole number." };
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(text.trim())) {
    return { ok: false, message: "The number is too large to be sent exactly." };
  }
  return { ok: true, value };
}

/** JSON text; integers that a double would round are refused. */
export function parseJsonText(text: string): Parsed<unknown> {
  let inexact: string | null = null;
  const reviver = (_key: string, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    if (typeof value === "number" && source && /^-?\d+$/.test(source)) {
      if (!Number.isSafeInteger(value)) inexact = source;
    }
    return value;
  };
  try {
    const value: unknown = JSON.parse(text, reviver);
    return inexact === null
      ? { ok: true, value }
      : { ok: false, message: `The number ${inexact} is too large to be sent exactly.` };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : "Not JSON." };
  }
}

/** The arguments as JSON text; the root of a tool's input is an object. */
export function parseArguments(text: string): Parsed<JsonObject> {
  const parsed = text.trim() === "" ? { ok: true as const, value: {} } : parseJsonText(text);
  if (!parsed.ok) return parsed;
  return isRecord(parsed.value)
    ? { ok: true, value: parsed.value }
    : { ok: false, message: "The arguments are one JSON object: { … }." };
}

/** Properties that the form has no field for; they are kept, and shown as JSON. */
export function extraProperties(fields: readonly FormField[], value: JsonObject): string[] {
  const known = new Set(fields.map(({ name }) => name));
  return Object.keys(value).filter((name) => !known.has(name));
}

/** The required fields that hold nothing, by their place: `body.name`. */
export function missingFields(
  fields: readonly FormField[],
  value: JsonObject,
  path = "",
): string[] {
  return fields.flatMap((field) => {
    const own = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    const place = `${path}${field.name}`;
    if (own === undefined) return field.required ? [place] : [];
    return field.control.kind === "object" && isRecord(own)
      ? missingFields(field.control.fields, own, `${place}.`)
      : [];
  });
}
