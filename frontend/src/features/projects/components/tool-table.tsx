import { Search } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { toast } from "sonner";
import type { ToolDefinition } from "@/api/types";
import { Badge, MethodBadge } from "@/components/badge";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { Switch } from "@/components/switch";
import { cn, countOf } from "@/lib/format";
import { toProblem } from "@/lib/problem";
import { useEnableTools } from "../api/edit-tools";

interface ToolTableProps {
  projectId: string;
  tools: readonly ToolDefinition[];
  /** Key of the tool that the inspector shows. */
  selected: string | null;
  /** Whether the tools may only be looked at. */
  readOnly?: boolean;
  onSelect: (key: string) => void;
}

/** Rows that are shown at first and added at each request. */
const PAGE = 100;

/** Every tool with its switch; search and group filter together. */
export function ToolTable({
  projectId,
  tools,
  selected,
  readOnly = false,
  onSelect,
}: ToolTableProps) {
  const [search, setSearch] = useState("");
  const [group, setGroup] = useState("");
  const [limit, setLimit] = useState(PAGE);
  const words = useDeferredValue(search);
  const enable = useEnableTools(projectId);

  const groups = [...new Set(tools.map((tool) => tool.group))];
  const shown = tools.filter(
    (tool) => (group === "" || tool.group === group) && matches(tool, words),
  );
  const someEnabled = shown.some((tool) => tool.enabled);
  const enabled = tools.filter((tool) => tool.enabled);
  const tokens = enabled.reduce((sum, tool) => sum + tool.tokens, 0);

  function setEnabled(changed: readonly ToolDefinition[], enabled: boolean) {
    enable.mutate(
      { tools: changed.filter((tool) => tool.enabled !== enabled), enabled },
      {
        onError: (error) => {
          const { code, message, remedy } = toProblem(error);
          toast.error(`${message} (${code})`, { description: remedy });
        },
      },
    );
  }

  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative min-w-0 flex-1 basis-52">
          <Search
            className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-soft"
            aria-hidden
          />
          <input
            type="search"
            aria-label="Search tools"
            placeholder="Search name, path, description"
            className="field pl-8.5"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
        <select
          aria-label="Group"
          className="field w-auto max-w-44"
          value={group}
          onChange={(event) => setGroup(event.target.value)}
        >
          <option value="">All groups</option>
          {groups.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </select>
        {shown.length > 0 && !readOnly && (
          <Button
            onClick={() => setEnabled(shown, !someEnabled)}
            title={`Changes ${countOf(shown.length, "tool")}`}
          >
            {someEnabled ? "Switch shown off" : "Switch shown on"}
          </Button>
        )}
      </div>
      {shown.length === 0 ? (
        <EmptyState
          title="No tool fits"
          action={
            <Button
              onClick={() => {
                setSearch("");
                setGroup("");
              }}
            >
              Show all tools
            </Button>
          }
        >
          No name, path or description has these words.
        </EmptyState>
      ) : (
        <ul data-testid="tool-table" className="panel divide-y divide-line overflow-hidden">
          {shown.slice(0, limit).map((tool) => (
            <ToolRow
              key={tool.key}
              tool={tool}
              selected={tool.key === selected}
              readOnly={readOnly}
              onSelect={() => onSelect(tool.key)}
              onEnable={(enabled) => setEnabled([tool], enabled)}
            />
          ))}
        </ul>
      )}
      <p className="flex flex-wrap items-center gap-3 text-sm text-ink-soft">
        {countOf(shown.length, "tool")} shown, {enabled.length.toLocaleString("en")} of{" "}
        {tools.length.toLocaleString("en")} switched on, which take a model about{" "}
        {countOf(tokens, "token")}. Changes reach the server with the next deployment.
        {shown.length > limit && (
          <Button size="small" onClick={() => setLimit(limit + 2 * PAGE)}>
            Show more
          </Button>
        )}
      </p>
    </div>
  );
}

interface ToolRowProps {
  tool: ToolDefinition;
  selected: boolean;
  readOnly: boolean;
  onSelect: () => void;
  onEnable: (enabled: boolean) => void;
}

function ToolRow({ tool, selected, readOnly, onSelect, onEnable }: ToolRowProps) {
  return (
    <li
      data-tool={tool.name}
      className={cn(
        "flex items-center gap-3 px-3 py-2",
        selected ? "bg-accent-wash" : "hover:bg-raised/60",
      )}
    >
      <Switch
        checked={tool.enabled}
        disabled={readOnly}
        onChange={onEnable}
        label={`Enable ${tool.name}`}
      />
      <button
        type="button"
        onClick={onSelect}
        aria-pressed={selected}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-md text-left -outline-offset-1"
      >
        <span className="hidden sm:block">
          <MethodBadge method={tool.method} />
        </span>
        <span className="min-w-0 flex-1">
          <span
            className={cn(
              "block truncate font-mono text-[0.8125rem]",
              !tool.enabled && "text-ink-soft line-through",
            )}
          >
            {tool.name}
          </span>
          <span className="block truncate text-xs text-ink-soft">
            <span className="sm:hidden">{tool.method} </span>
            {tool.path}
          </span>
        </span>
        {tool.deprecated && <Badge tone="warn">deprecated</Badge>}
        {reason(tool) && <Badge>{reason(tool)}</Badge>}
        <span className="hidden md:block">
          <Badge>{tool.group}</Badge>
        </span>
      </button>
    </li>
  );
}

/** Why the engine left a tool off, in a word; deprecated tools say so anyway. */
function reason({ enabled, disabledBecause }: ToolDefinition): string | null {
  if (enabled) return null;
  if (disabledBecause === "notSelected") return "not selected";
  return disabledBecause === "hint" ? "off by x-mcp" : null;
}

function matches(tool: ToolDefinition, search: string): boolean {
  const text = `${tool.name} ${tool.title} ${tool.path} ${tool.description}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
