import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** The teams that you are in. */
export const teamsQuery = queryOptions({
  queryKey: ["teams", "list"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/teams", { signal })),
  select: ({ teams }) => teams,
  staleTime: 60_000,
});
