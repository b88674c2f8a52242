/** What a user has typed or pasted into the importer. */
export type ImporterInput =
  | { readonly kind: "empty" }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "text"; readonly text: string };

/** A host name with a path, as people type it: `api.example.com/openapi.json`. */
const BARE_ADDRESS = /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)(:\d+)?(\/\S*)?$/i;
const LOCAL_HOST = /^(localhost|127\.)/i;

/**
 * One word that is an address is fetched; anything else is the document itself.
 * Whether it is a description is not decided here: the engine does, and says
 * with line and column why not.
 */
export function classifyInput(input: string): ImporterInput {
  const text = input.trim();
  if (text === "") return { kind: "empty" };
  if (!/\s/.test(text)) {
    if (/^https?:\/\//i.test(text) && URL.canParse(text)) return { kind: "url", url: text };
    if (BARE_ADDRESS.test(text)) {
      return { kind: "url", url: `${LOCAL_HOST.test(text) ? "http" : "https"}://${text}` };
    }
  }
  return { kind: "text", text: input };
}
