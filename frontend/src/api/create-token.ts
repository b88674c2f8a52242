import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { useOnce } from "@/api/use-once";
import { rememberToken } from "@/lib/endpoint-tokens";

/** Makes another endpoint token. The server shows it once, so it is kept for this page view. */
export function useCreateToken(projectId: string) {
  const client = useQueryClient();
  const once = useOnce();
  return useMutation({
    /** `name` says who or what uses the token. */
    mutationFn: (name: string) => {
      const body = { name };
      const params = { path: { id: projectId }, header: once.headers(body) };
      return unwrap(api.POST("/api/projects/{id}/tokens", { params, body }));
    },
    onSuccess: ({ token }) => {
      once.made();
      rememberToken(projectId, token);
      return client.invalidateQueries({ queryKey: ["projects", projectId, "tokens"] });
    },
  });
}
