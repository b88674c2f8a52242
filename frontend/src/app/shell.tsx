import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { BookOpen, FolderKanban, Layers, Plus, UserRound, UsersRound } from "lucide-react";
import { Toaster } from "sonner";
import { ThemeToggle } from "@/components/theme-toggle";
import { useRun } from "@/features/run/run-context";
import { cn } from "@/lib/format";

/** Rail on the left; on phones the same as a bar at the bottom. */
export function Shell() {
  return (
    <div className="flex min-h-dvh flex-col-reverse md:flex-row">
      <a
        href="#main"
        className="sr-only z-50 rounded-lg bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <NavRail />
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 pb-16 outline-none md:pb-0 md:pl-16">
        <Outlet />
      </main>
      <Toaster
        position="bottom-right"
        closeButton
        toastOptions={{ classNames: { toast: "bg-surface! text-ink! border-line!" } }}
      />
    </div>
  );
}

const ITEM =
  "flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6875rem] font-medium md:w-full md:flex-none -outline-offset-2";

const QUIET = "text-ink-soft hover:bg-raised hover:text-ink";

function NavRail() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const inProjects = path.startsWith("/projects");
  const { state, driver } = useRun();
  const running = state.phase === "running" || state.phase === "configuring";
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface md:inset-x-auto md:inset-y-0 md:left-0 md:w-16 md:flex-col md:border-t-0 md:border-r"
    >
      <div className="hidden h-16 place-items-center md:grid">
        <img src="/favicon.svg" alt="MCPEngine Studio" width={32} height={32} />
      </div>
      <NavLink
        to="/"
        label="New"
        title="New server"
        active={path === "/"}
        icon={Plus}
        // A run that has ended makes room for the next; one that goes on is shown.
        onClick={() => !running && driver.reset()}
      />
      <NavLink
        to="/projects"
        label="Projects"
        title="Projects"
        active={inProjects}
        icon={FolderKanban}
      />
      <NavLink
        to="/teams"
        label="Teams"
        title="Teams"
        active={path.startsWith("/teams")}
        icon={UsersRound}
      />
      <div className="hidden flex-1 md:block" />
      <NavLink
        to="/pricing"
        label="Pricing"
        title="What each tier has"
        active={path === "/pricing"}
        icon={Layers}
      />
      <NavLink
        to="/docs/api"
        label="API"
        title="API reference"
        active={path.startsWith("/docs/api")}
        icon={BookOpen}
      />
      <NavLink
        to="/settings"
        label="Settings"
        title="Settings and account"
        active={path.startsWith("/settings")}
        icon={UserRound}
      />
      <ThemeToggle className={cn(ITEM, QUIET)} />
    </nav>
  );
}

interface NavLinkProps {
  to: "/" | "/projects" | "/teams" | "/pricing" | "/docs/api" | "/settings";
  label: string;
  title: string;
  active: boolean;
  icon: typeof Plus;
  onClick?: () => void;
}

function NavLink({ to, label, title, active, icon: Icon, onClick }: NavLinkProps) {
  return (
    <Link
      to={to}
      title={title}
      {...(onClick && { onClick })}
      aria-current={active ? "page" : undefined}
      className={cn(ITEM, active ? "bg-accent-wash text-accent" : QUIET)}
    >
      <Icon className="size-5" aria-hidden />
      {label}
    </Link>
  );
}
