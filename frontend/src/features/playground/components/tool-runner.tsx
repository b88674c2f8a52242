import { Play, Square } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Access, ToolDefinition } from "@/api/types";
import { Badge, MethodBadge } from "@/components/badge";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { Field } from "@/components/field";
import { Segmented } from "@/components/segmented";
import { callTool, ERAS, type Era, type McpReport } from "../model/mcp-client";
import { formFields, initialValue, type JsonObject, missingFields } from "../model/schema-form";
import { ArgumentsEditor } from "./arguments-editor";
import { CallReport } from "./call-report";

interface ToolRunnerProps {
  endpoint: string;
  access: Access;
  /** The token of this page view; the user can give another. */
  token: string | null;
  /** The tools of the server. */
  tools: readonly ToolDefinition[];
  /** Makes a new token, where the page can. */
  onCreateToken?: (() => void) | undefined;
}

const ERA_OPTIONS = ERAS.map((era) => ({ value: era, label: era }));

/** Calls a tool of the deployed server from the browser, as any client would. */
export function ToolRunner({ endpoint, access, token, tools, onCreateToken }: ToolRunnerProps) {
  const enabled = useMemo(() => tools.filter((tool) => tool.enabled), [tools]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [era, setEra] = useState<Era>(ERAS[0]);
  const [typedToken, setTypedToken] = useState("");
  const tool = enabled.find(({ key }) => key === chosen) ?? firstTool(enabled);

  if (!tool) {
    return <EmptyState title="No tools to try">Switch a tool on and deploy again.</EmptyState>;
  }
  return (
    <div data-testid="tool-runner" className="space-y-5">
      <div className="flex flex-wrap items-end gap-4">
        <div className="min-w-0 flex-1 basis-64">
          <Field label="Tool">
            {(control) => (
              <select
                {...control}
                data-testid="tool-picker"
                className="field font-mono"
                value={tool.key}
                onChange={(event) => setChosen(event.target.value)}
              >
                {enabled.map(({ key, name }) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <div className="space-y-1">
          <p className="text-sm font-medium">Protocol</p>
          <Segmented label="Protocol era" value={era} options={ERA_OPTIONS} onChange={setEra} />
        </div>
      </div>
      {access === "token" && token === null && (
        <div className="flex flex-wrap items-end gap-2">
          <div className="min-w-0 flex-1 basis-64">
            <Field
              label="Endpoint token"
              hint="The token was shown once, when it was made. Without it the server refuses calls."
            >
              {(control) => (
                <input
                  {...control}
                  type="password"
                  data-testid="endpoint-token"
                  autoComplete="off"
                  className="field font-mono"
                  value={typedToken}
                  onChange={(event) => setTypedToken(event.target.value.trim())}
                />
              )}
            </Field>
          </div>
          {onCreateToken && <Button onClick={onCreateToken}>Make a new token</Button>}
        </div>
      )}
      <ToolCall
        key={tool.key}
        tool={tool}
        target={{ endpoint, era, token: token ?? (typedToken === "" ? null : typedToken) }}
      />
    </div>
  );
}

interface ToolCallProps {
  tool: ToolDefinition;
  target: { endpoint: string; era: Era; token: string | null };
}

function ToolCall({ tool, target }: ToolCallProps) {
  const fields = useMemo(() => formFields(tool.inputSchema), [tool.inputSchema]);
  const [value, setValue] = useState<JsonObject>(() => initialValue(tool.inputSchema));
  const [valid, setValid] = useState(true);
  const [warned, setWarned] = useState("");
  const [report, setReport] = useState<McpReport | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);

  const missing = missingFields(fields, value);

  async function run() {
    if (!valid) return;
    // Said once; who runs it again wants to see what the server makes of it.
    const lack = missing.join(", ");
    setWarned(lack);
    if (lack !== "" && lack !== warned) return;
    const controller = new AbortController();
    current.current = controller;
    setRunning(controller);
    try {
      setReport(await callTool({ ...target, signal: controller.signal }, tool.name, value));
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      setRunning(null);
    }
  }

  return (
    <div className="grid gap-6 xl:grid-cols-2">
      <form
        className="min-w-0 space-y-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <div className="space-y-1.5">
          <p className="flex min-w-0 items-center gap-2 font-mono text-xs text-ink-soft">
            <MethodBadge method={tool.method} />
            <span className="min-w-0 break-all">{tool.path}</span>
          </p>
          <p className="line-clamp-5 text-sm break-words whitespace-pre-line text-ink-soft">
            {tool.description}
          </p>
          {tool.annotations.destructiveHint && !tool.annotations.readOnlyHint && (
            <Badge tone="warn">This call can delete or overwrite data</Badge>
          )}
        </div>
        <ArgumentsEditor
          fields={fields}
          value={value}
          onChange={setValue}
          onValid={setValid}
          showMissing={warned !== ""}
        />
        {warned !== "" && missing.length > 0 && (
          <p role="alert" className="text-sm break-words text-bad">
            Still needed: {missing.join(", ")}. Run again to send the call without.
          </p>
        )}
        <div className="flex gap-2">
          <Button
            type="submit"
            variant="primary"
            data-testid="run-tool"
            pending={running !== null}
            icon={<Play className="size-4" aria-hidden />}
          >
            Run
          </Button>
          {running && (
            <Button
              onClick={() => running.abort()}
              icon={<Square className="size-3.5" aria-hidden />}
            >
              Cancel
            </Button>
          )}
        </div>
      </form>
      {report ? (
        <CallReport report={report} />
      ) : (
        <div className="hidden min-h-40 place-items-center rounded-xl border border-dashed border-line p-6 text-center text-ink-soft xl:grid">
          The result appears here, with the raw messages.
        </div>
      )}
    </div>
  );
}

/** The tool that a newcomer can run at once: reads only, and asks for least. */
function firstTool(tools: readonly ToolDefinition[]): ToolDefinition | undefined {
  const cost = (tool: ToolDefinition) => {
    const { required } = tool.inputSchema as { required?: unknown };
    return (
      (tool.annotations.readOnlyHint ? 0 : 1000) + (Array.isArray(required) ? required.length : 0)
    );
  };
  return tools.reduce<ToolDefinition | undefined>(
    (best, tool) => (best && cost(best) <= cost(tool) ? best : tool),
    undefined,
  );
}
