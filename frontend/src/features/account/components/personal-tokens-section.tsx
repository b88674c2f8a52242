import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import type { PersonalToken, PersonalTokenSummary } from "@/api/types";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { CopyButton } from "@/components/copy-button";
import { EmptyState } from "@/components/empty-state";
import { ProblemNotice } from "@/components/problem-notice";
import { QueryView } from "@/components/query-view";
import { relativeTime } from "@/lib/format";
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
      {made && <NewToken key={made.id} made={made} onDone={() => setMade(null)} />}
      <TokenList onRevoked={(id) => setMade((shown) => (shown?.id === id ? null : shown))} />
    </section>
  );
}

/** The one time that a token is shown. */
function NewToken({ made, onDone }: { made: PersonalToken; onDone: () => void }) {
  return (
    <section
      aria-label="Your new personal token"
      className="space-y-3 rounded-xl border border-good p-4"
    >
      <p role="status" className="font-semibold break-words">
        Copy the token “{made.name}” now: it is not shown again.
      </p>
      <div className="flex items-center gap-2 rounded-lg border border-line bg-code py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 font-mono text-sm break-all">{made.token}</code>
        <CopyButton text={made.token} label="Copy token" labelled />
      </div>
      <Button size="small" onClick={onDone}>
        I have copied it
      </Button>
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
      <ConfirmDialog
        trigger={
          <Button
            size="small"
            variant="danger"
            pending={pending}
            aria-label={`Revoke ${token.name}`}
          >
            Revoke
          </Button>
        }
        title={`Revoke “${token.name}”?`}
        description={`Whatever uses the token that ends in ${token.last4} is refused from then on. This cannot be undone.`}
        confirm="Revoke token"
        onConfirm={onRevoke}
      />
    </li>
  );
}

function Moment({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={iso}>
      {relativeTime(iso)}
    </time>
  );
}
