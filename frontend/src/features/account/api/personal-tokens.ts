import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { CreatePersonalToken } from "@/api/types";
import { useOnce } from "@/api/use-once";

/** Tokens that were not revoked first. */
export const personalTokensQuery = queryOptions({
  queryKey: ["personal-tokens"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/tokens", { signal })),
  select: ({ tokens }) => tokens,
});

/** The answer holds the token, this once. */
export function useCreatePersonalToken() {
  const client = useQueryClient();
  const once = useOnce();
  return useMutation({
    mutationFn: (body: CreatePersonalToken) =>
      unwrap(api.POST("/api/tokens", { params: { header: once.headers(body) }, body })),
    onSuccess: () => {
      once.made();
      return client.invalidateQueries(personalTokensQuery);
    },
  });
}

export function useRevokePersonalToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/tokens/{id}", { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries(personalTokensQuery),
  });
}
