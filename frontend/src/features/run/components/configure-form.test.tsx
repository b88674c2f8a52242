import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SecretSummary } from "@/api/types";
import { fakeApi, show } from "@/testing/fake-api";
import { analysis, analysisWithKey } from "@/testing/fixtures";
import { configurationOf } from "../model/configuration";
import { ConfigureForm } from "./configure-form";

function setUp(found = analysisWithKey, redeploy = false, projectId: string | null = null) {
  const onDone = vi.fn();
  show(
    <ConfigureForm
      configuration={configurationOf(found)}
      projectId={projectId}
      redeploy={redeploy}
      initialAccess="token"
      onDone={onDone}
    />,
  );
  return { onDone, user: userEvent.setup() };
}

/** A project's stored credentials, which can be removed. */
function secretsApi(secrets: SecretSummary[]) {
  return fakeApi({
    "GET /api/projects/p1/secrets": () => Response.json({ secrets }),
    "DELETE /api/projects/p1/secrets/LIB_KEY": () => {
      secrets = [];
      return new Response(null, { status: 204 });
    },
  });
}

const CREATED = "2026-11-03T00:00:00Z";

afterEach(() => vi.unstubAllGlobals());

describe("ConfigureForm", () => {
  it("says what is stored by its last characters, and keeps it where nothing is typed", async () => {
    secretsApi([{ name: "LIB_KEY", last4: "9d1f", createdAt: CREATED }]);
    const { onDone, user } = setUp(analysisWithKey, true, "p1");
    const key = screen.getByLabelText("API key");
    await waitFor(() =>
      expect(key).toHaveAccessibleDescription("Stored ••••9d1f, leave empty to keep."),
    );
    expect(key).toHaveValue("");
    expect(key).toHaveAttribute("placeholder", "••••9d1f");
    await user.click(screen.getByRole("button", { name: "Deploy" }));
    expect(onDone).toHaveBeenCalledExactlyOnceWith(
      { access: "token", secrets: {}, variables: {} },
      null,
    );
  });

  it("shows nothing of a short credential, and removes it after a question", async () => {
    const asked = secretsApi([{ name: "LIB_KEY", last4: null, createdAt: CREATED }]);
    const { onDone, user } = setUp(analysisWithKey, true, "p1");
    await user.click(await screen.findByRole("button", { name: "Remove the stored API key" }));
    const key = screen.getByLabelText("API key");
    expect(key).toHaveAttribute("placeholder", "••••");
    const remove = "DELETE /api/projects/p1/secrets/LIB_KEY";
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(asked).not.toContain(remove);
    await user.click(screen.getByRole("button", { name: "Remove the stored API key" }));
    await user.click(screen.getByRole("button", { name: "Remove credential" }));
    await waitFor(() => expect(key).toHaveAttribute("placeholder", ""));
    expect(asked).toContain(remove);
    expect(screen.queryByRole("button", { name: /Remove the stored/ })).toBeNull();
    expect(onDone).not.toHaveBeenCalled();
  });

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

  it("takes a client's id and secret in place of an access token", async () => {
    const secret = (name: string, title: string) => ({ name, title, description: null });
    const { onDone, user } = setUp({
      ...analysis,
      authFlow: {
        schemes: [
          {
            id: "oauth",
            type: "oAuth2",
            description: null,
            secrets: [secret("LIB_ACCESS_TOKEN", "Access token")],
            clientCredentials: {
              tokenUrl: "https://login.example/token",
              scopes: [],
              secrets: [
                secret("LIB_CLIENT_ID", "Client id"),
                secret("LIB_CLIENT_SECRET", "Client secret"),
              ],
            },
          },
        ],
      },
    });
    const group = screen.getByRole("group", { name: "oauth · OAuth 2" });
    const labels = within(group)
      .getAllByLabelText(/./)
      .map((field) => field.getAttribute("name"));
    expect(labels).toEqual(["LIB_CLIENT_ID", "LIB_CLIENT_SECRET", "LIB_ACCESS_TOKEN"]);
    await user.type(within(group).getByLabelText("Client id"), "me");
    await user.type(within(group).getByLabelText("Client secret"), "s3cret");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    expect(onDone).toHaveBeenCalledExactlyOnceWith(
      {
        access: "token",
        secrets: { LIB_CLIENT_ID: "me", LIB_CLIENT_SECRET: "s3cret" },
        variables: {},
      },
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
