import { Package } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/button";
import { ProblemNotice } from "@/components/problem-notice";
import { usePackage } from "../api/use-package";
import {
  EMPTY_FORM,
  PACKAGES,
  type PackageForm,
  type PackageId,
  requestFor,
} from "../model/packages";
import { PackageFields } from "./package-fields";
import { PackageResult } from "./package-result";

function verb(chosen: PackageId, form: PackageForm): string {
  if (chosen === "cloudflare") return "Deploy";
  return chosen === "npm" && form.token.trim() ? "Publish" : "Make it";
}

/** Makes what a person takes away: source, desktop bundle, npm package, Docker context. */
export function ExportPanel({ projectId }: { projectId: string }) {
  const [chosen, setChosen] = useState<PackageId>("zip");
  const [form, setForm] = useState(EMPTY_FORM);
  const { state, make } = usePackage(projectId);
  const name = useId();
  const running = state.phase === "running";
  const start = () => make(requestFor(chosen, form));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!running) start();
  }

  return (
    <div className="space-y-5" data-testid="export">
      <form onSubmit={submit} className="panel space-y-5 p-4 sm:p-5">
        <fieldset className="min-w-0">
          <legend className="text-lg font-semibold">Take the server away</legend>
          <p className="text-ink-soft">
            It runs without the studio. A file holds no credential: you set them where it runs.
          </p>
          <div className="mt-4 grid gap-3 sm:grid-cols-2">
            {PACKAGES.map(({ id, label, about }) => (
              <label
                key={id}
                className="flex cursor-pointer items-start gap-3 rounded-lg border border-line p-3 hover:border-control has-checked:border-accent has-checked:bg-accent-wash has-focus-visible:outline-2 has-focus-visible:outline-accent"
              >
                <input
                  type="radio"
                  name={name}
                  value={id}
                  checked={chosen === id}
                  disabled={running}
                  onChange={() => setChosen(id)}
                  aria-describedby={`${name}-${id}`}
                  className="mt-1 size-4 shrink-0 accent-accent"
                />
                <span className="min-w-0">
                  <span className="block font-medium">{label}</span>
                  <span id={`${name}-${id}`} className="block text-sm text-ink-soft">
                    {about}
                  </span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <PackageFields chosen={chosen} form={form} onChange={setForm} />
        <div className="flex flex-wrap items-center justify-end gap-3 border-t border-line pt-4">
          {running && (
            <p role="status" className="mr-auto min-w-0 text-sm text-ink-soft">
              {state.message}
            </p>
          )}
          <Button
            type="submit"
            variant="primary"
            pending={running}
            data-testid="export-start"
            icon={<Package className="size-4" aria-hidden />}
          >
            {verb(chosen, form)}
          </Button>
        </div>
        {running && (
          <div
            role="progressbar"
            aria-label="Progress"
            aria-valuenow={state.percent}
            aria-valuemin={0}
            aria-valuemax={100}
            className="track-active h-1.5 overflow-hidden rounded-full bg-line"
          >
            <div
              className="h-full rounded-full bg-accent transition-[width] duration-300"
              style={{ width: `${state.percent}%` }}
            />
          </div>
        )}
      </form>
      {state.phase === "failed" && <ProblemNotice problem={state.problem} onRetry={start} />}
      {state.phase === "done" && <PackageResult result={state.result} />}
    </div>
  );
}
