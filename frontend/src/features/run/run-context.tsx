import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { rememberToken } from "@/lib/endpoint-tokens";
import { createStore, type Store, useStore } from "@/lib/store";
import { runApi } from "./api/steps";
import { RunDriver } from "./model/run-driver";
import { IDLE, type RunState } from "./model/run-state";

interface Run {
  readonly store: Store<RunState>;
  readonly driver: RunDriver;
}

const RunContext = createContext<Run | null>(null);

interface RunProviderProps {
  children: ReactNode;
  /** Called when a step has changed what the server knows of a project. */
  onChange: () => void;
}

/** Holds the one run of the page; it goes on while the user looks at other pages. */
export function RunProvider({ children, onChange }: RunProviderProps) {
  const [run] = useState<Run>(() => {
    const store = createStore(IDLE);
    return { store, driver: new RunDriver(store, runApi) };
  });
  useEffect(() => {
    let last = run.store.get();
    return run.store.subscribe(() => {
      const state = run.store.get();
      if (state.step !== last.step || state.phase !== last.phase) onChange();
      if (state.live?.token && state.projectId && state.live !== last.live) {
        rememberToken(state.projectId, state.live.token);
      }
      last = state;
    });
  }, [run, onChange]);
  return <RunContext value={run}>{children}</RunContext>;
}

export function useRun(): { state: RunState; driver: RunDriver } {
  const run = useContext(RunContext);
  if (!run) throw new Error("useRun needs a RunProvider above it.");
  return { state: useStore(run.store), driver: run.driver };
}
