import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { TeamDetail } from "@/api/types";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Field } from "@/components/field";
import { ProblemNotice } from "@/components/problem-notice";
import { toProblem } from "@/lib/problem";
import { can } from "@/lib/roles";
import { useDeleteTeam, useLeaveTeam, useRenameTeam, useTransferTeam } from "../api/teams";
import { nameOf } from "./member-list";
import { TEAM_NAME_CHARS } from "./team-list";

/** The team's name, its end, and one's own way out of it. */
export function TeamSettings({ team }: { team: TeamDetail }) {
  // The form begins anew with a new name, and what was refused stays told.
  const rename = useRenameTeam(team.id);
  return (
    <section aria-labelledby="team-settings" className="panel space-y-5 p-5">
      <h2 id="team-settings" className="text-lg font-semibold">
        Settings
      </h2>
      {can(team.role, "admin") && <RenameForm key={team.name} team={team} rename={rename} />}
      {team.role === "owner" ? <OwnersWay team={team} /> : <MembersWay team={team} />}
    </section>
  );
}

interface RenameFormProps {
  team: TeamDetail;
  rename: ReturnType<typeof useRenameTeam>;
}

function RenameForm({ team, rename }: RenameFormProps) {
  const [name, setName] = useState(team.name);
  const empty = name.trim() === "";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (empty) return;
    rename.mutate(name.trim(), { onSuccess: () => toast.success("The team was renamed.") });
  }

  return (
    <form onSubmit={submit} className="space-y-3">
      <Field label="Name" error={empty ? "Give the team a name." : null}>
        {(control) => (
          <input
            {...control}
            className="field"
            value={name}
            maxLength={TEAM_NAME_CHARS}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {rename.error && <ProblemNotice problem={toProblem(rename.error)} />}
      <Button
        type="submit"
        pending={rename.isPending}
        disabled={empty || name.trim() === team.name}
      >
        Rename
      </Button>
    </form>
  );
}

/** Hand the team on, or delete it. */
function OwnersWay({ team }: { team: TeamDetail }) {
  const navigate = useNavigate();
  const others = team.members.filter(({ you }) => !you);
  const [chosen, setChosen] = useState("");
  const transfer = useTransferTeam(team.id);
  const remove = useDeleteTeam(team.id);
  const heir = others.find(({ userId }) => userId === chosen);
  const problem = transfer.error ?? remove.error;
  return (
    <div className="space-y-4">
      {others.length > 0 && (
        <div className="flex flex-wrap items-end gap-3">
          <Field label="New owner">
            {(control) => (
              <select
                {...control}
                className="field"
                value={chosen}
                onChange={(event) => setChosen(event.target.value)}
              >
                <option value="">Choose a member</option>
                {others.map((member) => (
                  <option key={member.userId} value={member.userId}>
                    {nameOf(member)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <ConfirmDialog
            trigger={
              <Button disabled={!heir} pending={transfer.isPending}>
                Hand on
              </Button>
            }
            title={`Make ${heir ? nameOf(heir) : ""} the owner?`}
            description="They can delete the team and pay for it. You become an admin; only they can make you its owner again."
            confirm="Hand on"
            onConfirm={() =>
              heir &&
              transfer.mutate(heir.userId, {
                onSuccess: () => toast.success(`${nameOf(heir)} owns the team now.`),
              })
            }
          />
        </div>
      )}
      {problem && <ProblemNotice problem={toProblem(problem)} />}
      <ConfirmDialog
        trigger={
          <Button variant="danger" pending={remove.isPending}>
            Delete team
          </Button>
        }
        title={`Delete ${team.name}?`}
        description="Its members and invitations go with it. A team that has projects cannot be deleted: delete or move them first."
        confirm="Delete team"
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              toast.success(`${team.name} was deleted.`);
              navigate({ to: "/teams" });
            },
          })
        }
      />
    </div>
  );
}

function MembersWay({ team }: { team: TeamDetail }) {
  const navigate = useNavigate();
  const you = team.members.find((member) => member.you);
  const leave = useLeaveTeam(team.id);
  return (
    <div className="space-y-3">
      {leave.error && <ProblemNotice problem={toProblem(leave.error)} />}
      <ConfirmDialog
        trigger={
          <Button variant="danger" pending={leave.isPending} disabled={!you}>
            Leave team
          </Button>
        }
        title={`Leave ${team.name}?`}
        description="You lose sight of its projects, also of those that you made. Somebody has to invite you again."
        confirm="Leave team"
        onConfirm={() =>
          you &&
          leave.mutate(you.userId, {
            onSuccess: () => {
              toast.success(`You left ${team.name}.`);
              navigate({ to: "/teams" });
            },
          })
        }
      />
    </div>
  );
}
