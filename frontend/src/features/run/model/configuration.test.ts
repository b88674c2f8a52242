import { describe, expect, it } from "vitest";
import type { AnalysisResult } from "@/api/types";
import { analysis } from "@/testing/fixtures";
import { configurationOf, needsConfiguration } from "./configuration";

const withTools = (toolCount: number, more: Partial<AnalysisResult> = {}) => ({
  ...analysis,
  toolCount,
  enabledToolCount: 2,
  ...more,
});

describe("the mode", () => {
  it.each([
    ["few tools are not asked about", withTools(60), null],
    ["many tools are", withTools(61), { current: "direct", tools: 61, listed: 2 }],
    [
      "a choice that was made is kept",
      withTools(61, { mode: "dynamic" }),
      { current: "dynamic", tools: 61, listed: 2 },
    ],
    [
      "and can be taken back",
      withTools(3, { mode: "dynamic" }),
      { current: "dynamic", tools: 3, listed: 2 },
    ],
  ])("%s", (_, found, mode) => {
    expect(configurationOf(found).mode).toEqual(mode);
    expect(needsConfiguration(configurationOf(found))).toBe(mode !== null);
  });

  it("is not asked for once the server is written, or before anything is known", () => {
    expect(configurationOf(withTools(61), "deploy").mode).toBeNull();
    expect(configurationOf(null).mode).toBeNull();
  });
});
