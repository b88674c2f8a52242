import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { projectQuery } from "@/api/get-project";
import { toolsQuery } from "@/api/get-tools";
import { noteTag, onWhatWasSeen } from "@/api/seen-tag";
import type { ToolDefinition, ToolEdit } from "@/api/types";
import { toProblem } from "@/lib/problem";

/**
 * Switches tools on or off. The list shows it at once and goes back where the server refuses: where
 * the project was changed meanwhile, it is loaded again. One change waits for the one before, whose
 * answer has the tag that it needs.
 */
export function useEnableTools(projectId: string) {
  const client = useQueryClient();
  const { queryKey } = toolsQuery(projectId);
  return useMutation({
    scope: { id: `edit-${projectId}` },
    mutationFn: async ({
      tools,
      enabled,
    }: {
      tools: readonly ToolDefinition[];
      enabled: boolean;
    }) => {
      const edits: ToolEdit[] = tools.map((tool) => ({
        key: tool.key,
        path: ["enabled"],
        value: enabled,
        prev: tool.enabled,
      }));
      const answer = await api.PATCH("/api/projects/{id}", {
        params: { path: { id: projectId }, header: onWhatWasSeen(projectId) },
        // The generated type says that values are objects; they are any JSON.
        body: { edits: edits as never },
      });
      noteTag(projectId, answer.response);
      return unwrap(Promise.resolve(answer));
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
    onError: async (error, _variables, context) => {
      client.setQueryData(queryKey, context?.before);
      if (toProblem(error).code === "precondition_failed") {
        await client.invalidateQueries({ queryKey: projectQuery(projectId).queryKey });
      }
    },
    onSuccess: (project) => client.setQueryData(projectQuery(projectId).queryKey, project),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
}
