import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { buttonLook } from "@/components/button";
import { Page } from "@/components/page";
import { ProjectGrid } from "@/features/projects/components/project-grid";

export function ProjectsPage() {
  return (
    <Page
      title="Projects"
      actions={
        <Link to="/" className={buttonLook({ variant: "primary" })}>
          <Plus className="size-4" aria-hidden />
          New server
        </Link>
      }
    >
      <ProjectGrid />
    </Page>
  );
}
