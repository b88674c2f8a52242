import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { CrashPage, NotFoundPage } from "@/app/routes/fallback-pages";
import { HomePage } from "@/app/routes/home-page";
import { Shell } from "@/app/shell";

const rootRoute = createRootRoute({ component: Shell });

/** The landing page and the run; the address holds what a reload needs. */
interface HomeSearch {
  /** The job to take up again. */
  readonly job?: string;
  /** A project to deploy (again). */
  readonly deploy?: string;
}

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  validateSearch: (search: Record<string, unknown>): HomeSearch => ({
    ...(typeof search.job === "string" && { job: search.job }),
    ...(typeof search.deploy === "string" && { deploy: search.deploy }),
  }),
  component: HomePage,
});

interface ProjectsSearch {
  /** Id of a team, or `none` for your own; all where absent. */
  readonly team?: string;
}

const projectsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/projects",
  validateSearch: (search: Record<string, unknown>): ProjectsSearch => ({
    ...(typeof search.team === "string" && { team: search.team }),
  }),
  component: lazyRouteComponent(() => import("@/app/routes/projects-page"), "ProjectsPage"),
});

export const PROJECT_TABS = [
  "tools",
  "try",
  "connect",
  "activity",
  "files",
  "deployments",
  "access",
  "export",
  "findings",
] as const;
export type ProjectTab = (typeof PROJECT_TABS)[number];

interface ProjectSearch {
  readonly tab?: ProjectTab;
  /** Key of the tool in the inspector. */
  readonly tool?: string;
}

interface SettingsSearch {
  /** Set by the way back from a payment. */
  readonly billing?: "done";
}

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  validateSearch: (search: Record<string, unknown>): SettingsSearch =>
    search.billing === "done" ? { billing: "done" } : {},
  component: lazyRouteComponent(() => import("@/app/routes/settings-page"), "SettingsPage"),
});

const pricingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/pricing",
  component: lazyRouteComponent(() => import("@/app/routes/pricing-page"), "PricingPage"),
});

const referenceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/docs/api",
  component: lazyRouteComponent(() => import("@/app/routes/reference-page"), "ReferencePage"),
});

const projectRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/projects/$projectId",
  validateSearch: (search: Record<string, unknown>): ProjectSearch => {
    const tab = PROJECT_TABS.find((name) => name === search.tab);
    return {
      ...(tab && { tab }),
      ...(typeof search.tool === "string" && { tool: search.tool }),
    };
  },
  component: lazyRouteComponent(() => import("@/app/routes/project-page"), "ProjectPage"),
});

const teamsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/teams",
  component: lazyRouteComponent(() => import("@/app/routes/teams-page"), "TeamsPage"),
});

const teamRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/teams/$teamId",
  component: lazyRouteComponent(() => import("@/app/routes/team-page"), "TeamPage"),
});

const inviteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invite",
  component: lazyRouteComponent(() => import("@/app/routes/invite-page"), "InvitePage"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    projectsRoute,
    projectRoute,
    teamsRoute,
    teamRoute,
    inviteRoute,
    pricingRoute,
    settingsRoute,
    referenceRoute,
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
