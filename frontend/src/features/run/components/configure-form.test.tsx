import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { analysis, analysisWithKey } from "@/testing/fixtures";
import { configurationOf } from "../model/configuration";
import { ConfigureForm } from "./configure-form";

function setUp(found = analysisWithKey, redeploy = false) {
  const onDone = vi.fn();
  render(
    <ConfigureForm
      configuration={configurationOf(found)}
      redeploy={redeploy}
      initialAccess="token"
      onDone={onDone}
    />,
  );
  return { onDone, user: userEvent.setup() };
}

describe("ConfigureForm", () => {
  it("gives credentials and access, and nothing that was left empty", async () => {
    const { onDone, user } = setUp();
    const key = screen.getByLabelText("API key");
    expect(key).toHaveAttribute("type", "password");
    await user.type(key, "k-1");
    await user.click(screen.getByRole("radio", { name: "Public" }));
    await user.click(screen.getByRole("button", { name: "Continue" }));
    expect(onDone).toHaveBeenCalledExactlyOnceWith(
      { access: "public", secrets: { LIB_KEY: "k-1" }, variables: {} },
      null,
    );
  });

  it("can be skipped, and then sends no credential", async () => {
    const { onDone, user } = setUp();
    await user.type(screen.getByLabelText("API key"), "k-1");
    await user.click(screen.getByRole("button", { name: "Skip for now" }));
    expect(onDone).toHaveBeenCalledExactlyOnceWith(
      { access: "token", secrets: {}, variables: {} },
      null,
    );
  });

  it("does not go on without what the server needs to start", async () => {
    const { onDone, user } = setUp({
      ...analysis,
      servers: [
        {
          url: "/v1",
          description: null,
          variables: [
            { name: "region", env: "LIB_REGION", default: null, allowed: [], description: null },
          ],
        },
      ],
    });
    const go = screen.getByRole("button", { name: "Continue" });
    await user.click(go);
    expect(screen.getByText("The server needs to know where the API is.")).toBeInTheDocument();
    expect(screen.getByText("A value is needed.")).toBeInTheDocument();
    await user.type(screen.getByLabelText(/Base URL/), "javascript:alert(1)");
    await user.type(screen.getByLabelText(/region/), "eu");
    await user.click(go);
    expect(onDone).not.toHaveBeenCalled();
    await user.clear(screen.getByLabelText(/Base URL/));
    await user.type(screen.getByLabelText(/Base URL/), "https://library.example/v1");
    await user.click(go);
    expect(onDone).toHaveBeenCalledExactlyOnceWith(
      {
        access: "token",
        secrets: {},
        variables: { LIB_REGION: "eu", API_BASE_URL: "https://library.example/v1" },
      },
      null,
    );
  });

  it("asks how many tools are offered, each way with its reason", async () => {
    const { onDone, user } = setUp({ ...analysis, toolCount: 1_200, enabledToolCount: 60 });
    const group = screen.getByRole("group", { name: "How clients see the 1,200 tools" });
    const all = within(group).getByRole("radio", { name: "Listed tools" });
    const search = within(group).getByRole("radio", { name: "Search and call" });
    expect(all).toBeChecked();
    expect(search).toHaveAccessibleDescription(/^Clients list four tools/);
    expect(all).toHaveAccessibleDescription(/^Clients list the 60 tools that are on/);
    all.focus();
    await user.keyboard("{ArrowDown}");
    expect(search).toBeChecked();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    expect(onDone).toHaveBeenCalledExactlyOnceWith(
      { access: "token", secrets: {}, variables: {} },
      "dynamic",
    );
  });
});
