import { Check, LoaderCircle, Pause, Square, X } from "lucide-react";
import { cn } from "@/lib/format";
import { type RunState, STEPS, type Step, type StepProgress } from "../model/run-state";

const NAMES: Readonly<Record<Step, string>> = {
  analyze: "Analyse",
  generate: "Generate",
  deploy: "Deploy",
};

/** The three steps side by side, joined by a track that fills. */
export function StepRail({ state }: { state: RunState }) {
  return (
    <ol className="grid grid-cols-3" aria-label="Steps">
      {STEPS.map((step) => {
        const progress = state.steps[step];
        const waits = state.phase === "configuring" && state.step === step;
        return (
          <li
            key={step}
            data-testid={`step-${step}`}
            data-status={waits ? "paused" : progress.status}
            aria-current={state.step === step && state.phase !== "live" ? "step" : undefined}
            className="min-w-0 pr-1.5 last:pr-0 sm:pr-2"
          >
            <div className="flex items-center gap-1.5 sm:gap-2">
              <StepMark progress={progress} paused={waits} />
              <span
                className={cn(
                  "truncate text-[0.8125rem] font-semibold sm:text-sm",
                  progress.status === "waiting" && !waits && "text-ink-soft",
                )}
              >
                {NAMES[step]}
              </span>
              {progress.status === "active" && (
                <span className="ml-auto hidden font-mono text-xs text-ink-soft sm:inline">
                  {Math.round(progress.percent)}%
                </span>
              )}
            </div>
            <div
              role="progressbar"
              aria-label={NAMES[step]}
              aria-valuenow={Math.round(progress.percent)}
              aria-valuemin={0}
              aria-valuemax={100}
              className={cn(
                "mt-2.5 h-1.5 overflow-hidden rounded-full bg-line",
                progress.status === "active" && "track-active",
              )}
            >
              <div
                className={cn(
                  "h-full rounded-full transition-[width] duration-300",
                  progress.status === "failed" ? "bg-bad" : "bg-accent",
                )}
                style={{ width: `${progress.percent}%` }}
              />
            </div>
            <p className="mt-1.5 hidden h-5 truncate text-xs text-ink-soft sm:block">
              {waits ? "Waiting for your answers" : detailOf(progress)}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function StepMark({ progress, paused }: { progress: StepProgress; paused: boolean }) {
  const look = "grid size-5 shrink-0 sm:size-6 place-items-center rounded-full";
  if (paused) {
    return (
      <span className={cn(look, "bg-warn-wash text-warn")}>
        <Pause className="size-3.5" aria-hidden />
      </span>
    );
  }
  switch (progress.status) {
    case "done":
      return (
        <span className={cn(look, "bg-accent text-on-accent")}>
          <Check className="size-3.5" strokeWidth={3} aria-hidden />
        </span>
      );
    case "active":
      return (
        <span className={cn(look, "bg-accent-wash text-accent")}>
          <LoaderCircle className="size-4 animate-spin" aria-hidden />
        </span>
      );
    case "failed":
      return (
        <span className={cn(look, "bg-bad-wash text-bad")}>
          <X className="size-3.5" strokeWidth={3} aria-hidden />
        </span>
      );
    case "stopped":
      return (
        <span className={cn(look, "bg-raised text-ink-soft")}>
          <Square className="size-3" aria-hidden />
        </span>
      );
    case "waiting":
      return <span className={cn(look, "border-2 border-line")} />;
  }
}

function detailOf(progress: StepProgress): string {
  switch (progress.status) {
    case "done":
      return "Done";
    case "failed":
      return "Failed";
    case "stopped":
      return "Stopped";
    default:
      return progress.detail;
  }
}

/** One sentence for screen readers; changes with steps and every quarter, not with each event. */
export function announcement(state: RunState): string {
  const place = `Step ${STEPS.indexOf(state.step) + 1} of 3, ${NAMES[state.step]}`;
  switch (state.phase) {
    case "idle":
      return "";
    case "running": {
      if (state.connection === "reconnecting") return `${place}: reconnecting.`;
      const quarter = Math.floor(state.steps[state.step].percent / 25) * 25;
      return `${place}: ${quarter} percent.`;
    }
    case "configuring":
      return "The server needs some answers before it can be deployed.";
    case "live":
      return "The server is live.";
    case "failed":
      return `${place}: failed.`;
    case "stopped":
      return `${place}: stopped.`;
  }
}
