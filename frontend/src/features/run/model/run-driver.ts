import { followJob } from "@/api/follow-job";
import type { DeployConfig, Job, Project, ServerMode } from "@/api/types";
import { toProblem } from "@/lib/problem";
import type { Store } from "@/lib/store";
import { describeSource, type RunApi, type SpecSource } from "../api/steps";
import { configurationOf, needsConfiguration } from "./configuration";
import { type RunAction, type RunState, runReducer, type Step } from "./run-state";

/** The next step, or null after the last. */
const NEXT: Readonly<Record<Step, Step | null>> = {
  analyze: "generate",
  generate: "deploy",
  deploy: null,
};

/**
 * Drives a run: opens the streams, feeds their events to the state, and goes
 * from step to step. All decisions about the state are the reducer's.
 */
export class RunDriver {
  readonly #store: Store<RunState>;
  readonly #api: RunApi;
  readonly #wait: ((attempt: number, signal: AbortSignal) => Promise<void>) | undefined;
  #source: SpecSource | null = null;
  #teamId: string | null = null;
  #abort = new AbortController();

  constructor(
    store: Store<RunState>,
    api: RunApi,
    wait?: (attempt: number, signal: AbortSignal) => Promise<void>,
  ) {
    this.#store = store;
    this.#api = api;
    this.#wait = wait;
  }

  /** From a description to a live server of this team, or of one's own. */
  begin(source: SpecSource, teamId: string | null = null): Promise<void> {
    this.reset();
    this.#source = source;
    this.#teamId = teamId;
    return this.#run("analyze", { title: describeSource(source) });
  }

  /** From an analysed project to a live server; asks for access and secrets first. */
  async deployProject(projectId: string): Promise<void> {
    this.reset();
    const signal = this.#abort.signal;
    this.#dispatch({ type: "started", step: "generate", title: "Your server", projectId });
    await this.#guard(signal, async () => {
      const [project, analysis] = await Promise.all([
        this.#api.project(projectId),
        this.#api.analysis(projectId),
      ]);
      if (signal.aborted) return;
      // Tools may have been switched on or off since the analysis.
      const { enabledToolCount } = project;
      this.#dispatch({ type: "analysisKnown", analysis: { ...analysis, enabledToolCount } });
      this.#dispatch({
        type: "configurationNeeded",
        step: "generate",
        title: project.name,
        projectId,
      });
    });
  }

  /** Takes up the job of an address after a reload, and what comes after it. */
  async recover(jobId: string): Promise<void> {
    this.reset();
    const signal = this.#abort.signal;
    this.#dispatch({ type: "started", step: "analyze", title: "Your server", jobId });
    await this.#guard(signal, async () => {
      const job = await this.#api.job(jobId);
      const project = await this.#projectOf(job);
      if (project && job.kind !== "analyze") {
        const analysis = await this.#api.analysis(project.id);
        if (signal.aborted) return;
        this.#dispatch({ type: "analysisKnown", analysis });
      }
      if (signal.aborted) return;
      await this.#run(job.kind, {
        jobId,
        ...(project ? { title: project.name, projectId: project.id } : {}),
      });
    });
  }

  /** An analysis that was refused, or still reads, has no project yet; its events say why. */
  async #projectOf(job: Job): Promise<Project | null> {
    if (!job.projectId) return null;
    const project = this.#api.project(job.projectId);
    return job.kind === "analyze" ? project.catch(() => null) : project;
  }

  /** The user's answers; goes on with the step that waited for them. */
  configure(config: DeployConfig, mode: ServerMode | null = null): Promise<void> {
    this.#dispatch({ type: "configured", config, mode });
    return this.#run(this.#store.get().step);
  }

  /** Back to the form, after a deployment that did not like its answers. */
  reconfigure(): void {
    this.#dispatch({ type: "configurationNeeded", step: "deploy" });
  }

  /** Ends the job and does not start the next step; `retry` begins this one anew. */
  stop(): void {
    const { jobId } = this.#store.get();
    this.#abort.abort();
    this.#dispatch({ type: "stopped" });
    // A job that has ended meanwhile, or cannot be reached, changes nothing here.
    if (jobId) this.#api.cancel(jobId).catch(() => {});
  }

  /** Whether {@link retry} can do anything. */
  canRetry(): boolean {
    const { step, projectId } = this.#store.get();
    return step === "analyze" ? this.#source !== null : projectId !== null;
  }

  /** Repeats the step; where only its stream was cut, follows the same job again. */
  retry(): Promise<void> {
    const { step, jobId, problem } = this.#store.get();
    const sameJob = problem?.code === "stream_cut";
    return this.#run(step, sameJob && jobId ? { jobId } : {});
  }

  reset(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#source = null;
    this.#teamId = null;
    this.#dispatch({ type: "reset" });
  }

  #dispatch(action: RunAction): void {
    this.#store.set(runReducer(this.#store.get(), action));
  }

  /** Runs `task`; what it throws ends the run, unless the user had ended it before. */
  async #guard(signal: AbortSignal, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (!signal.aborted) this.#dispatch({ type: "failed", problem: toProblem(error) });
    }
  }

  /** Runs `first` and every step after it, until one needs the user, fails, or is the last. */
  async #run(
    first: Step,
    start: { title?: string; projectId?: string; jobId?: string } = {},
  ): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const signal = this.#abort.signal;
    await this.#guard(signal, async () => {
      let options = start;
      for (let step: Step | null = first; step; step = NEXT[step]) {
        const followed = options.jobId !== undefined;
        if (step !== "analyze" && !followed && this.#pausesBefore(step)) return;
        this.#dispatch({ type: "started", step, ...options });
        await this.#follow(step, options.jobId ?? null, signal);
        if (signal.aborted || this.#store.get().phase !== "running") return;
        options = {};
      }
    });
  }

  /** Asks the user once, as early as it is known that something is missing. */
  #pausesBefore(step: Step): boolean {
    const { config, analysis } = this.#store.get();
    if (config) return false;
    if (needsConfiguration(configurationOf(analysis, step))) {
      this.#dispatch({ type: "configurationNeeded", step });
      return true;
    }
    this.#dispatch({ type: "configured", config: {} });
    return false;
  }

  async #follow(step: Step, jobId: string | null, signal: AbortSignal): Promise<void> {
    const events = followJob({
      open: (open) => (jobId ? this.#api.resume(jobId, null, open) : this.#open(step, open)),
      resume: (id, lastEventId, again) => this.#api.resume(id, lastEventId, again),
      signal,
      onConnection: (connection) => this.#dispatch({ type: "connection", connection }),
      ...(this.#wait ? { wait: this.#wait } : {}),
    });
    for await (const chunk of events) {
      if (signal.aborted) return;
      this.#dispatch({ type: "events", events: chunk });
    }
  }

  #open(step: Step, signal: AbortSignal): Promise<Response> {
    const { projectId, config, mode } = this.#store.get();
    if (step === "analyze") {
      if (!this.#source) throw new Error("The description is not known any more. Start again.");
      return this.#api.analyze(this.#source, this.#teamId, signal);
    }
    if (!projectId) throw new Error("The project is not known. Start again.");
    return step === "generate"
      ? this.#api.generate(projectId, mode, signal)
      : this.#api.deploy(projectId, config ?? {}, signal);
  }
}
