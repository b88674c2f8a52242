import { afterEach, describe, expect, it, vi } from "vitest";
import { callTool, headerValue, listTools } from "./mcp-client";

const endpoint = "http://localhost:8787/s/library/mcp";
const result = { content: [{ type: "text", text: "hi" }], structuredContent: { a: 1 } };

type Answer = (message: { id?: number; method: string }, request: RequestInit) => Response;

const json = (body: unknown, status = 200) => Response.json(body, { status });
const sse = (body: unknown) =>
  new Response(`event: message\ndata: ${JSON.stringify(body)}\n\n`, {
    headers: { "content-type": "text/event-stream; charset=utf-8" },
  });

function serve(answer: Answer) {
  const calls: { headers: Record<string, string>; body: unknown }[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (_url: string, init: RequestInit) => {
      const body = JSON.parse(String(init.body));
      calls.push({ headers: init.headers as Record<string, string>, body });
      return answer(body, init);
    }),
  );
  return calls;
}

afterEach(() => vi.unstubAllGlobals());

describe("2026-07-28", () => {
  it("is one request that carries everything", async () => {
    const calls = serve(({ id }) => json({ jsonrpc: "2.0", id, result }));
    const report = await callTool({ endpoint, token: "t0p", era: "2026-07-28" }, "get_book", {
      bookId: "7",
    });
    expect(report.outcome).toEqual({ kind: "result", result });
    expect(calls).toEqual([
      {
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": "get_book",
          authorization: "Bearer t0p",
        },
        body: {
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: {
            name: "get_book",
            arguments: { bookId: "7" },
            _meta: {
              "io.modelcontextprotocol/protocolVersion": "2026-07-28",
              "io.modelcontextprotocol/clientCapabilities": {},
              "io.modelcontextprotocol/clientInfo": {
                name: "mcpengine-studio",
                version: "0.1.0",
              },
            },
          },
        },
      },
    ]);
  });

  it("shows the wire without the token", async () => {
    serve(({ id }) => json({ jsonrpc: "2.0", id, result }));
    const report = await callTool({ endpoint, token: "t0p", era: "2026-07-28" }, "a", {});
    expect(report.exchanges).toHaveLength(1);
    expect(JSON.stringify(report)).not.toContain("t0p");
    expect(report.exchanges[0]?.response).toMatchObject({ status: 200 });
  });

  it("lists tools without a name header", async () => {
    const calls = serve(({ id }) => sse({ jsonrpc: "2.0", id, result: { tools: [] } }));
    const report = await listTools({ endpoint, token: null, era: "2026-07-28" });
    expect(report.outcome).toEqual({ kind: "result", result: { tools: [] } });
    expect(calls[0]?.headers).not.toHaveProperty("mcp-name");
    expect(calls[0]?.headers).not.toHaveProperty("authorization");
  });
});

describe("2025-11-25", () => {
  it("shakes hands first, keeps the session, and reads a framed answer", async () => {
    const calls = serve(({ id, method }) => {
      if (method === "initialize") {
        const answer = sse({ jsonrpc: "2.0", id, result: { protocolVersion: "2025-06-18" } });
        answer.headers.set("mcp-session-id", "s1");
        return answer;
      }
      if (id === undefined) return new Response(null, { status: 202 });
      return sse({ jsonrpc: "2.0", id, result });
    });
    const report = await callTool({ endpoint, token: null, era: "2025-11-25" }, "get_book", {});
    expect(report.outcome).toEqual({ kind: "result", result });
    expect(calls.map(({ body }) => (body as { method: string }).method)).toEqual([
      "initialize",
      "notifications/initialized",
      "tools/call",
    ]);
    expect(calls[2]).toEqual({
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-06-18",
        "mcp-session-id": "s1",
      },
      body: {
        jsonrpc: "2.0",
        id: 2,
        method: "tools/call",
        params: { name: "get_book", arguments: {} },
      },
    });
    expect(report.exchanges).toHaveLength(3);
  });

  it("ends at a refused handshake", async () => {
    serve(() => new Response("no", { status: 401 }));
    const report = await callTool({ endpoint, token: "x", era: "2025-11-25" }, "a", {});
    expect(report.outcome).toEqual({
      kind: "transportError",
      status: 401,
      message: "The server asks for its bearer token (401).",
    });
    expect(report.exchanges).toHaveLength(1);
  });
});

describe("what is no result", () => {
  const target = { endpoint, token: null, era: "2026-07-28" } as const;

  it("tells a JSON-RPC error from a broken answer", async () => {
    serve(() =>
      json({ jsonrpc: "2.0", id: null, error: { code: -32602, message: "Bad", data: 1 } }, 400),
    );
    expect((await callTool(target, "a", {})).outcome).toEqual({
      kind: "rpcError",
      code: -32602,
      message: "Bad",
      data: 1,
    });
    serve(() => new Response("<html>", { status: 502 }));
    expect((await callTool(target, "a", {})).outcome).toMatchObject({
      kind: "transportError",
      status: 502,
    });
    serve(() => json({ jsonrpc: "2.0", id: 99, result }));
    expect((await callTool(target, "a", {})).outcome).toMatchObject({ kind: "transportError" });
  });

  it("finds the answer among notifications, also without a last blank line", async () => {
    serve(
      ({ id }) =>
        new Response(
          `data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\ndata: ${JSON.stringify({ jsonrpc: "2.0", id, result })}`,
          { headers: { "content-type": "text/event-stream" } },
        ),
    );
    expect((await callTool(target, "a", {})).outcome).toEqual({ kind: "result", result });
  });

  it("reports a server that cannot be reached, and throws only for an abort", async () => {
    serve(() => {
      throw new TypeError("Failed to fetch");
    });
    const report = await callTool(target, "a", {});
    expect(report.outcome).toMatchObject({ kind: "transportError", status: null });
    expect(report.exchanges[0]?.response).toBeNull();
    const controller = new AbortController();
    controller.abort();
    await expect(callTool({ ...target, signal: controller.signal }, "a", {})).rejects.toBe(
      controller.signal.reason,
    );
  });
});

it("headerValue leaves plain names and encodes the others", () => {
  expect(headerValue("get_book")).toBe("get_book");
  expect(headerValue("bücher")).toBe("=?base64?YsO8Y2hlcg==?=");
  expect(headerValue("a\r\nb")).toMatch(/^=\?base64\?/);
  expect(headerValue(" x")).toMatch(/^=\?base64\?/);
  expect(headerValue("=?base64?x?=")).toMatch(/^=\?base64\?PT/);
});
