import type { ReactNode } from "react";
import { signIn } from "@/api/session";
import { Button } from "@/components/button";
import { Page } from "@/components/page";

interface OpenPageProps {
  title: string;
  heading: string;
  /** Beside the way in. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page for who is not signed in. */
export function OpenPage({ title, heading, actions, children }: OpenPageProps) {
  return (
    <main>
      <Page
        title={title}
        heading={
          <div className="flex items-center gap-3">
            <img src="/favicon.svg" alt="" width={32} height={32} />
            <h1 className="text-2xl font-semibold tracking-tight">{heading}</h1>
          </div>
        }
        actions={
          <>
            {actions}
            <Button variant="primary" onClick={() => signIn()}>
              Sign in
            </Button>
          </>
        }
      >
        {children}
      </Page>
    </main>
  );
}
