import type { UseQueryResult } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { ProblemNotice } from "@/components/problem-notice";
import { toProblem } from "@/lib/problem";

interface QueryViewProps<Data> {
  query: UseQueryResult<Data>;
  /** What is loaded, for the waiting line: `tools`. */
  what: string;
  children: (data: Data) => ReactNode;
}

/** The three states of a query: waiting, failed (with a way out), there. */
export function QueryView<Data>({ query, what, children }: QueryViewProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <ProblemNotice
        problem={{ ...toProblem(query.error), recoverable: true }}
        onRetry={() => query.refetch()}
      />
    );
  }
  return (
    <p role="status" className="flex items-center gap-2 py-6 text-ink-soft">
      <LoaderCircle className="size-4 animate-spin" aria-hidden />
      Loading {what}…
    </p>
  );
}
