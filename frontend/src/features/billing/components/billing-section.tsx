import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { meQuery } from "@/api/get-me";
import type { Billing, TeamBilling } from "@/api/types";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { ProblemNotice } from "@/components/problem-notice";
import { QueryView } from "@/components/query-view";
import { toProblem } from "@/lib/problem";
import { billingQuery, useBillingPortal, useCheckout } from "../api/billing";
import { BuySeats } from "./buy-seats";
import { PlanRow } from "./plan-row";

/** Stripe tells of a payment within seconds; until then the page asks again. */
const ASK_AGAIN_MS = 3_000;

/**
 * What is bought for the account and the teams that it owns, and the way to Stripe's
 * pages. `paid` is whether the browser comes back from one.
 */
export function BillingSection({ paid = false }: { paid?: boolean }) {
  const client = useQueryClient();
  const query = useQuery({ ...billingQuery, refetchInterval: paid ? ASK_AGAIN_MS : false });
  const tier = query.data?.account.tier;
  useEffect(() => {
    if (tier) client.invalidateQueries(meQuery);
  }, [client, tier]);
  return (
    <section aria-labelledby="billing" className="panel max-w-2xl space-y-4 p-5">
      <div className="space-y-1">
        <h2 id="billing" className="text-lg font-semibold">
          Billing
        </h2>
        <p className="text-ink-soft">Pro for yourself, seats for the teams that you own.</p>
      </div>
      {paid && (
        <p role="status" className="rounded-lg bg-good-wash px-3 py-2 text-sm text-good">
          Thank you. The new plan appears below within a few seconds.
        </p>
      )}
      <QueryView query={query} what="billing">
        {(billing) => <Plans billing={billing} />}
      </QueryView>
    </section>
  );
}

function Plans({ billing: { configured, account, teams } }: { billing: Billing }) {
  if (!configured && !account.subscription && teams.every(({ subscription }) => !subscription)) {
    return (
      <EmptyState title="Nothing is sold here">
        This installation has no billing. Everybody has what its operator set.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Plans" className="divide-y divide-line">
      <OwnPlan account={account} configured={configured} />
      {teams.map((team) => (
        <TeamPlan key={team.id} team={team} configured={configured} />
      ))}
    </ul>
  );
}

interface OwnPlanProps {
  account: Billing["account"];
  configured: boolean;
}

function OwnPlan({ account, configured }: OwnPlanProps) {
  const checkout = useCheckout();
  const portal = useBillingPortal();
  const { subscription } = account;
  const error = checkout.error ?? portal.error;
  return (
    <PlanRow name="You" tier={account.tier} subscription={subscription}>
      <div className="flex flex-wrap gap-2">
        {configured && !subscription?.inForce && account.tier === "free" && (
          <Button
            variant="primary"
            pending={checkout.isPending}
            onClick={() => checkout.mutate({ plan: "pro" })}
          >
            Upgrade to Pro
          </Button>
        )}
        {configured && account.manageable && (
          <Button pending={portal.isPending} onClick={() => portal.mutate(null)}>
            Manage
          </Button>
        )}
      </div>
      {error && <ProblemNotice problem={toProblem(error)} />}
    </PlanRow>
  );
}

function TeamPlan({ team, configured }: { team: TeamBilling; configured: boolean }) {
  const portal = useBillingPortal();
  return (
    <PlanRow
      name={team.name}
      tier={team.tier}
      subscription={team.subscription}
      seats={`${team.seatsUsed} of ${team.seats} seats taken`}
    >
      {configured && !team.subscription?.inForce && <BuySeats team={team} />}
      {configured && team.manageable && (
        <Button
          pending={portal.isPending}
          aria-label={`Manage ${team.name}`}
          onClick={() => portal.mutate(team.id)}
        >
          Manage
        </Button>
      )}
      {portal.error && <ProblemNotice problem={toProblem(portal.error)} />}
    </PlanRow>
  );
}
