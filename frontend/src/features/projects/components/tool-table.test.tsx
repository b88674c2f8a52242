import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { tool } from "@/testing/fixtures";
import { ToolTable } from "./tool-table";

describe("the table of tools", () => {
  it("says in a word why a tool is off, and nothing of a person's own choice", () => {
    const tools = [
      { ...tool, name: "kept" },
      { ...tool, name: "left_out", enabled: false, disabledBecause: "notSelected" as const },
      { ...tool, name: "hidden", enabled: false, disabledBecause: "hint" as const },
      {
        ...tool,
        name: "old",
        enabled: false,
        deprecated: true,
        disabledBecause: "deprecated" as const,
      },
      { ...tool, name: "mine", enabled: false },
    ].map((tool) => ({ ...tool, key: tool.name }));
    render(
      <QueryClientProvider client={new QueryClient()}>
        <ToolTable projectId="p1" tools={tools} selected={null} onSelect={() => {}} />
      </QueryClientProvider>,
    );
    const rows = within(screen.getByTestId("tool-table")).getAllByRole("listitem");
    expect(rows.map((row) => row.textContent?.replace(/POST|\/books|books/g, "").trim())).toEqual([
      "kept",
      "left_out not selected",
      "hidden off by x-mcp",
      "old deprecated",
      "mine",
    ]);
  });
});
