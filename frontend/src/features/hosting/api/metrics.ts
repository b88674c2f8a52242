import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** How often the counters are read again while they are in view. */
const POLL_MS = 10_000;

/** What the version was asked in the last hours, this one included. */
export const metricsQuery = (deploymentId: string, hours: number) =>
  queryOptions({
    queryKey: ["deployments", deploymentId, "metrics", hours],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/deployments/{id}/metrics", {
          params: { path: { id: deploymentId }, query: { hours } },
          signal,
        }),
      ),
    refetchInterval: POLL_MS,
  });
