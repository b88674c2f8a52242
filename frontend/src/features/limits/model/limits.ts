import type { ActionUsage, LimitedAction, Tier, TierAllowances, UsageDay } from "@/api/types";

const TIER_NAMES: Readonly<Record<Tier, string>> = {
  free: "Free",
  pro: "Pro",
  team: "Team",
  enterprise: "Enterprise",
};

export const tierName = (tier: Tier): string => TIER_NAMES[tier];

/** From least to most. */
const ORDER: readonly Tier[] = ["free", "pro", "team", "enterprise"];

export const isAbove = (tier: Tier, other: Tier): boolean =>
  ORDER.indexOf(tier) > ORDER.indexOf(other);

const ACTIONS: Readonly<Record<LimitedAction, { one: string; many: string }>> = {
  analyze: { one: "analysis", many: "analyses" },
  generate: { one: "generation", many: "generations" },
  deploy: { one: "deployment", many: "deployments" },
};

/** `Analyses`. */
export function actionsTitle(action: LimitedAction): string {
  const { many } = ACTIONS[action];
  return many.charAt(0).toUpperCase() + many.slice(1);
}

/** `an hour`, `a day`, `in 90 seconds`. */
export function windowText(seconds: number): string {
  if (seconds === 3_600) return "an hour";
  if (seconds === 86_400) return "a day";
  return `in ${seconds.toLocaleString("en")} seconds`;
}

/** What stands on one line of a tier's list. */
export interface Line {
  readonly id: string;
  /** `50`, `Unlimited`; empty where the text says it all. */
  readonly amount: string;
  readonly text: string;
  readonly included: boolean;
  /** A default of the studio, which may change; the others are promised. */
  readonly isDefault: boolean;
}

/** The lines of a tier, in the same order for every tier. */
export function linesOf(tier: TierAllowances): Line[] {
  const line = (
    id: string,
    limit: number | null | undefined,
    one: string,
    many: string,
    source: string,
  ) => ({
    id,
    amount: limit?.toLocaleString("en") ?? "Unlimited",
    text: limit === 1 ? one : many,
    included: true,
    isDefault: source === "default",
  });
  return [
    ...tier.rates.map(({ action, limit, windowSeconds, source }) => {
      const { one, many } = ACTIONS[action];
      const each = typeof limit !== "number" ? "" : ` ${windowText(windowSeconds)}`;
      return line(action, limit, `${one}${each}`, `${many}${each}`, source);
    }),
    line("servers", tier.servers.limit, "hosted server", "hosted servers", tier.servers.source),
    line("seats", tier.seats.limit, "seat", "seats", tier.seats.source),
    {
      id: "collaboration",
      amount: "",
      text: "Projects shared in a team",
      included: tier.collaboration.included,
      isDefault: tier.collaboration.source === "default",
    },
  ];
}

/** How full a bar is, 0 to 1; `null` without a limit. */
export function fill(used: number, limit: number | null): number | null {
  if (limit === null) return null;
  return limit === 0 ? 1 : Math.min(1, used / limit);
}

/** `2 of 5`, `12 of 5`, `7`. */
export function usedText(used: number, limit: number | null): string {
  const text = used.toLocaleString("en");
  return limit === null ? text : `${text} of ${limit.toLocaleString("en")}`;
}

/** When something is possible again, where nothing is now. */
export function fullUntil({ used, limit, resetAt }: ActionUsage): string | null {
  return typeof limit === "number" && used >= limit ? (resetAt ?? null) : null;
}

/** All of a holder's jobs of one day. */
export interface DayTotal {
  /** `2026-11-24`. */
  readonly day: string;
  readonly count: number;
  readonly unsuccessful: number;
  readonly tokens: number | null;
  readonly durationMs: number;
}

/** One for each of the last `days` days, oldest first; days without any are zero. */
export function totalsByDay(history: readonly UsageDay[], today: string, days: number): DayTotal[] {
  const midnight = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(midnight - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    const rows = history.filter((row) => row.day === day);
    const sum = (of: (row: UsageDay) => number) => rows.reduce((all, row) => all + of(row), 0);
    const asked = rows.filter(({ tokens }) => typeof tokens === "number");
    return {
      day,
      count: sum(({ count }) => count),
      unsuccessful: sum(({ unsuccessful }) => unsuccessful),
      tokens: asked.length === 0 ? null : sum(({ tokens }) => tokens ?? 0),
      durationMs: sum(({ durationMs }) => durationMs),
    };
  });
}

/** `850 ms`, `12 s`, `3 min`, `2.5 h`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Number((ms / 3_600_000).toFixed(1)).toLocaleString("en")} h`;
}
