import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { Diagnostic } from "@/api/types";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";

const LOOKS = {
  error: { Icon: CircleAlert, tone: "text-bad", name: "Error" },
  warning: { Icon: TriangleAlert, tone: "text-warn", name: "Warning" },
  info: { Icon: Info, tone: "text-info", name: "Note" },
} as const;

const ORDER = { error: 0, warning: 1, info: 2 } as const;
const PAGE = 100;

/** What the engine had to say about the description, the worst first. */
export function DiagnosticList({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  const [limit, setLimit] = useState(PAGE);
  if (diagnostics.length === 0) {
    return (
      <EmptyState title="Nothing to report">
        The description was read completely and without doubt.
      </EmptyState>
    );
  }
  const sorted = diagnostics.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  return (
    <div className="space-y-3">
      <ul data-testid="diagnostics" className="panel divide-y divide-line">
        {sorted.slice(0, limit).map((diagnostic, index) => {
          const { Icon, tone, name } = LOOKS[diagnostic.severity];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same finding may occur twice.
            <li key={index} className="flex gap-3 px-4 py-3">
              <Icon className={`mt-0.5 size-4.5 shrink-0 ${tone}`} role="img" aria-label={name} />
              <div className="min-w-0 space-y-0.5">
                <p className="break-words">{diagnostic.message}</p>
                <p className="text-sm break-words text-ink-soft">{diagnostic.help}</p>
                <p className="font-mono text-xs break-all text-ink-soft">
                  {diagnostic.code} · {diagnostic.pointer || "the whole document"}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
      {sorted.length > limit && (
        <Button size="small" onClick={() => setLimit(limit + 2 * PAGE)}>
          Show more ({(sorted.length - limit).toLocaleString("en")} left)
        </Button>
      )}
    </div>
  );
}
