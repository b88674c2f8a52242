import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { meQuery } from "@/api/get-me";
import { signOut } from "@/api/session";
import { Button, buttonLook } from "@/components/button";
import { Page } from "@/components/page";
import { QueryView } from "@/components/query-view";
import { AccountDataSection } from "@/features/account/components/account-data-section";
import { ActivitySection } from "@/features/account/components/activity-section";
import { PersonalTokensSection } from "@/features/account/components/personal-tokens-section";
import { BillingSection } from "@/features/billing/components/billing-section";
import { UsageSection } from "@/features/limits/components/usage-section";
import { tierName } from "@/features/limits/model/limits";

const route = getRouteApi("/settings");

/** The account that is signed in, and the way out. */
export function SettingsPage() {
  const { billing } = route.useSearch();
  return (
    <Page
      title="Settings"
      actions={
        <Button icon={<LogOut className="size-4" aria-hidden />} onClick={signOut}>
          Sign out
        </Button>
      }
    >
      <AccountSection />
      <UsageSection>
        <Link to="/pricing" className={buttonLook({ size: "small" })}>
          What each tier has
        </Link>
      </UsageSection>
      <BillingSection paid={billing === "done"} />
      <PersonalTokensSection />
      <ActivitySection />
      <AccountDataSection />
    </Page>
  );
}

function AccountSection() {
  const query = useQuery(meQuery);
  return (
    <section aria-labelledby="account" className="panel max-w-2xl space-y-3 p-5">
      <h2 id="account" className="text-lg font-semibold">
        Account
      </h2>
      <QueryView query={query} what="the account">
        {(account) => (
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
            <dt className="text-ink-soft">Name</dt>
            <dd className="min-w-0 break-words">{account.name ?? "–"}</dd>
            <dt className="text-ink-soft">Email</dt>
            <dd className="min-w-0 break-words">{account.email ?? "–"}</dd>
            <dt className="text-ink-soft">Plan</dt>
            <dd>{tierName(account.tier)}</dd>
          </dl>
        )}
      </QueryView>
    </section>
  );
}
