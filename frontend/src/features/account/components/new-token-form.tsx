import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { PersonalToken, TokenScope } from "@/api/types";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { ProblemNotice } from "@/components/problem-notice";
import { TokenNameField } from "@/components/token-name-field";
import { toProblem } from "@/lib/problem";
import { useCreatePersonalToken } from "../api/personal-tokens";
import { SCOPES } from "../model/scopes";

const LIVES = [7, 30, 90, 365];

/** Asks for name, scopes and life of a new token. */
export function NewTokenForm({ onMade }: { onMade: (made: PersonalToken) => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly TokenScope[]>(["projects:read"]);
  const [days, setDays] = useState(90);
  const [tried, setTried] = useState(false);
  const create = useCreatePersonalToken();
  const trimmed = name.trim();

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (trimmed === "" || scopes.length === 0) return;
    create.mutate(
      { name: trimmed, scopes: [...scopes], expiresInDays: days },
      {
        onSuccess: (made) => {
          setName("");
          setTried(false);
          onMade(made);
        },
      },
    );
  }

  return (
    <form aria-label="New personal token" onSubmit={submit} noValidate className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-[1fr_auto]">
        <TokenNameField name={name} missing={tried} onChange={setName} />
        <Field label="Ends after">
          {(control) => (
            <select
              {...control}
              className="field"
              value={days}
              onChange={(event) => setDays(Number(event.target.value))}
            >
              {LIVES.map((life) => (
                <option key={life} value={life}>
                  {life} days
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <fieldset className="space-y-2">
        <legend className="text-sm font-medium">What it may do</legend>
        {SCOPES.map(({ scope, title, hint }) => (
          <label key={scope} className="flex items-start gap-2.5">
            <input
              type="checkbox"
              className="mt-1 size-4 shrink-0 accent-accent"
              checked={scopes.includes(scope)}
              onChange={({ target }) =>
                setScopes((current) =>
                  target.checked
                    ? [...current, scope]
                    : current.filter((chosen) => chosen !== scope),
                )
              }
            />
            <span className="min-w-0">
              <span className="font-medium">{title}</span>{" "}
              <code className="font-mono text-xs text-ink-soft">{scope}</code>
              <span className="block text-sm text-ink-soft">{hint}</span>
            </span>
          </label>
        ))}
        {tried && scopes.length === 0 && (
          <p className="text-xs font-medium text-bad">Choose one thing at least.</p>
        )}
      </fieldset>
      <Button
        type="submit"
        variant="primary"
        pending={create.isPending}
        icon={<KeyRound className="size-4" aria-hidden />}
      >
        Create token
      </Button>
      {create.error && <ProblemNotice problem={toProblem(create.error)} />}
    </form>
  );
}
