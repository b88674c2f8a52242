import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { configQuery } from "@/api/get-config";
import { projectQuery } from "@/api/get-project";
import { teamsQuery } from "@/api/list-teams";
import { ServerCard } from "@/app/server-card";
import { useDocumentTitle } from "@/components/page";
import { clearImporter, Importer } from "@/features/importer/importer";
import { RunView } from "@/features/run/components/run-view";
import type { RunState } from "@/features/run/model/run-state";
import { useRun } from "@/features/run/run-context";
import { can } from "@/lib/roles";
import { createStore, useStore } from "@/lib/store";

const route = getRouteApi("/");

/** The landing page, or the run that started from it. */
export function HomePage() {
  const { state, driver } = useRun();
  const navigate = route.useNavigate();
  useRunAddress();
  useDocumentTitle(state.phase === "idle" ? "" : titleOf(state));

  if (state.phase === "idle") return <Landing />;
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-8 sm:py-8">
      <RunPage
        // Until it is analysed, a new project is an id and nothing else.
        projectId={state.analysis ? state.projectId : null}
        onStartOver={() => {
          // After a success the next description is another one; after a failure
          // what was typed is still there, to be put right.
          if (state.phase === "live") clearImporter();
          driver.reset();
          navigate({ search: {}, replace: true });
        }}
      />
    </div>
  );
}

function RunPage({
  projectId,
  onStartOver,
}: {
  projectId: string | null;
  onStartOver: () => void;
}) {
  const project = useQuery({ ...projectQuery(projectId ?? ""), enabled: projectId !== null });
  return (
    <RunView
      stored={project.data?.server ?? null}
      onStartOver={onStartOver}
      renderLive={(id, { endpoint, access, tools, url }) => (
        <ServerCard
          projectId={id}
          server={{ endpoint: endpoint ?? url, access, tools }}
          celebrate
        />
      )}
    />
  );
}

/**
 * Keeps the address and the run in step: an address with a job takes it up
 * again after a reload, a new job is written into the address.
 */
function useRunAddress() {
  const { state, driver } = useRun();
  const { job, deploy } = route.useSearch();
  const navigate = route.useNavigate();
  // The jobs that this page put into the address or took from it, and the
  // project that it began to deploy: neither is begun a second time.
  const jobs = useRef(new Set<string>());
  const deploying = useRef<string | null>(null);

  useEffect(() => {
    const idle = state.phase === "idle";
    if (state.jobId) jobs.current.add(state.jobId);
    if (deploy) {
      // The address keeps the project until there is a job to keep.
      if (deploying.current !== deploy) {
        deploying.current = deploy;
        driver.deployProject(deploy);
      } else if (state.jobId) {
        navigate({ search: { job: state.jobId }, replace: true });
      }
      return;
    }
    deploying.current = null;
    if (job && !jobs.current.has(job)) {
      jobs.current.add(job);
      driver.recover(job);
    } else if (state.jobId && state.jobId !== job) {
      navigate({ search: { job: state.jobId }, replace: true });
    } else if (!job && idle) {
      jobs.current.clear();
    }
  }, [state.jobId, state.phase, job, deploy, driver, navigate]);
}

function titleOf(state: RunState): string {
  const name = state.analysis?.service ?? state.title;
  switch (state.phase) {
    case "live":
      return `${name} is live`;
    case "failed":
      return `${name}: failed`;
    default:
      return name;
  }
}

/** For whom the next server is; as what is typed, it outlives the page. */
const chosenTeam = createStore<string | null>(null);

function Landing() {
  const { driver } = useRun();
  const config = useQuery(configQuery);
  const { data: allTeams = [] } = useQuery(teamsQuery);
  const teams = allTeams.filter(({ role }) => can(role, "editor"));
  const chosen = useStore(chosenTeam);
  // Nobody makes something for a team that they have left meanwhile.
  const team = teams.some(({ id }) => id === chosen) ? chosen : null;
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-10 sm:px-8 sm:py-16">
      <h1 className="text-[1.75rem] leading-tight font-semibold tracking-tight text-balance sm:text-[2.75rem]">
        <span className="block">Give it an API description. </span>
        <span className="block">Get a live MCP server.</span>
      </h1>
      <p className="mt-4 mb-8 max-w-2xl text-base text-ink-soft sm:text-lg">
        The studio reads the description, writes the server, and puts it at an address that Claude,
        ChatGPT, Cursor and any other MCP client can call. The source is yours.
      </p>
      <Importer
        maxBytes={config.data?.maxSpecBytes ?? null}
        sampleUrl={config.data?.sampleSpecUrl ?? null}
        onUrl={(url) => driver.begin({ kind: "url", url }, team)}
        onText={(text) => driver.begin({ kind: "text", text }, team)}
        onFiles={(files) => driver.begin({ kind: "files", files }, team)}
      >
        {teams.length > 0 && (
          <select
            aria-label="Whose server it is"
            className="field h-9.5 w-auto max-w-56"
            value={team ?? ""}
            onChange={({ target: { value } }) => chosenTeam.set(value === "" ? null : value)}
          >
            <option value="">For yourself</option>
            {teams.map(({ id, name }) => (
              <option key={id} value={id}>
                For {name}
              </option>
            ))}
          </select>
        )}
      </Importer>
      <ol className="mt-12 grid gap-6 sm:grid-cols-3">
        <StepCard number="1" title="Analyse">
          Every operation becomes a tool with a clear name, a schema and truthful annotations.
        </StepCard>
        <StepCard number="2" title="Generate">
          Readable TypeScript on the official SDK. Run it here, or take it with you.
        </StepCard>
        <StepCard number="3" title="Deploy">
          Live in seconds. Credentials are encrypted and never reach the server's code.
        </StepCard>
      </ol>
    </div>
  );
}

function StepCard({
  number,
  title,
  children,
}: {
  number: string;
  title: string;
  children: string;
}) {
  return (
    <li className="border-t-2 border-line pt-3">
      <p className="font-mono text-xs font-semibold text-accent">{number}</p>
      <p className="mt-1 font-semibold">{title}</p>
      <p className="mt-0.5 text-sm text-ink-soft">{children}</p>
    </li>
  );
}
