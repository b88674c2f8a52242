// The OpenAPI document of the upstream API: a harbour office. Each operation is
// there for something that a request or an answer can hold.

const json = (schema) => ({ "application/json": { schema } });
const ref = (name) => ({ $ref: `#/components/schemas/${name}` });
const answers = (description, schema) => ({
  200: { description, ...(schema && { content: json(schema) }) },
});
const parameter = (where, name, schema, more = {}) => ({
  name,
  in: where,
  schema,
  ...(where === "path" && { required: true }),
  ...more,
});
const list = (type) => ({ type: "array", items: { type } });

const ship = {
  type: "object",
  required: ["id", "name"],
  properties: {
    id: { type: "string" },
    name: { type: "string" },
    length: { type: "number" },
    flags: list("string"),
    owner: {
      type: "object",
      properties: { name: { type: "string" }, since: { type: "integer" } },
    },
  },
};

const newShip = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", minLength: 1 },
    length: { type: "number", exclusiveMinimum: 0 },
    flags: list("string"),
    owner: ship.properties.owner,
  },
};

const shipPaths = {
  "/ships": {
    get: {
      operationId: "listShips",
      summary: "List ships",
      tags: ["ships"],
      parameters: [
        parameter("query", "type", list("string"), { description: "Exploded" }),
        parameter("query", "ids", list("integer"), { explode: false }),
        parameter("query", "flags", list("string"), { style: "pipeDelimited", explode: false }),
        parameter(
          "query",
          "filter",
          {
            type: "object",
            properties: { port: { type: "string" }, minLength: { type: "number" } },
          },
          { style: "deepObject", explode: true },
        ),
        parameter("query", "limit", { type: "integer", minimum: 1, maximum: 100 }),
        parameter("query", "moored", { type: "boolean" }),
      ],
      responses: answers("The ships", { type: "array", items: ref("Ship") }),
    },
    post: {
      operationId: "createShip",
      summary: "Register a ship",
      tags: ["ships"],
      requestBody: { required: true, content: json(ref("NewShip")) },
      responses: { 201: { description: "Registered", content: json(ref("Ship")) } },
      security: [{ token: [] }],
    },
  },
  "/ships/{shipId}": {
    parameters: [parameter("path", "shipId", { type: "string" })],
    get: {
      operationId: "getShip",
      summary: "Get a ship",
      tags: ["ships"],
      parameters: [
        parameter("header", "X-Detail-Level", { type: "integer" }),
        parameter("cookie", "berth", { type: "string" }),
      ],
      responses: answers("The ship", ref("Ship")),
    },
    put: {
      operationId: "replaceShip",
      summary: "Replace a ship",
      tags: ["ships"],
      requestBody: { required: true, content: json(ref("NewShip")) },
      responses: answers("The ship", ref("Ship")),
      security: [{ officeKey: [] }],
    },
    delete: {
      operationId: "deleteShip",
      summary: "Strike a ship off",
      tags: ["ships"],
      responses: { 204: { description: "Gone" } },
      security: [{ clerk: [] }],
    },
  },
  "/ships/{shipId}/photos": {
    post: {
      operationId: "addPhoto",
      summary: "Add a photograph",
      tags: ["ships"],
      parameters: [parameter("path", "shipId", { type: "string" })],
      requestBody: {
        required: true,
        content: {
          "multipart/form-data": {
            schema: {
              type: "object",
              required: ["photo"],
              properties: {
                caption: { type: "string" },
                photo: { type: "string", format: "binary" },
              },
            },
          },
        },
      },
      responses: answers("Stored", ref("Receipt")),
    },
  },
  "/ships/{shipId}/log": {
    put: {
      operationId: "writeLog",
      summary: "Write the log",
      tags: ["ships"],
      parameters: [parameter("path", "shipId", { type: "string" })],
      requestBody: {
        required: true,
        content: { "text/plain": { schema: { type: "string" } } },
      },
      responses: answers("Written", ref("Receipt")),
    },
  },
};

const officePaths = {
  "/permits": {
    post: {
      operationId: "requestPermit",
      summary: "Request a permit",
      tags: ["office"],
      requestBody: {
        required: true,
        content: {
          "application/x-www-form-urlencoded": {
            schema: {
              type: "object",
              required: ["holder"],
              properties: { holder: { type: "string" }, zones: list("string") },
            },
          },
        },
      },
      responses: answers("The permit", ref("Receipt")),
    },
  },
  "/tides": {
    get: {
      operationId: "getTides",
      summary: "Get the tides",
      tags: ["office"],
      parameters: [parameter("query", "day", { type: "string", format: "date" })],
      responses: answers("The tides", ref("Receipt")),
      security: [{ tideKey: [] }],
    },
  },
  "/office": {
    get: {
      operationId: "getOffice",
      summary: "Get the office",
      tags: ["office"],
      parameters: [parameter("cookie", "lang", { type: "string" })],
      responses: answers("The office", ref("Receipt")),
      security: [{ officeCookie: [] }],
    },
  },
  "/customs": {
    get: {
      operationId: "getCustoms",
      summary: "Get the customs",
      tags: ["office"],
      responses: answers("The customs", ref("Receipt")),
      security: [{ customs: ["read"] }],
    },
  },
  "/echo/{value}": {
    get: {
      operationId: "echoValue",
      summary: "Repeat a value",
      tags: ["office"],
      parameters: [
        parameter("path", "value", { type: "string" }),
        parameter("query", "delay", { type: "integer", description: "Milliseconds" }),
      ],
      responses: answers("The value", {
        type: "object",
        required: ["value"],
        properties: { value: { type: "string" } },
      }),
    },
  },
};

const failing = (operationId, summary, responses) => ({
  get: { operationId, summary, tags: ["answers"], responses },
});

const answerPaths = {
  "/answers/missing": failing("getMissing", "Answer 404", answers("Never", ref("Receipt"))),
  "/answers/busy": failing("getBusy", "Answer 429", answers("Never", ref("Receipt"))),
  "/answers/broken": failing("getBroken", "Answer 500", answers("Never", ref("Receipt"))),
  "/answers/moved": failing("getMoved", "Redirect here", answers("The office", ref("Receipt"))),
  "/answers/elsewhere": failing("getElsewhere", "Redirect away", answers("Never", ref("Receipt"))),
  "/answers/upgraded": failing(
    "getUpgraded",
    "Redirect to https",
    answers("Never", ref("Receipt")),
  ),
  "/answers/large": failing("getLarge", "Answer 3 MB", {
    200: { description: "Text", content: { "text/plain": { schema: { type: "string" } } } },
  }),
  "/answers/chart": failing("getChart", "Answer a picture", {
    200: { description: "A picture", content: { "image/png": {} } },
  }),
};

/** The document, with the API at `origin`. */
export function harbourDocument(origin) {
  return {
    openapi: "3.1.0",
    info: {
      title: "Harbour",
      version: "2.1.0",
      description: "Ships, permits and tides of one harbour.",
    },
    servers: [{ url: `${origin}/v2` }],
    tags: [{ name: "ships", description: "What floats." }],
    paths: { ...shipPaths, ...officePaths, ...answerPaths },
    components: {
      schemas: {
        Ship: ship,
        NewShip: newShip,
        Receipt: { type: "object", properties: { ok: { type: "boolean" } } },
      },
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        clerk: { type: "http", scheme: "basic" },
        officeKey: { type: "apiKey", in: "header", name: "X-Office-Key" },
        tideKey: { type: "apiKey", in: "query", name: "tide_key" },
        officeCookie: { type: "apiKey", in: "cookie", name: "office" },
        customs: {
          type: "oauth2",
          flows: { clientCredentials: { tokenUrl: "/oauth/token", scopes: { read: "Read" } } },
        },
      },
    },
  };
}
