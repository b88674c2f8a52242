import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { projectQuery } from "@/api/get-project";

/** Moves a project into a team, or makes it your own where `teamId` is null. */
export function useTransferProject(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (teamId: string | null) =>
      unwrap(
        api.POST("/api/projects/{id}/transfer", {
          params: { path: { id: projectId } },
          body: { teamId },
        }),
      ),
    onSuccess: (project) => {
      client.setQueryData(projectQuery(projectId).queryKey, project);
      return Promise.all([
        client.invalidateQueries({ queryKey: ["projects", "list"] }),
        client.invalidateQueries({ queryKey: ["teams"] }),
      ]);
    },
  });
}
