import { Pause, Play } from "lucide-react";
import { useState } from "react";
import type { CallOutcome, LoggedCall } from "@/api/types";
import { Badge, type Tone } from "@/components/badge";
import { Button } from "@/components/button";
import { ProblemNotice } from "@/components/problem-notice";
import { ScrollRegion } from "@/components/scroll-region";
import { formatBytes } from "@/lib/format";
import { useLiveCalls } from "../api/use-live-calls";
import { duration } from "./metrics-view";

const OUTCOMES: Readonly<Record<CallOutcome, { label: string; tone: Tone }>> = {
  ok: { label: "ok", tone: "good" },
  toolError: { label: "tool error", tone: "bad" },
  protocolError: { label: "protocol error", tone: "bad" },
  httpError: { label: "HTTP error", tone: "bad" },
  failed: { label: "failed", tone: "bad" },
  cancelled: { label: "cancelled", tone: "neutral" },
};

/** The latest calls of a version as they come in, newest first. */
export function LiveTail({ deploymentId }: { deploymentId: string }) {
  const [paused, setPaused] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const { calls, state, problem } = useLiveCalls(deploymentId, paused, attempt);
  const standing = { connecting: "Connecting…", live: "Live", cut: "Not connected" }[state];
  return (
    <section aria-label="Latest calls" className="space-y-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-lg font-semibold">Latest calls</h2>
        <p role="status" data-testid="tail-state" className="text-sm text-ink-soft">
          {paused ? "Paused" : standing}
        </p>
        <Button
          size="small"
          className="ml-auto"
          onClick={() => setPaused(!paused)}
          icon={
            paused ? (
              <Play className="size-4" aria-hidden />
            ) : (
              <Pause className="size-4" aria-hidden />
            )
          }
        >
          {paused ? "Resume" : "Pause"}
        </Button>
      </div>
      {problem && !paused && (
        <ProblemNotice
          problem={{ ...problem, recoverable: true }}
          onRetry={() => setAttempt(attempt + 1)}
        />
      )}
      {calls.length === 0 ? (
        <p className="text-ink-soft">
          {state === "live"
            ? "No call has come in yet. The next one appears here within a second."
            : "No calls to show."}
        </p>
      ) : (
        <ScrollRegion label="List of calls" className="panel max-h-96">
          <ol aria-label="Calls" data-testid="calls" className="divide-y divide-line">
            {calls.map((call) => (
              <Call key={call.id} call={call} />
            ))}
          </ol>
        </ScrollRegion>
      )}
    </section>
  );
}

function Call({ call }: { call: LoggedCall }) {
  const { label, tone } = OUTCOMES[call.outcome];
  return (
    <li className="space-y-1 px-3 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <time dateTime={call.at} title={call.at} className="text-ink-soft tabular-nums">
          {new Date(call.at).toLocaleTimeString()}
        </time>
        <span className="min-w-0 font-mono text-[0.8125rem] break-all">
          {call.tool ?? call.method}
        </span>
        <Badge tone={tone}>{label}</Badge>
        <span className="ml-auto text-ink-soft tabular-nums">
          {duration(call.durationMs)} · {formatBytes(call.bytesOut)}
        </span>
      </div>
      {call.error && <p className="break-words text-ink-soft">{call.error}</p>}
    </li>
  );
}
