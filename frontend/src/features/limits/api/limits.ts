import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** What each tier has; the same for everybody. */
export const tiersQuery = queryOptions({
  queryKey: ["tiers"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/tiers", { signal }))).tiers,
  staleTime: Number.POSITIVE_INFINITY,
});

/** What is used of the account's tier, and of those of its teams. */
export const usageQuery = queryOptions({
  queryKey: ["usage"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/usage", { signal }))).holders,
});
