import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: string;
  /** Where the heading is something else than the title. */
  heading?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with one heading; sets the title of the document. */
export function Page({ title, heading, actions, children }: PageProps) {
  useDocumentTitle(title);
  return (
    <div className="mx-auto w-full max-w-6xl space-y-6 px-4 py-6 sm:px-8 sm:py-8">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          {heading ?? <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "MCPEngine Studio" : `${title} · MCPEngine Studio`;
  }, [title]);
}
