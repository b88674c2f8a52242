import { useQuery } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import type { Tier, TierAllowances } from "@/api/types";
import { Badge } from "@/components/badge";
import { QueryView } from "@/components/query-view";
import { cn } from "@/lib/format";
import { tiersQuery } from "../api/limits";
import { type Line, linesOf, tierName } from "../model/limits";

const FOR_WHOM: Readonly<Record<Tier, string>> = {
  free: "To try it on an API of yours.",
  pro: "For one person who builds servers every day.",
  team: "For people who build servers together.",
  enterprise: "For companies that do not want to count.",
};

interface TierCardsProps {
  /** The tier of who looks, where that is known. */
  current: Tier | null;
  /** What leads on from a card. */
  renderAction: (tier: Tier) => ReactNode;
}

/** What each tier has, from the table that the studio enforces. */
export function TierCards({ current, renderAction }: TierCardsProps) {
  const query = useQuery(tiersQuery);
  return (
    <QueryView query={query} what="tiers">
      {(tiers) => (
        <>
          <ul aria-label="Tiers" className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
            {tiers.map((tier) => (
              <TierCard key={tier.tier} tier={tier} isCurrent={tier.tier === current}>
                {renderAction(tier.tier)}
              </TierCard>
            ))}
          </ul>
          <p className="max-w-2xl text-sm text-ink-soft">
            Hours and days are windows that slide: each use is free again exactly one window later.
            What is refused before it starts costs nothing. Figures with a{" "}
            <span aria-hidden>°</span>
            <span className="sr-only">degree sign</span> are defaults and may change.
          </p>
        </>
      )}
    </QueryView>
  );
}

interface TierCardProps {
  tier: TierAllowances;
  isCurrent: boolean;
  children: ReactNode;
}

function TierCard({ tier, isCurrent, children }: TierCardProps) {
  const title = `tier-${tier.tier}`;
  return (
    <li
      aria-labelledby={title}
      data-testid={title}
      className={cn("panel flex flex-col gap-4 p-5", isCurrent && "outline-2 outline-accent")}
    >
      <div className="space-y-1">
        <div className="flex items-center justify-between gap-2">
          <h2 id={title} className="text-lg font-semibold">
            {tierName(tier.tier)}
          </h2>
          {isCurrent && <Badge tone="accent">Your tier</Badge>}
        </div>
        <p className="text-sm text-ink-soft sm:min-h-10.5">{FOR_WHOM[tier.tier]}</p>
      </div>
      <ul className="flex-1 space-y-2">
        {linesOf(tier).map((line) => (
          <TierLine key={line.id} line={line} />
        ))}
      </ul>
      {children && <div>{children}</div>}
    </li>
  );
}

function TierLine({ line: { amount, text, included, isDefault } }: { line: Line }) {
  return (
    <li className={cn("flex items-start gap-2.5", !included && "text-ink-soft")}>
      {included ? (
        <Check className="mt-1 size-4 shrink-0 text-good" aria-hidden />
      ) : (
        <Minus className="mt-1 size-4 shrink-0" aria-hidden />
      )}
      <span>
        {!included && <span className="sr-only">Not included: </span>}
        {amount && <strong className="font-semibold">{amount}</strong>} {text}
        {isDefault && (
          <>
            <span aria-hidden className="text-ink-soft">
              {" "}
              °
            </span>
            <span className="sr-only"> (default)</span>
          </>
        )}
      </span>
    </li>
  );
}
