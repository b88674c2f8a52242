/** The API of the fixture project; its one tool is never called. */
export const document = {
  openapi: "3.1.0",
  info: { title: "Conformance", version: "1.0.0" },
  servers: [{ url: "https://api.example.com" }],
  paths: {
    "/status": {
      get: {
        operationId: "getStatus",
        summary: "Get the status",
        responses: { 204: { description: "All is well" } },
      },
    },
  },
};
