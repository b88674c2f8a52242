import { queryOptions, useMutation } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { StartCheckout } from "@/api/types";
import { useOnce } from "@/api/use-once";
import { leave } from "@/lib/leave";

/** What the account and its teams have bought. */
export const billingQuery = queryOptions({
  queryKey: ["billing"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/billing", { signal })),
});

/** Goes to the page at Stripe on which to subscribe. */
export function useCheckout() {
  const once = useOnce();
  return useMutation({
    mutationFn: (body: StartCheckout) =>
      unwrap(api.POST("/api/billing/checkout", { params: { header: once.headers(body) }, body })),
    onSuccess: ({ url }) => {
      once.made();
      leave(url);
    },
  });
}

/** Goes to the page at Stripe on which to change or end a subscription. */
export function useBillingPortal() {
  return useMutation({
    mutationFn: (teamId: string | null) =>
      unwrap(api.POST("/api/billing/portal", { body: { teamId } })),
    onSuccess: ({ url }) => leave(url),
  });
}
