import { Link } from "@tanstack/react-router";
import type { Project } from "@/api/types";
import { CopyButton } from "@/components/copy-button";
import { countOf, relativeTime } from "@/lib/format";
import { can } from "@/lib/roles";
import { DeleteProjectButton } from "./delete-project-button";
import { ProjectStatusBadge } from "./project-status";

interface ProjectCardProps {
  project: Project;
  /** Whose it is; null for one of your own. */
  teamName: string | null;
}

export function ProjectCard({ project, teamName }: ProjectCardProps) {
  const { server } = project;
  return (
    <article
      data-testid="project-card"
      data-slug={project.slug}
      className="panel relative flex min-w-0 flex-col gap-3 p-4 transition-colors hover:border-control"
    >
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 className="font-semibold break-words">
            {/* The link covers the card; the buttons lie above it. */}
            <Link
              to="/projects/$projectId"
              params={{ projectId: project.id }}
              className="after:absolute after:inset-0 after:rounded-[inherit]"
            >
              {project.name}
            </Link>
          </h2>
          <p className="text-xs break-words text-ink-soft">
            {teamName && <span className="font-medium">{teamName} · </span>}
            Changed {relativeTime(project.updatedAt)}
          </p>
        </div>
        <div className="relative -mt-1 -mr-1 flex items-center gap-1">
          <ProjectStatusBadge project={project} />
          {can(project.role, "admin") && <DeleteProjectButton project={project} />}
        </div>
      </div>
      {project.description && (
        <p className="line-clamp-2 text-sm break-words text-ink-soft">{project.description}</p>
      )}
      <p className="mt-auto text-sm">
        {countOf(project.enabledToolCount, "tool")}
        {project.toolCount > project.enabledToolCount && (
          <span className="text-ink-soft"> of {countOf(project.toolCount, "operation")}</span>
        )}
      </p>
      {server && (
        <div className="relative flex items-center gap-1 rounded-lg bg-code pl-2.5">
          <code className="min-w-0 flex-1 truncate font-mono text-xs">{server.endpoint}</code>
          <CopyButton text={server.endpoint} label={`Copy address of ${project.name}`} />
        </div>
      )}
    </article>
  );
}
