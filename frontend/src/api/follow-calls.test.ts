import { afterEach, describe, expect, it, vi } from "vitest";
import { followCalls } from "@/api/follow-calls";
import { refusal } from "@/testing/fake-api";
import { loggedCall } from "@/testing/fixtures";

const frame = (id: number) =>
  `id: d1:${id}\nevent: call\ndata: ${JSON.stringify({ type: "call", ...loggedCall, id })}\n\n`;

/** Answers one request after the other; returns the addresses that were asked for. */
function answers(...bodies: (string | Response)[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async ({ url: address }: Request) => {
    const url = new URL(address);
    asked.push(`${url.pathname}${url.search}`);
    const body = bodies.shift() ?? refusal(503, "store_unavailable", "down");
    return typeof body === "string" ? new Response(body) : body;
  });
  return asked;
}

/** Ids of what is given until the stream cannot be had; the code of why. */
async function follow(maxAttempts = 2): Promise<[number[], string]> {
  const ids: number[] = [];
  try {
    const { signal } = new AbortController();
    const wait = async () => {};
    const options = { deploymentId: "d1", after: 3, signal, maxAttempts, wait };
    for await (const calls of followCalls(options)) ids.push(...calls.map(({ id }) => id));
    return [ids, "ended"];
  } catch (error) {
    return [ids, (error as { problem: { code: string } }).problem.code];
  }
}

afterEach(() => vi.unstubAllGlobals());

describe("followCalls", () => {
  it("takes an ended stream up again after the last call, and gives each once", async () => {
    const asked = answers(frame(4) + frame(5), "", frame(5) + frame(6), "data: {\n\n");
    expect(await follow()).toEqual([[4, 5, 6], "store_unavailable"]);
    expect(asked.slice(0, 4)).toEqual(
      [3, 5, 5, 6].map((after) => `/api/deployments/d1/logs?after=${after}`),
    );
  });

  it("tries so often, and not at all after a refusal that stays one", async () => {
    const down = answers();
    expect(await follow()).toEqual([[], "store_unavailable"]);
    expect(down.length).toBe(3);
    const gone = answers(refusal(404, "deployment_not_found", "gone"));
    expect(await follow()).toEqual([[], "deployment_not_found"]);
    expect(gone.length).toBe(1);
  });
});
