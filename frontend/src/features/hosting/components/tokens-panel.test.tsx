import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { TokenSummary } from "@/api/types";
import { type Answers, fakeApi, refusal, show } from "@/testing/fake-api";
import { token } from "@/testing/fixtures";
import { TokensPanel } from "./tokens-panel";

const TOKENS = "/api/projects/p1/tokens";
const SECRET = "mcpe_0123456789beef";

/** A project's tokens, which are made and revoked. */
function tokensApi(tokens: TokenSummary[], more: Answers = {}) {
  return fakeApi({
    [`GET ${TOKENS}`]: () => Response.json({ tokens }),
    [`POST ${TOKENS}`]: () => {
      const made = { ...token, id: "t2", name: "server", last4: "beef" };
      tokens = [made, ...tokens];
      return Response.json({ ...made, token: SECRET }, { status: 201 });
    },
    [`DELETE ${TOKENS}/t2`]: () => {
      const revokedAt = "2026-11-03T00:00:00Z";
      tokens = tokens.map((own) => (own.id === "t2" ? { ...own, revokedAt } : own));
      return new Response(null, { status: 204 });
    },
    ...more,
  });
}

const rows = async () => {
  const list = await screen.findByRole("list", { name: "Tokens" });
  return within(list).getAllByRole("listitem");
};

afterEach(() => vi.unstubAllGlobals());

describe("TokensPanel", () => {
  it("says who can call where no token works", async () => {
    tokensApi([{ ...token, revokedAt: "2026-11-03T00:00:00Z" }]);
    show(<TokensPanel projectId="p1" access="token" />);
    expect(await screen.findByText("No token that works")).toBeInTheDocument();
    expect(screen.getByText("1 revoked token")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Revoke/ })).toBeNull();
  });

  it("says that a public server asks for none", async () => {
    tokensApi([token]);
    show(<TokensPanel projectId="p1" access="public" />);
    expect(await screen.findByText(/takes every caller/)).toBeInTheDocument();
    expect((await rows()).length).toBe(1);
  });

  it("shows a new token once, and lists it without its text", async () => {
    const user = userEvent.setup();
    const asked = tokensApi([token]);
    show(<TokensPanel projectId="p1" access="token" />);
    await user.type(screen.getByLabelText(/Name of the new token/), " server {Enter}");
    const made = await screen.findByRole("region", { name: "Your new token" });
    expect(made).toHaveTextContent(SECRET);
    expect(made).toHaveTextContent("it is not shown again");
    expect(asked).toContain(`POST ${TOKENS} {"name":"server"}`);
    expect(screen.getByLabelText(/Name of the new token/)).toHaveValue("");
    await waitFor(async () => expect((await rows()).length).toBe(2));
    expect((await rows())[0]).toHaveTextContent("server mcpe_…beef");
    expect((await rows())[0]).toHaveTextContent("never used");
    await user.click(within(made).getByRole("button", { name: "I have copied it" }));
    expect(document.body).not.toHaveTextContent(SECRET);
  });

  it("wants a name before it asks the server", async () => {
    const asked = tokensApi([token]);
    show(<TokensPanel projectId="p1" access="token" />);
    await userEvent.click(screen.getByRole("button", { name: "Create token" }));
    expect(screen.getByText("Give the token a name.")).toBeInTheDocument();
    expect(screen.getByLabelText(/Name of the new token/)).toBeInvalid();
    expect(asked.filter((call) => call.startsWith("POST"))).toEqual([]);
  });

  it("revokes after a question, and takes the shown text away with it", async () => {
    const user = userEvent.setup();
    const asked = tokensApi([token]);
    show(<TokensPanel projectId="p1" access="token" />);
    await user.type(screen.getByLabelText(/Name of the new token/), "server{Enter}");
    await user.click(await screen.findByRole("button", { name: "Revoke server" }));
    const question = screen.getByRole("alertdialog", { name: "Revoke “server”?" });
    expect(question).toHaveTextContent("the token that ends in beef");
    await user.click(within(question).getByRole("button", { name: "Cancel" }));
    expect(asked.filter((call) => call.startsWith("DELETE"))).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Revoke server" }));
    await user.click(screen.getByRole("button", { name: "Revoke token" }));
    expect(await screen.findByText("1 revoked token")).toBeInTheDocument();
    expect((await rows()).map((row) => row.textContent)).toEqual([
      expect.stringContaining("laptop"),
    ]);
    expect(document.body).not.toHaveTextContent(SECRET);
  });

  it("shows why a token could not be made or revoked", async () => {
    tokensApi([token], {
      [`POST ${TOKENS}`]: () => refusal(409, "too_many_tokens", "the project has 50 tokens"),
      [`DELETE ${TOKENS}/t1`]: () => refusal(404, "token_not_found", "There is no such token"),
    });
    show(<TokensPanel projectId="p1" access="token" />);
    await userEvent.type(screen.getByLabelText(/Name of the new token/), "x{Enter}");
    expect(await screen.findByText("the project has 50 tokens")).toBeInTheDocument();
    expect(screen.getByText(/Revoke one that is no longer used/)).toBeInTheDocument();
    await userEvent.click(await screen.findByRole("button", { name: "Revoke laptop" }));
    await userEvent.click(screen.getByRole("button", { name: "Revoke token" }));
    expect(await screen.findByText("There is no such token")).toBeInTheDocument();
  });
});
