import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { versionsQuery } from "@/api/list-versions";
import type { Deployment } from "@/api/types";
import { EmptyState } from "@/components/empty-state";
import { QueryView } from "@/components/query-view";
import { Segmented } from "@/components/segmented";
import { LiveTail } from "./live-tail";
import { MetricsView } from "./metrics-view";

type Window = "1" | "24" | "168" | "720";

const WINDOWS: readonly { value: Window; label: string }[] = [
  { value: "1", label: "Hour" },
  { value: "24", label: "Day" },
  { value: "168", label: "Week" },
  { value: "720", label: "30 days" },
];

/** What the versions of a project's server are asked, one version at a time. */
export function ActivityPanel({ projectId }: { projectId: string }) {
  const query = useQuery(versionsQuery(projectId));
  return (
    <QueryView query={query} what="versions">
      {(versions) => {
        const served = versions.filter(({ status }) => status === "live" || status === "stopped");
        return served.length > 0 ? (
          <VersionActivity versions={served} />
        ) : (
          <EmptyState title="No server yet">
            Calls are shown here once a version of the server is live.
          </EmptyState>
        );
      }}
    </QueryView>
  );
}

/** @param versions Newest first, one at least. */
function VersionActivity({ versions }: { versions: readonly Deployment[] }) {
  const [chosen, setChosen] = useState("");
  const [hours, setHours] = useState<Window>("24");
  const live = versions.find(({ status }) => status === "live");
  const version = versions.find(({ id }) => id === chosen) ?? live ?? versions[0];
  if (!version) return null;
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center gap-3">
        <select
          aria-label="Version"
          className="field w-auto max-w-44"
          value={version.id}
          onChange={(event) => setChosen(event.target.value)}
        >
          {versions.map(({ id, version: number, status }) => (
            <option key={id} value={id}>
              Version {number}
              {status === "live" && " (live)"}
            </option>
          ))}
        </select>
        <Segmented label="Time" value={hours} options={WINDOWS} onChange={setHours} />
      </div>
      <MetricsView deploymentId={version.id} hours={Number(hours)} />
      <LiveTail key={version.id} deploymentId={version.id} />
    </div>
  );
}
