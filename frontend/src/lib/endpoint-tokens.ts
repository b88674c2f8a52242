import { createStore, useStore } from "@/lib/store";

/**
 * Endpoint tokens by project, for as long as the page lives. They are shown
 * once and never written to storage, where another script could find them.
 */
const tokens = createStore<ReadonlyMap<string, string>>(new Map());

export function rememberToken(projectId: string, token: string): void {
  tokens.set(new Map(tokens.get()).set(projectId, token));
}

export function useEndpointToken(projectId: string): string | null {
  return useStore(tokens).get(projectId) ?? null;
}
