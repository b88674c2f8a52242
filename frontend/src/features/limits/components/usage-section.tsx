import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ActionUsage, HolderUsage } from "@/api/types";
import { Badge } from "@/components/badge";
import { QueryView } from "@/components/query-view";
import { cn } from "@/lib/format";
import { clockTime } from "@/lib/problem";
import { usageQuery } from "../api/limits";
import { actionsTitle, fill, fullUntil, tierName, usedText, windowText } from "../model/limits";
import { UsageHistory } from "./usage-history";

/** What is used of one's own tier, and of each team's; `children` leads on. */
export function UsageSection({ children }: { children?: ReactNode }) {
  const query = useQuery(usageQuery);
  return (
    <section aria-labelledby="usage" className="panel max-w-2xl space-y-5 p-5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="usage" className="text-lg font-semibold">
          Usage
        </h2>
        {children}
      </div>
      <QueryView query={query} what="usage">
        {(holders) => (
          <div className="space-y-6 divide-y divide-line *:not-last:pb-6">
            {holders.map((holder) => (
              <Holder key={holder.team?.id ?? ""} holder={holder} />
            ))}
          </div>
        )}
      </QueryView>
    </section>
  );
}

function Holder({ holder }: { holder: HolderUsage }) {
  const { team, tier, actions, history } = holder;
  const { used, limit = null } = holder.servers;
  const name = team?.name ?? "Your own projects";
  return (
    <div className="space-y-4">
      <h3 className="flex flex-wrap items-center gap-2 font-semibold">
        <span className="min-w-0 break-words">{name}</span>
        <Badge tone="accent">{tierName(tier)}</Badge>
      </h3>
      <ul className="space-y-3.5">
        {actions.map((action) => (
          <Action key={action.action} action={action} />
        ))}
        <Meter
          label="Hosted servers"
          used={used}
          limit={limit}
          note={
            limit !== null && used >= limit ? "Delete a project that is hosted to make room." : null
          }
        />
      </ul>
      <UsageHistory history={history} label={`History of ${team ? name : "your own projects"}`} />
    </div>
  );
}

function Action({ action }: { action: ActionUsage }) {
  const again = fullUntil(action);
  return (
    <Meter
      label={`${actionsTitle(action.action)} ${windowText(action.windowSeconds)}`}
      used={action.used}
      limit={action.limit ?? null}
      note={again && `The next is possible ${clockTime(again)}.`}
    />
  );
}

interface MeterProps {
  label: string;
  used: number;
  limit: number | null;
  /** What there is to say of a bar that is full. */
  note: string | null;
}

function Meter({ label, used, limit, note }: MeterProps) {
  const share = fill(used, limit);
  return (
    <li className="space-y-1">
      <div className="flex items-baseline justify-between gap-3 text-sm">
        <span>{label}</span>
        <span className="text-ink-soft tabular-nums">
          {limit === null ? `${usedText(used, null)} · no limit` : usedText(used, limit)}
        </span>
      </div>
      {share !== null && (
        <div
          // The text above says it in numbers.
          aria-hidden
          className="h-2 overflow-hidden rounded-full bg-raised"
        >
          <div
            className={cn("h-full rounded-full", share >= 1 ? "bg-bad" : "bg-accent")}
            style={{ width: `${share * 100}%` }}
          />
        </div>
      )}
      {note && <p className="text-sm text-bad">{note}</p>}
    </li>
  );
}
