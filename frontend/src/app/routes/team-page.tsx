import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Badge } from "@/components/badge";
import { buttonLook } from "@/components/button";
import { Page } from "@/components/page";
import { QueryView } from "@/components/query-view";
import { teamQuery } from "@/features/teams/api/teams";
import { InvitationsSection } from "@/features/teams/components/invitations-section";
import { MemberList } from "@/features/teams/components/member-list";
import { TeamSettings } from "@/features/teams/components/team-settings";
import { countOf } from "@/lib/format";
import { can, ROLE_NAMES } from "@/lib/roles";

const route = getRouteApi("/teams/$teamId");

/** One team: who is in it, who is asked in, and its end. */
export function TeamPage() {
  const { teamId } = route.useParams();
  const query = useQuery(teamQuery(teamId));
  return (
    <Page
      title={query.data?.name ?? "Team"}
      heading={
        query.data && (
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-2xl font-semibold tracking-tight break-words">
            {query.data.name} <Badge tone="accent">{ROLE_NAMES[query.data.role]}</Badge>
          </h1>
        )
      }
      actions={
        query.data && (
          <Link to="/projects" search={{ team: teamId }} className={buttonLook()}>
            {countOf(query.data.projectCount, "project")}
          </Link>
        )
      }
    >
      <QueryView query={query} what="the team">
        {(team) => (
          <div className="max-w-2xl space-y-6">
            <MemberList team={team} />
            {can(team.role, "admin") && <InvitationsSection team={team} />}
            <TeamSettings team={team} />
          </div>
        )}
      </QueryView>
    </Page>
  );
}
