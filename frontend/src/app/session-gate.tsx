import { LoaderCircle, LogIn } from "lucide-react";
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from "react";
import { signIn, useSession } from "@/api/session";
import { Button } from "@/components/button";
import { useDocumentTitle } from "@/components/page";
import { ProblemNotice } from "@/components/problem-notice";
import type { Problem } from "@/lib/problem";

const PRICING = "/pricing";
const REFERENCE = "/docs/api";

/** The pages that are for everybody, by path. */
const OPEN_PAGES: Readonly<Record<string, ComponentType>> = {
  [PRICING]: lazy(() =>
    import("@/app/routes/open-pricing-page").then((page) => ({ default: page.OpenPricingPage })),
  ),
  [REFERENCE]: lazy(() =>
    import("@/app/routes/open-reference-page").then((page) => ({
      default: page.OpenReferencePage,
    })),
  ),
};

/** Shows the application to who is signed in, and the way in to everybody else. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSession();
  if (session.phase === "signed-in") return children;
  if (session.phase === "signed-out") {
    const OpenPage = OPEN_PAGES[window.location.pathname.replace(/\/$/, "")];
    if (!OpenPage) return <SignInPage problem={session.problem} />;
    return (
      <Suspense fallback={null}>
        <OpenPage />
      </Suspense>
    );
  }
  return (
    <p role="status" className="grid min-h-dvh place-items-center text-ink-soft">
      <span className="flex items-center gap-2">
        <LoaderCircle className="size-4 animate-spin" aria-hidden />
        Signing in…
      </span>
    </p>
  );
}

function SignInPage({ problem }: { problem: Problem | null }) {
  const [pending, setPending] = useState(false);
  useDocumentTitle("Sign in");
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-8">
      <div className="w-full max-w-md space-y-5">
        <div className="panel space-y-4 p-6 sm:p-8">
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <h1 className="text-2xl font-semibold tracking-tight">Sign in to MCPEngine Studio</h1>
          <p className="text-ink-soft">
            Give it an API description and get a live MCP server, with the source yours to keep.
          </p>
          <Button
            variant="primary"
            pending={pending}
            icon={<LogIn className="size-4" aria-hidden />}
            onClick={() => {
              setPending(true);
              signIn().finally(() => setPending(false));
            }}
          >
            Sign in
          </Button>
          <p className="flex flex-wrap gap-x-5 gap-y-2">
            <a href={PRICING} className="text-accent underline underline-offset-4">
              What each tier has
            </a>
            <a href={REFERENCE} className="text-accent underline underline-offset-4">
              API reference
            </a>
          </p>
        </div>
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </main>
  );
}
