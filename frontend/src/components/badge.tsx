import type { ReactNode } from "react";
import { cn } from "@/lib/format";

const TONES = {
  neutral: "bg-raised text-ink-soft",
  accent: "bg-accent-wash text-accent",
  good: "bg-good-wash text-good",
  warn: "bg-warn-wash text-warn",
  bad: "bg-bad-wash text-bad",
  info: "bg-info-wash text-info",
} as const;

export type Tone = keyof typeof TONES;

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cn(
        "inline-flex shrink-0 items-center gap-1 rounded-md px-1.5 py-0.5 text-xs font-medium",
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

const METHOD_TONES: Readonly<Record<string, Tone>> = {
  GET: "info",
  HEAD: "info",
  POST: "good",
  PUT: "warn",
  PATCH: "warn",
  DELETE: "bad",
};

/** An HTTP method, as wide as the longest common one so that lists line up. */
export function MethodBadge({ method }: { method: string }) {
  return (
    <span
      className={cn(
        "inline-block w-14 shrink-0 rounded-md py-0.5 text-center font-mono text-[0.6875rem] font-semibold",
        TONES[METHOD_TONES[method] ?? "neutral"],
      )}
    >
      {method}
    </span>
  );
}
