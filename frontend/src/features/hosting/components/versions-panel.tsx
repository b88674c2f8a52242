import { useQuery } from "@tanstack/react-query";
import { Play, Square } from "lucide-react";
import { toast } from "sonner";
import { versionsQuery } from "@/api/list-versions";
import type { Deployment } from "@/api/types";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { EmptyState } from "@/components/empty-state";
import { ProblemNotice } from "@/components/problem-notice";
import { QueryView } from "@/components/query-view";
import { toProblem } from "@/lib/problem";
import { type Switch, useSwitch } from "../api/switch-version";
import { VersionItem } from "./version-item";

const DONE: Readonly<Record<Switch["kind"], string>> = {
  activate: "The version is live.",
  start: "The server is live again.",
  stop: "The server is stopped.",
};

interface VersionsPanelProps {
  projectId: string;
  /** Address of the live server, as it is now. */
  endpoint: string | null;
  /** Whether versions may only be looked at. */
  readOnly?: boolean;
}

/** Every version of the project's server: which one is live, and the way to another. */
export function VersionsPanel({ projectId, endpoint, readOnly = false }: VersionsPanelProps) {
  const query = useQuery(versionsQuery(projectId));
  return (
    <QueryView query={query} what="versions">
      {(versions) =>
        versions.length === 0 ? (
          <EmptyState title="Not deployed yet">
            Deploy to get an address that MCP clients can use. Every deployment is a version that
            you can come back to.
          </EmptyState>
        ) : (
          <Versions
            projectId={projectId}
            endpoint={endpoint}
            readOnly={readOnly}
            versions={versions}
          />
        )
      }
    </QueryView>
  );
}

function Versions({
  projectId,
  endpoint,
  readOnly = false,
  versions,
}: VersionsPanelProps & { versions: readonly Deployment[] }) {
  const change = useSwitch(projectId);
  const run = (action: Switch) =>
    change.mutate(action, { onSuccess: () => toast.success(DONE[action.kind]) });
  const running = change.isPending ? change.variables : null;
  return (
    <div className="space-y-4">
      <ServerState
        versions={versions}
        endpoint={endpoint}
        readOnly={readOnly}
        running={running}
        onSwitch={run}
      />
      {change.error && (
        <ProblemNotice problem={toProblem(change.error)} onRetry={() => run(change.variables)} />
      )}
      <ol aria-label="Versions" data-testid="versions" className="space-y-3">
        {versions.map((version, index) => (
          <li key={version.id}>
            <VersionItem
              version={version}
              open={index === 0 && version.status === "failed"}
              pending={running?.kind === "activate" && running.deploymentId === version.id}
              disabled={running !== null}
              readOnly={readOnly}
              onActivate={() => run({ kind: "activate", deploymentId: version.id })}
            />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface ServerStateProps {
  versions: readonly Deployment[];
  endpoint: string | null;
  readOnly: boolean;
  running: Switch | null;
  onSwitch: (action: Switch) => void;
}

/** What answers at the address, and the switch for it. */
function ServerState({ versions, endpoint, readOnly, running, onSwitch }: ServerStateProps) {
  const hosted = versions.filter(({ target }) => target === "mcpengine");
  const live = hosted.find(({ status }) => status === "live");
  const stopped = hosted.some(({ status }) => status === "stopped");
  if (!live && !stopped) return null;
  return (
    <section
      aria-label="Server"
      data-testid="server-state"
      className="panel flex flex-wrap items-center justify-between gap-x-4 gap-y-3 p-4"
    >
      <div className="min-w-0">
        <p className="font-semibold">
          {live ? `Version ${live.version} is live` : "The server is stopped"}
        </p>
        <p className="text-sm break-words text-ink-soft">
          {live
            ? (endpoint ?? live.endpoint)
            : "Its address stays yours. Callers get an error until you start it."}
        </p>
      </div>
      {readOnly ? null : live ? (
        <ConfirmDialog
          trigger={
            <Button
              pending={running?.kind === "stop"}
              disabled={running !== null}
              icon={<Square className="size-4" aria-hidden />}
            >
              Stop
            </Button>
          }
          title="Stop the server?"
          description="Callers get an error from the next request on. Versions, tokens and the address stay, and you can start it again at any time."
          confirm="Stop server"
          onConfirm={() => onSwitch({ kind: "stop" })}
        />
      ) : (
        <Button
          variant="primary"
          pending={running?.kind === "start"}
          disabled={running !== null}
          onClick={() => onSwitch({ kind: "start" })}
          icon={<Play className="size-4" aria-hidden />}
        >
          Start
        </Button>
      )}
    </section>
  );
}
