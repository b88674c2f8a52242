import { CopyButton } from "@/components/copy-button";

interface CopyFieldProps {
  text: string;
  /** Of the button, for example "Copy address". */
  label: string;
  "data-testid"?: string;
}

/** An address or a token in a box, all of it in sight, with a button that copies it. */
export function CopyField({ text, label, "data-testid": testId }: CopyFieldProps) {
  return (
    <div className="flex items-center gap-2 rounded-lg border border-line bg-code py-1 pr-1 pl-3">
      <code data-testid={testId} className="min-w-0 flex-1 font-mono text-sm break-all">
        {text}
      </code>
      <CopyButton text={text} label={label} labelled />
    </div>
  );
}
