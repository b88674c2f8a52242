import { useQuery } from "@tanstack/react-query";
import { FolderInput } from "lucide-react";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { toast } from "sonner";
import { teamsQuery } from "@/api/list-teams";
import type { Project } from "@/api/types";
import { Button, buttonLook } from "@/components/button";
import { Field } from "@/components/field";
import { ProblemNotice } from "@/components/problem-notice";
import { toProblem } from "@/lib/problem";
import { can } from "@/lib/roles";
import { useTransferProject } from "../api/transfer-project";

/** Moves a project between you and your teams; nothing where there is no team. */
export function MoveProjectButton({ project }: { project: Project }) {
  const teams = useQuery(teamsQuery).data ?? [];
  const [open, setOpen] = useState(false);
  const targets = teams.filter(({ id, role }) => can(role, "editor") && id !== project.teamId);
  if (targets.length === 0 && !project.teamId) return null;
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button
          size="icon"
          variant="ghost"
          aria-label={`Move ${project.name}`}
          title="Move to a team"
          icon={<FolderInput className="size-4" aria-hidden />}
        />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[rgb(8_14_13/55%)]" />
        <Dialog.Content className="panel fixed top-1/2 left-1/2 z-50 w-[calc(100%-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 space-y-4 p-5">
          <Dialog.Title className="text-lg font-semibold break-words">
            Move {project.name}
          </Dialog.Title>
          <Dialog.Description className="text-ink-soft">
            Its server and address stay as they are. Its stored credentials and tokens go with it:
            whoever may edit there can deploy with them.
          </Dialog.Description>
          <MoveForm project={project} targets={targets} onDone={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface MoveFormProps {
  project: Project;
  targets: readonly { readonly id: string; readonly name: string }[];
  onDone: () => void;
}

function MoveForm({ project, targets, onDone }: MoveFormProps) {
  const [target, setTarget] = useState(targets[0]?.id ?? "");
  const transfer = useTransferProject(project.id);
  const name = targets.find(({ id }) => id === target)?.name ?? "your own projects";
  return (
    <>
      <Field label="To">
        {(control) => (
          <select
            {...control}
            className="field"
            value={target}
            onChange={(event) => setTarget(event.target.value)}
          >
            {targets.map((team) => (
              <option key={team.id} value={team.id}>
                {team.name}
              </option>
            ))}
            {project.teamId && <option value="">Your own projects</option>}
          </select>
        )}
      </Field>
      {transfer.error && <ProblemNotice problem={toProblem(transfer.error)} />}
      <div className="flex justify-end gap-2">
        <Dialog.Close className={buttonLook()}>Cancel</Dialog.Close>
        <Button
          variant="primary"
          pending={transfer.isPending}
          onClick={() =>
            transfer.mutate(target === "" ? null : target, {
              onSuccess: () => {
                toast.success(`${project.name} is in ${name} now.`);
                onDone();
              },
            })
          }
        >
          Move project
        </Button>
      </div>
    </>
  );
}
