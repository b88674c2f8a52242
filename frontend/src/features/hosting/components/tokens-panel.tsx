import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { useCreateToken } from "@/api/create-token";
import type { Access, EndpointToken } from "@/api/types";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { NewToken } from "@/components/new-token";
import { ProblemNotice } from "@/components/problem-notice";
import { QueryView } from "@/components/query-view";
import { TokenNameField } from "@/components/token-name-field";
import { countOf } from "@/lib/format";
import { toProblem } from "@/lib/problem";
import { tokensQuery, useRevokeToken } from "../api/tokens";
import { TokenItem } from "./token-item";

interface TokensPanelProps {
  projectId: string;
  /** Of the live server, where there is one. */
  access: Access | null;
}

/** Access tokens of the project's server: make one, see which there are, revoke one. */
export function TokensPanel({ projectId, access }: TokensPanelProps) {
  const [made, setMade] = useState<EndpointToken | null>(null);
  return (
    <div className="space-y-5">
      <p className="max-w-2xl text-ink-soft">
        {access === "public"
          ? "The live version is public: it takes every caller, with a token or without. Tokens count again once a version that asks for them is live."
          : "Every caller of the server shows one of these tokens. Give each client its own, so that you can revoke one without the others."}
      </p>
      <CreateForm projectId={projectId} onMade={setMade} />
      {made && (
        <NewToken
          key={made.id}
          data-testid="made-token"
          label="Your new token"
          name={made.name}
          token={made.token}
          className="panel max-w-2xl"
          onDone={() => setMade(null)}
        />
      )}
      <TokenList
        projectId={projectId}
        onRevoked={(id) => setMade((current) => (current?.id === id ? null : current))}
      />
    </div>
  );
}

function CreateForm({
  projectId,
  onMade,
}: {
  projectId: string;
  onMade: (made: EndpointToken) => void;
}) {
  const [name, setName] = useState("");
  const [missing, setMissing] = useState(false);
  const create = useCreateToken(projectId);

  function submit(event: FormEvent) {
    event.preventDefault();
    const trimmed = name.trim();
    setMissing(trimmed === "");
    if (trimmed === "") return;
    create.mutate(trimmed, {
      onSuccess: (made) => {
        setName("");
        onMade(made);
      },
    });
  }

  return (
    <form aria-label="New token" onSubmit={submit} noValidate className="max-w-2xl space-y-3">
      <div className="grid items-start justify-items-start gap-3 sm:grid-cols-[1fr_auto]">
        <div className="w-full min-w-0">
          <TokenNameField name={name} missing={missing} onChange={setName} />
        </div>
        <Button
          type="submit"
          variant="primary"
          className="sm:mt-6"
          pending={create.isPending}
          icon={<KeyRound className="size-4" aria-hidden />}
        >
          Create token
        </Button>
      </div>
      {create.error && <ProblemNotice problem={toProblem(create.error)} />}
    </form>
  );
}

function TokenList({
  projectId,
  onRevoked,
}: {
  projectId: string;
  onRevoked: (id: string) => void;
}) {
  const query = useQuery(tokensQuery(projectId));
  const revoke = useRevokeToken(projectId);
  return (
    <QueryView query={query} what="tokens">
      {(tokens) => {
        const working = tokens.filter(({ revokedAt }) => !revokedAt);
        const revoked = tokens.filter(({ revokedAt }) => revokedAt);
        return (
          <div className="space-y-4">
            {revoke.error && <ProblemNotice problem={toProblem(revoke.error)} />}
            {working.length === 0 ? (
              <EmptyState title="No token that works">
                Nobody can call a server that asks for tokens until you create one.
              </EmptyState>
            ) : (
              <ul aria-label="Tokens" data-testid="tokens" className="panel divide-y divide-line">
                {working.map((token) => (
                  <TokenItem
                    key={token.id}
                    token={token}
                    pending={revoke.isPending && revoke.variables.id === token.id}
                    onRevoke={() =>
                      revoke.mutate(token, {
                        onSuccess: () => {
                          toast.success(`“${token.name}” was revoked.`);
                          onRevoked(token.id);
                        },
                      })
                    }
                  />
                ))}
              </ul>
            )}
            {revoked.length > 0 && (
              <details className="panel overflow-hidden">
                <summary className="px-4 py-2.5 text-sm text-ink-soft -outline-offset-2 hover:text-ink">
                  {countOf(revoked.length, "revoked token")}
                </summary>
                <ul
                  aria-label="Revoked tokens"
                  className="divide-y divide-line border-t border-line"
                >
                  {revoked.map((token) => (
                    <TokenItem key={token.id} token={token} />
                  ))}
                </ul>
              </details>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}
