import { useRouterState } from "@tanstack/react-router";
import { Page } from "@/components/page";
import { AcceptInvitation } from "@/features/teams/components/accept-invitation";

/** Where the link of an invitation leads; its token is behind the `#`. */
export function InvitePage() {
  const token = useRouterState({ select: (state) => state.location.hash });
  return (
    <Page title="Invitation">
      <AcceptInvitation token={token} />
    </Page>
  );
}
