import { Button } from "@/components/button";
import { CopyField } from "@/components/copy-field";
import { cn } from "@/lib/format";

interface NewTokenProps {
  /** Of the region. */
  label: string;
  name: string;
  token: string;
  onDone: () => void;
  className?: string;
  "data-testid"?: string;
}

/** The one time that a token is shown. */
export function NewToken({ label, name, token, onDone, className, ...rest }: NewTokenProps) {
  return (
    <section {...rest} aria-label={label} className={cn("space-y-3 border-good p-4", className)}>
      <p role="status" className="font-semibold break-words">
        Copy the token “{name}” now: it is not shown again.
      </p>
      <CopyField text={token} label="Copy token" />
      <Button size="small" onClick={onDone}>
        I have copied it
      </Button>
    </section>
  );
}
