import { UserMinus } from "lucide-react";
import { toast } from "sonner";
import type { Member, Role, TeamDetail } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Moment } from "@/components/moment";
import { ProblemNotice } from "@/components/problem-notice";
import { toProblem } from "@/lib/problem";
import { can, ROLE_HINTS, ROLE_NAMES } from "@/lib/roles";
import { useRemoveMember, useSetRole } from "../api/teams";

/** Roles that can be given; the owner's is handed on. */
export const GIVEN: readonly Role[] = ["viewer", "editor", "admin"];

/** Who is in the team; admins change that. */
export function MemberList({ team }: { team: TeamDetail }) {
  const setRole = useSetRole(team.id);
  const remove = useRemoveMember(team.id);
  const problem = setRole.error ?? remove.error;
  return (
    <section aria-labelledby="members" className="panel space-y-3 p-5">
      <h2 id="members" className="text-lg font-semibold">
        Members
      </h2>
      {problem && <ProblemNotice problem={toProblem(problem)} />}
      <ul aria-label="Members" className="divide-y divide-line">
        {team.members.map((member) => (
          <MemberItem
            key={member.userId}
            member={member}
            manages={can(team.role, "admin") && member.role !== "owner" && !member.you}
            pending={
              (setRole.isPending && setRole.variables.userId === member.userId) ||
              (remove.isPending && remove.variables === member.userId)
            }
            onRole={(role) => setRole.mutate({ userId: member.userId, role })}
            onRemove={() =>
              remove.mutate(member.userId, {
                onSuccess: () => toast.success(`${nameOf(member)} is out of the team.`),
              })
            }
          />
        ))}
      </ul>
    </section>
  );
}

export function nameOf({ name, email }: Member): string {
  return name ?? email ?? "Someone without a name";
}

interface MemberItemProps {
  member: Member;
  manages: boolean;
  pending: boolean;
  onRole: (role: Role) => void;
  onRemove: () => void;
}

function MemberItem({ member, manages, pending, onRole, onRemove }: MemberItemProps) {
  const name = nameOf(member);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">
          {name}
          {member.you && <span className="font-normal text-ink-soft"> (you)</span>}
        </p>
        <p className="text-sm break-words text-ink-soft">
          {member.name && member.email && `${member.email} · `}joined{" "}
          <Moment iso={member.joinedAt} />
        </p>
      </div>
      {manages ? (
        <div className="flex items-center gap-2">
          <RoleSelect
            label={`Role of ${name}`}
            value={member.role}
            disabled={pending}
            onChange={onRole}
          />
          <ConfirmDialog
            trigger={
              <Button
                size="icon"
                variant="ghost"
                pending={pending}
                aria-label={`Remove ${name}`}
                title="Remove"
                icon={<UserMinus className="size-4" aria-hidden />}
              />
            }
            title={`Remove ${name} from the team?`}
            description="They lose sight of its projects at once. What they made stays with the team."
            confirm="Remove member"
            onConfirm={onRemove}
          />
        </div>
      ) : (
        <Badge tone={member.role === "owner" ? "accent" : "neutral"}>
          {ROLE_NAMES[member.role]}
        </Badge>
      )}
    </li>
  );
}

interface RoleSelectProps {
  label: string;
  value: Role;
  disabled?: boolean;
  onChange: (role: Role) => void;
}

export function RoleSelect({ label, value, disabled = false, onChange }: RoleSelectProps) {
  return (
    <select
      aria-label={label}
      className="field w-auto"
      value={value}
      disabled={disabled}
      title={ROLE_HINTS[value]}
      onChange={(event) => onChange(event.target.value as Role)}
    >
      {GIVEN.map((role) => (
        <option key={role} value={role}>
          {ROLE_NAMES[role]}
        </option>
      ))}
    </select>
  );
}
