import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** Sensitive actions of the account, newest first, a page at a time. */
export const activityQuery = infiniteQueryOptions({
  queryKey: ["activity"],
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET("/api/audit", {
        params: { query: pageParam === undefined ? {} : { cursor: pageParam } },
        signal,
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
});
