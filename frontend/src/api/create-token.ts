import { useMutation } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { rememberToken } from "@/lib/endpoint-tokens";

/** Makes another endpoint token. The server shows it once, so it is kept for this page view. */
export function useCreateToken(projectId: string) {
  return useMutation({
    mutationFn: () =>
      unwrap(api.POST("/api/projects/{id}/tokens", { params: { path: { id: projectId } } })),
    onSuccess: ({ token }) => rememberToken(projectId, token),
  });
}
