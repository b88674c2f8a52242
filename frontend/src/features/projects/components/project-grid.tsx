import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonLook } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { QueryView } from "@/components/query-view";
import { projectsQuery } from "../api/list-projects";
import { ProjectCard } from "./project-card";

interface ProjectGridProps {
  /** Of this team, `none` for your own, null for all. */
  team: string | null;
  /** Names of the teams that you are in, by id. */
  teamNames: ReadonlyMap<string, string>;
}

export function ProjectGrid({ team, teamNames }: ProjectGridProps) {
  const query = useInfiniteQuery(projectsQuery(team));
  return (
    <QueryView query={query} what="projects">
      {({ pages }) => {
        const projects = pages.flatMap((page) => page.projects);
        if (projects.length === 0) {
          return (
            <EmptyState
              title="No projects yet"
              action={
                <Link to="/" className={buttonLook({ variant: "primary" })}>
                  Create a server
                </Link>
              }
            >
              {team && team !== "none"
                ? "Create a server for the team, or move one of your projects into it."
                : "Give the studio an API description; the server that comes of it is listed here."}
            </EmptyState>
          );
        }
        return (
          <div className="space-y-4">
            <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
              {projects.map((project) => (
                <ProjectCard
                  key={project.id}
                  project={project}
                  teamName={project.teamId ? (teamNames.get(project.teamId) ?? "A team") : null}
                />
              ))}
            </div>
            {query.hasNextPage && (
              <Button pending={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
                Show more
              </Button>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}
