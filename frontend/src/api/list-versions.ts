import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** How often a list is read again while a version of it is in the making. */
const POLL_MS = 2_000;

/** Every deployment of the project, newest first. */
export const versionsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId, "deployments"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/projects/{id}/deployments", {
          params: { path: { id: projectId } },
          signal,
        }),
      ),
    select: ({ deployments }) => deployments,
    refetchInterval: ({ state }) =>
      state.data?.deployments.some(({ status }) => status === "pending" || status === "building")
        ? POLL_MS
        : false,
  });
