import { describe, expect, it } from "vitest";
import type { JobEvent } from "@/api/events";
import { analysis, live } from "@/testing/fixtures";
import { IDLE, type RunAction, type RunState, runReducer } from "./run-state";

const at = { jobId: "j1", projectId: "p1" };
const summary = {
  name: "list_books",
  title: "List books",
  description: "Lists.",
  group: "books",
  method: "GET",
  path: "/books",
  enabled: true,
};
const bundle = {
  id: "b1",
  files: [{ path: "src/server.ts", content: "x" }],
  packageJson: {},
  tsConfig: {},
  entryPoint: "src/server.ts",
};

const reduce = (actions: RunAction[], from: RunState = IDLE) => actions.reduce(runReducer, from);
const events = (...list: JobEvent[]): RunAction => ({ type: "events", events: list });

describe("runReducer", () => {
  it("goes from a description to a live server", () => {
    const state = reduce([
      { type: "started", step: "analyze", title: "library.yaml" },
      events(
        { type: "analysis:progress", step: "accepted", percent: 0, ...at },
        { type: "analysis:tool_found", tool: summary },
      ),
      events({ type: "analysis:complete", result: analysis }),
      { type: "configured", config: {} },
      { type: "started", step: "generate" },
      // One chunk may hold a file and the bundle that has it as well.
      events(
        { type: "generate:progress", file: "", percent: 0, ...at, jobId: "j2" },
        { type: "generate:file_ready", path: "src/server.ts", content: "x" },
        { type: "generate:complete", bundle },
      ),
      { type: "started", step: "deploy" },
      events(
        {
          type: "deploy:progress",
          step: "accepted",
          percent: 10,
          message: "one",
          ...at,
          jobId: "j3",
        },
        { type: "deploy:live", ...live },
      ),
    ]);
    const done = { status: "done", percent: 100, detail: "" };
    expect(state).toEqual({
      phase: "live",
      step: "deploy",
      steps: { analyze: done, generate: done, deploy: done },
      title: "library.yaml",
      projectId: "p1",
      jobId: "j3",
      connection: "open",
      analysis,
      tools: [summary],
      files: bundle.files,
      logs: ["one", "two"],
      config: {},
      mode: null,
      live,
      problem: null,
    });
  });

  it("keeps finished files when the stream is cut, and the place of an error", () => {
    const state = reduce([
      { type: "started", step: "generate", projectId: "p1" },
      events(
        { type: "generate:progress", file: "a.ts", percent: 40, ...at },
        { type: "generate:file_ready", path: "a.ts", content: "x" },
      ),
      events({
        type: "error",
        code: "document_syntax",
        message: "Not YAML.",
        recoverable: false,
        details: { line: 3, column: 4, pointer: "/paths", help: "Quote it." },
      }),
    ]);
    expect(state.phase).toBe("failed");
    expect(state.steps.generate).toEqual({
      status: "failed",
      percent: 40,
      detail: "Writing a.ts",
    });
    expect(state.files).toEqual([{ path: "a.ts", content: "x" }]);
    expect(state.problem).toEqual({
      code: "document_syntax",
      message: "Not YAML.",
      remedy: "Quote it.",
      pointer: "/paths",
      line: 3,
      column: 4,
      requestId: null,
      recoverable: false,
    });
  });

  it("forgets what a step had found when it starts again, but not its predecessors' work", () => {
    const failed = reduce([
      { type: "started", step: "analyze" },
      events({ type: "analysis:tool_found", tool: summary }),
      events({ type: "analysis:complete", result: analysis }),
      { type: "started", step: "generate" },
      events({ type: "generate:file_ready", path: "a.ts", content: "x" }),
      events({ type: "error", code: "storage", message: "Full.", recoverable: true }),
    ]);
    const again = reduce([{ type: "started", step: "generate" }], failed);
    expect(again.phase).toBe("running");
    expect(again.problem).toBeNull();
    expect(again.files).toEqual([]);
    expect(again.tools).toEqual([summary]);
    expect(again.steps.analyze.status).toBe("done");
  });

  it("never goes backwards in percent, nor over 100", () => {
    const state = reduce([
      { type: "started", step: "analyze" },
      events({ type: "analysis:progress", step: "reading", percent: 60, ...at }),
      events({ type: "analysis:progress", step: "planning", percent: 40, ...at }),
    ]);
    expect(state.steps.analyze.percent).toBe(60);
    const over = reduce(
      [events({ type: "analysis:progress", step: "saving", percent: 180, ...at })],
      state,
    );
    expect(over.steps.analyze.percent).toBe(100);
  });

  it("stops only what runs", () => {
    expect(reduce([{ type: "stopped" }])).toEqual(IDLE);
    const stopped = reduce([{ type: "started", step: "deploy" }, { type: "stopped" }]);
    expect(stopped.phase).toBe("stopped");
    expect(stopped.steps.deploy.status).toBe("stopped");
    expect(stopped.steps.generate.status).toBe("done");
  });
});
