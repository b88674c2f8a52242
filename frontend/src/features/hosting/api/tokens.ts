import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { TokenSummary } from "@/api/types";
import { forgetToken } from "@/lib/endpoint-tokens";

/** Tokens that work first, then revoked ones. */
export const tokensQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId, "tokens"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/projects/{id}/tokens", { params: { path: { id: projectId } }, signal })),
    select: ({ tokens }) => tokens,
  });

/** Revokes a token: the next request with it is refused. */
export function useRevokeToken(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: TokenSummary) =>
      unwrap(
        api.DELETE("/api/projects/{id}/tokens/{tokenId}", {
          params: { path: { id: projectId, tokenId: id } },
        }),
      ),
    onSuccess: (_nothing, { last4 }) => forgetToken(projectId, last4),
    onSettled: () => client.invalidateQueries(tokensQuery(projectId)),
  });
}
