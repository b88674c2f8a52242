import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";

/** Answers by `METHOD /path`; a function is asked anew each time, with the request's headers. */
export type Answers = Record<string, (headers: Headers) => Response>;

/** Replaces the network; returns what was asked for, as `METHOD /path body`. */
export function fakeApi(answers: Answers): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (input: Request | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const call = `${request.method} ${new URL(request.url).pathname}`;
    const body = await request.text();
    asked.push(body === "" ? call : `${call} ${body}`);
    return (
      answers[call]?.(request.headers) ?? refusal(404, "no_such_route", "There is nothing here")
    );
  });
  return asked;
}

export function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message, requestId: "r1" } }, { status });
}

/** Renders with a cache of its own; a query that fails is not asked again. */
export function show(children: ReactNode): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={client}>{children}</QueryClientProvider>);
}
