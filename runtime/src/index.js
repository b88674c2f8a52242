// What `@modelcontextprotocol/server` is for a hosted server. All of the SDK's
// main entry: generated code uses a part of it, `src/custom.ts` may use the rest.
// The entries for stdio, Ajv and Node.js are left out: an isolate has neither.
export * from "@modelcontextprotocol/server";
