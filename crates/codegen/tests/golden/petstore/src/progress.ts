/** Tells clients that ask for it that a call is still under way. */

import type { ServerContext } from "@modelcontextprotocol/server";

/** Soon enough for a person, and well within the time limits of clients. */
const EVERY_SECONDS = 2;

/**
 * Runs `work`. Where the request has a progress token, the client hears every
 * other second how long it has been waiting.
 */
export async function withProgress<T>(
  { mcpReq }: ServerContext,
  work: () => Promise<T>,
): Promise<T> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return work();
  let progress = 0;
  const timer = setInterval(() => {
    progress += EVERY_SECONDS;
    const message = `Waiting for the API: ${progress} s`;
    const params = { progressToken, progress, message };
    mcpReq
      .notify({ method: "notifications/progress", params })
      // Whoever does not hear it any more does not need it.
      .catch(() => undefined);
  }, EVERY_SECONDS * 1_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
