import { RotateCcw } from "lucide-react";
import type { Deployment } from "@/api/types";
import { ArtifactButton } from "@/components/artifact-button";
import { Badge, type Tone } from "@/components/badge";
import { Button } from "@/components/button";
import { ScrollRegion } from "@/components/scroll-region";
import { countOf, formatBytes, relativeTime } from "@/lib/format";

const TONES: Readonly<Record<Deployment["status"], Tone>> = {
  pending: "neutral",
  building: "info",
  live: "good",
  failed: "bad",
  stopped: "neutral",
};

const TARGETS: Readonly<Record<Deployment["target"], string>> = {
  mcpengine: "hosted here",
  cloudflare: "Cloudflare",
  npm: "npm",
  docker: "Docker",
  download: "download",
};

interface VersionItemProps {
  version: Deployment;
  /** Whether its log is shown from the start. */
  open: boolean;
  /** It is being made live. */
  pending: boolean;
  disabled: boolean;
  /** Whether it may only be looked at. */
  readOnly: boolean;
  onActivate: () => void;
}

/** One version; what was live before can be made live again. */
export function VersionItem(props: VersionItemProps) {
  const { version, open, pending, disabled, readOnly, onActivate } = props;
  const name = `version ${version.version}`;
  return (
    <article aria-label={name} className="panel overflow-hidden">
      <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
        <h2 className="font-medium first-letter:uppercase">{name}</h2>
        <Badge tone={TONES[version.status]}>{stateOf(version)}</Badge>
        <p className="text-sm text-ink-soft">
          {TARGETS[version.target]}
          {" · "}
          {countOf(version.tools, "tool")}
          {" · "}
          {!version.artifact && (version.access === "public" ? "public · " : "with token · ")}
          <time dateTime={version.createdAt} title={version.createdAt}>
            {relativeTime(version.createdAt)}
          </time>
        </p>
        {version.artifact && (
          <div className="ml-auto">
            <ArtifactButton deploymentId={version.id} artifact={version.artifact} />
          </div>
        )}
        {!readOnly && version.status === "stopped" && version.target === "mcpengine" && (
          <Button
            size="small"
            className="ml-auto"
            pending={pending}
            disabled={disabled}
            onClick={onActivate}
            aria-label={`Make live: ${name}`}
            icon={<RotateCcw className="size-4" aria-hidden />}
          >
            Make live
          </Button>
        )}
      </div>
      <details open={open} className="border-t border-line">
        <summary className="px-4 py-2 text-sm text-ink-soft -outline-offset-2 hover:text-ink">
          Settings and log
        </summary>
        <dl className="grid gap-x-4 gap-y-1 px-4 pb-3 text-sm sm:grid-cols-[auto_1fr]">
          {settings(version).map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-ink-soft">{label}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
        </dl>
        <ScrollRegion label={`Log of ${name}`} className="max-h-72 border-t border-line bg-code">
          <pre className="px-4 py-3 font-mono text-xs break-words whitespace-pre-wrap">
            {version.logs.length > 0 ? version.logs.join("\n") : "No log lines."}
          </pre>
        </ScrollRegion>
      </details>
    </article>
  );
}

/** What the version was deployed with, as label and text. */
function settings({ config, artifact }: Deployment): [string, string][] {
  const rows: [string, string][] = artifact
    ? [
        ["File", `${artifact.name}, ${formatBytes(artifact.bytes)}`],
        ["SHA-256", artifact.sha256],
      ]
    : [
        ["API", config.baseUrl],
        ["Can reach", config.allowedHosts.join(", ")],
      ];
  const credentials = config.secrets.length > 0 ? config.secrets.join(", ") : "none needed";
  return [...rows, ["Credentials", credentials], ...Object.entries(config.variables)];
}

/** A file does not run: it is the latest of its kind or an earlier one. */
function stateOf({ status, target }: Deployment): string {
  const runs = target === "mcpengine" || target === "cloudflare";
  if (runs) return status;
  if (status === "live") return "latest";
  return status === "stopped" ? "earlier" : status;
}
