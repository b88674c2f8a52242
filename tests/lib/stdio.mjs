// A server over stdio, as a client starts it: the official client of the SDK.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** Starts `command`, lists its tools and makes one `call`: `{tools, result}`. */
export async function listOverStdio({ command, args, env = {}, cwd, call }) {
  const transport = new StdioClientTransport({
    command,
    args,
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stderr: "pipe",
  });
  const errors = [];
  transport.stderr?.on("data", (data) => errors.push(data));
  const client = new Client({ name: "tests", version: "1.0.0" });
  try {
    await client.connect(transport);
    const { tools } = await client.listTools();
    const result = call ? await client.callTool(call) : undefined;
    return { tools, result };
  } catch (error) {
    error.message += `\n${Buffer.concat(errors)}`;
    throw error;
  } finally {
    await client.close();
  }
}
