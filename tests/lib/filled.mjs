// Inputs that a tool's schema allows, and what has to be true of the requests that
// they become.
/** Characters that have to be escaped wherever they stand. */
const TEXT = "va lü/e&=?";
const FORMATS = {
  "date-time": "2026-01-02T03:04:05Z",
  date: "2026-01-02",
  uri: "https://a.example/b?c=d&e",
};
const MAX_DEPTH = 12;

/**
 * A value that a schema allows; of an object its required properties, or `all` of
 * them. `undefined` where it is nested too deeply.
 */
export function valueOf(schema, root, all, depth = 0) {
  if (schema === true || schema === undefined) return TEXT;
  if (schema === false || depth > MAX_DEPTH) return undefined;
  const inner = (part) => valueOf(part, root, all, depth + 1);
  if (schema.$ref !== undefined) {
    const { $ref, ...beside } = schema;
    return inner({ ...target(root, $ref), ...beside });
  }
  if ("const" in schema) return schema.const;
  if (schema.enum !== undefined) return schema.enum.find(Boolean) ?? schema.enum[0];
  for (const keyword of ["oneOf", "anyOf"]) {
    const { [keyword]: members, ...beside } = schema;
    if (members === undefined) continue;
    const chosen = inner(members.find((member) => member.type !== "null") ?? members[0]);
    const own = beside.properties && inner(beside);
    return isObject(chosen) && own ? { ...own, ...chosen } : chosen;
  }
  if (schema.allOf !== undefined) {
    const { allOf, ...beside } = schema;
    const values = [beside, ...allOf].map(inner);
    return values.every(isObject) ? Object.assign({}, ...values) : values.at(-1);
  }
  switch (typeOf(schema)) {
    case "object":
      return objectOf(schema, all, inner);
    case "array": {
      const first = (schema.prefixItems ?? []).map(inner);
      const item = inner(schema.items);
      const missing = Math.max(1, schema.minItems ?? 1) - first.length;
      return item === undefined || missing <= 0 ? first : [...first, ...Array(missing).fill(item)];
    }
    case "integer":
      return Math.max(schema.minimum ?? 7, Math.min(7, schema.maximum ?? 7));
    case "number":
      return schema.minimum ?? Math.min(1.5, schema.maximum ?? 1.5);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return textOf(schema);
  }
}

function target(root, reference) {
  const names = reference.slice(2).split("/").map(decodeURIComponent);
  return names.reduce((at, name) => at[name.replaceAll("~1", "/").replaceAll("~0", "~")], root);
}

function typeOf({ type, properties, items }) {
  if (Array.isArray(type)) return type.find((name) => name !== "null");
  return type ?? (properties ? "object" : items ? "array" : "string");
}

function objectOf(schema, all, inner) {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = new Set(all ? [...Object.keys(properties), ...required] : required);
  const entries = [...names].map((name) => [name, inner(properties[name])]);
  if (names.size === 0 && additionalProperties) entries.push(["some", inner(additionalProperties)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function textOf({ contentEncoding, format, minLength = 0, maxLength = Infinity }) {
  if (contentEncoding === "base64") return "aGVsbG8=";
  return (FORMATS[format] ?? TEXT).slice(0, maxLength).padEnd(minLength, "z");
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Builds two requests of each tool: how many, and what is wrong with them. */
export function checkRequests(tools, buildRequest) {
  const problems = [];
  for (const tool of tools) {
    for (const all of [false, true]) {
      const args = valueOf(tool.inputSchema, tool.inputSchema, all);
      const told = (problem) => problems.push(`${tool.name}(${JSON.stringify(args)}): ${problem}`);
      try {
        const request = buildRequest(tool, args, new URL("https://api.example/base"));
        for (const problem of problemsOf(tool, args, request)) told(problem);
      } catch (error) {
        told(error.message);
      }
    }
  }
  return { requests: 2 * tools.length, problems };
}

function* problemsOf(tool, args, { url, headers, body }) {
  const { parameters = [], body: recipe } = tool.request;
  const sent = new Set();
  for (const { name, property = name, in: place } of parameters) {
    sent.add(property);
    const value = args[property];
    if (value === undefined || value === null) {
      if (place === "path") yield `no value for {${name}}`;
    } else if (place === "query" && typeof value !== "object" && !url.searchParams.has(name)) {
      yield `the query lacks ${name}: ${url.search}`;
    } else if (place === "header" && !headers.has(name)) {
      yield `no header ${name}`;
    }
  }
  if (recipe === undefined) {
    if (body !== undefined) yield "a body from nowhere";
  } else {
    yield* problemsOfBody(recipe, args, headers, body, sent);
  }
  for (const name of Object.keys(args)) {
    if (!sent.has(name)) yield `${name} is not sent`;
  }
}

function* problemsOfBody(recipe, args, headers, body, sent) {
  const { property: whole, properties = [], encoding } = recipe;
  const fields = properties.map(({ name, property = name }) => [name, property]);
  const given = fields.filter(([, property]) => args[property] !== undefined);
  for (const property of whole === undefined ? fields.map(([, it]) => it) : [whole]) {
    sent.add(property);
  }
  const isGiven = whole === undefined ? given.length > 0 : args[whole] !== undefined;
  if (isGiven && body === undefined) yield "no body";
  if (body !== undefined && !headers.has("content-type")) yield "no media type";
  if (isGiven && encoding === "json" && typeof body === "string") {
    const wanted =
      whole === undefined
        ? Object.fromEntries(given.map(([name, property]) => [name, args[property]]))
        : args[whole];
    if (body !== JSON.stringify(wanted)) yield `the body is ${body}`;
  }
}
