import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import type { ReactNode } from "react";
import { analysisQuery } from "@/api/get-analysis";
import { projectQuery } from "@/api/get-project";
import { toolsQuery } from "@/api/get-tools";
import type { Project } from "@/api/types";
import type { ProjectTab } from "@/app/router";
import { ServerAddressPanel, ServerConnectPanel, ServerPlayground } from "@/app/server-card";
import { Badge } from "@/components/badge";
import { Button, buttonLook } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { FileViewer } from "@/components/file-viewer";
import { Page } from "@/components/page";
import { QueryView } from "@/components/query-view";
import { Tabs } from "@/components/tabs";
import { ExportPanel } from "@/features/export/components/export-panel";
import { ActivityPanel } from "@/features/hosting/components/activity-panel";
import { TokensPanel } from "@/features/hosting/components/tokens-panel";
import { VersionsPanel } from "@/features/hosting/components/versions-panel";
import { bundleQuery } from "@/features/projects/api/get-bundle";
import { DeleteProjectButton } from "@/features/projects/components/delete-project-button";
import { DiagnosticList } from "@/features/projects/components/diagnostic-list";
import { MoveProjectButton } from "@/features/projects/components/move-project-button";
import { ProjectStatusBadge } from "@/features/projects/components/project-status";
import { ToolInspector } from "@/features/projects/components/tool-inspector";
import { ToolTable } from "@/features/projects/components/tool-table";
import { safeHref } from "@/lib/format";
import { can } from "@/lib/roles";

const route = getRouteApi("/projects/$projectId");

/** One project: canvas in the middle, inspector of 320 px on the right. */
export function ProjectPage() {
  const { projectId } = route.useParams();
  const { tab = "tools", tool: toolKey } = route.useSearch();
  const query = useQuery(projectQuery(projectId));
  const isAnalysed = query.data !== undefined && query.data.status !== "draft";
  const tools = useQuery({ ...toolsQuery(projectId), enabled: isAnalysed });
  const navigate = route.useNavigate();
  const inspected = tab === "tools" ? tools.data?.find(({ key }) => key === toolKey) : undefined;

  return (
    <div className="lg:flex">
      <div className="min-w-0 flex-1">
        <Page
          title={query.data?.name ?? "Project"}
          heading={query.data ? <ProjectHeading project={query.data} /> : undefined}
          actions={query.data ? <ProjectActions project={query.data} /> : undefined}
        >
          <QueryView query={query} what="the project">
            {(project) => <ProjectTabs project={project} tab={tab} toolKey={toolKey ?? null} />}
          </QueryView>
        </Page>
      </div>
      {inspected && (
        <aside
          aria-label="Inspector"
          className="fixed inset-x-0 bottom-14 z-20 max-h-[70dvh] overflow-auto rounded-t-2xl border-t border-line bg-surface shadow-panel md:left-16 lg:sticky lg:inset-x-auto lg:top-0 lg:bottom-auto lg:left-auto lg:z-auto lg:h-dvh lg:max-h-none lg:w-80 lg:shrink-0 lg:rounded-none lg:border-t-0 lg:border-l lg:shadow-none"
        >
          <ToolInspector
            tool={inspected}
            onClose={() => navigate({ search: ({ tool: _tool, ...rest }) => rest, replace: true })}
          />
        </aside>
      )}
    </div>
  );
}

function ProjectHeading({ project }: { project: Project }) {
  const source = safeHref(project.specUrl);
  return (
    <div className="space-y-1">
      <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-2xl font-semibold tracking-tight break-words">
        {project.name} <ProjectStatusBadge project={project} />
      </h1>
      {source && (
        <p className="text-sm break-all text-ink-soft">
          From{" "}
          <a className="underline" href={source} target="_blank" rel="noreferrer noopener">
            {source}
          </a>
        </p>
      )}
    </div>
  );
}

function ProjectActions({ project }: { project: Project }) {
  const navigate = useNavigate();
  if (!can(project.role, "editor")) return <Badge>You may look, not change</Badge>;
  return (
    <>
      <Button
        variant="primary"
        data-testid="deploy"
        disabled={project.status === "draft"}
        onClick={() => navigate({ to: "/", search: { deploy: project.id } })}
        icon={<Rocket className="size-4" aria-hidden />}
      >
        {project.server ? "Deploy again" : "Deploy"}
      </Button>
      {can(project.role, "admin") && (
        <>
          <MoveProjectButton project={project} />
          <DeleteProjectButton project={project} onDeleted={() => navigate({ to: "/projects" })} />
        </>
      )}
    </>
  );
}

interface ProjectTabsProps {
  project: Project;
  tab: ProjectTab;
  toolKey: string | null;
}

function ProjectTabs({ project, tab, toolKey }: ProjectTabsProps) {
  const navigate = route.useNavigate();
  const { server } = project;
  const live = server ?? null;
  const tabs: { value: ProjectTab; label: string; content: ReactNode }[] = [
    {
      value: "tools",
      label: "Tools",
      content: <ProjectTools project={project} toolKey={toolKey} />,
    },
    {
      value: "try",
      label: "Try it",
      content: live ? (
        <ServerPlayground projectId={project.id} server={live} />
      ) : (
        <NotLive project={project} />
      ),
    },
    {
      value: "connect",
      label: "Connect",
      content: live ? (
        <div className="space-y-6">
          <ServerAddressPanel projectId={project.id} server={live} />
          <ServerConnectPanel projectId={project.id} server={live} />
        </div>
      ) : (
        <NotLive project={project} />
      ),
    },
    {
      value: "activity",
      label: "Activity",
      content: <ActivityPanel projectId={project.id} />,
    },
    { value: "files", label: "Files", content: <ProjectFiles project={project} /> },
    {
      value: "deployments",
      label: "Versions",
      content: (
        <VersionsPanel
          projectId={project.id}
          endpoint={live?.endpoint ?? null}
          readOnly={!can(project.role, "editor")}
        />
      ),
    },
    ...(can(project.role, "editor") ? editorTabs(project) : []),
    { value: "findings", label: "Findings", content: <ProjectFindings project={project} /> },
  ];
  return (
    <Tabs
      label="Project"
      value={tab}
      onChange={(value) => navigate({ search: { tab: value as ProjectTab }, replace: true })}
      tabs={tabs}
    />
  );
}

/** What asks for more than looking. */
function editorTabs(project: Project): { value: ProjectTab; label: string; content: ReactNode }[] {
  return [
    {
      value: "access",
      label: "Access tokens",
      content: <TokensPanel projectId={project.id} access={project.server?.access ?? null} />,
    },
    { value: "export", label: "Export", content: <ProjectExport project={project} /> },
  ];
}

function NotLive({ project }: { project: Project }) {
  // What is deployed and not live was stopped.
  if (project.status === "deployed") {
    return (
      <EmptyState
        title="The server is stopped"
        action={
          <Link
            to="/projects/$projectId"
            params={{ projectId: project.id }}
            search={{ tab: "deployments" }}
            className={buttonLook()}
          >
            Go to versions
          </Link>
        }
      >
        Start it, or make one of its versions live; then its tools can be called again.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No server yet">
      Deploy the project; then its tools can be called from here and from any MCP client.
    </EmptyState>
  );
}

function NotAnalysed() {
  return (
    <EmptyState title="Nothing analysed yet">
      This project has no API description so far. Create a server from one on the start page.
    </EmptyState>
  );
}

function ProjectTools({ project, toolKey }: { project: Project; toolKey: string | null }) {
  const query = useQuery({ ...toolsQuery(project.id), enabled: project.status !== "draft" });
  const navigate = route.useNavigate();
  if (project.status === "draft") return <NotAnalysed />;
  return (
    <QueryView query={query} what="tools">
      {(tools) => (
        <ToolTable
          projectId={project.id}
          tools={tools}
          selected={toolKey}
          readOnly={!can(project.role, "editor")}
          onSelect={(key) =>
            navigate({ search: { tab: "tools", tool: key }, replace: true, resetScroll: false })
          }
        />
      )}
    </QueryView>
  );
}

function ProjectFiles({ project }: { project: Project }) {
  const generated = project.status !== "draft" && project.status !== "analyzed";
  const query = useQuery({ ...bundleQuery(project.id), enabled: generated });
  if (!generated) {
    return (
      <EmptyState title="No files yet">
        Files are written on the way to the first deployment.
      </EmptyState>
    );
  }
  return (
    <QueryView query={query} what="files">
      {({ files }) => <FileViewer files={files} />}
    </QueryView>
  );
}

function ProjectExport({ project }: { project: Project }) {
  if (project.status === "draft" || project.status === "analyzed") {
    return (
      <EmptyState title="Nothing to export yet">
        The project is written on the way to the first deployment.
      </EmptyState>
    );
  }
  return <ExportPanel projectId={project.id} />;
}

function ProjectFindings({ project }: { project: Project }) {
  const query = useQuery({ ...analysisQuery(project.id), enabled: project.status !== "draft" });
  if (project.status === "draft") return <NotAnalysed />;
  return (
    <QueryView query={query} what="findings">
      {({ diagnostics }) => <DiagnosticList diagnostics={diagnostics} />}
    </QueryView>
  );
}
