import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { noteTag } from "@/api/seen-tag";

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId],
    queryFn: async ({ signal }) => {
      const path = { id: projectId };
      const answer = await api.GET("/api/projects/{id}", { params: { path }, signal });
      noteTag(projectId, answer.response);
      return unwrap(Promise.resolve(answer));
    },
  });
