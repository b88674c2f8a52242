import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** All tools of a project with their schemas, edits applied. */
export const toolsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId, "tools"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{id}/tools", { params: { path: { id: projectId } }, signal })),
    select: ({ tools }) => tools,
  });
