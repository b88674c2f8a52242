/**
 * The events of a job, as the server sends them. Kept by hand beside the
 * generated types: a discriminated union narrows better than the `oneOf` of
 * the OpenAPI document.
 */
import type { AnalysisResult, DeployResult, ServerBundle, ToolSummary } from "@/api/types";

export type AnalysisStep = "accepted" | "fetching" | "reading" | "planning" | "saving";
export type DeployStep =
  | "accepted"
  | "compiling"
  | "uploading"
  | "routing"
  | "checking"
  | "packing"
  | "publishing";

interface Running {
  readonly percent: number;
  readonly jobId: string;
  readonly projectId: string;
}

export type JobEvent =
  | ({ readonly type: "analysis:progress"; readonly step: AnalysisStep } & Running)
  | { readonly type: "analysis:tool_found"; readonly tool: ToolSummary }
  | { readonly type: "analysis:complete"; readonly result: AnalysisResult }
  | ({ readonly type: "generate:progress"; readonly file: string } & Running)
  | { readonly type: "generate:file_ready"; readonly path: string; readonly content: string }
  | { readonly type: "generate:complete"; readonly bundle: ServerBundle }
  | ({
      readonly type: "deploy:progress";
      readonly step: DeployStep;
      readonly message: string;
    } & Running)
  | ({ readonly type: "deploy:live" } & DeployResult)
  | { readonly type: "cancelled"; readonly jobId: string; readonly projectId: string }
  | {
      readonly type: "error";
      readonly code: string;
      readonly message: string;
      readonly recoverable: boolean;
      readonly details?: unknown;
    };

const TYPES: ReadonlySet<string> = new Set<JobEvent["type"]>([
  "analysis:progress",
  "analysis:tool_found",
  "analysis:complete",
  "generate:progress",
  "generate:file_ready",
  "generate:complete",
  "deploy:progress",
  "deploy:live",
  "cancelled",
  "error",
]);

const TERMINAL: ReadonlySet<string> = new Set<JobEvent["type"]>([
  "analysis:complete",
  "generate:complete",
  "deploy:live",
  "cancelled",
  "error",
]);

/** Whether the stream ends after this event. */
export function isTerminal(event: JobEvent): boolean {
  return TERMINAL.has(event.type);
}

/** Reads one `data` field; events of a later version of the server are `null`. */
export function parseJobEvent(data: string): JobEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  const type = (value as { type?: unknown } | null)?.type;
  return typeof type === "string" && TYPES.has(type) ? (value as JobEvent) : null;
}
