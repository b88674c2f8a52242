import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import type { PersonalToken, PersonalTokenSummary } from "@/api/types";
import { EmptyState } from "@/components/empty-state";
import { Moment } from "@/components/moment";
import { NewToken } from "@/components/new-token";
import { ProblemNotice } from "@/components/problem-notice";
import { QueryView } from "@/components/query-view";
import { RevokeTokenButton } from "@/components/revoke-token-button";
import { toProblem } from "@/lib/problem";
import { personalTokensQuery, useRevokePersonalToken } from "../api/personal-tokens";
import { NewTokenForm } from "./new-token-form";

/** Personal access tokens: make one, see which there are, revoke one. */
export function PersonalTokensSection() {
  const [made, setMade] = useState<PersonalToken | null>(null);
  return (
    <section aria-labelledby="personal-tokens" className="panel max-w-2xl space-y-5 p-5">
      <div className="space-y-1">
        <h2 id="personal-tokens" className="text-lg font-semibold">
          Personal access tokens
        </h2>
        <p className="text-ink-soft">
          For the command line (<code className="font-mono text-sm">mcpengine login</code>) and
          scripts. They act as you, within what you allow them.
        </p>
      </div>
      <NewTokenForm onMade={setMade} />
      {made && (
        <NewToken
          key={made.id}
          label="Your new personal token"
          name={made.name}
          token={made.token}
          className="rounded-xl border"
          onDone={() => setMade(null)}
        />
      )}
      <TokenList onRevoked={(id) => setMade((shown) => (shown?.id === id ? null : shown))} />
    </section>
  );
}

function TokenList({ onRevoked }: { onRevoked: (id: string) => void }) {
  const query = useQuery(personalTokensQuery);
  const revoke = useRevokePersonalToken();
  return (
    <QueryView query={query} what="tokens">
      {(tokens) => {
        const working = tokens.filter(({ revokedAt }) => !revokedAt);
        return (
          <>
            {revoke.error && <ProblemNotice problem={toProblem(revoke.error)} />}
            {working.length === 0 ? (
              <EmptyState title="No token yet">Create one to use the command line.</EmptyState>
            ) : (
              <ul aria-label="Personal tokens" className="divide-y divide-line">
                {working.map((token) => (
                  <TokenItem
                    key={token.id}
                    token={token}
                    pending={revoke.isPending && revoke.variables === token.id}
                    onRevoke={() =>
                      revoke.mutate(token.id, {
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
          </>
        );
      }}
    </QueryView>
  );
}

interface TokenItemProps {
  token: PersonalTokenSummary;
  pending: boolean;
  onRevoke: () => void;
}

function TokenItem({ token, pending, onRevoke }: TokenItemProps) {
  const ended = Date.parse(token.expiresAt) <= Date.now();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">
          {token.name}{" "}
          <code className="font-mono text-xs font-normal text-ink-soft">mcpp_…{token.last4}</code>
        </p>
        <p className="font-mono text-xs break-words text-ink-soft">{token.scopes.join(" ")}</p>
        <p className="text-sm text-ink-soft">
          {ended ? <span className="text-bad">ended </span> : "ends "}
          <Moment iso={token.expiresAt} />
          {" · "}
          {token.lastUsedAt ? (
            <>
              used <Moment iso={token.lastUsedAt} />
            </>
          ) : (
            "never used"
          )}
        </p>
      </div>
      <RevokeTokenButton
        name={token.name}
        description={`Whatever uses the token that ends in ${token.last4} is refused from then on.`}
        pending={pending}
        onRevoke={onRevoke}
      />
    </li>
  );
}
