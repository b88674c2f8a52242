import { createParser } from "eventsource-parser";
import { isTerminal, type JobEvent, parseJobEvent } from "@/api/events";
import { makeProblem, ProblemError } from "@/lib/problem";

export interface FollowOptions {
  /** The first request. Its refusal is final: nothing has started. */
  open(signal: AbortSignal): Promise<Response>;
  /** Continues a job after the event `lastEventId`. */
  resume(jobId: string, lastEventId: string, signal: AbortSignal): Promise<Response>;
  signal: AbortSignal;
  onConnection?(state: "open" | "reconnecting"): void;
  /** How often a cut stream is taken up again without any new event between. */
  maxReconnects?: number;
  /** A stream that is silent for this long is taken as cut. */
  idleMs?: number;
  /** Waits before the nth reconnection; replaced in tests. */
  wait?(attempt: number, signal: AbortSignal): Promise<void>;
}

/**
 * Follows one job from its first request to its terminal event, across cut
 * connections. Yields the events chunk by chunk, so that a thousand tools are
 * a few renders. Every event is given once: what a replay repeats is dropped
 * by its sequence number. Ends after the terminal event; throws a
 * {@link ProblemError} where the stream cannot be had.
 */
export async function* followJob(options: FollowOptions): AsyncGenerator<JobEvent[]> {
  const { signal, maxReconnects = 5, idleMs = 60_000, wait = backOff } = options;
  let last: { jobId: string; seq: number } | null = null;
  let attempt = 0;

  while (true) {
    let response: Response;
    try {
      response = last
        ? await options.resume(last.jobId, `${last.jobId}:${last.seq}`, signal)
        : await options.open(signal);
      options.onConnection?.("open");
      for await (const frames of readFrames(response, idleMs)) {
        const events: JobEvent[] = [];
        for (const frame of frames) {
          const place = parseEventId(frame.id);
          if (place) {
            if (last?.jobId === place.jobId && place.seq <= last.seq) continue;
            last = place;
          }
          attempt = 0;
          const event = parseJobEvent(frame.data);
          if (!event) continue;
          events.push(event);
          if (isTerminal(event)) {
            yield events;
            return;
          }
        }
        if (events.length > 0) yield events;
        signal.throwIfAborted();
      }
    } catch (error) {
      signal.throwIfAborted();
      // Before the first event nothing is known that could be taken up again,
      // and an answered refusal would be the same the next time.
      const refused = error instanceof ProblemError && !error.problem.recoverable;
      if (!last || refused) throw error;
    }
    if (!last || attempt >= maxReconnects) {
      throw streamCut();
    }
    options.onConnection?.("reconnecting");
    attempt += 1;
    await wait(attempt, signal);
  }
}

/** `<jobId>:<seq>` of an event's `id` field. */
export function parseEventId(id: string | undefined): { jobId: string; seq: number } | null {
  const match = /^(.+):(\d+)$/.exec(id ?? "");
  return match?.[1] ? { jobId: match[1], seq: Number(match[2]) } : null;
}

interface Frame {
  readonly id: string | undefined;
  readonly data: string;
}

/** The frames of a response body, as many at a time as one chunk completes. */
export async function* readFrames(response: Response, idleMs: number): AsyncGenerator<Frame[]> {
  const reader = response.body?.getReader();
  if (!reader) return;
  let frames: Frame[] = [];
  const parser = createParser({ onEvent: ({ id, data }) => frames.push({ id, data }) });
  const decoder = new TextDecoder();
  try {
    while (true) {
      const { done, value } = await withIdleLimit(reader.read(), idleMs);
      if (done) return;
      frames = [];
      parser.feed(decoder.decode(value, { stream: true }));
      if (frames.length > 0) yield frames;
    }
  } finally {
    // Also when the consumer stops early: the server then need not go on sending.
    reader.cancel().catch(() => {});
  }
}

function withIdleLimit<Value>(promise: Promise<Value>, idleMs: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(streamCut()), idleMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function streamCut(): ProblemError {
  return new ProblemError(
    makeProblem({
      code: "stream_cut",
      message: "The connection to the studio was cut before the work was finished.",
      recoverable: true,
    }),
  );
}

/** 0.5, 1, 2, 4, 8 s, less when the signal aborts. */
export function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, 250 * 2 ** attempt);
    function done() {
      signal.removeEventListener("abort", stop);
      resolve();
    }
    function stop() {
      clearTimeout(timer);
      reject(signal.reason);
    }
    signal.addEventListener("abort", stop, { once: true });
  });
}
