import { useInfiniteQuery } from "@tanstack/react-query";
import type { AuditEntry } from "@/api/types";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { Moment } from "@/components/moment";
import { QueryView } from "@/components/query-view";
import { activityQuery } from "../api/activity";

const WORDS: Readonly<Record<string, string>> = {
  "personal_token.created": "Personal access token created",
  "personal_token.revoked": "Personal access token revoked",
  "endpoint_token.created": "Endpoint token created",
  "endpoint_token.revoked": "Endpoint token revoked",
  "secret.deleted": "Stored credential deleted",
  "project.deleted": "Project deleted",
  "deployment.created": "Deployment started",
  "deployment.activated": "Version made live",
  "server.stopped": "Server stopped",
  "project.moved": "Project moved",
  "invitation.created": "Invitation made",
  "member.changed": "Role of a member changed",
  "member.removed": "Member taken out",
  "team.transferred": "Team handed on",
  "team.deleted": "Team deleted",
  "checkout.started": "Checkout started",
  "billing_portal.opened": "Billing portal opened",
};

/** A name for an action that came after this page was built is better than none. */
const words = ({ action }: AuditEntry) => WORDS[action] ?? action.replace(/[._]/g, " ");

/** What was done in the account that matters to its safety. */
export function ActivitySection() {
  const query = useInfiniteQuery(activityQuery);
  return (
    <section aria-labelledby="activity" className="panel max-w-2xl space-y-4 p-5">
      <div className="space-y-1">
        <h2 id="activity" className="text-lg font-semibold">
          Activity of the account
        </h2>
        <p className="text-ink-soft">
          Tokens, credentials, deployments and deletions of the last year. Something here that was
          not you? Revoke the token that did it.
        </p>
      </div>
      <QueryView query={query} what="the activity">
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          if (entries.length === 0) {
            return <EmptyState title="Nothing yet">What you do is listed from now on.</EmptyState>;
          }
          return (
            <ul aria-label="Activity" className="divide-y divide-line">
              {entries.map((entry) => (
                <Item key={entry.id} entry={entry} />
              ))}
            </ul>
          );
        }}
      </QueryView>
      {query.hasNextPage && (
        <Button pending={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}

function Item({ entry }: { entry: AuditEntry }) {
  return (
    <li className="py-3">
      <p className="font-medium">
        {words(entry)}
        {entry.detail === "public" && ", open to everybody"}
      </p>
      <p className="font-mono text-xs break-all text-ink-soft">{entry.objectId}</p>
      <p className="text-sm text-ink-soft">
        <Moment iso={entry.createdAt} />
        {" · "}
        {entry.tokenId ? (
          <>
            by the token <code className="font-mono text-xs break-all">{entry.tokenId}</code>
          </>
        ) : (
          "signed in"
        )}
      </p>
    </li>
  );
}
