import { type FormEvent, useState } from "react";
import type { TeamBilling } from "@/api/types";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { ProblemNotice } from "@/components/problem-notice";
import { toProblem } from "@/lib/problem";
import { useCheckout } from "../api/billing";

const MAX_SEATS = 500;

/** Asks how many seats a team shall have, as many as are taken at least. */
export function BuySeats({ team }: { team: TeamBilling }) {
  const least = Math.max(1, team.seatsUsed);
  const [seats, setSeats] = useState(String(Math.max(least, team.seats)));
  const checkout = useCheckout();

  function submit(event: FormEvent) {
    event.preventDefault();
    checkout.mutate({ plan: "team", teamId: team.id, seats: Number(seats) });
  }

  return (
    <form aria-label={`Buy seats for ${team.name}`} onSubmit={submit} className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Seats">
          {(control) => (
            <input
              {...control}
              className="field w-24"
              type="number"
              inputMode="numeric"
              required
              min={least}
              max={MAX_SEATS}
              step={1}
              value={seats}
              onChange={(event) => setSeats(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" pending={checkout.isPending}>
          Upgrade to Team
        </Button>
      </div>
      {checkout.error && <ProblemNotice problem={toProblem(checkout.error)} />}
    </form>
  );
}
