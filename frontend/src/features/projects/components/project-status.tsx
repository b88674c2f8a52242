import type { Project } from "@/api/types";
import { Badge, type Tone } from "@/components/badge";

const STATUS: Readonly<Record<Project["status"], { label: string; tone: Tone }>> = {
  draft: { label: "Draft", tone: "neutral" },
  analyzed: { label: "Analysed", tone: "info" },
  generated: { label: "Generated", tone: "info" },
  tested: { label: "Tested", tone: "accent" },
  deployed: { label: "Deployed", tone: "good" },
};

/** Where the project stands; a server that is not live says so. */
export function ProjectStatusBadge({ project }: { project: Project }) {
  const { server } = project;
  if (server?.status === "live") return <Badge tone="good">Live</Badge>;
  if (server?.status === "failed") return <Badge tone="bad">Deployment failed</Badge>;
  if (project.status === "deployed" && !server) return <Badge>Stopped</Badge>;
  const { label, tone } = STATUS[project.status];
  return <Badge tone={tone}>{label}</Badge>;
}
