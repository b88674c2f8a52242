import type { ReactNode } from "react";
import type { Account, SubscriptionSummary } from "@/api/types";
import { Badge } from "@/components/badge";
import { standingOf, whatComes } from "../model/standing";

const TIERS: Record<Account["tier"], string> = {
  free: "Free",
  pro: "Pro",
  team: "Team",
  enterprise: "Enterprise",
};

interface PlanRowProps {
  /** Whose plan it is. */
  name: string;
  tier: Account["tier"];
  subscription: SubscriptionSummary | null | undefined;
  seats?: string;
  /** What can be done about it. */
  children: ReactNode;
}

/** One plan: what it is, how it stands, what comes. */
export function PlanRow({ name, tier, subscription, seats, children }: PlanRowProps) {
  const standing = subscription && standingOf(subscription);
  const comes = subscription && whatComes(subscription);
  return (
    <li className="space-y-3 py-4 first:pt-0 last:pb-0">
      <div className="space-y-1">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 font-medium break-words">{name}</span>
          <span className="text-ink-soft">{TIERS[tier]}</span>
          {standing && <Badge tone={standing.tone}>{standing.label}</Badge>}
        </p>
        {(seats || comes) && (
          <p className="text-sm text-ink-soft">{[seats, comes].filter(Boolean).join(" · ")}</p>
        )}
        {standing?.hint && <p className="text-sm text-warn">{standing.hint}</p>}
      </div>
      {children}
    </li>
  );
}
