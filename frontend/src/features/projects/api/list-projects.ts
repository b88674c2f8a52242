import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/**
 * Projects, newest first, a page at a time: all that you see, or with `team` those of that
 * team, `none` being your own.
 */
export const projectsQuery = (team: string | null) =>
  infiniteQueryOptions({
    queryKey: ["projects", "list", team],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/projects", {
          params: { query: { ...(pageParam && { cursor: pageParam }), ...(team && { team }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
