import { CopyButton } from "@/components/copy-button";
import { cn } from "@/lib/format";

interface CodeBlockProps {
  text: string;
  /** What the code is, for the accessible name and the copy button. */
  label: string;
  className?: string;
  wrap?: boolean;
}

/** Text in a monospaced box with a copy button. Always text, never markup. */
export function CodeBlock({ text, label, className, wrap = false }: CodeBlockProps) {
  return (
    <div className={cn("relative rounded-lg border border-line bg-code", className)}>
      <section
        // A scrolling region has to be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
        tabIndex={0}
        aria-label={label}
        className="max-h-96 overflow-auto rounded-lg p-3 pr-12"
      >
        <pre
          className={cn(
            "font-mono text-[0.8125rem] leading-relaxed",
            wrap && "break-words whitespace-pre-wrap",
          )}
        >
          {text}
        </pre>
      </section>
      <div className="absolute top-1.5 right-1.5 rounded-md bg-code">
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
    </div>
  );
}
