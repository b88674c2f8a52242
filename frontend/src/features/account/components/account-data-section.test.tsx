import { screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeApi, refusal, show } from "@/testing/fake-api";
import { AccountDataSection } from "./account-data-section";

afterEach(() => vi.unstubAllGlobals());

describe("the account's data", () => {
  it("is deleted only after the words were typed, and a refusal is shown", async () => {
    const asked = fakeApi({
      "DELETE /api/me": () => refusal(409, "owns_teams", "You own the team Crew"),
    });
    show(<AccountDataSection />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Delete account" }));
    const button = screen.getByRole("button", { name: "Delete for good" });
    expect(button).toBeDisabled();
    await user.type(screen.getByRole("textbox"), "delete my account");
    await user.click(button);
    expect(await screen.findByText("owns_teams")).toBeInTheDocument();
    expect(asked).toEqual(['DELETE /api/me {"confirm":"delete my account"}']);
  });

  it("says why it cannot be exported", async () => {
    fakeApi({ "GET /api/me/export": () => refusal(503, "store_unavailable", "Try again") });
    show(<AccountDataSection />);
    await userEvent.setup().click(screen.getByRole("button", { name: "Export everything" }));
    await waitFor(() => expect(screen.getByText("store_unavailable")).toBeInTheDocument());
  });
});
