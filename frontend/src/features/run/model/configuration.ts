import type { AnalysisResult, AnalysisVariable, AuthScheme, ServerMode } from "@/api/types";
import type { Step } from "./run-state";

/** The variable that replaces the base URL of the description. */
export const BASE_URL_VARIABLE = "API_BASE_URL";

/** More enabled tools than this are better searched than listed. */
const MANY_TOOLS = 60;

/** How the server may offer its tools, and how many it has. */
export interface ModeChoice {
  /** The mode that the project has now. */
  readonly current: ServerMode;
  readonly tools: number;
  /** Those that are on: clients list them in direct mode. */
  readonly listed: number;
}

/** What the deployment form asks for. */
export interface Configuration {
  /** The description names no host; the user has to. */
  readonly baseUrl: "required" | "known";
  /** The base URL of the description, also where it is only a path. */
  readonly documentUrl: string | null;
  readonly variables: readonly AnalysisVariable[];
  /** Schemes with something to fill in. */
  readonly schemes: readonly AuthScheme[];
  /** Schemes that a generated server cannot use. */
  readonly unsupported: readonly AuthScheme[];
  /** Null where there is nothing to choose: few tools, or a server that is written already. */
  readonly mode: ModeChoice | null;
}

/** What is to be asked before `step` starts. */
export function configurationOf(
  analysis: AnalysisResult | null,
  step: Step = "generate",
): Configuration {
  const server = analysis?.servers[0];
  const schemes = analysis?.authFlow.schemes ?? [];
  return {
    baseUrl: server && /^https?:\/\//i.test(server.url) ? "known" : "required",
    documentUrl: server?.url ?? null,
    variables: server?.variables ?? [],
    schemes: schemes.filter(({ secrets }) => secrets.length > 0),
    unsupported: schemes.filter(({ type }) => type === "unsupported"),
    mode: analysis && step !== "deploy" ? modeChoice(analysis) : null,
  };
}

/** Who has chosen the search once can go back, however few tools are left. */
function modeChoice(analysis: AnalysisResult): ModeChoice | null {
  const { toolCount, enabledToolCount, mode = "direct" } = analysis;
  const offered = toolCount > MANY_TOOLS || mode === "dynamic";
  return offered ? { current: mode, tools: toolCount, listed: enabledToolCount } : null;
}

/** Whether the run has to stop for the user, or can go straight through. */
export function needsConfiguration(configuration: Configuration): boolean {
  return (
    configuration.baseUrl === "required" ||
    configuration.schemes.length > 0 ||
    configuration.mode !== null ||
    configuration.variables.some((variable) => variable.default == null)
  );
}

/** Entries with a value; what is left empty is not sent, so stored values stay. */
export function filled(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
}
