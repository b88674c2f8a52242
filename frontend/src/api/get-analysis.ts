import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** What the engine read from the project's description. */
export const analysisQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId, "analysis"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/projects/{id}/analysis", { params: { path: { id: projectId } }, signal }),
      ),
  });
