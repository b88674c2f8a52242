import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { toast } from "sonner";
import { useCreateToken } from "@/api/create-token";
import { projectQuery } from "@/api/get-project";
import { toolsQuery } from "@/api/get-tools";
import type { Access } from "@/api/types";
import { buttonLook } from "@/components/button";
import { QueryView } from "@/components/query-view";
import { TOKEN_PLACEHOLDER } from "@/features/connect/client-configs";
import { ConnectPanel } from "@/features/connect/connect-panel";
import { ServerAddressRows } from "@/features/connect/server-address";
import { ToolRunner } from "@/features/playground/components/tool-runner";
import { useEndpointToken } from "@/lib/endpoint-tokens";
import { countOf } from "@/lib/format";
import { toProblem } from "@/lib/problem";

interface LiveServer {
  readonly endpoint: string;
  readonly access: Access;
  /** Of a deployment that has just ended. */
  readonly tools?: number;
}

interface ServerCardProps {
  projectId: string;
  server: LiveServer;
  celebrate?: boolean;
}

/** The end of a run: address, token, client configuration, and a tool to try. */
export function ServerCard({ projectId, server, celebrate = false }: ServerCardProps) {
  return (
    <div data-testid="server-card" className="space-y-5">
      <section aria-labelledby="live-title" className="panel space-y-5 p-4 sm:p-6">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h2 id="live-title" className="flex items-center gap-2 text-lg font-semibold">
            {celebrate && <CircleCheck className="size-6 text-good" aria-hidden />}
            {celebrate ? "Your server is live" : "Server"}
            {server.tools !== undefined && (
              <span className="font-normal text-ink-soft">· {countOf(server.tools, "tool")}</span>
            )}
          </h2>
          <Link to="/projects/$projectId" params={{ projectId }} className={buttonLook()}>
            Open project
          </Link>
        </div>
        <ServerAddressPanel projectId={projectId} server={server} />
      </section>
      <section aria-labelledby="connect-title" className="panel space-y-3 p-4 sm:p-6">
        <h2 id="connect-title" className="text-lg font-semibold">
          Add it to a client
        </h2>
        <ServerConnectPanel projectId={projectId} server={server} />
      </section>
      <section aria-labelledby="try-title" className="panel space-y-4 p-4 sm:p-6">
        <h2 id="try-title" className="text-lg font-semibold">
          Try a tool
        </h2>
        <ServerPlayground projectId={projectId} server={server} />
      </section>
    </div>
  );
}

interface PanelProps {
  projectId: string;
  server: LiveServer;
}

export function ServerAddressPanel({ projectId, server }: PanelProps) {
  const token = useEndpointToken(projectId);
  const { create, creating } = useNewToken(projectId);
  return (
    <ServerAddressRows
      endpoint={server.endpoint}
      access={server.access}
      token={token}
      creating={creating}
      onCreateToken={create}
    />
  );
}

export function ServerConnectPanel({ projectId, server }: PanelProps) {
  const token = useEndpointToken(projectId);
  const project = useQuery(projectQuery(projectId));
  return (
    <ConnectPanel
      server={{
        slug: project.data?.slug ?? "my-server",
        endpoint: server.endpoint,
        token: server.access === "public" ? null : (token ?? TOKEN_PLACEHOLDER),
      }}
    />
  );
}

export function ServerPlayground({ projectId, server }: PanelProps) {
  const token = useEndpointToken(projectId);
  const tools = useQuery(toolsQuery(projectId));
  const { create } = useNewToken(projectId);
  return (
    <QueryView query={tools} what="tools">
      {(list) => (
        <ToolRunner
          endpoint={server.endpoint}
          access={server.access}
          token={token}
          tools={list}
          onCreateToken={create}
        />
      )}
    </QueryView>
  );
}

function useNewToken(projectId: string) {
  const mutation = useCreateToken(projectId);
  return {
    creating: mutation.isPending,
    create: () =>
      mutation.mutate("made in the studio", {
        onSuccess: () => toast.success("A new token was made."),
        onError: (error) => {
          const { code, message, remedy } = toProblem(error);
          toast.error(`${message} (${code})`, { description: remedy });
        },
      }),
  };
}
