import { FileCode2 } from "lucide-react";
import { useState } from "react";
import type { BundleFile } from "@/api/types";
import { CopyButton } from "@/components/copy-button";
import { cn, countOf } from "@/lib/format";

/** Above this, line numbers cost more than they help: the file is shown as plain text. */
const NUMBERED_LINES = 4000;

/** Read-only view of generated files: a list, and the chosen one with line numbers. */
export function FileViewer({ files }: { files: readonly BundleFile[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const file =
    files.find(({ path }) => path === chosen) ??
    files.find(({ path }) => path === "src/server.ts") ??
    files[0];
  if (!file) return null;
  return (
    <div
      data-testid="files"
      className="grid overflow-hidden rounded-xl border border-line md:grid-cols-[15rem_minmax(0,1fr)]"
    >
      <ul
        aria-label="Generated files"
        className="max-h-40 overflow-auto border-b border-line bg-raised/50 p-1.5 md:max-h-[32rem] md:border-r md:border-b-0"
      >
        {files.map(({ path }) => (
          <li key={path}>
            <button
              type="button"
              aria-pressed={path === file.path}
              onClick={() => setChosen(path)}
              className={cn(
                "flex w-full items-center gap-2 rounded-md px-2 py-1 text-left font-mono text-xs break-all",
                path === file.path
                  ? "bg-accent-wash font-semibold text-accent"
                  : "text-ink-soft hover:bg-raised hover:text-ink",
              )}
            >
              <FileCode2 className="size-3.5 shrink-0" aria-hidden />
              {path}
            </button>
          </li>
        ))}
      </ul>
      <FileContent file={file} />
    </div>
  );
}

function FileContent({ file }: { file: BundleFile }) {
  const lines = file.content.replace(/\n$/, "").split("\n");
  return (
    <div className="flex min-w-0 flex-col bg-code">
      <div className="flex items-center justify-between gap-2 border-b border-line py-1 pr-1.5 pl-3">
        <p className="min-w-0 truncate font-mono text-xs">
          {file.path} <span className="text-ink-soft">· {countOf(lines.length, "line")}</span>
        </p>
        <CopyButton text={file.content} label={`Copy ${file.path}`} />
      </div>
      <section
        // A scrolling region has to be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
        tabIndex={0}
        aria-label={`Content of ${file.path}`}
        className="max-h-[30rem] min-h-40 overflow-auto py-2 font-mono text-xs leading-5 -outline-offset-2"
      >
        <div className="flex w-max min-w-full">
          {lines.length <= NUMBERED_LINES && (
            <pre
              aria-hidden
              className="sticky left-0 bg-code px-3 text-right text-ink-soft select-none"
            >
              {lines.map((_line, index) => index + 1).join("\n")}
            </pre>
          )}
          <pre className="pr-4 pl-1">{file.content}</pre>
        </div>
      </section>
    </div>
  );
}
