import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Deployment } from "@/api/types";
import { fakeApi, refusal, show } from "@/testing/fake-api";
import { deployment } from "@/testing/fixtures";
import { VersionsPanel } from "./versions-panel";

const first: Deployment = {
  ...deployment,
  id: "d1",
  version: "1",
  status: "stopped",
  access: "public",
  tools: 1,
};
const LIST = "GET /api/projects/p1/deployments";

function list(...deployments: Deployment[]) {
  return () => Response.json({ deployments });
}

afterEach(() => vi.unstubAllGlobals());

describe("VersionsPanel", () => {
  it("says what a deployment is for where there is none", async () => {
    fakeApi({ [LIST]: list() });
    show(<VersionsPanel projectId="p1" endpoint={null} />);
    expect(await screen.findByText("Not deployed yet")).toBeInTheDocument();
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("offers to make live what was live before, and nothing else", async () => {
    const others = (["pending", "building", "failed"] as const).map((status, index) => ({
      ...deployment,
      id: status,
      version: String(index + 3),
      status,
    }));
    fakeApi({ [LIST]: list(...others, deployment, first) });
    show(<VersionsPanel projectId="p1" endpoint={null} />);
    const rows = await screen.findAllByRole("article");
    expect(rows.map((row) => row.getAttribute("aria-label"))).toEqual(
      [3, 4, 5, 2, 1].map((number) => `version ${number}`),
    );
    const buttons = rows.map((row) => within(row).queryByRole("button")?.textContent ?? null);
    expect(buttons).toEqual([null, null, null, null, "Make live"]);
    expect(screen.getByRole("article", { name: "version 1" })).toHaveTextContent("1 tool · public");
  });

  it("makes an earlier version live", async () => {
    let live = false;
    const asked = fakeApi({
      [LIST]: () =>
        live
          ? list({ ...deployment, status: "stopped" }, { ...first, status: "live" })()
          : list(deployment, first)(),
      "POST /api/deployments/d1/activate": () => {
        live = true;
        return Response.json({ ...first, status: "live" });
      },
    });
    show(<VersionsPanel projectId="p1" endpoint={null} />);
    expect(await screen.findByText("Version 2 is live")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Make live: version 1" }));
    expect(await screen.findByText("Version 1 is live")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Make live: version 2" })).toBeEnabled();
    expect(asked).toEqual([LIST, "POST /api/deployments/d1/activate", LIST]);
  });

  it("shows why a version could not be made live, and tries again", async () => {
    const asked = fakeApi({
      [LIST]: list(deployment, first),
      "POST /api/deployments/d1/activate": () =>
        refusal(502, "server_failed", "The server could not be started or crashed"),
    });
    show(<VersionsPanel projectId="p1" endpoint={null} />);
    await userEvent.click(await screen.findByRole("button", { name: "Make live: version 1" }));
    const problem = await screen.findByRole("alert");
    expect(problem).toHaveTextContent("The server could not be started or crashed");
    expect(problem).toHaveTextContent("Make another version live, or deploy again.");
    expect(screen.getByText("Version 2 is live")).toBeInTheDocument();
    await userEvent.click(within(problem).getByRole("button", { name: "Try again" }));
    await screen.findByRole("alert");
    expect(asked.filter((call) => call.endsWith("/activate")).length).toBe(2);
  });

  it("keeps files apart from what runs: they are downloaded, not made live", async () => {
    const artifact = {
      name: "library.zip",
      mediaType: "application/zip",
      bytes: 2_048,
      sha256: "ab12",
    };
    const file = { ...deployment, endpoint: null, artifact, target: "download" } as const;
    const asked = fakeApi({
      [LIST]: list(
        { ...file, id: "d4", version: "4" },
        { ...file, id: "d3", version: "3", status: "stopped" },
      ),
      "GET /api/deployments/d4/artifact": () => new Response("zip"),
    });
    const created = vi.fn(() => "blob:1");
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: created }));
    show(<VersionsPanel projectId="p1" endpoint={null} />);
    const rows = await screen.findAllByRole("article");
    expect(rows[0]).toHaveTextContent("latest");
    expect(rows[0]).toHaveTextContent("download · 2 tools");
    expect(rows[1]).toHaveTextContent("earlier");
    expect(screen.queryByTestId("server-state")).toBeNull();
    expect(screen.queryByRole("button", { name: /Make live/ })).toBeNull();
    const [download] = screen.getAllByRole("button", { name: "Download library.zip" });
    await userEvent.click(download as HTMLElement);
    expect(asked).toEqual([LIST, "GET /api/deployments/d4/artifact"]);
    expect(created).toHaveBeenCalledOnce();
  });

  it("stops after a question, and starts again", async () => {
    let status: Deployment["status"] = "live";
    const asked = fakeApi({
      [LIST]: () => list({ ...deployment, status })(),
      "POST /api/projects/p1/stop": () => {
        status = "stopped";
        return new Response(null, { status: 204 });
      },
      "POST /api/projects/p1/start": () => {
        status = "live";
        return Response.json(deployment);
      },
    });
    show(<VersionsPanel projectId="p1" endpoint={null} />);
    await userEvent.click(await screen.findByRole("button", { name: "Stop" }));
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(asked).toEqual([LIST]);
    await userEvent.click(screen.getByRole("button", { name: "Stop" }));
    await userEvent.click(screen.getByRole("button", { name: "Stop server" }));
    expect(await screen.findByText("The server is stopped")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Start" }));
    expect(await screen.findByText("Version 2 is live")).toBeInTheDocument();
  });
});
