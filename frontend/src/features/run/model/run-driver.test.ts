import { describe, expect, it, vi } from "vitest";
import type { AnalysisResult, Job } from "@/api/types";
import { makeProblem, ProblemError } from "@/lib/problem";
import { createStore } from "@/lib/store";
import { eventStream, frames } from "@/testing/event-stream";
import { analysis, analysisWithKey, live, project } from "@/testing/fixtures";
import type { RunApi } from "../api/steps";
import { RunDriver } from "./run-driver";
import { IDLE } from "./run-state";

const source = { kind: "url", url: "https://library.example/openapi.json" } as const;
const at = { projectId: "p1", percent: 0 };
const bundle = { id: "b", files: [], packageJson: {}, tsConfig: {}, entryPoint: "src/server.ts" };

const STREAMS = {
  analyze: (result: AnalysisResult) =>
    frames("ja", 1, [
      { type: "analysis:progress", step: "accepted", jobId: "ja", ...at } as { type: string },
      { type: "analysis:complete", result } as { type: string },
    ]),
  generate: frames("jg", 1, [
    { type: "generate:progress", file: "", jobId: "jg", ...at } as { type: string },
    { type: "generate:complete", bundle } as { type: string },
  ]),
  deploy: frames("jd", 1, [
    { type: "deploy:progress", step: "accepted", message: "one", jobId: "jd", ...at } as {
      type: string;
    },
    { type: "deploy:live", ...live },
  ]),
};

function setUp(found: AnalysisResult = analysis) {
  const job = (kind: Job["kind"], id: string): Job => ({
    id,
    kind,
    projectId: "p1",
    state: "running",
    attempt: 1,
    cancelRequestedAt: null,
    createdAt: "2026-11-01T00:00:00Z",
    finishedAt: null,
  });
  const api = {
    analyze: vi.fn<RunApi["analyze"]>(async () => eventStream([STREAMS.analyze(found)])),
    generate: vi.fn<RunApi["generate"]>(async () => eventStream([STREAMS.generate])),
    deploy: vi.fn<RunApi["deploy"]>(async () => eventStream([STREAMS.deploy])),
    resume: vi.fn<RunApi["resume"]>(async (id) =>
      eventStream([
        id === "ja" ? STREAMS.analyze(found) : id === "jg" ? STREAMS.generate : STREAMS.deploy,
      ]),
    ),
    cancel: vi.fn<RunApi["cancel"]>(async (id) => job("analyze", id)),
    job: vi.fn<RunApi["job"]>(async (id) =>
      job(id === "ja" ? "analyze" : id === "jg" ? "generate" : "deploy", id),
    ),
    project: vi.fn<RunApi["project"]>(async () => project),
    analysis: vi.fn<RunApi["analysis"]>(async () => found),
  };
  const store = createStore(IDLE);
  return { api, store, driver: new RunDriver(store, api, async () => {}) };
}

describe("RunDriver", () => {
  it("runs straight through where nothing is to be asked", async () => {
    const { api, store, driver } = setUp();
    await driver.begin(source);
    expect(store.get().phase).toBe("live");
    expect(store.get().live).toEqual(live);
    expect(api.deploy.mock.calls[0]?.slice(0, 2)).toEqual(["p1", {}]);
  });

  it("waits for the credentials, and sends them with the deployment only", async () => {
    const { api, store, driver } = setUp(analysisWithKey);
    await driver.begin(source);
    expect(store.get()).toMatchObject({ phase: "configuring", step: "generate", jobId: "ja" });
    expect(api.generate).not.toHaveBeenCalled();
    const config = { access: "public", secrets: { LIB_KEY: "k" }, variables: {} } as const;
    await driver.configure(config);
    expect(store.get().phase).toBe("live");
    expect(api.generate.mock.calls[0]?.[0]).toBe("p1");
    expect(api.deploy.mock.calls[0]?.slice(0, 2)).toEqual(["p1", config]);
  });

  it("asks how many tools are offered, and generates in that mode", async () => {
    const { api, store, driver } = setUp({ ...analysis, toolCount: 61, enabledToolCount: 61 });
    await driver.begin(source);
    expect(store.get()).toMatchObject({ phase: "configuring", step: "generate" });
    await driver.configure({}, "dynamic");
    expect(store.get().phase).toBe("live");
    expect(api.generate.mock.calls[0]?.slice(0, 2)).toEqual(["p1", "dynamic"]);
  });

  it("does not ask again for what a server that is written has", async () => {
    const { api, store, driver } = setUp({ ...analysis, toolCount: 61, enabledToolCount: 61 });
    await driver.recover("jg");
    expect(store.get().phase).toBe("live");
    expect(api.generate).not.toHaveBeenCalled();
  });

  it("counts the tools that are enabled now when a project is deployed again", async () => {
    const { store, driver } = setUp({ ...analysis, toolCount: 61, enabledToolCount: 61 });
    await driver.deployProject("p1");
    expect(store.get().analysis?.enabledToolCount).toBe(project.enabledToolCount);
  });

  it("asks where the API is when the description does not say", async () => {
    const { store, driver } = setUp({
      ...analysis,
      servers: [{ url: "/v1", description: null, variables: [] }],
    });
    await driver.begin(source);
    expect(store.get().phase).toBe("configuring");
  });

  it.each([
    ["ja", "analyze"],
    ["jg", "generate"],
    ["jd", "deploy"],
  ] as const)("takes up job %s (%s) after a reload and ends live", async (id, step) => {
    const { api, store, driver } = setUp();
    await driver.recover(id);
    expect(store.get().phase).toBe("live");
    expect(api.resume.mock.calls[0]?.slice(0, 2)).toEqual([id, null]);
    expect(api.analyze).not.toHaveBeenCalled();
    expect(api.generate).toHaveBeenCalledTimes(step === "analyze" ? 1 : 0);
    expect(api.deploy).toHaveBeenCalledTimes(step === "deploy" ? 0 : 1);
  });

  it("shows why an analysis was refused, though it left no project behind", async () => {
    const { api, store, driver } = setUp();
    const gone = makeProblem({ code: "project_not_found", message: "There is none." });
    api.project.mockRejectedValue(new ProblemError(gone));
    api.resume.mockResolvedValue(
      eventStream([
        frames("ja", 1, [
          { type: "error", code: "document_syntax", message: "Not JSON.", recoverable: false } as {
            type: string;
          },
        ]),
      ]),
    );
    await driver.recover("ja");
    expect(store.get()).toMatchObject({ phase: "failed", problem: { code: "document_syntax" } });
  });

  it("asks for lost credentials before it deploys after a reload", async () => {
    const { api, store, driver } = setUp(analysisWithKey);
    await driver.recover("jg");
    expect(store.get()).toMatchObject({ phase: "configuring", step: "deploy" });
    expect(api.deploy).not.toHaveBeenCalled();
  });

  it("repeats only the failed step", async () => {
    const problem = makeProblem({ code: "http_503", message: "Busy.", recoverable: true });
    const { api, store, driver } = setUp();
    api.generate.mockRejectedValueOnce(new ProblemError(problem));
    await driver.begin(source);
    expect(store.get()).toMatchObject({ phase: "failed", step: "generate", problem });
    expect(driver.canRetry()).toBe(true);
    await driver.retry();
    expect(store.get().phase).toBe("live");
    expect(api.analyze).toHaveBeenCalledTimes(1);
  });

  it("goes back to the form after a deployment that did not like its answers", async () => {
    const problem = makeProblem({ code: "base_url_denied", message: "Not that host." });
    const { api, store, driver } = setUp();
    api.deploy.mockRejectedValueOnce(new ProblemError(problem));
    await driver.begin(source);
    expect(store.get()).toMatchObject({ phase: "failed", step: "deploy", problem });
    driver.reconfigure();
    expect(store.get()).toMatchObject({ phase: "configuring", step: "deploy", problem: null });
    const config = { variables: { API_BASE_URL: "https://b.example" } };
    await driver.configure(config);
    expect(store.get().phase).toBe("live");
    expect(api.deploy.mock.calls[1]?.slice(0, 2)).toEqual(["p1", config]);
    expect(api.generate).toHaveBeenCalledTimes(1);
  });

  it("stops, ends the job, and begins the step anew", async () => {
    const { api, store, driver } = setUp();
    api.analyze.mockImplementationOnce(async () => {
      const response = eventStream([STREAMS.analyze(analysis)]);
      queueMicrotask(() => driver.stop());
      return response;
    });
    await driver.begin(source);
    expect(store.get().phase).toBe("stopped");
    expect(api.generate).not.toHaveBeenCalled();
    await driver.retry();
    expect(api.analyze).toHaveBeenCalledTimes(2);
    expect(store.get().phase).toBe("live");
  });

  it("asks the server to end the job that runs", async () => {
    const { api, store, driver } = setUp();
    const first = frames("jg", 1, [
      { type: "generate:progress", file: "", jobId: "jg", ...at } as { type: string },
    ]);
    api.generate.mockImplementationOnce(async () => eventStream([first, STREAMS.generate]));
    const done = store.subscribe(() => {
      if (store.get().phase === "running" && store.get().jobId === "jg") driver.stop();
    });
    await driver.begin(source);
    done();
    expect(store.get().phase).toBe("stopped");
    expect(api.cancel).toHaveBeenCalledExactlyOnceWith("jg");
    expect(api.deploy).not.toHaveBeenCalled();
  });

  it("stops where the job was cancelled elsewhere", async () => {
    const { api, store, driver } = setUp();
    api.generate.mockImplementationOnce(async () =>
      eventStream([
        frames("jg", 1, [{ type: "cancelled", jobId: "jg", projectId: "p1" } as { type: string }]),
      ]),
    );
    await driver.begin(source);
    expect(store.get().phase).toBe("stopped");
    expect(api.deploy).not.toHaveBeenCalled();
  });

  it("fails with the server's words where a project is gone", async () => {
    const problem = makeProblem({ code: "project_not_found", message: "There is none." });
    const { api, store, driver } = setUp();
    api.project.mockRejectedValue(new ProblemError(problem));
    await driver.deployProject("p1");
    expect(store.get()).toMatchObject({ phase: "failed", problem });
  });

  it("asks before a project is deployed again", async () => {
    const { store, driver } = setUp();
    await driver.deployProject("p1");
    expect(store.get()).toMatchObject({
      phase: "configuring",
      step: "generate",
      title: "Pocket Library",
      projectId: "p1",
    });
    await driver.configure({ access: "token" });
    expect(store.get().phase).toBe("live");
  });
});
