import { Trash2 } from "lucide-react";
import { toast } from "sonner";
import type { Project } from "@/api/types";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { toProblem } from "@/lib/problem";
import { useDeleteProject } from "../api/delete-project";

/** Deletes after a question; `onDeleted` leaves a page that is about the project. */
export function DeleteProjectButton({
  project,
  onDeleted,
}: {
  project: Project;
  onDeleted?: () => void;
}) {
  const remove = useDeleteProject();
  return (
    <ConfirmDialog
      trigger={
        <Button
          size="icon"
          variant="ghost"
          pending={remove.isPending}
          aria-label={`Delete ${project.name}`}
          title="Delete"
          icon={<Trash2 className="size-4" aria-hidden />}
        />
      }
      title={`Delete ${project.name}?`}
      description={
        project.server
          ? "Its server stops at once, and its files, deployments and stored credentials are removed. This cannot be undone."
          : "Its files and analysis are removed. This cannot be undone."
      }
      confirm="Delete project"
      onConfirm={() =>
        remove.mutate(project.id, {
          onSuccess: () => {
            toast.success(`${project.name} was deleted.`);
            onDeleted?.();
          },
          onError: (error) => {
            const { code, message, remedy } = toProblem(error);
            toast.error(`${message} (${code})`, { description: remedy });
          },
        })
      }
    />
  );
}
