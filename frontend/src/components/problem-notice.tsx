import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import type { Problem } from "@/lib/problem";

interface ProblemNoticeProps {
  problem: Problem;
  /** Shown as a button where the problem is recoverable. */
  onRetry?: (() => void) | undefined;
  /** More ways out. */
  children?: ReactNode;
}

/** What went wrong, where, and what to do: the one way in which errors are shown. */
export function ProblemNotice({ problem, onRetry, children }: ProblemNoticeProps) {
  const place = placeOf(problem);
  return (
    <div
      role="alert"
      data-testid="problem"
      data-code={problem.code}
      className="flex gap-3 rounded-xl border border-bad/40 bg-bad-wash p-4"
    >
      <CircleAlert className="mt-0.5 size-5 shrink-0 text-bad" aria-hidden />
      <div className="min-w-0 flex-1 space-y-1.5">
        <p className="font-semibold break-words">{problem.message}</p>
        {problem.remedy && <p className="break-words">{problem.remedy}</p>}
        <p className="flex flex-wrap gap-x-4 gap-y-1 font-mono text-xs break-all text-ink-soft">
          <span>{problem.code}</span>
          {place && <span data-testid="problem-place">{place}</span>}
          {problem.requestId && <span>request {problem.requestId}</span>}
        </p>
        {(children || (onRetry && problem.recoverable)) && (
          <div className="flex flex-wrap gap-2 pt-1.5">
            {onRetry && problem.recoverable && (
              <Button size="small" onClick={onRetry}>
                Try again
              </Button>
            )}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}

function placeOf({ line, column, pointer }: Problem): string {
  const parts: string[] = [];
  if (line !== null) parts.push(`line ${line}${column === null ? "" : `, column ${column}`}`);
  if (pointer) parts.push(`at ${pointer}`);
  // The empty pointer is the document itself: worth a word only where nothing is nearer.
  if (pointer === "" && parts.length === 0) parts.push("the whole document");
  return parts.join(", ");
}
