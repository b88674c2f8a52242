import { X } from "lucide-react";
import type { ToolDefinition } from "@/api/types";
import { Badge, MethodBadge, type Tone } from "@/components/badge";
import { Button } from "@/components/button";
import { CodeBlock } from "@/components/code-block";

interface ToolInspectorProps {
  tool: ToolDefinition;
  onClose: () => void;
}

/** The inspector's view of one tool: what a model is told of it. */
export function ToolInspector({ tool, onClose }: ToolInspectorProps) {
  return (
    <div data-testid="inspector" className="space-y-4 p-4">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 className="font-semibold break-words">{tool.title}</h2>
          <p className="font-mono text-xs break-all text-ink-soft">{tool.name}</p>
        </div>
        <Button
          size="icon"
          variant="ghost"
          aria-label="Close the inspector"
          onClick={onClose}
          icon={<X className="size-4" aria-hidden />}
        />
      </div>
      <p className="flex items-center gap-2 font-mono text-xs">
        <MethodBadge method={tool.method} />
        <span className="min-w-0 break-all">{tool.path}</span>
      </p>
      <p className="text-sm break-words whitespace-pre-line">{tool.description}</p>
      <div className="flex flex-wrap gap-1.5">
        {annotationBadges(tool).map(([label, tone]) => (
          <Badge key={label} tone={tone}>
            {label}
          </Badge>
        ))}
      </div>
      <Schema title="Input schema" schema={tool.inputSchema} />
      {tool.outputSchema && <Schema title="Output schema" schema={tool.outputSchema} />}
    </div>
  );
}

function Schema({ title, schema }: { title: string; schema: unknown }) {
  return (
    <section className="space-y-1.5">
      <h3 className="text-sm font-semibold">{title}</h3>
      <CodeBlock label={title.toLowerCase()} text={JSON.stringify(schema, null, 2)} />
    </section>
  );
}

function annotationBadges({ annotations, deprecated, group }: ToolDefinition): [string, Tone][] {
  const badges: [string, Tone][] = [[group, "neutral"]];
  if (annotations.readOnlyHint) badges.push(["reads only", "good"]);
  else if (annotations.destructiveHint) badges.push(["can destroy", "bad"]);
  else badges.push(["writes", "warn"]);
  if (annotations.idempotentHint && !annotations.readOnlyHint) {
    badges.push(["safe to repeat", "info"]);
  }
  if (annotations.openWorldHint) badges.push(["open world", "neutral"]);
  if (deprecated) badges.push(["deprecated", "warn"]);
  return badges;
}
