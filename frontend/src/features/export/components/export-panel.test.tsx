import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeApi, refusal, show } from "@/testing/fake-api";
import { live } from "@/testing/fixtures";
import { ExportPanel } from "./export-panel";

const DEPLOY = "POST /api/deploy";

function events(...list: readonly { readonly type: string }[]) {
  const text = list
    .map(
      (event, index) =>
        `id: j1:${index + 1}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    )
    .join("");
  return () => new Response(text, { headers: { "content-type": "text/event-stream" } });
}

const done = {
  ...live,
  type: "deploy:live",
  target: "npm",
  url: "https://npm.example/pets",
  endpoint: null,
  token: null,
  tools: 12,
  health: { passed: true, tools: 12, milliseconds: 34 },
  artifact: { name: "pets-1.0.0.tgz", mediaType: "application/gzip", bytes: 4_096, sha256: "ab" },
  install: [{ title: "Claude Code", language: "shell", text: "claude mcp add pets" }],
} as const;

afterEach(() => vi.unstubAllGlobals());

describe("ExportPanel", () => {
  it("asks only what the chosen package needs, and shows what came out", async () => {
    const asked = fakeApi({ [DEPLOY]: events(done) });
    show(<ExportPanel projectId="p1" />);
    expect(screen.queryByRole("textbox")).toBeNull();
    await userEvent.click(screen.getByRole("radio", { name: /npm package/ }));
    await userEvent.type(screen.getByLabelText("Version"), "1.0.0");
    const token = screen.getByLabelText("Registry token");
    expect(token).toHaveAttribute("type", "password");
    expect(screen.getByRole("button", { name: "Make it" })).toBeEnabled();
    await userEvent.type(token, "npm_1");
    await userEvent.click(screen.getByRole("button", { name: "Publish" }));
    expect(await screen.findByRole("heading", { name: "Published" })).toBeInTheDocument();
    expect(asked).toEqual([
      `${DEPLOY} {"projectId":"p1","target":"npm","config":{"npm":{"version":"1.0.0","token":"npm_1"}}}`,
    ]);
    const result = screen.getByTestId("export-result");
    expect(result).toHaveTextContent("listed 12 tools in 34 ms");
    expect(result).toHaveTextContent("claude mcp add pets");
    expect(screen.getByRole("link", { name: done.url })).toHaveAttribute("href", done.url);
    expect(screen.getByRole("button", { name: "Download pets-1.0.0.tgz" })).toBeEnabled();
  });

  it("shows the address and the token of a Worker in the user's own account", async () => {
    const endpoint = "https://pets.acme.workers.dev/mcp";
    const worker = {
      ...done,
      target: "cloudflare",
      url: "https://pets.acme.workers.dev",
      endpoint,
      token: "mcpe_shown_once",
      artifact: null,
    };
    const asked = fakeApi({ [DEPLOY]: events(worker) });
    show(<ExportPanel projectId="p1" />);
    await userEvent.click(screen.getByRole("radio", { name: /Your Cloudflare account/ }));
    await userEvent.type(screen.getByLabelText("Account ID"), "0".repeat(32));
    await userEvent.type(screen.getByLabelText("API token"), "cf");
    await userEvent.click(screen.getByRole("button", { name: "Deploy" }));
    expect(await screen.findByRole("heading", { name: "It is live" })).toBeInTheDocument();
    const result = screen.getByTestId("export-result");
    expect(result).toHaveTextContent(endpoint);
    expect(result).toHaveTextContent("mcpe_shown_once");
    expect(asked).toEqual([
      `${DEPLOY} {"projectId":"p1","target":"cloudflare","config":{"cloudflare":{"accountId":"${"0".repeat(32)}","apiToken":"cf"}}}`,
    ]);
  });

  it("says what went wrong, in the stream or before it", async () => {
    fakeApi({
      [DEPLOY]: events({
        type: "error",
        code: "npm_version_exists",
        message: "npm.example has pets 1.0.0 already",
        recoverable: false,
      } as { readonly type: string }),
    });
    show(<ExportPanel projectId="p1" />);
    await userEvent.click(screen.getByRole("button", { name: "Make it" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(
      "npm.example has pets 1.0.0 already",
    );
    fakeApi({ [DEPLOY]: () => refusal(409, "deploy_running", "another deployment is running") });
    await userEvent.click(screen.getByRole("button", { name: "Make it" }));
    expect(await screen.findByText("another deployment is running")).toBeInTheDocument();
  });
});
