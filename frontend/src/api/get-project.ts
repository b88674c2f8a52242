import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{id}", { params: { path: { id: projectId } }, signal })),
  });
