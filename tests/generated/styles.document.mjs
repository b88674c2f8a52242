// A document with one operation for each way to write a value.

const any = {};
const string = { type: "string" };
const list = { type: "array", items: string };
const object = { type: "object", properties: { R: any, G: any, B: any } };
const done = { 204: { description: "Done" } };

const parameter = (place, name, more) => ({
  name,
  in: place,
  required: place === "path",
  ...(more.content ? {} : { schema: any }),
  ...more,
});

/** `GET /<id>` with a parameter called `color`. */
function query(operationId, more = {}) {
  return [`/${operationId}`, "get", { operationId, parameters: [parameter("query", "color", more)] }];
}

/** `GET /<id>/{color}/end`. */
function path(operationId, more = {}) {
  const parameters = [parameter("path", "color", more)];
  return [`/${operationId}/{color}/end`, "get", { operationId, parameters }];
}

function header(operationId, more = {}) {
  return [`/${operationId}`, "get", { operationId, parameters: [parameter("header", "X-Color", more)] }];
}

/** A header that the server sets where nobody else does. */
function version() {
  return parameter("header", "Api-Version", { schema: { type: "string", default: "2.11" } });
}

function cookie(operationId, more = {}) {
  const parameters = [parameter("cookie", "color", more), parameter("cookie", "size", {})];
  return [`/${operationId}`, "get", { operationId, parameters }];
}

/** `POST /<id>` with a body of one media type. */
function body(operationId, type, media, required = true) {
  return [`/${operationId}`, "post", { operationId, requestBody: { required, content: { [type]: media } } }];
}

const json = (schema) => ({ content: { "application/json": { schema } } });
const exploded = (style) => ({ style, explode: true });
const plain = (style) => ({ style, explode: false });

const operations = [
  path("path_simple"),
  path("path_simple_x", exploded("simple")),
  path("path_label", plain("label")),
  path("path_label_x", exploded("label")),
  path("path_matrix", plain("matrix")),
  path("path_matrix_x", exploded("matrix")),
  path("path_json", json(object)),
  query("query_form"),
  query("query_form_n", plain("form")),
  query("query_space", plain("spaceDelimited")),
  query("query_space_x", exploded("spaceDelimited")),
  query("query_pipe", plain("pipeDelimited")),
  query("query_pipe_x", exploded("pipeDelimited")),
  query("query_deep", exploded("deepObject")),
  query("query_reserved", { allowReserved: true }),
  query("query_reserved_n", { explode: false, allowReserved: true }),
  query("query_json", json(object)),
  query("query_text", { content: { "text/plain": { schema: string } } }),
  ["/query_names", "get", {
    operationId: "query_names",
    parameters: ["filter[a b]", "$top", "名", "a&b=c"].map((name) => parameter("query", name, {})),
  }],
  ["/query_order?fixed=1", "get", {
    operationId: "query_order",
    parameters: ["z", "a"].map((name) => parameter("query", name, {})),
  }],
  header("header_simple"),
  header("header_simple_x", exploded("simple")),
  header("header_json", json(any)),
  ["/header_fixed", "get", { operationId: "header_fixed", parameters: [version()] }],
  cookie("cookie_form"),
  cookie("cookie_form_n", plain("form")),
  cookie("cookie_json", json(object)),
  body("json_object", "application/json", { schema: { type: "object", properties: { a: any, b: any } } }),
  body("json_optional", "application/json", { schema: { type: "object", properties: { a: any } } }, false),
  body("json_list", "application/json", { schema: { type: "array", items: any } }),
  body("json_scalar", "application/json", { schema: { type: "number" } }),
  body("json_vendor", "application/vnd.example.v2+json", { schema: { type: "object", properties: { a: any } } }),
  body("json_names", "application/json", { schema: { type: "object", properties: { "@type": any, ["__proto__"]: any } } }),
  body("form", "application/x-www-form-urlencoded", {
    schema: {
      type: "object",
      properties: {
        name: string, tags: list, csv: list, pipes: list, deep: object, spread: object, meta: object,
        rows: { type: "array", items: object }, free: string, typed: string,
      },
    },
    encoding: {
      csv: plain("form"),
      pipes: plain("pipeDelimited"),
      deep: exploded("deepObject"),
      spread: exploded("form"),
      free: { allowReserved: true },
      typed: { contentType: "application/json" },
    },
  }),
  body("multipart", "multipart/form-data", {
    schema: {
      type: "object",
      properties: {
        text: string, count: { type: "integer" }, tags: list, meta: object,
        rows: { type: "array", items: object }, page: string,
        file: { type: "string", format: "binary" },
        files: { type: "array", items: { type: "string", format: "binary" } },
        picture: {},
      },
    },
    encoding: { page: { contentType: "text/html" }, picture: { contentType: "image/png" } },
  }),
  body("text", "text/plain", { schema: string }),
  body("xml", "application/xml", { schema: object }),
  body("image", "image/*", { schema: { type: "string", format: "binary" } }),
  body("bytes", "application/octet-stream", { schema: { type: "string", format: "binary" } }),
];

const legacy = [
  ["query_tab", { name: "color", in: "query", type: "array", items: { type: "string" }, collectionFormat: "tsv" }],
  ["query_multi", { name: "color", in: "query", type: "array", items: { type: "string" }, collectionFormat: "multi" }],
  ["query_csv", { name: "color", in: "query", type: "array", items: { type: "string" } }],
  ["path_pipes/{color}/end", { name: "color", in: "path", required: true, type: "array", items: { type: "string" }, collectionFormat: "pipes" }],
  ["header_pipes", { name: "X-Color", in: "header", type: "array", items: { type: "string" }, collectionFormat: "pipes" }],
];

export const openapi = {
  openapi: "3.1.0",
  info: { title: "Styles", version: "1.0.0" },
  paths: Object.fromEntries(
    operations.map(([path, method, operation]) => [path, { [method]: { ...operation, responses: done } }]),
  ),
};

export const swagger = {
  swagger: "2.0",
  info: { title: "Legacy styles", version: "1.0.0" },
  paths: Object.fromEntries(
    legacy.map(([path, parameter]) => [
      `/${path}`,
      { get: { operationId: path.split("/")[0], parameters: [parameter], responses: done } },
    ]),
  ),
};
