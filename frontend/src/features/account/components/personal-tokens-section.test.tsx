import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PersonalTokenSummary } from "@/api/types";
import { fakeApi, refusal, show } from "@/testing/fake-api";
import { PersonalTokensSection } from "./personal-tokens-section";

const laptop: PersonalTokenSummary = {
  id: "t1",
  name: "laptop",
  last4: "ab12",
  scopes: ["projects:read"],
  createdAt: "2026-11-20T00:00:00.000Z",
  expiresAt: "2099-01-01T00:00:00.000Z",
  lastUsedAt: null,
  revokedAt: null,
};

afterEach(() => vi.unstubAllGlobals());

describe("personal access tokens", () => {
  it("are made with the scopes that are chosen, and shown once", async () => {
    const made = { ...laptop, token: "mcpp_secret" };
    const asked = fakeApi({
      "GET /api/tokens": () => Response.json({ tokens: [] }),
      "POST /api/tokens": () => Response.json(made, { status: 201 }),
    });
    show(<PersonalTokensSection />);
    const user = userEvent.setup();
    await screen.findByText("No token yet");
    await user.type(screen.getByRole("textbox", { name: /Name of the new token/ }), " laptop ");
    await user.click(screen.getByRole("checkbox", { name: /Run servers/ }));
    await user.selectOptions(screen.getByRole("combobox", { name: "Ends after" }), "30");
    await user.click(screen.getByRole("button", { name: "Create token" }));
    const shown = await screen.findByRole("region", { name: "Your new personal token" });
    expect(within(shown).getByText("mcpp_secret")).toBeInTheDocument();
    const body = { name: "laptop", scopes: ["projects:read", "servers:deploy"], expiresInDays: 30 };
    expect(asked).toContain(`POST /api/tokens ${JSON.stringify(body)}`);
    await user.click(within(shown).getByRole("button", { name: "I have copied it" }));
    expect(screen.queryByText("mcpp_secret")).not.toBeInTheDocument();
  });

  it("need a name and one scope at least", async () => {
    const asked = fakeApi({ "GET /api/tokens": () => Response.json({ tokens: [] }) });
    show(<PersonalTokensSection />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("checkbox", { name: /See projects/ }));
    await user.click(screen.getByRole("button", { name: "Create token" }));
    expect(screen.getByText("Give the token a name.")).toBeInTheDocument();
    expect(screen.getByText("Choose one thing at least.")).toBeInTheDocument();
    expect(asked).toEqual(["GET /api/tokens"]);
  });

  it("are revoked after a question, and a refusal is shown", async () => {
    const asked = fakeApi({
      "GET /api/tokens": () => Response.json({ tokens: [laptop] }),
      "DELETE /api/tokens/t1": () => refusal(404, "token_not_found", "There is no such token"),
    });
    show(<PersonalTokensSection />);
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Revoke laptop" }));
    expect(asked).toEqual(["GET /api/tokens"]);
    await user.click(screen.getByRole("button", { name: "Revoke token" }));
    await waitFor(() => expect(screen.getByText("token_not_found")).toBeInTheDocument());
  });
});
