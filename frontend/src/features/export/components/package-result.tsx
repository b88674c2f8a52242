import { CircleCheck } from "lucide-react";
import type { DeployResult } from "@/api/types";
import { ArtifactButton } from "@/components/artifact-button";
import { CodeBlock } from "@/components/code-block";
import { CopyField } from "@/components/copy-field";
import { countOf, formatBytes, safeHref } from "@/lib/format";

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <dt className="text-xs font-medium text-ink-soft">{label}</dt>
      <dd className="mt-1">
        <CopyField text={text} label={`Copy ${label}`} />
      </dd>
    </div>
  );
}

/** What was made, where it is, and what to paste. */
export function PackageResult({ result }: { result: DeployResult }) {
  const { artifact, health, install, deploymentId, target } = result;
  const page = target === "npm" && !result.url.includes("/artifact") ? safeHref(result.url) : null;
  return (
    <section
      aria-labelledby="export-done"
      data-testid="export-result"
      className="panel space-y-4 p-4 sm:p-5"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id="export-done" className="flex min-w-0 items-center gap-2 text-lg font-semibold">
          <CircleCheck className="size-6 shrink-0 text-good" aria-hidden />
          <span className="min-w-0 break-all">
            {result.endpoint ? "It is live" : page ? "Published" : (artifact?.name ?? "Done")}
          </span>
        </h2>
        {artifact && (
          <div className="ml-auto">
            <ArtifactButton deploymentId={deploymentId} artifact={artifact} />
          </div>
        )}
      </div>
      <p className="text-sm text-ink-soft">
        It was started and listed {countOf(health.tools, "tool")} in {health.milliseconds} ms.
        {artifact && ` ${formatBytes(artifact.bytes)}.`}
      </p>
      {artifact && (
        <p className="font-mono text-xs break-all text-ink-soft">SHA-256 {artifact.sha256}</p>
      )}
      {result.endpoint && (
        <dl className="space-y-2">
          <Copied label="Address" text={result.endpoint} />
          {result.token && <Copied label="Token, shown this once" text={result.token} />}
        </dl>
      )}
      {page && (
        <p className="text-sm">
          <a
            href={page}
            target="_blank"
            rel="noreferrer noopener"
            className="break-all text-accent underline"
          >
            {page}
          </a>
        </p>
      )}
      {install.map(({ title, text }) => (
        <div key={title} className="space-y-1">
          <h3 className="text-sm font-medium">{title}</h3>
          <CodeBlock text={text} label={title} wrap />
        </div>
      ))}
    </section>
  );
}
