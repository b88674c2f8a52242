// An API whose tokens are got with a client's id and secret, in the ways that
// authorization servers want to be asked.

/** `origin` is the authorization server's, where it is another than the API's. */
export function tokensDocument() {
  const flow = (tokenUrl, scopes = {}) => ({
    type: "oauth2",
    flows: { clientCredentials: { tokenUrl, scopes } },
  });
  const read = (operationId, scheme, more = []) => ({
    get: {
      operationId,
      summary: `Reads ${operationId.replaceAll("_", " ")}`,
      security: [{ [scheme]: [] }, ...more],
      responses: { 200: { description: "What there is" } },
    },
  });
  return {
    openapi: "3.1.0",
    info: { title: "Depot", version: "1.0.0" },
    servers: [{ url: "https://depot.example/v1" }],
    paths: {
      "/crates": {
        ...read("list_crates", "depot"),
        post: {
          operationId: "add_crate",
          summary: "Adds a crate",
          security: [{ depot: ["write"] }],
          responses: { 200: { description: "Added" } },
        },
      },
      "/doors": read("list_doors", "door", [{ key: [] }]),
    },
    components: {
      securitySchemes: {
        depot: flow("/oauth/token", { "depot.read": "Read", "depot.write": "Write" }),
        door: flow("./door-token"),
        key: { type: "apiKey", in: "header", name: "X-Key" },
      },
    },
  };
}
