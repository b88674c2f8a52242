import { useEffect, useRef, useState } from "react";
import { followCalls } from "@/api/follow-calls";
import type { LoggedCall } from "@/api/types";
import { type Problem, toProblem } from "@/lib/problem";

/** As many as the server keeps. */
const SHOWN = 200;

interface LiveCalls {
  /** Newest first. */
  readonly calls: readonly LoggedCall[];
  readonly state: "connecting" | "live" | "cut";
  readonly problem: Problem | null;
}

/**
 * The latest calls of a version as they come. Paused it stands still, and then
 * takes up what came in meanwhile. Another `attempt` tries again after a problem.
 */
export function useLiveCalls(deploymentId: string, paused: boolean, attempt: number): LiveCalls {
  const [live, setLive] = useState<LiveCalls>({ calls: [], state: "connecting", problem: null });
  const last = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is a reason.
  useEffect(() => {
    if (paused) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    const change = (part: Partial<LiveCalls>) => setLive((now) => ({ ...now, ...part }));
    change({ state: "connecting", problem: null });
    async function follow() {
      const chunks = followCalls({
        deploymentId,
        after: last.current,
        signal,
        onConnection: (state) => change({ state }),
      });
      for await (const fresh of chunks) {
        if (signal.aborted) return;
        last.current = fresh.at(-1)?.id ?? last.current;
        setLive((now) => ({
          ...now,
          calls: [...fresh.slice().reverse(), ...now.calls].slice(0, SHOWN),
        }));
      }
    }
    follow().catch((error: unknown) => {
      if (!signal.aborted) change({ state: "cut", problem: toProblem(error) });
    });
    return () => leaving.abort();
  }, [deploymentId, paused, attempt]);
  return live;
}
