/** The tools of the API as they are found: by name, by words, by a name that is nearly theirs. */

import type { Tool, ToolGroup } from "../tool.js";
import { groups } from "../tools/index.js";
import { SearchIndex } from "./search.js";
import { pairs } from "./words.js";

/** Whether a tool changes something; each kind is called by a tool of its own. */
export type Kind = "read" | "write";

export interface Entry {
  readonly tool: Tool;
  readonly group: ToolGroup;
  readonly kind: Kind;
}

/** All tools by name, in the order of their groups. */
export const entries: ReadonlyMap<string, Entry> = new Map(
  groups.flatMap((group) =>
    group.tools.map((tool) => [tool.name, { tool, group, kind: kindOf(tool) }]),
  ),
);

function kindOf(tool: Tool): Kind {
  return tool.annotations.readOnlyHint ? "read" : "write";
}

const inOrder = [...entries.values()];
/** Made at the first search: for a thousand tools that takes a tenth of a second. */
let index: SearchIndex | undefined;

/** The tools that fit the query, best first; all of them where it has no words. */
export function search(query: string): readonly Entry[] {
  index ??= new SearchIndex(
    inOrder.map(({ tool, group }) => ({
      name: tool.name,
      title: tool.title,
      group: `${group.id} ${group.title}`,
      path: `${tool.request.method} ${tool.request.path}`,
      description: tool.description,
    })),
  );
  const found = index.search(query);
  if (found === undefined) return inOrder;
  return found.flatMap((number) => inOrder[number] ?? []);
}

/** Longer names are not compared: no tool has one. */
const MAX_NAME_CHARS = 100;
const MIN_LIKENESS = 0.4;
const MAX_ALIKE = 3;

/** Names that are like `name`, by their letters or by their words. */
export function similarNames(name: string): string[] {
  const byWords = search(name.slice(0, MAX_NAME_CHARS));
  const names = byWords.slice(0, MAX_ALIKE).map(({ tool }) => tool.name);
  return [...new Set([...alikeByLetters(name), ...names])];
}

function alikeByLetters(name: string): string[] {
  const wanted = new Set(letterPairs(name.slice(0, MAX_NAME_CHARS)));
  const likeness = (other: string): number => {
    const own = new Set(letterPairs(other));
    const common = [...own].filter((pair) => wanted.has(pair)).length;
    return (2 * common) / (own.size + wanted.size || 1);
  };
  return [...entries.keys()]
    .map((other) => ({ other, likeness: likeness(other) }))
    .filter((it) => it.likeness >= MIN_LIKENESS)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, MAX_ALIKE)
    .map(({ other }) => other);
}

/** Pairs of neighbouring letters: a slip of the hand changes few of them. */
function letterPairs(name: string): string[] {
  return pairs([...name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")]);
}
