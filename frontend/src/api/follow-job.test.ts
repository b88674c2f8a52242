import { describe, expect, it, vi } from "vitest";
import { type FollowOptions, followJob, parseEventId } from "@/api/follow-job";
import { makeProblem, ProblemError } from "@/lib/problem";
import { eventStream, frames } from "@/testing/event-stream";

const progress = (percent: number) => ({
  type: "generate:progress" as const,
  file: "",
  percent,
  jobId: "j1",
  projectId: "p1",
});
const file = (path: string) => ({ type: "generate:file_ready" as const, path, content: "x\n" });
const complete = {
  type: "generate:complete" as const,
  bundle: { id: "b", files: [], packageJson: {}, tsConfig: {}, entryPoint: "src/server.ts" },
};
const ALL = [progress(0), file("a.ts"), file("b.ts"), complete];
const TEXT = frames("j1", 1, ALL);

async function follow(options: Partial<FollowOptions>) {
  const connections: string[] = [];
  const events = [];
  const stream = followJob({
    open: async () => eventStream([TEXT]),
    resume: async () => {
      throw new Error("not expected");
    },
    signal: new AbortController().signal,
    wait: async () => {},
    onConnection: (state) => connections.push(state),
    ...options,
  });
  for await (const chunk of stream) events.push(...chunk);
  return { events, connections };
}

describe("followJob", () => {
  it("gives every event, wherever the chunks are cut", async () => {
    for (let size = 1; size < TEXT.length; size += 7) {
      const chunks = TEXT.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
      const { events } = await follow({ open: async () => eventStream(chunks) });
      expect(events).toEqual(ALL);
    }
  });

  it("takes a cut stream up after the last event, and drops what is repeated", async () => {
    const resume = vi.fn<FollowOptions["resume"]>(async () => eventStream([TEXT]));
    const { events, connections } = await follow({
      open: async () => eventStream([frames("j1", 1, ALL.slice(0, 2))], { cut: true }),
      resume,
    });
    expect(events).toEqual(ALL);
    expect(resume.mock.calls.map(([job, last]) => [job, last])).toEqual([["j1", "j1:2"]]);
    expect(connections).toEqual(["open", "reconnecting", "open"]);
  });

  it("takes up a stream that ends politely before its terminal event", async () => {
    const { events } = await follow({
      open: async () => eventStream([frames("j1", 1, ALL.slice(0, 3))]),
      resume: async () => eventStream([frames("j1", 4, ALL.slice(3))]),
    });
    expect(events).toEqual(ALL);
  });

  it("gives up after five reconnections without a new event", async () => {
    const resume = vi.fn<FollowOptions["resume"]>(async () => {
      throw new TypeError("fetch failed");
    });
    const run = follow({
      open: async () => eventStream([frames("j1", 1, ALL.slice(0, 1))], { cut: true }),
      resume,
    });
    await expect(run).rejects.toMatchObject({ problem: { code: "stream_cut", recoverable: true } });
    expect(resume).toHaveBeenCalledTimes(5);
  });

  it("counts reconnections anew after each event", async () => {
    let seq = 1;
    const many = Array.from({ length: 12 }, (_, index) => progress(index));
    const { events } = await follow({
      open: async () => eventStream([frames("j1", 1, many.slice(0, 1))], { cut: true }),
      resume: async () => {
        seq += 1;
        return seq <= 12
          ? eventStream([frames("j1", seq, many.slice(seq - 1, seq))], { cut: true })
          : eventStream([frames("j1", 13, [complete])]);
      },
    });
    expect(events).toHaveLength(13);
  });

  it("passes a refusal on, and does not ask again", async () => {
    const problem = makeProblem({ code: "job_not_found", message: "There is no such job." });
    const refuse = async () => {
      throw new ProblemError(problem);
    };
    await expect(follow({ open: refuse })).rejects.toMatchObject({ problem });
    const resume = vi.fn<FollowOptions["resume"]>(refuse);
    const cut = follow({
      open: async () => eventStream([frames("j1", 1, ALL.slice(0, 1))], { cut: true }),
      resume,
    });
    await expect(cut).rejects.toMatchObject({ problem });
    expect(resume).toHaveBeenCalledTimes(1);
  });

  it("takes silence for a cut", async () => {
    const silent = new Response(new ReadableStream({ start() {} }));
    const { events } = await follow({
      open: async () => eventStream([frames("j1", 1, ALL.slice(0, 1))], { cut: true }),
      resume: vi
        .fn<FollowOptions["resume"]>()
        .mockResolvedValueOnce(silent)
        .mockResolvedValueOnce(eventStream([TEXT])),
      idleMs: 5,
    });
    expect(events).toEqual(ALL);
  });

  it("passes over events of a later version and data that is not JSON", async () => {
    const odd = `id: j1:2\nevent: x\ndata: {"type":"generate:sparkle"}\n\nid: j1:3\ndata: {\n\n: ping\n\n`;
    const { events } = await follow({
      open: async () =>
        eventStream([frames("j1", 1, [progress(0)]), odd, frames("j1", 4, [complete])]),
    });
    expect(events).toEqual([progress(0), complete]);
  });

  it("stops without a problem of its own when it is aborted", async () => {
    const controller = new AbortController();
    const stream = followJob({
      open: async () => eventStream([frames("j1", 1, ALL.slice(0, 1)), TEXT]),
      resume: async () => eventStream([]),
      signal: controller.signal,
    });
    await stream.next();
    controller.abort();
    await expect(stream.next()).rejects.toBe(controller.signal.reason);
  });
});

it("parseEventId takes apart only job and number", () => {
  expect(parseEventId("a-b:12")).toEqual({ jobId: "a-b", seq: 12 });
  expect(parseEventId(":1")).toBeNull();
  expect(parseEventId("a")).toBeNull();
  expect(parseEventId(undefined)).toBeNull();
});
