/**
 * The four tools that this server lists in place of the API's own: they search,
 * describe and call the tools of src/tools/. Calls that read and calls that write
 * are apart, so that whoever lets the one through unasked lets nothing change.
 */

import type { CallToolResult } from "@modelcontextprotocol/server";
import {
  type Entry,
  entries,
  type Kind,
  search,
  similarNames,
} from "./dynamic/catalogue.js";
import { cut, misfit } from "./dynamic/outline.js";
import { dynamicTools } from "./dynamic/tools.js";
import { callApi } from "./http.js";
import { failure } from "./http/answer.js";
import type { Env } from "./settings.js";
import type { Arguments, Tool } from "./tool.js";

export interface CallContext {
  readonly env: Env;
  readonly signal: AbortSignal;
  /** Names of tools of src/custom.ts: the API's tools of these names are gone. */
  readonly replaced: ReadonlySet<string>;
}

type Handler = (
  args: Arguments,
  context: CallContext,
) => CallToolResult | Promise<CallToolResult>;

const CALL_TOOLS: Readonly<Record<Kind, string>> = {
  read: "call_read_tool",
  write: "call_write_tool",
};

const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["search_tools", searchTools],
  ["describe_tool", describeTools],
  [CALL_TOOLS.read, (args, context) => callTool("read", args, context)],
  [CALL_TOOLS.write, (args, context) => callTool("write", args, context)],
]);

/** The result of one of the four; undefined where there is no tool of the name. */
export async function callDynamicTool(
  name: string,
  args: Arguments,
  context: CallContext,
): Promise<CallToolResult | undefined> {
  const tool = dynamicTools.find((it) => it.name === name);
  const handler = handlers.get(name);
  if (tool === undefined || handler === undefined) {
    const entry = entries.get(name);
    return entry && failure(notByName(entry));
  }
  const given = repaired(args);
  const problem = misfit(tool, given);
  return problem === undefined ? handler(given, context) : failure(problem);
}

/** A tool that is known from `describe_tool` is easily taken for a listed one. */
function notByName({ tool, kind }: Entry): string {
  return `${tool.name} is not called by its own name: call ${CALL_TOOLS[kind]} with "name": "${tool.name}" and its arguments under "arguments".`;
}

/**
 * What models often write for what they mean: null for what they leave out, an
 * inner object as text, several names where one is asked for.
 */
function repaired(args: Arguments): Arguments {
  const given = Object.entries(args).filter(([, value]) => value !== null);
  const { name, arguments: inner, ...rest } = Object.fromEntries(given);
  return {
    ...rest,
    ...(Array.isArray(name) ? { names: name } : name !== undefined && { name }),
    ...(inner !== undefined && { arguments: parsed(inner) }),
  };
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const DEFAULT_LIMIT = 10;
const MAX_GROUPS = 100;

function searchTools(
  args: Arguments,
  { replaced }: CallContext,
): CallToolResult {
  const {
    query,
    group,
    limit = DEFAULT_LIMIT,
    offset = 0,
  } = args as {
    query: string;
    group?: string;
    limit?: number;
    offset?: number;
  };
  const all = [...entries.values()];
  const fits = (entry: Entry) =>
    !replaced.has(entry.tool.name) &&
    (group === undefined || entry.group.id === group);
  const found = search(query).filter(fits);
  const groups = new Set(all.map((entry) => entry.group.id));
  return structured({
    total: found.length,
    tools: found.slice(offset, offset + limit).map(match),
    ...(found.length === 0 && { groups: [...groups].slice(0, MAX_GROUPS) }),
  });
}

const MAX_SUMMARY_CHARS = 160;

function match({ tool, group, kind }: Entry) {
  const [line = ""] = tool.description.trim().split("\n");
  const [sentence = line] = /^.{20,}?[.!?](?=\s)/u.exec(line) ?? [];
  return {
    name: tool.name,
    title: tool.title,
    description: cut(sentence, MAX_SUMMARY_CHARS),
    group: group.id,
    kind,
  };
}

function describeTools(args: Arguments, context: CallContext): CallToolResult {
  const { name, names = [] } = args as { name?: string; names?: string[] };
  const wanted = [...new Set(name === undefined ? names : [name, ...names])];
  if (wanted.length === 0) {
    return failure(
      'describe_tool needs the name of a tool: give "name", or several as "names". search_tools finds names.',
    );
  }
  const found = wanted.flatMap((it) => lookUp(it, context) ?? []);
  const unknown = wanted.filter((it) => lookUp(it, context) === undefined);
  if (found.length === 0) {
    return failure(unknown.map((it) => notFound(it, context)).join("\n"));
  }
  return structured({
    tools: found.map(full),
    ...(unknown.length > 0 && {
      unknown: unknown.map((it) => ({
        name: cut(it, MAX_SUMMARY_CHARS),
        similar: similarNames(it),
      })),
    }),
  });
}

function full({ tool, group, kind }: Entry) {
  const { name, title, description, inputSchema, annotations } = tool;
  return {
    name,
    title,
    description,
    group: group.id,
    kind,
    callWith: CALL_TOOLS[kind],
    inputSchema,
    annotations,
  };
}

async function callTool(
  kind: Kind,
  args: Arguments,
  context: CallContext,
): Promise<CallToolResult> {
  const { name, arguments: given = {} } = args as {
    name: string;
    arguments?: Arguments;
  };
  const entry = lookUp(name, context);
  if (entry === undefined) return failure(notFound(name, context));
  if (entry.kind !== kind) return failure(otherKind(entry));
  const problem = misfit(entry.tool, given);
  if (problem !== undefined) return failure(problem);
  // Nobody was promised a form of the result: whatever the API answers is good.
  const { outputSchema: _promise, ...tool } = entry.tool;
  return callApi(tool satisfies Tool, given, context.env, context.signal);
}

function lookUp(name: string, { replaced }: CallContext): Entry | undefined {
  return replaced.has(name) ? undefined : entries.get(name);
}

function notFound(name: string, { replaced }: CallContext): string {
  if (replaced.has(name)) {
    return `${name} is a listed tool of this server: call it by its name.`;
  }
  const similar = similarNames(name).filter((it) => !replaced.has(it));
  const hint =
    similar.length > 0 ? ` Names that are like it: ${similar.join(", ")}.` : "";
  return `There is no tool "${cut(name, MAX_SUMMARY_CHARS)}".${hint} search_tools finds tools by words.`;
}

function otherKind({ tool, kind }: Entry): string {
  const why = kind === "read" ? "changes nothing" : "can change data";
  const other = CALL_TOOLS[kind === "read" ? "write" : "read"];
  return `${tool.name} ${why}, so ${other} does not take it: call ${CALL_TOOLS[kind]} with the same name and arguments.`;
}

function structured(value: Record<string, unknown>): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(value) }],
    structuredContent: value,
  };
}
