import { useState } from "react";
import type { ToolSummary } from "@/api/types";
import { Badge, MethodBadge } from "@/components/badge";
import { Button } from "@/components/button";
import { ScrollRegion } from "@/components/scroll-region";
import { countOf } from "@/lib/format";

/** Rows that are shown at first and added at each request: 1,000 tools stay cheap. */
const PAGE = 50;

/** The tools as they are found. */
export function FoundTools({ tools }: { tools: readonly ToolSummary[] }) {
  const [limit, setLimit] = useState(PAGE);
  const rest = tools.length - limit;
  return (
    <section data-testid="found-tools" data-count={tools.length} className="panel overflow-hidden">
      <h2 className="border-b border-line px-4 py-2.5 text-sm font-semibold">
        {countOf(tools.length, "tool")} found
      </h2>
      <ScrollRegion label="Tools" className="max-h-80">
        <ul className="py-1">
          {tools.slice(0, limit).map((tool) => (
            <li key={tool.name} className="flex items-center gap-3 px-4 py-1.5">
              <MethodBadge method={tool.method} />
              <div className="min-w-0 flex-1">
                <p className="truncate font-mono text-[0.8125rem]">{tool.name}</p>
                <p className="truncate text-xs text-ink-soft">{tool.title}</p>
              </div>
              {!tool.enabled && <Badge>off</Badge>}
            </li>
          ))}
          {rest > 0 && (
            <li className="px-4 py-2">
              <Button size="small" onClick={() => setLimit(limit + 4 * PAGE)}>
                Show more ({rest.toLocaleString("en")} left)
              </Button>
            </li>
          )}
        </ul>
      </ScrollRegion>
    </section>
  );
}
