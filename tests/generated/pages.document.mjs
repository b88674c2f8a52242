// One list for each way in which APIs go from page to page.

const query = (name, schema) => ({ name, in: "query", schema });
const item = { type: "object", properties: { id: { type: "integer" } } };
const items = { type: "array", items: item };
const integer = (more = {}) => ({ type: "integer", ...more });

function list(parameters, properties, headers) {
  const schema = properties === undefined ? items : { type: "object", properties };
  const ok = { description: "A page", content: { "application/json": { schema } }, headers };
  return { get: { summary: "List things", parameters, responses: { 200: ok } } };
}

export const document = {
  openapi: "3.1.0",
  info: { title: "Pages", version: "1" },
  servers: [{ url: "https://pages.example.com" }],
  paths: {
    "/by-cursor": list([query("cursor", { type: "string" }), query("limit", integer())], {
      items,
      next_cursor: { type: "string" },
      has_more: { type: "boolean" },
    }),
    "/by-id": list(
      [
        { ...query("starting_after", { type: "string" }), description: "A cursor for pagination." },
        query("limit", integer()),
      ],
      { data: { type: "array", items: { type: "object", properties: { id: { type: "string" } } } }, has_more: { type: "boolean" } },
    ),
    "/by-page": list([query("page", integer()), query("per_page", integer({ default: 2 }))], {
      items,
      total: integer(),
    }),
    "/by-offset": list([query("offset", integer()), query("limit", integer({ default: 2 }))], {
      items,
      total: integer(),
    }),
    "/by-header": list([query("page", integer()), query("per_page", integer())], undefined, {
      Link: { schema: { type: "string" } },
    }),
    "/by-more": list([query("page", integer()), query("per_page", integer({ default: 5 }))], {
      items,
      total: integer(),
      has_more: { type: "boolean" },
    }),
    "/by-next": list([query("page", integer()), query("per_page", integer())], {
      items,
      next: { type: ["integer", "null"] },
    }),
    "/by-token": list([query("page_token", { type: "string" }), query("page_size", integer())], {
      items,
      _metadata: { type: "object", properties: { next: { type: "string", format: "uri" } } },
    }),
    "/once": list([], { items }),
  },
};
