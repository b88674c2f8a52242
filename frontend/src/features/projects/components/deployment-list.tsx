import { useQuery } from "@tanstack/react-query";
import type { Deployment } from "@/api/types";
import { Badge, type Tone } from "@/components/badge";
import { EmptyState } from "@/components/empty-state";
import { QueryView } from "@/components/query-view";
import { ScrollRegion } from "@/components/scroll-region";
import { relativeTime } from "@/lib/format";
import { deploymentsQuery } from "../api/list-deployments";

const TONES: Readonly<Record<Deployment["status"], Tone>> = {
  pending: "neutral",
  building: "info",
  live: "good",
  failed: "bad",
  stopped: "neutral",
};

export function DeploymentList({ projectId }: { projectId: string }) {
  const query = useQuery(deploymentsQuery(projectId));
  return (
    <QueryView query={query} what="deployments">
      {(deployments) =>
        deployments.length === 0 ? (
          <EmptyState title="Not deployed yet">
            Deploy to get an address that MCP clients can use.
          </EmptyState>
        ) : (
          <ol data-testid="deployments" className="space-y-3">
            {deployments.map((deployment, index) => (
              <li key={deployment.id}>
                <DeploymentItem deployment={deployment} open={index === 0} />
              </li>
            ))}
          </ol>
        )
      }
    </QueryView>
  );
}

function DeploymentItem({ deployment, open }: { deployment: Deployment; open: boolean }) {
  return (
    <details open={open} className="panel overflow-hidden">
      <summary className="flex flex-wrap items-center gap-2 px-4 py-3 -outline-offset-2">
        <Badge tone={TONES[deployment.status]}>{deployment.status}</Badge>
        {deployment.version && <span className="font-medium">{deployment.version}</span>}
        <time dateTime={deployment.createdAt} className="text-sm text-ink-soft">
          {relativeTime(deployment.createdAt)}
        </time>
        {deployment.endpoint && (
          <code className="min-w-0 basis-full truncate font-mono text-xs text-ink-soft">
            {deployment.endpoint}
          </code>
        )}
      </summary>
      <ScrollRegion label="Log" className="max-h-72 border-t border-line bg-code">
        <pre className="px-4 py-3 font-mono text-xs break-words whitespace-pre-wrap">
          {deployment.logs.length > 0 ? deployment.logs.join("\n") : "No log lines."}
        </pre>
      </ScrollRegion>
    </details>
  );
}
