// The SDK for a server that runs on Node.js from one file, an MCP bundle: all of
// its main entry and the one for stdio.
export * from "@modelcontextprotocol/server";
export * from "@modelcontextprotocol/server/stdio";
