import { KeyRound, TriangleAlert } from "lucide-react";
import type { Access } from "@/api/types";
import { Button } from "@/components/button";
import { CopyField } from "@/components/copy-field";

interface ServerAddressProps {
  endpoint: string;
  access: Access;
  /** Only while it may be shown: made on this page view. */
  token: string | null;
  onCreateToken: () => void;
  creating: boolean;
}

/** The address of a live server, and its token for as long as that is known. */
export function ServerAddressRows({
  endpoint,
  access,
  token,
  onCreateToken,
  creating,
}: ServerAddressProps) {
  return (
    <dl className="space-y-3">
      <div>
        <dt className="text-xs font-medium text-ink-soft">Address</dt>
        <dd className="mt-1">
          <CopyField text={endpoint} label="Copy address" data-testid="endpoint" />
        </dd>
      </div>
      {access === "token" && (
        <div>
          <dt className="text-xs font-medium text-ink-soft">Token</dt>
          {token ? (
            <dd className="mt-1 space-y-1.5">
              <CopyField text={token} label="Copy token" data-testid="token" />
              <p className="flex items-start gap-2 text-sm text-warn">
                <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
                Copy it now: it is shown this once, and cannot be read again.
              </p>
            </dd>
          ) : (
            <dd className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-ink-soft">
              Callers need a token. Tokens are shown only when they are made.
              <Button
                size="small"
                data-testid="new-token"
                pending={creating}
                onClick={onCreateToken}
                icon={<KeyRound className="size-4" aria-hidden />}
              >
                New token
              </Button>
            </dd>
          )}
        </div>
      )}
    </dl>
  );
}
