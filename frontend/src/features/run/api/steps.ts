/** The requests of a run: each step opens a stream, `resume` takes one up again. */
import { api, openStream, postForStream, unwrap } from "@/api/client";
import type { AnalysisResult, DeployConfig, Job, Project, ServerMode } from "@/api/types";

/** Where a description comes from. */
export type SpecSource =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "files"; readonly files: readonly File[] };

/** For people: what is being imported. */
export function describeSource(source: SpecSource): string {
  switch (source.kind) {
    case "url":
      return source.url;
    case "text":
      return "Pasted description";
    case "files":
      return source.files.map((file) => file.name).join(", ");
  }
}

export interface RunApi {
  /** Into a new project of this team; of one's own where `teamId` is null. */
  analyze(source: SpecSource, teamId: string | null, signal: AbortSignal): Promise<Response>;
  /** In the mode that the project has where `mode` is null. */
  generate(projectId: string, mode: ServerMode | null, signal: AbortSignal): Promise<Response>;
  deploy(projectId: string, config: DeployConfig, signal: AbortSignal): Promise<Response>;
  /** From the beginning where `lastEventId` is null. */
  resume(jobId: string, lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  /** Ends the job at its next step. */
  cancel(jobId: string): Promise<Job>;
  job(jobId: string): Promise<Job>;
  project(projectId: string): Promise<Project>;
  analysis(projectId: string): Promise<AnalysisResult>;
}

export const runApi: RunApi = {
  analyze(source, teamId, signal) {
    const team = teamId ? { teamId } : {};
    switch (source.kind) {
      case "url":
        return postForStream("/api/analyze", { specUrl: source.url, ...team }, signal);
      case "text":
        return postForStream("/api/analyze", { specFile: source.text, ...team }, signal);
      case "files": {
        // The browser sends the files as they are on disk, without reading them
        // into memory, and the server finds out their encoding.
        const body = new FormData();
        for (const file of source.files) body.append("specFile", file);
        if (teamId) body.append("teamId", teamId);
        return openStream("/api/analyze", { method: "POST", body, signal });
      }
    }
  },
  generate: (projectId, mode, signal) =>
    postForStream("/api/generate", { projectId, ...(mode && { mode }) }, signal),
  deploy: (projectId, config, signal) =>
    postForStream("/api/deploy", { projectId, target: "mcpengine", config }, signal),
  resume: (jobId, lastEventId, signal) =>
    openStream(`/api/jobs/${encodeURIComponent(jobId)}/events`, {
      headers: lastEventId ? { "last-event-id": lastEventId } : {},
      signal,
    }),
  cancel: (id) => unwrap(api.POST("/api/jobs/{id}/cancel", { params: { path: { id } } })),
  job: (id) => unwrap(api.GET("/api/jobs/{id}", { params: { path: { id } } })),
  project: (id) => unwrap(api.GET("/api/projects/{id}", { params: { path: { id } } })),
  analysis: (id) => unwrap(api.GET("/api/projects/{id}/analysis", { params: { path: { id } } })),
};
