import { ArrowRight, FileUp, FlaskConical } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/button";
import { ProblemNotice } from "@/components/problem-notice";
import { cn, formatBytes } from "@/lib/format";
import { makeProblem, type Problem } from "@/lib/problem";
import { createStore, useStore } from "@/lib/store";
import { classifyInput } from "./classify-input";
import { useWindowInput } from "./use-window-input";

interface ImporterProps {
  onUrl: (url: string) => void;
  onText: (text: string) => void;
  onFile: (file: File) => void;
  /** Bytes; null while the limit is not known. */
  maxBytes: number | null;
  /** The sample's address, where the studio has one. */
  sampleUrl: string | null;
}

/** What is typed outlives the component: a run that fails comes back to it. */
const draft = createStore("");

export function clearImporter(): void {
  draft.set("");
}

/** One control for a file, an address or the text itself. */
export function Importer({ onUrl, onText, onFile, maxBytes, sampleUrl }: ImporterProps) {
  const text = useStore(draft);
  const setText = draft.set;
  const [problem, setProblem] = useState<Problem | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);

  function takeFile(file: File) {
    if (file.size === 0 || (maxBytes !== null && file.size > maxBytes)) {
      setProblem(fileProblem(file, maxBytes));
      return;
    }
    setProblem(null);
    onFile(file);
  }

  function takeText(pasted: string) {
    setText(pasted);
    setProblem(null);
    area.current?.focus();
  }

  const dragging = useWindowInput({ onFile: takeFile, onText: takeText });
  const input = classifyInput(text);

  function submit() {
    if (input.kind === "url") onUrl(input.url);
    else if (input.kind === "text") {
      const bytes = new Blob([input.text]).size;
      if (maxBytes !== null && bytes > maxBytes) setProblem(sizeProblem(bytes, maxBytes));
      else onText(input.text);
    } else area.current?.focus();
  }

  return (
    <form
      data-testid="importer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="space-y-3"
    >
      <div
        className={cn(
          "panel relative p-2 transition-colors",
          dragging && "border-accent bg-accent-wash",
        )}
      >
        <label htmlFor="spec-input" className="sr-only">
          Address or text of an API description
        </label>
        <textarea
          ref={area}
          id="spec-input"
          data-testid="spec-input"
          value={text}
          rows={5}
          spellCheck={false}
          autoComplete="off"
          aria-describedby="spec-hint"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            // Enter sends an address; in a document it is a line break.
            const command = event.metaKey || event.ctrlKey;
            if (event.key === "Enter" && !event.shiftKey && (command || input.kind === "url")) {
              event.preventDefault();
              submit();
            }
          }}
          placeholder={
            "https://api.example.com/openapi.json\n\nor paste the document: JSON or YAML"
          }
          className="block max-h-80 min-h-36 w-full resize-y rounded-lg bg-transparent p-3 font-mono text-sm leading-relaxed -outline-offset-2"
        />
        <div className="flex flex-wrap items-center justify-between gap-2 p-1">
          <div className="flex flex-wrap gap-2">
            <Button
              onClick={() => chooser.current?.click()}
              icon={<FileUp className="size-4" aria-hidden />}
            >
              Choose a file
            </Button>
            <input
              ref={chooser}
              type="file"
              data-testid="spec-file"
              className="hidden"
              tabIndex={-1}
              aria-hidden
              accept=".json,.yaml,.yml,.txt,application/json,application/yaml,text/*"
              onChange={(event) => {
                const file = event.target.files?.[0];
                // Choosing the same file again has to fire again.
                event.target.value = "";
                if (file) takeFile(file);
              }}
            />
            {sampleUrl && (
              <Button
                variant="ghost"
                data-testid="try-sample"
                onClick={() => onUrl(sampleUrl)}
                icon={<FlaskConical className="size-4" aria-hidden />}
              >
                Try the sample API
              </Button>
            )}
          </div>
          <Button
            type="submit"
            variant="primary"
            data-testid="create-server"
            className="w-full justify-center sm:w-auto"
          >
            Create server
            <ArrowRight className="size-4" aria-hidden />
          </Button>
        </div>
        {dragging && (
          <div className="pointer-events-none absolute inset-0 grid place-items-center rounded-[inherit] border-2 border-dashed border-accent bg-accent-wash/90">
            <p className="font-semibold text-accent">Drop the description anywhere</p>
          </div>
        )}
      </div>
      <p id="spec-hint" className="text-sm text-ink-soft">
        OpenAPI 2.0 to 3.2, JSON or YAML
        {maxBytes !== null && `, up to ${formatBytes(maxBytes)}`}. Drop a file anywhere on the page,
        or paste.
      </p>
      {problem && <ProblemNotice problem={problem} />}
    </form>
  );
}

function fileProblem(file: File, maxBytes: number | null): Problem {
  return file.size === 0
    ? makeProblem({ code: "document_empty", message: `The file ${file.name} is empty.` })
    : sizeProblem(file.size, maxBytes ?? 0);
}

function sizeProblem(bytes: number, maxBytes: number): Problem {
  return makeProblem({
    code: "document_too_large",
    message: `The description has ${formatBytes(bytes)}; the limit is ${formatBytes(maxBytes)}.`,
  });
}
