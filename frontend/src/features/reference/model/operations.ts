/** The parts of an OpenAPI 3.1 document that the reference shows. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string };
  readonly security?: readonly Security[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses?: Readonly<Record<string, RawResponse>>;
  };
}

type Security = Readonly<Record<string, readonly string[]>>;

interface RawOperation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Security[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content; readonly required?: boolean };
  readonly responses: Readonly<Record<string, RawResponse>>;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface RawResponse {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Content;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly contentSchema?: Schema;
}

/** One operation, as a reader wants it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** `none`, `any`, `session`, or the scope of a personal access token. */
  readonly access: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | null;
  readonly responses: readonly {
    readonly status: string;
    readonly description: string;
    readonly media: string | null;
    readonly schema: Schema | null;
  }[];
}

/** All operations in the order of the document, by tag and path. */
export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, raw]) => ({
      id: raw.operationId,
      method: method.toUpperCase(),
      path,
      tag: raw.tags?.[0] ?? "other",
      summary: (raw.summary ?? sentence(raw.operationId)).replace(/\.$/, ""),
      description: raw.description ?? "",
      access: accessOf(raw.security ?? document.security),
      parameters: raw.parameters ?? [],
      body: raw.requestBody?.content["application/json"]?.schema ?? null,
      responses: Object.entries(raw.responses).map(([status, response]) => {
        const whole = resolved(document, response);
        const [media, content] = Object.entries(whole.content ?? {})[0] ?? [null, null];
        const { description = "" } = whole;
        return { status, description, media, schema: content?.schema ?? null };
      }),
    })),
  );
}

function resolved(document: ApiDocument, response: RawResponse): RawResponse {
  const name = response.$ref?.split("/").at(-1);
  return (name && document.components.responses?.[name]) || response;
}

function accessOf(security: readonly Security[] | undefined): string {
  const bearer = security?.[0]?.bearer;
  if (bearer === undefined) return "none";
  return bearer[0] ?? "any";
}

function sentence(id: string): string {
  const words = id.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Those whose words have all of the query's. */
export function matching(operations: readonly Operation[], query: string): Operation[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((operation) => {
    const { id, method, path, tag, summary, description, access } = operation;
    const text = [id, method, path, tag, summary, description, access].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The operations of each tag, in the order in which tags come. */
export function byTag(operations: readonly Operation[]): [string, Operation[]][] {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.tag);
    if (group) group.push(operation);
    else groups.set(operation.tag, [operation]);
  }
  return [...groups];
}

const DEPTH = 5;

/** A value that a schema allows, as short as it may be. */
export function exampleOf(document: ApiDocument, schema: Schema, depth = DEPTH): unknown {
  const named = schema.$ref?.split("/").at(-1);
  if (named) {
    const target = document.components.schemas[named];
    return target && depth > 0 ? exampleOf(document, target, depth - 1) : {};
  }
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  const choice = schema.allOf?.[0] ?? schema.oneOf?.find(({ type }) => type !== "null");
  if (choice && !schema.properties) return exampleOf(document, choice, depth);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "array") {
    return schema.items && depth > 0 ? [exampleOf(document, schema.items, depth - 1)] : [];
  }
  if (schema.properties) {
    // Of a choice between fields the first is shown.
    const required = new Set([...(schema.required ?? []), ...(schema.oneOf?.[0]?.required ?? [])]);
    const entries = Object.entries(schema.properties).filter(([name]) => required.has(name));
    return Object.fromEntries(
      entries.map(([name, value]) => [name, exampleOf(document, value, depth - 1)]),
    );
  }
  const plain: Readonly<Record<string, unknown>> = { integer: 1, number: 1, boolean: true };
  return type === "string" ? "…" : (plain[type ?? ""] ?? {});
}

/** The operation as a line for a shell, with the token where it goes. */
export function curlOf(document: ApiDocument, operation: Operation, origin: string): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
  const streams = operation.responses.some(({ media }) => media === "text/event-stream");
  const parts = [`curl ${streams ? "-N " : ""}"${origin}${path}"`];
  if (operation.method !== "GET")
    parts[0] = parts[0]?.replace("curl", `curl -X ${operation.method}`) ?? "";
  if (operation.access !== "none") parts.push('-H "authorization: Bearer $TOKEN"');
  if (operation.parameters.some(({ name }) => name === "Idempotency-Key")) {
    parts.push('-H "idempotency-key: $(uuidgen)"');
  }
  if (operation.body) {
    const body = JSON.stringify(exampleOf(document, operation.body)).replaceAll("'", "'\\''");
    parts.push("-H 'content-type: application/json'", `-d '${body}'`);
  }
  return parts.join(" \\\n  ");
}

/** A schema's type in a word: `string`, `Project[]`, `"a" | "b"`. */
export function typeOf(schema: Schema | null | undefined): string {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").at(-1) ?? "";
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.oneOf?.filter(({ type }) => type !== "null");
  if (choices && !schema.properties) return choices.map(typeOf).join(" | ");
  if (schema.allOf?.[0]) return typeOf(schema.allOf[0]);
  if (schema.contentSchema) return `events of ${typeOf(schema.contentSchema)}`;
  if (schema.properties?.data?.contentSchema) return typeOf(schema.properties.data);
  const types = [schema.type ?? "any"].flat().filter((type) => type !== "null");
  if (types[0] === "array") return `${typeOf(schema.items)}[]`;
  return types.join(" | ");
}
