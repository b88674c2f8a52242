import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { teamsQuery } from "@/api/list-teams";
import type { Team } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { Field } from "@/components/field";
import { ProblemNotice } from "@/components/problem-notice";
import { QueryView } from "@/components/query-view";
import { countOf } from "@/lib/format";
import { toProblem } from "@/lib/problem";
import { ROLE_NAMES } from "@/lib/roles";
import { useCreateTeam } from "../api/teams";

/** As the server has it. */
export const TEAM_NAME_CHARS = 80;

/** The teams that you are in, and a form that makes another. */
export function TeamList() {
  const query = useQuery(teamsQuery);
  return (
    <div className="max-w-2xl space-y-6">
      <QueryView query={query} what="teams">
        {(teams) =>
          teams.length === 0 ? (
            <EmptyState title="No team yet">
              People in a team share its projects, each with what they may do. Make one below, or
              open the link of an invitation.
            </EmptyState>
          ) : (
            <ul aria-label="Teams" className="panel divide-y divide-line">
              {teams.map((team) => (
                <TeamItem key={team.id} team={team} />
              ))}
            </ul>
          )
        }
      </QueryView>
      <NewTeamForm />
    </div>
  );
}

function TeamItem({ team }: { team: Team }) {
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 p-4 hover:bg-raised">
      <div className="min-w-0 flex-1">
        <Link
          to="/teams/$teamId"
          params={{ teamId: team.id }}
          className="font-semibold break-words after:absolute after:inset-0"
        >
          {team.name}
        </Link>
        <p className="text-sm text-ink-soft">
          {countOf(team.memberCount, "member")} · {countOf(team.projectCount, "project")}
        </p>
      </div>
      <Badge tone={team.role === "owner" ? "accent" : "neutral"}>{ROLE_NAMES[team.role]}</Badge>
    </li>
  );
}

function NewTeamForm() {
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const create = useCreateTeam();

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (name.trim() === "") return;
    create.mutate(name.trim(), {
      onSuccess: (team) => {
        toast.success(`The team ${team.name} is there.`);
        setName("");
        setTried(false);
      },
    });
  }

  return (
    <form onSubmit={submit} className="panel space-y-4 p-5" aria-label="New team">
      <Field
        label="Name of the new team"
        error={tried && name.trim() === "" ? "Give the team a name." : null}
      >
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
      {create.error && <ProblemNotice problem={toProblem(create.error)} />}
      <Button
        type="submit"
        variant="primary"
        pending={create.isPending}
        icon={<Plus className="size-4" aria-hidden />}
      >
        Create team
      </Button>
    </form>
  );
}
