import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** What may be shown of the stored credentials, by name. */
export const secretsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId, "secrets"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/projects/{id}/secrets", { params: { path: { id: projectId } }, signal }),
      ),
    select: ({ secrets }) => secrets,
    // A deployment stores others: look anew each time they are asked for.
    staleTime: 0,
  });

/** Deletes a stored credential: the live server is without it from the next call on. */
export function useRemoveSecret(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(
        api.DELETE("/api/projects/{id}/secrets/{name}", {
          params: { path: { id: projectId, name } },
        }),
      ),
    onSettled: () => client.invalidateQueries(secretsQuery(projectId)),
  });
}
