import { signIn } from "@/api/session";
import { Button } from "@/components/button";
import { Page } from "@/components/page";
import { TierCards } from "@/features/limits/components/tier-cards";

/** What each tier has, for who is not signed in. */
export function OpenPricingPage() {
  return (
    <main>
      <Page
        title="Pricing"
        heading={
          <div className="flex items-center gap-3">
            <img src="/favicon.svg" alt="" width={32} height={32} />
            <h1 className="text-2xl font-semibold tracking-tight">
              What each tier of MCPEngine Studio has
            </h1>
          </div>
        }
        actions={
          <Button variant="primary" onClick={() => signIn()}>
            Sign in
          </Button>
        }
      >
        <TierCards current={null} renderAction={() => null} />
      </Page>
    </main>
  );
}
