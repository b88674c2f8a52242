import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "@/api/get-me";
import { buttonLook } from "@/components/button";
import { Page } from "@/components/page";
import { TierCards } from "@/features/limits/components/tier-cards";
import { isAbove } from "@/features/limits/model/limits";

/** What each tier has. */
export function PricingPage() {
  const me = useQuery(meQuery);
  const current = me.data?.tier ?? null;
  return (
    <Page
      title="Pricing"
      heading={
        <div className="space-y-1">
          <h1 className="text-2xl font-semibold tracking-tight">What each tier has</h1>
          <p className="max-w-2xl text-ink-soft">
            Every tier has all of the studio: any API description, the generated source, every
            target. They differ in how much of it.
          </p>
        </div>
      }
    >
      <TierCards
        current={current}
        renderAction={(tier) =>
          current !== null &&
          isAbove(tier, current) && (
            <Link to="/settings" hash="billing" className={buttonLook({ variant: "primary" })}>
              Upgrade
            </Link>
          )
        }
      />
    </Page>
  );
}
