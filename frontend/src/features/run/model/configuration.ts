import type { AnalysisResult, AnalysisVariable, AuthScheme } from "@/api/types";

/** The variable that replaces the base URL of the description. */
export const BASE_URL_VARIABLE = "API_BASE_URL";

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
}

export function configurationOf(analysis: AnalysisResult | null): Configuration {
  const server = analysis?.servers[0];
  const schemes = analysis?.authFlow.schemes ?? [];
  return {
    baseUrl: server && /^https?:\/\//i.test(server.url) ? "known" : "required",
    documentUrl: server?.url ?? null,
    variables: server?.variables ?? [],
    schemes: schemes.filter(({ secrets }) => secrets.length > 0),
    unsupported: schemes.filter(({ type }) => type === "unsupported"),
  };
}

/** Whether the run has to stop for the user, or can go straight through. */
export function needsConfiguration(configuration: Configuration): boolean {
  return (
    configuration.baseUrl === "required" ||
    configuration.schemes.length > 0 ||
    configuration.variables.some((variable) => variable.default == null)
  );
}

/** Entries with a value; what is left empty is not sent, so stored values stay. */
export function filled(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
}
