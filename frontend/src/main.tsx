import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startSession } from "@/api/session";
import { createQueryClient } from "@/app/query-client";
import { router } from "@/app/router";
import { SessionGate } from "@/app/session-gate";
import { RunProvider } from "@/features/run/run-context";
import "@/styles.css";

const queryClient = createQueryClient();

/** A step of a run has changed projects behind the cache's back. */
function refreshProjects() {
  queryClient.invalidateQueries({ queryKey: ["projects"] });
}

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root.");

startSession().then((path) => {
  if (path) router.history.replace(path);
});

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SessionGate>
        <RunProvider onChange={refreshProjects}>
          <RouterProvider router={router} />
        </RunProvider>
      </SessionGate>
    </QueryClientProvider>
  </StrictMode>,
);
