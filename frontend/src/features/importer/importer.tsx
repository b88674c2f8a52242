import { ArrowRight, FileUp, FlaskConical } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
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
  /** One description; several files are its parts. */
  onFiles: (files: readonly File[]) => void;
  /** Bytes; null while the limit is not known. */
  maxBytes: number | null;
  /** The sample's address, where the studio has one. */
  sampleUrl: string | null;
  /** Beside the buttons: for whom the server is. */
  children?: ReactNode;
}

/** What is typed outlives the component: a run that fails comes back to it. */
const draft = createStore("");

export function clearImporter(): void {
  draft.set("");
}

/** One control for files, an address or the text itself. */
export function Importer(props: ImporterProps) {
  const { onUrl, onText, onFiles, maxBytes, sampleUrl, children } = props;
  const text = useStore(draft);
  const setText = draft.set;
  const [problem, setProblem] = useState<Problem | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);

  function takeFiles(files: readonly File[]) {
    const found = filesProblem(files, maxBytes);
    setProblem(found);
    if (!found) onFiles(files);
  }

  function takeText(pasted: string) {
    setText(pasted);
    setProblem(null);
    area.current?.focus();
  }

  const dragging = useWindowInput({ onFiles: takeFiles, onText: takeText });
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
            "https://api.example.com/openapi.json\n\nor paste the document: OpenAPI, a Postman collection, or the API's documentation"
          }
          className="block max-h-80 min-h-36 w-full resize-y rounded-lg bg-transparent p-3 font-mono text-sm leading-relaxed -outline-offset-2"
        />
        <div className="flex flex-wrap items-center justify-between gap-2 p-1">
          <div className="flex flex-wrap gap-2">
            <Button
              onClick={() => chooser.current?.click()}
              icon={<FileUp className="size-4" aria-hidden />}
            >
              Choose files
            </Button>
            <input
              ref={chooser}
              type="file"
              multiple
              data-testid="spec-file"
              className="hidden"
              tabIndex={-1}
              aria-hidden
              accept=".json,.yaml,.yml,.txt,.md,.html,application/json,application/yaml,text/*"
              onChange={(event) => {
                const files = [...(event.target.files ?? [])];
                // Choosing the same file again has to fire again.
                event.target.value = "";
                if (files.length > 0) takeFiles(files);
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
            {children}
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
        OpenAPI 2.0 to 3.2, a Postman collection, or documentation as Markdown or HTML
        {maxBytes !== null && `, up to ${formatBytes(maxBytes)}`}. Drop the file, or all files of a
        split description, anywhere on the page, or paste.
      </p>
      {problem && <ProblemNotice problem={problem} />}
    </form>
  );
}

/** An empty file alone is a mistake; beside others it only says nothing. */
function filesProblem(files: readonly File[], maxBytes: number | null): Problem | null {
  const bytes = files.reduce((total, file) => total + file.size, 0);
  if (bytes === 0) {
    const name = files[0]?.name ?? "";
    return makeProblem({ code: "document_empty", message: `The file ${name} is empty.` });
  }
  return maxBytes !== null && bytes > maxBytes ? sizeProblem(bytes, maxBytes) : null;
}

function sizeProblem(bytes: number, maxBytes: number): Problem {
  return makeProblem({
    code: "document_too_large",
    message: `The description has ${formatBytes(bytes)}; the limit is ${formatBytes(maxBytes)}.`,
  });
}
