import { openStream } from "@/api/client";
import { backOff, readFrames } from "@/api/follow-job";
import type { LoggedCall } from "@/api/types";
import { ProblemError } from "@/lib/problem";

/** The server ends a stream after a minute; one that is silent for longer is cut. */
const IDLE_MS = 90_000;

interface FollowCallsOptions {
  deploymentId: string;
  /** Id of the last call that is known; 0 for none. */
  after: number;
  signal: AbortSignal;
  onConnection?(state: "live" | "connecting"): void;
  /** How often the stream is opened again while that fails. */
  maxAttempts?: number;
  /** Waits before the nth attempt; replaced in tests. */
  wait?(attempt: number, signal: AbortSignal): Promise<void>;
}

/**
 * Follows the calls of a version, oldest first, chunk by chunk, across ended and
 * cut streams. It never ends by itself: it throws when the signal aborts, and a
 * {@link ProblemError} where the stream cannot be had.
 */
export async function* followCalls(options: FollowCallsOptions): AsyncGenerator<LoggedCall[]> {
  const { deploymentId, signal, maxAttempts = 5, wait = backOff } = options;
  const path = `/api/deployments/${encodeURIComponent(deploymentId)}/logs`;
  let last = options.after;
  let attempt = 0;
  while (true) {
    try {
      const response = await openStream(`${path}?after=${last}`, { signal });
      options.onConnection?.("live");
      attempt = 0;
      for await (const frames of readFrames(response, IDLE_MS)) {
        const calls = frames.flatMap(({ data }) => parseCall(data) ?? []);
        const fresh = calls.filter(({ id }) => id > last);
        last = fresh.at(-1)?.id ?? last;
        if (fresh.length > 0) yield fresh;
        signal.throwIfAborted();
      }
    } catch (error) {
      signal.throwIfAborted();
      const refused = error instanceof ProblemError && !error.problem.recoverable;
      if (refused || attempt >= maxAttempts) throw error;
    }
    options.onConnection?.("connecting");
    attempt += 1;
    await wait(attempt, signal);
  }
}

/** Reads one `data` field; events of a later version of the server are `null`. */
function parseCall(data: string): LoggedCall | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  const { type, id } = (value ?? {}) as { type?: unknown; id?: unknown };
  return type === "call" && typeof id === "number" ? (value as LoggedCall) : null;
}
