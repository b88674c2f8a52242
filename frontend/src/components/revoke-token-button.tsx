import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";

interface RevokeTokenButtonProps {
  name: string;
  /** What comes of it. */
  description: string;
  pending: boolean;
  onRevoke: () => void;
}

/** Revokes a token, after a question. */
export function RevokeTokenButton({
  name,
  description,
  pending,
  onRevoke,
}: RevokeTokenButtonProps) {
  return (
    <ConfirmDialog
      trigger={
        <Button size="small" variant="danger" pending={pending} aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      }
      title={`Revoke “${name}”?`}
      description={`${description} This cannot be undone.`}
      confirm="Revoke token"
      onConfirm={onRevoke}
    />
  );
}
