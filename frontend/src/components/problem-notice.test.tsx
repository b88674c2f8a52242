import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ProblemNotice } from "@/components/problem-notice";
import { clockTime, isOfTier, makeProblem, problemFromResponse, toProblem } from "@/lib/problem";

const problem = makeProblem({
  code: "document_syntax",
  message: "The document is not JSON.",
  details: { line: 12, column: 7, pointer: "/paths/~1pets", help: "Put a comma there." },
  requestId: "r1",
});

describe("ProblemNotice", () => {
  it("shows code, message, place, remedy and request", () => {
    render(<ProblemNotice problem={problem} />);
    const notice = screen.getByRole("alert");
    for (const text of [
      "The document is not JSON.",
      "Put a comma there.",
      "document_syntax",
      "line 12, column 7, at /paths/~1pets",
      "request r1",
    ]) {
      expect(notice).toHaveTextContent(text);
    }
  });

  it("offers another try only where it can help", async () => {
    const retry = vi.fn();
    const { rerender } = render(<ProblemNotice problem={problem} onRetry={retry} />);
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    rerender(<ProblemNotice problem={{ ...problem, recoverable: true }} onRetry={retry} />);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(retry).toHaveBeenCalledOnce();
  });
});

describe("problems", () => {
  it("are read from the error envelope", async () => {
    const envelope = {
      error: {
        code: "document_too_large",
        message: "The description has 17 MiB.",
        requestId: "r2",
        details: { limit: 16_777_216, help: "Split it." },
      },
    };
    expect(await problemFromResponse(Response.json(envelope, { status: 413 }))).toEqual({
      code: "document_too_large",
      message: "The description has 17 MiB.",
      remedy: "Split it.",
      pointer: null,
      line: null,
      column: null,
      requestId: "r2",
      recoverable: false,
    });
  });

  it("say when a limit lets the next through, and what the next tier has", async () => {
    const now = new Date("2026-11-24T14:00:30");
    expect(clockTime(new Date("2026-11-24T14:05:01").toISOString(), now)).toBe("at 14:06");
    expect(clockTime(new Date("2026-11-25T09:00:00").toISOString(), now)).toBe(
      "on Wednesday at 09:00",
    );
    const details = { resetAt: new Date().toISOString(), nextTier: { tier: "pro", limit: 50 } };
    const limited = makeProblem({ code: "rate_limited", message: "m", details });
    expect(limited.remedy).toMatch(
      /^It works again (on \w+ )?at \d\d:\d\d\. The pro tier has 50\.$/,
    );
    const last = { ...details, nextTier: { tier: "enterprise", limit: null }, help: "not in UTC" };
    expect(makeProblem({ code: "rate_limited", message: "m", details: last }).remedy).toMatch(
      /The enterprise tier has no limit\.$/,
    );
    const servers = { help: "Delete a project that is hosted" };
    const full = makeProblem({ code: "too_many_servers", message: "m", details: servers });
    expect(full.remedy).toBe(servers.help);
    expect([limited, full, problem].map(isOfTier)).toEqual([true, true, false]);
  });

  it("are made for answers that are no envelope", async () => {
    for (const body of ["<html>", "{}", '{"error":"no"}', '{"error":{"code":1}}', "null"]) {
      const response = new Response(body, { status: 503, headers: { "x-request-id": "r3" } });
      expect(await problemFromResponse(response)).toMatchObject({
        code: "http_503",
        requestId: "r3",
        recoverable: true,
      });
    }
  });

  it("take no nonsense from details", () => {
    const details = { line: 0, column: "x", pointer: 3, help: "" };
    expect(makeProblem({ code: "c", message: "m", details })).toMatchObject({
      line: null,
      column: null,
      pointer: null,
      remedy: null,
    });
  });

  it("name a studio that cannot be reached, and keep other errors' words", () => {
    expect(toProblem(new TypeError("Failed to fetch"))).toMatchObject({
      code: "network_unreachable",
      recoverable: true,
    });
    expect(toProblem(new Error("odd"))).toMatchObject({ code: "unexpected", message: "odd" });
  });
});
