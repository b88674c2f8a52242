import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** What the studio is: environment, limits, the sample's address. Never changes while it runs. */
export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/config", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
