import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { noteTag } from "@/api/seen-tag";
import type { TeamDetail } from "@/api/types";
import { fakeApi, refusal, show } from "@/testing/fake-api";
import { InvitationsSection } from "./invitations-section";
import { MemberList } from "./member-list";
import { TeamSettings } from "./team-settings";

vi.mock("@tanstack/react-router", () => ({ useNavigate: () => () => {} }));
afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T00:00:00.000Z";
const team: TeamDetail = {
  id: "t1",
  name: "Crew",
  slug: "crew",
  tier: "team",
  seats: 5,
  role: "owner",
  memberCount: 2,
  projectCount: 1,
  createdAt: at,
  members: [
    { userId: "u1", name: "Ada", email: "ada@example.com", role: "owner", you: true, joinedAt: at },
    { userId: "u2", name: "Bob", email: null, role: "editor", you: false, joinedAt: at },
  ],
  invitations: [],
};
const asMember: TeamDetail = {
  ...team,
  role: "editor",
  members: team.members.map((member) => ({ ...member, you: !member.you })),
};

describe("the members of a team", () => {
  it("get another role, or are taken out after a question", async () => {
    const asked = fakeApi({
      "PATCH /api/teams/t1/members/u2": () => new Response(null, { status: 204 }),
      "DELETE /api/teams/t1/members/u2": () => refusal(403, "insufficient_role", "Not you"),
    });
    show(<MemberList team={team} />);
    const user = userEvent.setup();
    // Nobody changes their own role, and the owner's is handed on.
    expect(screen.queryByRole("combobox", { name: "Role of Ada" })).not.toBeInTheDocument();
    await user.selectOptions(screen.getByRole("combobox", { name: "Role of Bob" }), "viewer");
    await user.click(screen.getByRole("button", { name: "Remove Bob" }));
    expect(asked).toEqual(['PATCH /api/teams/t1/members/u2 {"role":"viewer"}']);
    await user.click(screen.getByRole("button", { name: "Remove member" }));
    expect(await screen.findByText("insufficient_role")).toBeInTheDocument();
    expect(asked).toContain("DELETE /api/teams/t1/members/u2");
  });

  it("are only listed for who does not manage them", () => {
    show(<MemberList team={asMember} />);
    const items = within(screen.getByRole("list", { name: "Members" })).getAllByRole("listitem");
    expect(items.map((item) => item.textContent)).toEqual([
      expect.stringMatching(/^Ada.*Owner$/),
      expect.stringMatching(/^Bob \(you\).*Editor$/),
    ]);
    expect(screen.queryByRole("combobox")).not.toBeInTheDocument();
  });
});

describe("an invitation", () => {
  it("is a link that is shown once", async () => {
    const link = "http://localhost/invite#mcpi_secret";
    const made = { id: "i1", email: "eve@example.com", role: "admin", createdAt: at };
    const asked = fakeApi({
      "POST /api/teams/t1/invitations": () =>
        Response.json({ ...made, expiresAt: at, url: link }, { status: 201 }),
    });
    show(<InvitationsSection team={team} />);
    expect(screen.getByText(/2 of 5 seats are taken/)).toBeInTheDocument();
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Create link" }));
    expect(screen.getByText(/Give an address/)).toBeInTheDocument();
    await user.type(screen.getByRole("textbox"), " eve@example.com ");
    await user.selectOptions(screen.getByRole("combobox", { name: "Role" }), "admin");
    await user.click(screen.getByRole("button", { name: "Create link" }));
    const shown = await screen.findByRole("region", { name: "The link of your invitation" });
    expect(within(shown).getByText(link)).toBeInTheDocument();
    const body = JSON.stringify({ email: "eve@example.com", role: "admin" });
    expect(asked).toEqual([`POST /api/teams/t1/invitations ${body}`]);
    await user.click(within(shown).getByRole("button", { name: "I have copied it" }));
    expect(screen.queryByText(link)).not.toBeInTheDocument();
  });

  it("is made once, also where its answer was lost", async () => {
    const keys: (string | null)[] = [];
    fakeApi({
      "POST /api/teams/t1/invitations": (headers) => {
        keys.push(headers.get("idempotency-key"));
        if (keys.length === 1) throw new TypeError("the connection is lost");
        return Response.json({ url: "http://localhost/invite#mcpi_2" }, { status: 201 });
      },
    });
    show(<InvitationsSection team={team} />);
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox"), "eve@example.com");
    await user.click(screen.getByRole("button", { name: "Create link" }));
    await screen.findByRole("alert");
    await user.click(screen.getByRole("button", { name: "Create link" }));
    expect(await screen.findByText("http://localhost/invite#mcpi_2")).toBeInTheDocument();
    expect(keys).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), keys[0]]);
  });

  it("says that no seat is left, and what to do", async () => {
    fakeApi({
      "POST /api/teams/t1/invitations": () => refusal(409, "no_seat_left", "No seat is left"),
    });
    show(<InvitationsSection team={team} />);
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox"), "eve@example.com");
    await user.click(screen.getByRole("button", { name: "Create link" }));
    expect(await screen.findByText("no_seat_left")).toBeInTheDocument();
    expect(screen.getByText(/get more seats/)).toBeInTheDocument();
  });
});

describe("the settings of a team", () => {
  it("change what was seen, and say when somebody else was faster", async () => {
    const tags: (string | null)[] = [];
    fakeApi({
      "PATCH /api/teams/t1": (headers) => {
        tags.push(headers.get("if-match"));
        return refusal(412, "precondition_failed", "It was changed meanwhile");
      },
      "PATCH /api/teams/t1/members/u2": (headers) => {
        tags.push(headers.get("if-match"));
        return new Response(null, { status: 204 });
      },
    });
    noteTag("t1", new Response(null, { headers: { etag: '"seen"' } }));
    show(
      <>
        <MemberList team={team} />
        <TeamSettings team={team} />
      </>,
    );
    const user = userEvent.setup();
    await user.type(screen.getByRole("textbox", { name: "Name" }), " 2");
    await user.click(screen.getByRole("button", { name: "Rename" }));
    expect(await screen.findByText("precondition_failed")).toBeInTheDocument();
    await user.selectOptions(screen.getByRole("combobox", { name: "Role of Bob" }), "viewer");
    await waitFor(() => expect(tags).toEqual(['"seen"', '"seen"']));
  });

  it("hand it on to a member who is chosen", async () => {
    const asked = fakeApi({ "POST /api/teams/t1/transfer": () => Response.json(team) });
    show(<TeamSettings team={team} />);
    const user = userEvent.setup();
    const handOn = screen.getByRole("button", { name: "Hand on" });
    expect(handOn).toBeDisabled();
    await user.selectOptions(screen.getByRole("combobox", { name: "New owner" }), "u2");
    await user.click(handOn);
    await user.click(
      within(screen.getByRole("alertdialog")).getByRole("button", { name: "Hand on" }),
    );
    await waitFor(() => expect(asked).toEqual(['POST /api/teams/t1/transfer {"userId":"u2"}']));
  });

  it("let members out, and nothing else", async () => {
    const asked = fakeApi({
      "DELETE /api/teams/t1/members/u2": () => new Response(null, { status: 204 }),
    });
    show(<TeamSettings team={asMember} />);
    const user = userEvent.setup();
    expect(screen.queryByRole("button", { name: "Delete team" })).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Rename" })).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Leave team" }));
    await user.click(
      within(screen.getByRole("alertdialog")).getByRole("button", { name: "Leave team" }),
    );
    await waitFor(() => expect(asked).toEqual(["DELETE /api/teams/t1/members/u2"]));
  });
});
