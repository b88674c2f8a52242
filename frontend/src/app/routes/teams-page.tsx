import { Page } from "@/components/page";
import { TeamList } from "@/features/teams/components/team-list";

export function TeamsPage() {
  return (
    <Page title="Teams">
      <TeamList />
    </Page>
  );
}
