import type { TokenSummary } from "@/api/types";
import { Moment } from "@/components/moment";
import { RevokeTokenButton } from "@/components/revoke-token-button";

interface TokenItemProps {
  token: TokenSummary;
  pending?: boolean;
  /** Absent for one that is revoked. */
  onRevoke?: () => void;
}

/** What is known of a token: its name, its end and when it was used. */
export function TokenItem({ token, pending = false, onRevoke }: TokenItemProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">
          {token.name}{" "}
          <code className="font-mono text-xs font-normal text-ink-soft">mcpe_…{token.last4}</code>
        </p>
        <p className="text-sm text-ink-soft">
          created <Moment iso={token.createdAt} />
          {" · "}
          {token.lastUsedAt ? (
            <>
              used <Moment iso={token.lastUsedAt} />
            </>
          ) : (
            "never used"
          )}
          {token.revokedAt && (
            <>
              {" · "}revoked <Moment iso={token.revokedAt} />
            </>
          )}
        </p>
      </div>
      {onRevoke && (
        <RevokeTokenButton
          name={token.name}
          description={`Every request with the token that ends in ${token.last4} is refused from then on.`}
          pending={pending}
          onRevoke={onRevoke}
        />
      )}
    </li>
  );
}
