import { useQuery } from "@tanstack/react-query";
import type { CallMetrics, DeploymentMetrics } from "@/api/types";
import { EmptyState } from "@/components/empty-state";
import { QueryView } from "@/components/query-view";
import { ScrollRegion } from "@/components/scroll-region";
import { countOf, formatBytes, relativeTime } from "@/lib/format";
import { metricsQuery } from "../api/metrics";

/** The counters of a version: its totals, and a table of its tools. */
export function MetricsView({ deploymentId, hours }: { deploymentId: string; hours: number }) {
  const query = useQuery(metricsQuery(deploymentId, hours));
  return (
    <QueryView query={query} what="counters">
      {(metrics) =>
        metrics.total.calls > 0 ? (
          <>
            <Totals metrics={metrics} />
            <ToolTable tools={metrics.tools} />
          </>
        ) : (
          <EmptyState title="No tool calls in this time">
            {others(metrics) > 0
              ? `Clients have made ${countOf(others(metrics), "other request")}, such as listing the tools.`
              : "Call a tool on the tab Try it, or connect a client."}
          </EmptyState>
        )
      }
    </QueryView>
  );
}

function others({ methods }: DeploymentMetrics): number {
  return methods.reduce((sum, { calls }) => sum + calls, 0);
}

function Totals({ metrics }: { metrics: DeploymentMetrics }) {
  const { total } = metrics;
  const share = (total.errors / total.calls) * 100;
  const rows: [string, string][] = [
    ["Tool calls", total.calls.toLocaleString("en")],
    ["Errors", `${total.errors.toLocaleString("en")} (${share.toFixed(share < 10 ? 1 : 0)} %)`],
    ["Median", duration(total.p50Ms)],
    ["95th percentile", duration(total.p95Ms)],
    ["Sent", formatBytes(total.bytesOut)],
    ["Other requests", others(metrics).toLocaleString("en")],
  ];
  return (
    <dl
      data-testid="totals"
      className="panel grid grid-cols-2 gap-x-4 gap-y-3 p-4 sm:grid-cols-3 xl:grid-cols-6"
    >
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt className="text-sm text-ink-soft">{label}</dt>
          <dd className="text-lg font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const COLUMNS = ["Tool", "Calls", "Errors", "p50", "p95", "Sent", "Last error"] as const;

function ToolTable({ tools }: { tools: readonly CallMetrics[] }) {
  return (
    <ScrollRegion label="Tools by calls" className="panel max-h-120">
      <table className="w-full text-left text-sm" data-testid="tool-metrics">
        <thead>
          <tr className="border-b border-line text-ink-soft">
            {COLUMNS.map((name, index) => (
              <th
                key={name}
                scope="col"
                className={`px-3 py-2 font-medium whitespace-nowrap ${isNumber(index) ? "text-right" : ""}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {tools.map((tool) => (
            <ToolRow key={tool.name} tool={tool} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

const isNumber = (index: number) => index > 0 && index < COLUMNS.length - 1;

function ToolRow({ tool }: { tool: CallMetrics }) {
  const numbers = [
    tool.calls.toLocaleString("en"),
    tool.errors.toLocaleString("en"),
    duration(tool.p50Ms),
    duration(tool.p95Ms),
    formatBytes(tool.bytesOut),
  ];
  return (
    <tr className="align-top">
      <th scope="row" className="px-3 py-2 font-mono text-[0.8125rem] font-normal">
        {tool.name}
      </th>
      {numbers.map((number, index) => (
        <td
          key={COLUMNS[index + 1]}
          className={`px-3 py-2 text-right whitespace-nowrap tabular-nums ${
            index === 1 && tool.errors > 0 ? "font-medium text-bad" : ""
          }`}
        >
          {number}
        </td>
      ))}
      <td className="min-w-56 px-3 py-2 break-words text-ink-soft">
        {tool.lastError ?? "none"}
        {tool.lastErrorAt && (
          <>
            {" · "}
            <time dateTime={tool.lastErrorAt} title={tool.lastErrorAt}>
              {relativeTime(tool.lastErrorAt)}
            </time>
          </>
        )}
      </td>
    </tr>
  );
}

/** Milliseconds for people: `8 ms`, `1.5 s`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "–";
  return ms < 1_000 ? `${ms} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}
