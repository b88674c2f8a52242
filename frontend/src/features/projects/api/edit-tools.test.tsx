import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";
import { projectQuery } from "@/api/get-project";
import { toProblem } from "@/lib/problem";
import { tool } from "@/testing/fixtures";
import { useEnableTools } from "./edit-tools";

it("changes what was seen, one after the other, and loads the project again when it was not", async () => {
  const asked: [string, string | null][] = [];
  let tag = 1;
  vi.stubGlobal("fetch", async (request: Request) => {
    const given = request.headers.get("if-match");
    asked.push([request.method, given]);
    if (request.method === "PATCH") {
      if (given !== `"${tag}"`) {
        const error = { code: "precondition_failed", message: "Changed", requestId: "r" };
        return Response.json({ error }, { status: 412 });
      }
      tag += 1;
    }
    return Response.json({ id: "p1" }, { headers: { etag: `"${tag}"` } });
  });
  const client = new QueryClient();
  await client.fetchQuery(projectQuery("p1"));
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useEnableTools("p1"), { wrapper });
  const enable = () => result.current.mutateAsync({ tools: [tool], enabled: false });
  await act(() => Promise.all([enable(), enable()]));
  expect(asked).toEqual([
    ["GET", null],
    ["PATCH", '"1"'],
    ["PATCH", '"2"'],
  ]);
  // Somebody else is faster.
  tag = 7;
  const refused = await act(() => enable().then(() => null, toProblem));
  expect(refused?.code).toBe("precondition_failed");
  expect(refused?.remedy).toContain("is loaded again");
  await act(() => client.refetchQueries({ queryKey: projectQuery("p1").queryKey }));
  await waitFor(() => expect(asked.at(-1)).toEqual(["GET", null]));
  await act(() => enable());
  expect(asked.at(-1)).toEqual(["PATCH", '"7"']);
});
