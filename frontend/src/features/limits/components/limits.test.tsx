import { screen, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { HolderUsage, TierAllowances } from "@/api/types";
import { fakeApi, refusal, show } from "@/testing/fake-api";
import { TierCards } from "./tier-cards";
import { UsageSection } from "./usage-section";

afterEach(() => vi.unstubAllGlobals());

const tier = (name: TierAllowances["tier"], analyze: number | null): TierAllowances => ({
  tier: name,
  rates: [{ action: "analyze", limit: analyze, windowSeconds: 3_600, source: "brief" }],
  servers: { limit: 3, source: "brief" },
  seats: { limit: 1, source: "default" },
  collaboration: { included: name === "team", source: "brief" },
});

it("each tier says what the studio says it has", async () => {
  const tiers = [tier("free", 7), tier("team", null)];
  fakeApi({ "GET /api/tiers": () => Response.json({ tiers }) });
  show(<TierCards current="free" renderAction={(name) => <a href="/x">{`Go ${name}`}</a>} />);
  const free = await screen.findByRole("listitem", { name: "Free" });
  expect(free).toHaveTextContent("Your tier");
  expect(free).toHaveTextContent("7 analyses an hour");
  expect(free).toHaveTextContent("Not included: Projects shared in a team");
  expect(free).toHaveTextContent("1 seat ° (default)");
  const team = screen.getByRole("listitem", { name: "Team" });
  expect(team).not.toHaveTextContent("Your tier");
  expect(team).toHaveTextContent("Unlimited analyses");
  expect(within(team).getByRole("link", { name: "Go team" })).toBeInTheDocument();
});

const RESET = new Date(Date.now() + 60_000).toISOString();
const holder = (used: number, limit: number | null): HolderUsage => ({
  team: null,
  tier: "free",
  actions: [
    {
      action: "analyze",
      used,
      limit,
      windowSeconds: 3_600,
      resetAt: limit === null ? null : RESET,
    },
  ],
  servers: { used: 1, limit: 3 },
  history: [
    {
      day: new Date().toISOString().slice(0, 10),
      action: "analyze",
      count: used,
      unsuccessful: 1,
      tokens: null,
      durationMs: 4_000,
    },
  ],
});

it("usage tells what is used, and when a full rate lets the next through", async () => {
  const holders = [
    holder(5, 5),
    { ...holder(2, null), team: { id: "t", name: "Crew" }, tier: "enterprise", history: [] },
  ];
  fakeApi({ "GET /api/usage": () => Response.json({ holders }) });
  show(<UsageSection />);
  const own = (await screen.findByRole("heading", { name: /Your own projects/ })).parentElement;
  expect(own).toHaveTextContent("Analyses an hour5 of 5");
  expect(own).toHaveTextContent(/The next is possible (at|on \w+day at) \d\d:\d\d\./);
  expect(own).toHaveTextContent("Hosted servers1 of 3");
  expect(own).toHaveTextContent("5 jobs in 30 days, 1 without success · 4 s of work");
  const crew = screen.getByRole("heading", { name: /Crew/ }).parentElement;
  expect(crew).toHaveTextContent("CrewEnterprise");
  expect(crew).toHaveTextContent("Analyses an hour2 · no limit");
  expect(crew).toHaveTextContent("Nothing in the last 30 days.");
  expect(crew).not.toHaveTextContent("The next is possible");
});

it("usage that cannot be had is a problem with a way out", async () => {
  fakeApi({ "GET /api/usage": () => refusal(503, "limits_unavailable", "Not now") });
  show(<UsageSection />);
  expect(await screen.findByRole("alert")).toHaveTextContent("limits_unavailable");
  expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
});
