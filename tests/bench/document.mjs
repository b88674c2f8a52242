// An OpenAPI document of `count` operations on `origin`, like those that people
// bring: five operations a resource, shared schemas, parameters with words. All of
// its tools are on: what is measured is the number in the document.

/**
 * @param options `key`: the API wants one in a header.
 * @returns {string} JSON
 */
export function document(count, origin, { key = false } = {}) {
  const paths = {};
  const schemas = { Error: { type: "object", properties: { message: { type: "string" } } } };
  let left = count;
  for (let index = 0; left > 0; index += 1) {
    const name = `Resource${index}`;
    schemas[name] = schema(index);
    const operations = resource(name, index);
    for (const [path, method, operation] of operations.slice(0, left)) {
      paths[path] ??= {};
      paths[path][method] = operation;
    }
    left -= operations.length;
  }
  return JSON.stringify({
    openapi: "3.1.0",
    "x-mcp": true,
    info: { title: `Bench ${count}`, version: "1.0.0", description: "Made for measuring." },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas,
      ...(key && { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } }),
    },
    ...(key && { security: [{ key: [] }] }),
  });
}

function schema(index) {
  const properties = {
    id: { type: "string", description: "Identifier" },
    name: { type: "string", maxLength: 200, description: "What people call it" },
    state: { type: "string", enum: ["open", "closed", "archived"] },
    amount: { type: "number", minimum: 0 },
    tags: { type: "array", items: { type: "string" } },
    createdAt: { type: "string", format: "date-time" },
  };
  if (index > 0) properties.parent = { $ref: `#/components/schemas/Resource${index - 1}` };
  return { type: "object", required: ["id", "name"], properties };
}

function resource(name, index) {
  const base = `/resources${index}`;
  const ref = { $ref: `#/components/schemas/${name}` };
  const json = (value) => ({ "application/json": { schema: value } });
  const tags = [`Group ${index % 12}`];
  const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
  const ok = (value) => ({ 200: { description: "Done", content: json(value) } });
  return [
    [base, "get", {
      operationId: `list${name}s`, tags, summary: `List ${name} entries`,
      parameters: [
        { name: "limit", in: "query", description: "How many", schema: { type: "integer", maximum: 100 } },
        { name: "state", in: "query", schema: { type: "array", items: { type: "string" } } },
      ],
      responses: ok({ type: "array", items: ref }),
    }],
    [base, "post", {
      operationId: `create${name}`, tags, summary: `Create a ${name}`,
      requestBody: { required: true, content: json(ref) }, responses: ok(ref),
    }],
    [`${base}/{id}`, "get", {
      operationId: `get${name}`, tags, summary: `Get one ${name}`, parameters: [id], responses: ok(ref),
    }],
    [`${base}/{id}`, "put", {
      operationId: `replace${name}`, tags, summary: `Replace a ${name}`, parameters: [id],
      requestBody: { required: true, content: json(ref) }, responses: ok(ref),
    }],
    [`${base}/{id}`, "delete", {
      operationId: `delete${name}`, tags, summary: `Delete a ${name}`, parameters: [id],
      responses: { 204: { description: "Gone" } },
    }],
  ];
}
