import { createStore, useStore } from "@/lib/store";

/**
 * Endpoint tokens by project, for as long as the page lives. They are shown
 * once and never written to storage, where another script could find them.
 */
const tokens = createStore<ReadonlyMap<string, string>>(new Map());

export function rememberToken(projectId: string, token: string): void {
  tokens.set(new Map(tokens.get()).set(projectId, token));
}

/** Forgets the project's token where it ends like this: it opens nothing any more. */
export function forgetToken(projectId: string, last4: string): void {
  if (!tokens.get().get(projectId)?.endsWith(last4)) return;
  const rest = new Map(tokens.get());
  rest.delete(projectId);
  tokens.set(rest);
}

export function useEndpointToken(projectId: string): string | null {
  return useStore(tokens).get(projectId) ?? null;
}
