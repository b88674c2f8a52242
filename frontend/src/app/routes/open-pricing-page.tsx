import { OpenPage } from "@/app/open-page";
import { TierCards } from "@/features/limits/components/tier-cards";

/** What each tier has, for who is not signed in. */
export function OpenPricingPage() {
  return (
    <OpenPage title="Pricing" heading="What each tier of MCPEngine Studio has">
      <TierCards current={null} renderAction={() => null} />
    </OpenPage>
  );
}
