import { queryOptions, useQuery } from "@tanstack/react-query";
import { Page } from "@/components/page";
import { QueryView } from "@/components/query-view";
import { ApiReference } from "@/features/reference/components/api-reference";
import type { ApiDocument } from "@/features/reference/model/operations";
import { ProblemError, problemFromResponse } from "@/lib/problem";

const documentQuery = queryOptions({
  queryKey: ["openapi"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<ApiDocument> => {
    const response = await fetch("/api/openapi.json", { signal });
    if (!response.ok) throw new ProblemError(await problemFromResponse(response));
    return response.json();
  },
});

/** The reference of the studio's own API, made from the document that it serves. */
export function ReferencePage() {
  return (
    <Page title="API reference" actions={<DocumentLink />}>
      <Reference />
    </Page>
  );
}

export function DocumentLink() {
  return (
    <a className="text-accent underline underline-offset-2" href="/api/openapi.json">
      OpenAPI 3.1 document
    </a>
  );
}

export function Reference() {
  const query = useQuery(documentQuery);
  return (
    <>
      <p className="max-w-prose text-ink-soft">
        Commands take the token from <code className="font-mono text-sm">$TOKEN</code>: the
        development token that the studio prints when it starts, or a personal access token, which
        you make in Settings.
      </p>
      <QueryView query={query} what="the document">
        {(document) => <ApiReference document={document} />}
      </QueryView>
    </>
  );
}
