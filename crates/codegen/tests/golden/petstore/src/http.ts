/** Calls the API: arguments in, the result of a tool out. */

import type { CallToolResult } from "@modelcontextprotocol/server";
import { failure, toResult } from "./http/answer.js";
import { credentials } from "./http/auth.js";
import { buildRequest } from "./http/request.js";
import { send } from "./http/send.js";
import { baseUrl, type Env, limits } from "./settings.js";
import { type Arguments, type Tool, ToolError } from "./tool.js";

/**
 * Sends the tool's request and reads the answer. Everything that can go wrong
 * on the way is a result that the model can read; only an abort is thrown.
 */
export async function callApi(
  tool: Tool,
  args: Arguments,
  env: Env,
  signal: AbortSignal,
): Promise<CallToolResult> {
  try {
    const bounds = limits(env);
    const request = buildRequest(tool, args, baseUrl(tool, env));
    const asking = { limits: bounds, signal };
    const idempotent =
      tool.annotations.idempotentHint || isSafe(request.method);
    let secrets = await credentials(tool, env, asking);
    const ask = () =>
      send(request, { credentials: secrets, idempotent, ...asking });
    let answer = await ask();
    if (answer.status === 401 && secrets.forget()) {
      secrets = await credentials(tool, env, asking);
      answer = await ask();
    }
    return toResult(tool, args, answer, bounds, secrets);
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    return failure(
      error instanceof ToolError ? message : `The call failed: ${message}`,
    );
  }
}

function isSafe(method: string): boolean {
  return ["GET", "HEAD", "OPTIONS"].includes(method);
}
