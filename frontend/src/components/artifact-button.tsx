import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { toast } from "sonner";
import { saveArtifact } from "@/api/save-artifact";
import type { Artifact } from "@/api/types";
import { Button } from "@/components/button";
import { toProblem } from "@/lib/problem";

interface ArtifactButtonProps {
  deploymentId: string;
  artifact: Artifact;
}

/** Saves the file of a deployment. */
export function ArtifactButton({ deploymentId, artifact }: ArtifactButtonProps) {
  const save = useMutation({
    mutationFn: () => saveArtifact(deploymentId, artifact.name),
    onError: (error) => toast.error(toProblem(error).message),
  });
  return (
    <Button
      size="small"
      pending={save.isPending}
      onClick={() => save.mutate()}
      aria-label={`Download ${artifact.name}`}
      data-testid="artifact"
      icon={<Download className="size-4" aria-hidden />}
    >
      Download
    </Button>
  );
}
