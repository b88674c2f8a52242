import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { teamsQuery } from "@/api/list-teams";
import { buttonLook } from "@/components/button";
import { Page } from "@/components/page";
import { ProjectGrid } from "@/features/projects/components/project-grid";

const route = getRouteApi("/projects");

export function ProjectsPage() {
  const { team } = route.useSearch();
  const teams = useQuery(teamsQuery).data ?? [];
  return (
    <Page
      title="Projects"
      actions={
        <>
          {(teams.length > 0 || team) && <WhoseSelect team={team} teams={teams} />}
          <Link to="/" className={buttonLook({ variant: "primary" })}>
            <Plus className="size-4" aria-hidden />
            New server
          </Link>
        </>
      }
    >
      <ProjectGrid
        key={team ?? ""}
        team={team ?? null}
        teamNames={new Map(teams.map(({ id, name }) => [id, name]))}
      />
    </Page>
  );
}

interface WhoseSelectProps {
  team: string | undefined;
  teams: readonly { readonly id: string; readonly name: string }[];
}

/** Whose projects are listed. */
function WhoseSelect({ team, teams }: WhoseSelectProps) {
  const navigate = route.useNavigate();
  return (
    <select
      aria-label="Whose projects"
      className="field h-9.5 w-auto max-w-56"
      value={team ?? ""}
      onChange={({ target: { value } }) =>
        navigate({ search: value === "" ? {} : { team: value }, replace: true })
      }
    >
      <option value="">All projects</option>
      <option value="none">Your own</option>
      {teams.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
