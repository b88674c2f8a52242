import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { toast } from "sonner";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { Moment } from "@/components/moment";
import { ProblemNotice } from "@/components/problem-notice";
import { QueryView } from "@/components/query-view";
import { toProblem } from "@/lib/problem";
import { ROLE_HINTS, ROLE_NAMES } from "@/lib/roles";
import { invitationQuery, useAcceptInvitation } from "../api/teams";

/** What the link is to, and the way in. */
export function AcceptInvitation({ token }: { token: string }) {
  const query = useQuery({ ...invitationQuery(token), enabled: token !== "" });
  const accept = useAcceptInvitation();
  const navigate = useNavigate();
  if (token === "") {
    return (
      <EmptyState title="The link is not whole">
        Its end is missing. Open it again as it was sent to you.
      </EmptyState>
    );
  }
  const open = (teamId: string) => navigate({ to: "/teams/$teamId", params: { teamId } });
  return (
    <QueryView query={query} what="the invitation">
      {(offer) => (
        <div className="panel max-w-xl space-y-4 p-6">
          <h2 className="text-lg font-semibold break-words">{offer.teamName}</h2>
          <p className="text-ink-soft">
            {offer.invitedBy ?? "Somebody"} invites you as{" "}
            <strong className="font-semibold text-ink">{ROLE_NAMES[offer.role]}</strong>, who{" "}
            {ROLE_HINTS[offer.role]}. The link ends <Moment iso={offer.expiresAt} />.
          </p>
          {accept.error && <ProblemNotice problem={toProblem(accept.error)} />}
          {offer.joined ? (
            <>
              <p>You are in this team already.</p>
              <Button onClick={() => open(offer.teamId)}>Open the team</Button>
            </>
          ) : (
            <Button
              variant="primary"
              pending={accept.isPending}
              icon={<UsersRound className="size-4" aria-hidden />}
              onClick={() =>
                accept.mutate(token, {
                  onSuccess: (team) => {
                    toast.success(`You are in ${team.name} now.`);
                    open(team.id);
                  },
                })
              }
            >
              Join the team
            </Button>
          )}
        </div>
      )}
    </QueryView>
  );
}
