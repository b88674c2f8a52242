import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** The account that is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/me", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
