import type { JobEvent } from "@/api/events";
import type {
  AnalysisResult,
  BundleFile,
  DeployConfig,
  DeployResult,
  ServerMode,
  ToolSummary,
} from "@/api/types";
import { makeProblem, type Problem } from "@/lib/problem";

/** The three steps in their order; each is one job of the server. */
export const STEPS = ["analyze", "generate", "deploy"] as const;
export type Step = (typeof STEPS)[number];

/**
 * `configuring` waits for the user's answers; `stopped` is the user's doing and
 * `failed` the server's or the network's.
 */
export type Phase = "idle" | "running" | "configuring" | "live" | "failed" | "stopped";

export interface StepProgress {
  readonly status: "waiting" | "active" | "done" | "failed" | "stopped";
  /** 0 to 100. */
  readonly percent: number;
  /** What is being done now, for people. */
  readonly detail: string;
}

/** One way from a description (or a project) to a live server. */
export interface RunState {
  readonly phase: Phase;
  /** The step that runs, is waited for, or was the last one to run. */
  readonly step: Step;
  readonly steps: Readonly<Record<Step, StepProgress>>;
  /** What is being imported, for the heading: a file name, an address, a project's name. */
  readonly title: string;
  readonly projectId: string | null;
  /** The job of `step`; kept in the address, so that a reload can take it up again. */
  readonly jobId: string | null;
  readonly connection: "open" | "reconnecting";
  readonly analysis: AnalysisResult | null;
  readonly tools: readonly ToolSummary[];
  readonly files: readonly BundleFile[];
  readonly logs: readonly string[];
  /** The user's answers; null until they were asked or found to be needless. */
  readonly config: DeployConfig | null;
  /** How the tools are to be offered; null where the user was not asked. */
  readonly mode: ServerMode | null;
  readonly live: DeployResult | null;
  readonly problem: Problem | null;
}

export type RunAction =
  | { readonly type: "reset" }
  /** A step starts, anew or by following the job that runs it. */
  | {
      readonly type: "started";
      readonly step: Step;
      readonly title?: string;
      readonly projectId?: string;
      readonly jobId?: string;
    }
  | { readonly type: "events"; readonly events: readonly JobEvent[] }
  | { readonly type: "connection"; readonly connection: RunState["connection"] }
  | { readonly type: "analysisKnown"; readonly analysis: AnalysisResult }
  /** The user is asked before `step` starts. */
  | {
      readonly type: "configurationNeeded";
      readonly step: Step;
      readonly title?: string;
      readonly projectId?: string;
    }
  | {
      readonly type: "configured";
      readonly config: DeployConfig;
      readonly mode?: ServerMode | null;
    }
  | { readonly type: "failed"; readonly problem: Problem }
  | { readonly type: "stopped" };

const WAITING: StepProgress = { status: "waiting", percent: 0, detail: "" };

export const IDLE: RunState = {
  phase: "idle",
  step: "analyze",
  steps: { analyze: WAITING, generate: WAITING, deploy: WAITING },
  title: "",
  projectId: null,
  jobId: null,
  connection: "open",
  analysis: null,
  tools: [],
  files: [],
  logs: [],
  config: null,
  mode: null,
  live: null,
  problem: null,
};

const DETAILS = {
  accepted: "Accepted",
  fetching: "Fetching the description",
  reading: "Reading the description",
  planning: "Planning the tools",
  saving: "Saving",
} as const;

/** The next state; the same state and action always give the same. */
export function runReducer(state: RunState, action: RunAction): RunState {
  switch (action.type) {
    case "reset":
      return IDLE;
    case "started":
      return started(state, action);
    case "events":
      return withEvents(state, action.events);
    case "connection":
      return { ...state, connection: action.connection };
    case "analysisKnown":
      return { ...state, analysis: action.analysis };
    case "configurationNeeded":
      return {
        ...state,
        phase: "configuring",
        step: action.step,
        steps: before(state.steps, action.step),
        title: action.title ?? state.title,
        projectId: action.projectId ?? state.projectId,
        problem: null,
      };
    case "configured":
      return { ...state, config: action.config, mode: action.mode ?? state.mode };
    case "failed":
      return failed(state, action.problem);
    case "stopped":
      if (state.phase !== "running") return state;
      return { ...withStep(state, { status: "stopped" }), phase: "stopped", connection: "open" };
  }
}

function started(state: RunState, action: Extract<RunAction, { type: "started" }>): RunState {
  const steps = before(state.steps, action.step);
  return {
    ...state,
    phase: "running",
    step: action.step,
    steps: { ...steps, [action.step]: { status: "active", percent: 0, detail: "Starting" } },
    title: action.title ?? state.title,
    projectId: action.projectId ?? state.projectId,
    jobId: action.jobId ?? null,
    connection: "open",
    problem: null,
    // A step that starts again finds everything again.
    ...(action.step === "analyze" ? { tools: [], analysis: null } : {}),
    ...(action.step === "generate" ? { files: [] } : {}),
    ...(action.step === "deploy" ? { logs: [], live: null } : {}),
  };
}

/** All steps before `step` done, all after it waiting. */
function before(steps: RunState["steps"], step: Step): RunState["steps"] {
  const place = STEPS.indexOf(step);
  const next = { ...steps };
  STEPS.forEach((name, index) => {
    if (index < place) next[name] = { ...steps[name], status: "done", percent: 100 };
    if (index >= place) next[name] = WAITING;
  });
  return next;
}

function failed(state: RunState, problem: Problem): RunState {
  return {
    ...withStep(state, { status: "failed" }),
    phase: "failed",
    connection: "open",
    problem,
  };
}

function withStep(state: RunState, change: Partial<StepProgress>): RunState {
  const progress = { ...state.steps[state.step], ...change };
  return { ...state, steps: { ...state.steps, [state.step]: progress } };
}

/** Applies a chunk of events at once: lists are copied per chunk, not per event. */
function withEvents(state: RunState, events: readonly JobEvent[]): RunState {
  let tools: ToolSummary[] = [];
  let files: BundleFile[] = [];
  let logs: string[] = [];
  let next = state;
  for (const event of events) {
    switch (event.type) {
      case "analysis:tool_found":
        tools.push(event.tool);
        break;
      case "generate:file_ready":
        files.push({ path: event.path, content: event.content });
        break;
      case "deploy:progress":
        logs.push(event.message);
        next = progressed(next, event, event.message);
        break;
      case "analysis:progress":
        // A job that is taken up again reads from the start.
        if (event.step === "reading") {
          tools = [];
          next = { ...next, tools: [] };
        }
        next = progressed(next, event, DETAILS[event.step] ?? event.step);
        break;
      case "generate:progress":
        next = progressed(next, event, event.file ? `Writing ${event.file}` : "Accepted");
        break;
      default:
        // The terminal event brings its own whole lists.
        if (event.type === "generate:complete") files = [];
        if (event.type === "deploy:live") logs = [];
        next = ended(next, event);
    }
  }
  return {
    ...next,
    tools: tools.length > 0 ? [...next.tools, ...tools] : next.tools,
    files: files.length > 0 ? [...next.files, ...files] : next.files,
    logs: logs.length > 0 ? [...next.logs, ...logs] : next.logs,
  };
}

function progressed(
  state: RunState,
  event: { percent: number; jobId: string; projectId: string },
  detail: string,
): RunState {
  const percent = Math.min(100, Math.max(state.steps[state.step].percent, event.percent));
  return {
    ...withStep(state, { percent, detail }),
    jobId: event.jobId,
    projectId: event.projectId,
  };
}

type TerminalEvent = Extract<
  JobEvent,
  { type: "analysis:complete" | "generate:complete" | "deploy:live" | "cancelled" | "error" }
>;

function ended(state: RunState, event: TerminalEvent): RunState {
  const done = withStep(state, { status: "done", percent: 100, detail: "" });
  switch (event.type) {
    case "analysis:complete":
      return { ...done, analysis: event.result, projectId: event.result.projectId };
    case "generate:complete":
      // The bundle is the whole truth, also where the stream was joined late.
      return { ...done, files: event.bundle.files };
    case "deploy:live": {
      const { type: _type, ...live } = event;
      return { ...done, phase: "live", live, logs: live.logs };
    }
    case "cancelled":
      return runReducer(state, { type: "stopped" });
    case "error":
      return failed(state, makeProblem(event));
  }
}
