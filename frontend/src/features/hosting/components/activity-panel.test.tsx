import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LoggedCall } from "@/api/types";
import { type Answers, fakeApi, refusal, show } from "@/testing/fake-api";
import { deployment, loggedCall, metrics } from "@/testing/fixtures";
import { ActivityPanel } from "./activity-panel";

const VERSIONS = "GET /api/projects/p1/deployments";
const METRICS = "GET /api/deployments/d2/metrics";
const LOGS = "GET /api/deployments/d2/logs";

/** A live tail that a test writes to; each request opens it anew. */
function tail() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const open = () => {
    const body = new ReadableStream<Uint8Array>({
      start(made) {
        controller = made;
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const send = (call: LoggedCall) => {
    const data = JSON.stringify({ type: "call", ...call });
    controller?.enqueue(
      new TextEncoder().encode(`id: d2:${call.id}\nevent: call\ndata: ${data}\n\n`),
    );
  };
  return { open, send };
}

function activityApi(more: Answers = {}) {
  const stream = tail();
  const asked = fakeApi({
    [VERSIONS]: () => Response.json({ deployments: [deployment] }),
    [METRICS]: () => Response.json(metrics),
    [LOGS]: stream.open,
    ...more,
  });
  return { asked, send: stream.send };
}

const calls = () =>
  within(screen.getByRole("list", { name: "Calls" }))
    .getAllByRole("listitem")
    .map((item) => item.textContent);

afterEach(() => vi.unstubAllGlobals());

describe("ActivityPanel", () => {
  it("says that there is no server yet", async () => {
    const { asked } = activityApi({ [VERSIONS]: () => Response.json({ deployments: [] }) });
    show(<ActivityPanel projectId="p1" />);
    expect(await screen.findByText("No server yet")).toBeInTheDocument();
    expect(asked).toEqual([VERSIONS]);
  });

  it("shows the totals and a row for each tool", async () => {
    activityApi();
    show(<ActivityPanel projectId="p1" />);
    const totals = await screen.findByTestId("totals");
    for (const text of ["1,200", "3 (0.3 %)", "10 ms", "1.5 s", "2 KiB", "7"]) {
      expect(within(totals).getByText(text)).toBeInTheDocument();
    }
    const [, first, second] = within(screen.getByTestId("tool-metrics")).getAllByRole("row");
    expect(first).toHaveTextContent(/^list_books1,199210 ms1.5 s2 KiBThe API answered 500/);
    expect(second).toHaveTextContent("(unknown)115 ms5 ms48 bytesnone");
  });

  it("says where nothing was called, and what else was asked", async () => {
    const total = { ...metrics.total, calls: 0, errors: 0, p50Ms: null, p95Ms: null };
    activityApi({ [METRICS]: () => Response.json({ ...metrics, total, tools: [] }) });
    show(<ActivityPanel projectId="p1" />);
    expect(await screen.findByText("No tool calls in this time")).toBeInTheDocument();
    expect(screen.getByText(/7 other requests/)).toBeInTheDocument();
  });

  it("shows why the counters cannot be had, and tries again", async () => {
    let up = false;
    activityApi({
      [METRICS]: () =>
        up ? Response.json(metrics) : refusal(503, "store_unavailable", "The store did not answer"),
    });
    show(<ActivityPanel projectId="p1" />);
    expect(await screen.findByText("The store did not answer")).toBeInTheDocument();
    up = true;
    await userEvent.click(screen.getByRole("button", { name: /again/i }));
    expect(await screen.findByTestId("totals")).toBeInTheDocument();
  });

  it("lists calls as they come, newest first, and stands still while paused", async () => {
    const user = userEvent.setup();
    const { send } = activityApi();
    show(<ActivityPanel projectId="p1" />);
    expect(await screen.findByText(/No call has come in yet/)).toBeInTheDocument();
    send(loggedCall);
    send({ ...loggedCall, id: 2, tool: "get_book", outcome: "toolError", error: "Not found" });
    send({ ...loggedCall, id: 3, method: "tools/list", tool: null });
    await waitFor(() => expect(calls().length).toBe(3));
    expect(calls()[0]).toContain("tools/listok8 ms · 100 bytes");
    expect(calls()[1]).toContain("get_booktool error8 ms · 100 bytesNot found");
    await user.click(screen.getByRole("button", { name: "Pause" }));
    expect(screen.getByTestId("tail-state")).toHaveTextContent("Paused");
    await user.click(screen.getByRole("button", { name: "Resume" }));
    await waitFor(() => expect(screen.getByTestId("tail-state")).toHaveTextContent("Live"));
    // What was sent before is not listed twice.
    send({ ...loggedCall, id: 3, method: "tools/list", tool: null });
    send({ ...loggedCall, id: 4, tool: "late" });
    await waitFor(() => expect(calls().length).toBe(4));
    expect(calls()[0]).toContain("late");
  });

  it("says that the tail is cut off, and takes it up again", async () => {
    const stream = tail();
    let there = false;
    activityApi({
      [LOGS]: () =>
        there ? stream.open() : refusal(404, "deployment_not_found", "There is no such deployment"),
    });
    show(<ActivityPanel projectId="p1" />);
    expect(await screen.findByText("There is no such deployment")).toBeInTheDocument();
    expect(screen.getByTestId("tail-state")).toHaveTextContent("Not connected");
    there = true;
    await userEvent.click(screen.getByRole("button", { name: /again/i }));
    await waitFor(() => expect(screen.getByTestId("tail-state")).toHaveTextContent("Live"));
    expect(screen.queryByText("There is no such deployment")).toBeNull();
  });

  it("shows another version when it is chosen", async () => {
    const other = { ...deployment, id: "d1", version: "1", status: "stopped" };
    const { asked } = activityApi({
      [VERSIONS]: () => Response.json({ deployments: [deployment, other] }),
      "GET /api/deployments/d1/metrics": () => Response.json(metrics),
    });
    show(<ActivityPanel projectId="p1" />);
    await userEvent.selectOptions(await screen.findByLabelText("Version"), "Version 1");
    await waitFor(() => expect(asked).toContain("GET /api/deployments/d1/metrics"));
    await waitFor(() => expect(asked).toContain("GET /api/deployments/d1/logs"));
  });
});
