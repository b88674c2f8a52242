import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { openStream, postForStream } from "@/api/client";
import { followJob } from "@/api/follow-job";
import { versionsQuery } from "@/api/list-versions";
import type { DeployResult } from "@/api/types";
import { makeProblem, type Problem, toProblem } from "@/lib/problem";
import type { PackageRequest } from "../model/packages";

export type PackageState =
  | { readonly phase: "idle" }
  | { readonly phase: "running"; readonly percent: number; readonly message: string }
  | { readonly phase: "done"; readonly result: DeployResult }
  | { readonly phase: "failed"; readonly problem: Problem };

/** Makes a package and tells how far it is; a new one takes the place of the last. */
export function usePackage(projectId: string) {
  const [state, setState] = useState<PackageState>({ phase: "idle" });
  const running = useRef<AbortController | null>(null);
  const client = useQueryClient();
  useEffect(() => () => running.current?.abort(), []);

  async function make(request: PackageRequest) {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setState({ phase: "running", percent: 0, message: "Starting" });
    try {
      for await (const events of followJob({
        signal: abort.signal,
        open: (signal) => postForStream("/api/deploy", { projectId, ...request }, signal),
        resume: (job, lastEventId, signal) =>
          openStream(`/api/jobs/${encodeURIComponent(job)}/events`, {
            headers: { "last-event-id": lastEventId },
            signal,
          }),
      })) {
        for (const event of events) {
          if (event.type === "deploy:progress") {
            setState({ phase: "running", percent: event.percent, message: event.message });
          } else if (event.type === "deploy:live") {
            setState({ phase: "done", result: event });
          } else if (event.type === "error") {
            setState({ phase: "failed", problem: makeProblem(event) });
          }
        }
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      setState({ phase: "failed", problem: toProblem(error) });
    } finally {
      if (!abort.signal.aborted) client.invalidateQueries(versionsQuery(projectId));
    }
  }
  return { state, make };
}
