// The OpenAPI document of the loopback upstream: one operation for each way in
// which a request can be put together and each way in which an API can answer.

const item = {
  type: "object",
  required: ["id", "name"],
  properties: { id: { type: "string" }, name: { type: "string" }, price: { type: "number" } },
};
const json = (schema) => ({ "application/json": { schema } });
const ok = (schema) => ({ 200: { description: "As asked", content: json(schema) } });
const query = (name, schema, more = {}) => ({ name, in: "query", schema, ...more });
const itemId = { name: "itemId", in: "path", required: true, schema: { type: "string" } };

/** The document of an upstream at `origin`. */
export const document = (origin) => ({
  openapi: "3.1.0",
  info: { title: "Loopback Warehouse", version: "2.1.0", description: "Stands in for an API." },
  servers: [{ url: `${origin}/v1` }],
  security: [{ bearer: [] }],
  tags: [{ name: "items" }, { name: "answers" }, { name: "access" }],
  paths: {
    "/items": {
      get: {
        operationId: "listItems",
        tags: ["items"],
        summary: "List items",
        parameters: [
          query("tag", { type: "array", items: { type: "string" } }),
          query("ids", { type: "array", items: { type: "integer" } }, { style: "form", explode: false }),
          query(
            "filter",
            { type: "object", properties: { color: { type: "string" }, size: { type: "integer" } } },
            { style: "deepObject", explode: true },
          ),
          query("limit", { type: "integer", minimum: 1, maximum: 50 }),
          { name: "X-Trace", in: "header", schema: { type: "string" } },
          { name: "locale", in: "cookie", schema: { type: "string" } },
        ],
        responses: ok({ type: "array", items: { $ref: "#/components/schemas/Item" } }),
      },
      post: {
        operationId: "createItem",
        tags: ["items"],
        summary: "Create an item",
        requestBody: { required: true, content: json({ $ref: "#/components/schemas/Item" }) },
        responses: { 201: { description: "Made", content: json({ $ref: "#/components/schemas/Item" }) } },
      },
    },
    "/items/{itemId}": {
      parameters: [itemId],
      get: {
        operationId: "getItem",
        tags: ["items"],
        summary: "Get an item",
        responses: ok({ $ref: "#/components/schemas/Item" }),
      },
      delete: {
        operationId: "deleteItem",
        tags: ["items"],
        summary: "Delete an item",
        responses: { 204: { description: "Gone" } },
      },
    },
    "/items/{itemId}/photo": {
      parameters: [itemId],
      get: {
        operationId: "getPhoto",
        tags: ["items"],
        summary: "Get the photo of an item",
        responses: { 200: { description: "A picture", content: { "image/png": {} } } },
      },
      post: {
        operationId: "uploadPhoto",
        tags: ["items"],
        summary: "Upload the photo of an item",
        requestBody: {
          content: {
            "multipart/form-data": {
              schema: { type: "object", properties: { caption: { type: "string" }, size: { type: "integer" } } },
            },
          },
        },
        responses: ok({ type: "object" }),
      },
    },
    "/login": {
      post: {
        operationId: "signIn",
        tags: ["access"],
        summary: "Sign in",
        security: [],
        requestBody: {
          content: {
            "application/x-www-form-urlencoded": {
              schema: {
                type: "object",
                required: ["user"],
                properties: { user: { type: "string" }, scope: { type: "string" } },
              },
            },
          },
        },
        responses: ok({ type: "object" }),
      },
    },
    "/status/{status}": {
      get: {
        operationId: "getStatus",
        tags: ["answers"],
        summary: "Answer with a status",
        parameters: [{ name: "status", in: "path", required: true, schema: { type: "integer" } }],
        responses: ok({ type: "object" }),
      },
    },
    "/moved": {
      get: {
        operationId: "getMoved",
        tags: ["answers"],
        summary: "Answer with a redirect to another host",
        responses: ok({ type: "object" }),
      },
    },
    "/slow": {
      get: {
        operationId: "getSlow",
        tags: ["answers"],
        summary: "Answer after a while",
        parameters: [query("ms", { type: "integer" })],
        responses: ok({ type: "object" }),
      },
    },
    "/large": {
      get: {
        operationId: "getLarge",
        tags: ["answers"],
        summary: "Answer with much data",
        responses: ok({ type: "object" }),
      },
    },
    "/access/key": {
      get: {
        operationId: "getWithKey",
        tags: ["access"],
        summary: "Ask with a key in a header",
        security: [{ headerKey: [] }],
        responses: ok({ type: "object" }),
      },
    },
    "/access/query-key": {
      get: {
        operationId: "getWithQueryKey",
        tags: ["access"],
        summary: "Ask with a key in the query",
        security: [{ queryKey: [] }],
        responses: ok({ type: "object" }),
      },
    },
    "/access/basic": {
      get: {
        operationId: "getWithBasic",
        tags: ["access"],
        summary: "Ask with user and password",
        security: [{ basic: [] }],
        responses: ok({ type: "object" }),
      },
    },
  },
  components: {
    schemas: { Item: item },
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer" },
      basic: { type: "http", scheme: "basic" },
      headerKey: { type: "apiKey", in: "header", name: "X-Api-Key" },
      queryKey: { type: "apiKey", in: "query", name: "api_key" },
    },
  },
});

/** Names of the tools, in the order in which a server lists them: by group. */
export const TOOLS = [
  "list_items",
  "create_item",
  "get_item",
  "delete_item",
  "get_photo",
  "upload_photo",
  "sign_in",
  "get_with_key",
  "get_with_query_key",
  "get_with_basic",
  "get_status",
  "get_moved",
  "get_slow",
  "get_large",
];
