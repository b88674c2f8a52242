import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/button";

interface CopyButtonProps {
  text: string;
  /** What is copied, for the accessible name: `Copy address`. */
  label: string;
  /** Shows the label beside the icon. */
  labelled?: boolean;
}

/** Copies `text`; says so for two seconds in place, and to screen readers. */
export function CopyButton({ text, label, labelled = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Without https or permission there is no clipboard; the text is on screen.
      toast.error("The browser did not allow copying. Select the text and copy it by hand.");
    }
  }

  return (
    <Button
      size={labelled ? "small" : "icon"}
      variant={labelled ? "secondary" : "ghost"}
      onClick={copy}
      aria-label={label}
      title={label}
      icon={
        copied ? (
          <Check className="size-4 text-good" aria-hidden />
        ) : (
          <Copy className="size-4" aria-hidden />
        )
      }
    >
      {labelled && (copied ? "Copied" : "Copy")}
      <span className="sr-only" aria-live="polite">
        {copied ? "Copied" : ""}
      </span>
    </Button>
  );
}
