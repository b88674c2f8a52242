import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { rememberToken } from "@/lib/endpoint-tokens";

/** Makes another endpoint token. The server shows it once, so it is kept for this page view. */
export function useCreateToken(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    /** `name` says who or what uses the token. */
    mutationFn: (name: string) =>
      unwrap(
        api.POST("/api/projects/{id}/tokens", {
          params: { path: { id: projectId } },
          body: { name },
        }),
      ),
    onSuccess: ({ token }) => {
      rememberToken(projectId, token);
      return client.invalidateQueries({ queryKey: ["projects", projectId, "tokens"] });
    },
  });
}
