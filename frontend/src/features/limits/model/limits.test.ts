import { describe, expect, it } from "vitest";
import type { TierAllowances, UsageDay } from "@/api/types";
import { durationText, fill, fullUntil, isAbove, linesOf, totalsByDay, usedText } from "./limits";

const free: TierAllowances = {
  tier: "free",
  rates: [
    { action: "analyze", limit: 5, windowSeconds: 3_600, source: "brief" },
    { action: "deploy", limit: 1, windowSeconds: 86_400, source: "default" },
  ],
  servers: { limit: 3, source: "brief" },
  seats: { limit: 1, source: "default" },
  collaboration: { included: false, source: "brief" },
};

describe("lines of a tier", () => {
  const texts = (tier: TierAllowances) =>
    linesOf(tier).map(({ amount, text, included, isDefault }) =>
      [included ? "+" : "-", amount, text, isDefault ? "°" : ""].filter(Boolean).join(" "),
    );

  it("say amount, window, and what is a default", () => {
    expect(texts(free)).toEqual([
      "+ 5 analyses an hour",
      "+ 1 deployment a day °",
      "+ 3 hosted servers",
      "+ 1 seat °",
      "- Projects shared in a team",
    ]);
  });

  it("say so where there is no limit", () => {
    const all = {
      ...free,
      rates: free.rates.map((rate) => ({ ...rate, limit: null })),
      servers: { limit: null, source: "default" as const },
      seats: { limit: 1_000, source: "default" as const },
      collaboration: { included: true, source: "brief" as const },
    };
    expect(texts(all)).toEqual([
      "+ Unlimited analyses",
      "+ Unlimited deployments °",
      "+ Unlimited hosted servers °",
      "+ 1,000 seats °",
      "+ Projects shared in a team",
    ]);
  });
});

it("bars end where they are full", () => {
  expect([fill(0, 5), fill(1, 4), fill(9, 5), fill(0, 0), fill(7, null)]).toEqual([
    0,
    0.25,
    1,
    1,
    null,
  ]);
  expect([usedText(2, 5), usedText(1_234, null)]).toEqual(["2 of 5", "1,234"]);
  const at = { action: "analyze", windowSeconds: 3_600, resetAt: "then" } as const;
  expect(fullUntil({ ...at, used: 4, limit: 5 })).toBeNull();
  expect(fullUntil({ ...at, used: 6, limit: 5 })).toBe("then");
  expect(fullUntil({ ...at, used: 6, limit: null })).toBeNull();
});

it("tiers are in order", () => {
  expect([isAbove("pro", "free"), isAbove("pro", "pro"), isAbove("free", "team")]).toEqual([
    true,
    false,
    false,
  ]);
});

it("days are summed, and those without any are there", () => {
  const row = (day: string, count: number, tokens: number | null): UsageDay => ({
    day,
    action: "analyze",
    count,
    unsuccessful: 1,
    tokens,
    durationMs: 10,
  });
  const history = [
    row("2026-02-28", 2, null),
    row("2026-03-01", 3, 7),
    row("2026-03-01", 1, null),
    row("2026-01-01", 9, 9),
  ];
  expect(totalsByDay(history, "2026-03-02", 3)).toEqual([
    { day: "2026-02-28", count: 2, unsuccessful: 1, tokens: null, durationMs: 10 },
    { day: "2026-03-01", count: 4, unsuccessful: 2, tokens: 7, durationMs: 20 },
    { day: "2026-03-02", count: 0, unsuccessful: 0, tokens: null, durationMs: 0 },
  ]);
});

it("durations are told in one unit", () => {
  expect([850, 12_300, 185_000, 9_000_000].map(durationText)).toEqual([
    "850 ms",
    "12 s",
    "3 min",
    "2.5 h",
  ]);
});
