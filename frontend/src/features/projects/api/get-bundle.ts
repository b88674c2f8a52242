import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** The generated files. */
export const bundleQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId, "bundle"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{id}/bundle", { params: { path: { id: projectId } }, signal })),
  });
