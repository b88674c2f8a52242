// A server as a careful person writes it with the SDK alone: `McpServer`, one
// `registerTool` a tool, the same names, texts and schemas as the generated one,
// schemas made once. It calls the same operations in the same isolate host.

/** @param definitions tools as `tools/list` gives them. @returns {string} `src/worker.ts` */
export function plainServer(definitions) {
  return `
import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";

const definitions = ${JSON.stringify(definitions)}.map((it) => ({
  ...it,
  inputSchema: fromJsonSchema(it.inputSchema),
  ...(it.outputSchema && { outputSchema: fromJsonSchema(it.outputSchema) }),
}));

function createServer(env) {
  const server = new McpServer({ name: "plain", version: "1.0.0" });
  for (const { name, title, description, inputSchema, outputSchema, annotations } of definitions) {
    server.registerTool(
      name,
      { title, description, inputSchema, outputSchema, annotations },
      async ({ limit }) => {
        const response = await fetch(\`\${env.API_BASE_URL}/resources0?limit=\${limit}\`);
        const items = await response.json();
        const text = JSON.stringify(items);
        return { content: [{ type: "text", text }], structuredContent: { items } };
      },
    );
  }
  return server;
}

let handler;
export default {
  fetch(request, env) {
    handler ??= createMcpHandler(() => createServer(env));
    return handler.fetch(request);
  },
};
`;
}
