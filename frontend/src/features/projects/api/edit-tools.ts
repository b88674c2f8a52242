import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { projectQuery } from "@/api/get-project";
import { toolsQuery } from "@/api/get-tools";
import type { ToolDefinition, ToolEdit } from "@/api/types";

/** Switches tools on or off. The list shows it at once and goes back where the server refuses. */
export function useEnableTools(projectId: string) {
  const client = useQueryClient();
  const { queryKey } = toolsQuery(projectId);
  return useMutation({
    mutationFn: ({ tools, enabled }: { tools: readonly ToolDefinition[]; enabled: boolean }) => {
      const edits: ToolEdit[] = tools.map((tool) => ({
        key: tool.key,
        path: ["enabled"],
        value: enabled,
        prev: tool.enabled,
      }));
      return unwrap(
        api.PATCH("/api/projects/{id}", {
          params: { path: { id: projectId } },
          // The generated type says that values are objects; they are any JSON.
          body: { edits: edits as never },
        }),
      );
    },
    onMutate: async ({ tools, enabled }) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      const keys = new Set(tools.map(({ key }) => key));
      client.setQueryData(queryKey, (list) =>
        list
          ? {
              tools: list.tools.map((tool) =>
                keys.has(tool.key) ? { ...tool, enabled, disabledBecause: null } : tool,
              ),
            }
          : undefined,
      );
      return { before };
    },
    onError: (_error, _variables, context) => client.setQueryData(queryKey, context?.before),
    onSuccess: (project) => client.setQueryData(projectQuery(projectId).queryKey, project),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
}
