import { Send } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { Invitation, InvitationSummary, Role, TeamDetail } from "@/api/types";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { CopyField } from "@/components/copy-field";
import { Field } from "@/components/field";
import { Moment } from "@/components/moment";
import { ProblemNotice } from "@/components/problem-notice";
import { toProblem } from "@/lib/problem";
import { ROLE_HINTS, ROLE_NAMES } from "@/lib/roles";
import { useInvite, useRevokeInvitation } from "../api/teams";
import { GIVEN, RoleSelect } from "./member-list";

/** Asks people in by a link, and shows the links that are still good. For admins. */
export function InvitationsSection({ team }: { team: TeamDetail }) {
  const [made, setMade] = useState<Invitation | null>(null);
  const taken = team.memberCount + team.invitations.length;
  return (
    <section aria-labelledby="invitations" className="panel space-y-5 p-5">
      <div className="space-y-1">
        <h2 id="invitations" className="text-lg font-semibold">
          Invitations
        </h2>
        <p className="text-ink-soft">
          You get a link that you pass on; it works once, within seven days.
          {team.seats != null && ` ${taken} of ${team.seats} seats are taken.`}
        </p>
      </div>
      <InviteForm teamId={team.id} onMade={setMade} />
      {made && (
        <section
          aria-label="The link of your invitation"
          className="space-y-3 rounded-xl border border-good p-4"
        >
          <p role="status" className="font-semibold break-words">
            Send this link to {made.email} now: it is not shown again.
          </p>
          <CopyField text={made.url} label="Copy link" data-testid="invitation-link" />
          <Button size="small" onClick={() => setMade(null)}>
            I have copied it
          </Button>
        </section>
      )}
      <OpenInvitations
        team={team}
        onRevoked={(id) => setMade((shown) => (shown?.id === id ? null : shown))}
      />
    </section>
  );
}

function InviteForm({ teamId, onMade }: { teamId: string; onMade: (made: Invitation) => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [tried, setTried] = useState(false);
  const invite = useInvite(teamId);
  const missing = !/^[^\s@]+@[^\s@]+$/.test(email.trim());

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (missing) return;
    invite.mutate(
      { email: email.trim(), role },
      {
        onSuccess: (made) => {
          onMade(made);
          setEmail("");
          setTried(false);
        },
      },
    );
  }

  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-[1fr_auto]">
        <Field
          label="Email of whom you invite"
          hint="For you to know the link by; nothing is sent to it"
          error={tried && missing ? "Give an address, for example ada@example.com." : null}
        >
          {(control) => (
            <input
              {...control}
              type="email"
              className="field"
              value={email}
              maxLength={254}
              autoComplete="off"
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <div className="space-y-1">
          <p className="text-sm font-medium">Role</p>
          <RoleSelect label="Role" value={role} onChange={setRole} />
        </div>
      </div>
      <ul className="space-y-0.5 text-xs text-ink-soft">
        {GIVEN.map((name) => (
          <li key={name}>
            <span className="font-medium text-ink">{ROLE_NAMES[name]}</span> {ROLE_HINTS[name]}
          </li>
        ))}
      </ul>
      {invite.error && <ProblemNotice problem={toProblem(invite.error)} />}
      <Button
        type="submit"
        variant="primary"
        pending={invite.isPending}
        icon={<Send className="size-4" aria-hidden />}
      >
        Create link
      </Button>
    </form>
  );
}

interface OpenInvitationsProps {
  team: TeamDetail;
  onRevoked: (id: string) => void;
}

function OpenInvitations({ team, onRevoked }: OpenInvitationsProps) {
  const revoke = useRevokeInvitation(team.id);
  if (team.invitations.length === 0) return null;
  return (
    <>
      {revoke.error && <ProblemNotice problem={toProblem(revoke.error)} />}
      <ul aria-label="Open invitations" className="divide-y divide-line">
        {team.invitations.map((invitation) => (
          <InvitationItem
            key={invitation.id}
            invitation={invitation}
            pending={revoke.isPending && revoke.variables === invitation.id}
            onRevoke={() =>
              revoke.mutate(invitation.id, {
                onSuccess: () => {
                  toast.success(`The invitation of ${invitation.email} was taken back.`);
                  onRevoked(invitation.id);
                },
              })
            }
          />
        ))}
      </ul>
    </>
  );
}

interface InvitationItemProps {
  invitation: InvitationSummary;
  pending: boolean;
  onRevoke: () => void;
}

function InvitationItem({ invitation, pending, onRevoke }: InvitationItemProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{invitation.email}</p>
        <p className="text-sm text-ink-soft">
          {ROLE_NAMES[invitation.role]} · ends <Moment iso={invitation.expiresAt} />
        </p>
      </div>
      <ConfirmDialog
        trigger={
          <Button size="small" pending={pending} aria-label={`Take back ${invitation.email}`}>
            Take back
          </Button>
        }
        title={`Take back the invitation of ${invitation.email}?`}
        description="Its link does not work any more."
        confirm="Take back"
        onConfirm={onRevoke}
      />
    </li>
  );
}
