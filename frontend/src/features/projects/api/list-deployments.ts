import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** Newest first. */
export const deploymentsQuery = (projectId: string) =>
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
  });
