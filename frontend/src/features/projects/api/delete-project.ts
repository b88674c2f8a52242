import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** Stops the project's server and frees all that it holds. */
export function useDeleteProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/projects/{id}", { params: { path: { id } } })),
    onSuccess: (_nothing, id) => {
      client.removeQueries({ queryKey: ["projects", id] });
      return client.invalidateQueries({ queryKey: ["projects", "list"] });
    },
  });
}
