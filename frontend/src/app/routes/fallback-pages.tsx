import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Button, buttonLook } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { Page } from "@/components/page";
import { ProblemNotice } from "@/components/problem-notice";
import { toProblem } from "@/lib/problem";

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <EmptyState
        title="There is nothing at this address"
        action={
          <Link to="/" className={buttonLook({ variant: "primary" })}>
            Go to the start
          </Link>
        }
      >
        The address may be mistyped, or what was here is gone.
      </EmptyState>
    </Page>
  );
}

/** What is left of a page whose code failed: the cause, and two ways out. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="Something broke">
      <ProblemNotice
        problem={{
          ...toProblem(error),
          remedy: "Try again. If it happens again, go back to the start; your projects are safe.",
        }}
      >
        <Button size="small" onClick={reset}>
          Try again
        </Button>
        <a href="/" className={buttonLook({ size: "small", variant: "ghost" })}>
          Go to the start
        </a>
      </ProblemNotice>
    </Page>
  );
}
