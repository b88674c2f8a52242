import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** What is done to the server of a project. */
export type Switch =
  | { readonly kind: "activate"; readonly deploymentId: string }
  | { readonly kind: "start" }
  | { readonly kind: "stop" };

function send(projectId: string, action: Switch): Promise<unknown> {
  const params = { path: { id: projectId } };
  switch (action.kind) {
    case "start":
      return unwrap(api.POST("/api/projects/{id}/start", { params }));
    case "stop":
      return unwrap(api.POST("/api/projects/{id}/stop", { params }));
    case "activate":
      return unwrap(
        api.POST("/api/deployments/{id}/activate", {
          params: { path: { id: action.deploymentId } },
        }),
      );
  }
}

/** Makes a version live, starts the server or stops it; one at a time. */
export function useSwitch(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: Switch) => send(projectId, action),
    // Also where it failed: the list may be older than what the server knows.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["projects", projectId] }),
        client.invalidateQueries({ queryKey: ["projects", "list"] }),
      ]),
  });
}
