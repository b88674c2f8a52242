import { Link } from "@tanstack/react-router";
import { Square, WifiOff } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import type { Access, DeployResult } from "@/api/types";
import { Button, buttonLook } from "@/components/button";
import { FileViewer } from "@/components/file-viewer";
import { ProblemNotice } from "@/components/problem-notice";
import { ScrollRegion } from "@/components/scroll-region";
import { countOf } from "@/lib/format";
import { isOfTier } from "@/lib/problem";
import { configurationOf } from "../model/configuration";
import type { RunState } from "../model/run-state";
import { useRun } from "../run-context";
import { ConfigureForm } from "./configure-form";
import { FoundTools } from "./found-tools";
import { announcement, StepRail } from "./step-rail";

interface RunViewProps {
  /** The project has a server already; its access is the form's first choice. */
  stored: { readonly access: Access } | null;
  onStartOver: () => void;
  /** The end of the run: the server's card. */
  renderLive: (projectId: string, live: DeployResult) => ReactNode;
}

/** A run from its first event to the live server. */
export function RunView({ stored, onStartOver, renderLive }: RunViewProps) {
  const { state, driver } = useRun();
  const { phase, live, projectId } = state;
  return (
    <div data-testid="run" data-phase={phase} className="space-y-5">
      <RunHeader state={state} onStop={() => driver.stop()} onStartOver={onStartOver} />
      <div className="panel p-4 sm:p-5">
        <StepRail state={state} />
        {state.connection === "reconnecting" && (
          <p className="mt-2 flex items-center gap-2 text-sm text-warn">
            <WifiOff className="size-4" aria-hidden />
            The connection was cut. Reconnecting; nothing is lost.
          </p>
        )}
      </div>
      <p className="sr-only" role="status" aria-live="polite">
        {announcement(state)}
      </p>

      {state.problem && (
        <ProblemNotice
          problem={state.problem}
          onRetry={driver.canRetry() ? () => driver.retry() : undefined}
        >
          {isOfTier(state.problem) && (
            <Link to="/pricing" className={buttonLook({ size: "small" })}>
              What each tier has
            </Link>
          )}
          {state.step === "deploy" && state.analysis && (
            <Button size="small" data-testid="reconfigure" onClick={() => driver.reconfigure()}>
              Change the answers
            </Button>
          )}
        </ProblemNotice>
      )}
      {phase === "stopped" && (
        <p className="text-ink-soft">
          Stopped. This step is ended on the server too, and no further one starts.
        </p>
      )}
      {phase === "configuring" && (
        <ConfigureForm
          // A form that is open when the stored values arrive starts with them.
          key={stored ? "stored" : "new"}
          configuration={configurationOf(state.analysis, state.step)}
          projectId={projectId}
          redeploy={stored !== null}
          initialAccess={stored?.access ?? "token"}
          onDone={(config, mode) => driver.configure(config, mode)}
        />
      )}
      {phase === "live" && live && projectId && renderLive(projectId, live)}
      {phase !== "live" && <RunOutput state={state} />}
    </div>
  );
}

function RunHeader({
  state,
  onStop,
  onStartOver,
}: {
  state: RunState;
  onStop: () => void;
  onStartOver: () => void;
}) {
  const { driver } = useRun();
  const name = state.analysis?.service ?? state.title;
  const heading = useRef<HTMLHeadingElement>(null);
  // What was pressed to get here is gone: the keyboard goes on from the heading.
  useEffect(() => heading.current?.focus(), []);
  return (
    <header className="flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0">
        <h1
          ref={heading}
          tabIndex={-1}
          className="text-2xl font-semibold tracking-tight break-words outline-none"
        >
          {name}
        </h1>
        {state.analysis && (
          <p className="text-ink-soft">
            Version {state.analysis.version} · {countOf(state.analysis.enabledToolCount, "tool")} of{" "}
            {countOf(state.analysis.toolCount, "operation")}
          </p>
        )}
      </div>
      <div className="flex gap-2">
        {state.phase === "running" && (
          <Button
            data-testid="stop"
            onClick={onStop}
            icon={<Square className="size-3.5" aria-hidden />}
          >
            Stop
          </Button>
        )}
        {state.phase === "stopped" && driver.canRetry() && (
          <Button variant="primary" data-testid="continue" onClick={() => driver.retry()}>
            Try again
          </Button>
        )}
        {state.phase !== "running" && (
          <Button data-testid="start-over" onClick={onStartOver}>
            {state.phase === "live" ? "Create another" : "Start over"}
          </Button>
        )}
      </div>
    </header>
  );
}

function RunOutput({ state }: { state: RunState }) {
  return (
    <>
      {state.logs.length > 0 && <DeployLog lines={state.logs} />}
      {state.files.length > 0 && (
        <section aria-labelledby="files-title" className="space-y-2">
          <h2 id="files-title" className="text-sm font-semibold">
            {countOf(state.files.length, "file")} written
          </h2>
          <FileViewer files={state.files} />
        </section>
      )}
      {state.tools.length > 0 && <FoundTools tools={state.tools} />}
    </>
  );
}

function DeployLog({ lines }: { lines: readonly string[] }) {
  const end = useRef<HTMLLIElement>(null);
  const count = lines.length;
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView?.({ block: "nearest" });
  }, [count]);
  return (
    <section aria-label="Deployment log" className="panel overflow-hidden">
      <h2 className="border-b border-line px-4 py-2.5 text-sm font-semibold">Deployment log</h2>
      <ScrollRegion label="Log lines" className="max-h-48">
        <ol data-testid="deploy-log" className="px-4 py-2 font-mono text-xs">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines only grow, and may repeat.
            <li key={index} ref={index === count - 1 ? end : null} className="py-0.5 break-words">
              {line}
            </li>
          ))}
        </ol>
      </ScrollRegion>
    </section>
  );
}
