import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { teamsQuery } from "@/api/list-teams";
import { noteTag, onWhatWasSeen } from "@/api/seen-tag";
import type { Role } from "@/api/types";
import { useOnce } from "@/api/use-once";

/** A team with its members; for admins with the invitations that are open. */
export const teamQuery = (id: string) =>
  queryOptions({
    queryKey: ["teams", id],
    queryFn: async ({ signal }) => {
      const answer = await api.GET("/api/teams/{id}", { params: { path: { id } }, signal });
      noteTag(id, answer.response);
      return unwrap(Promise.resolve(answer));
    },
  });

/**
 * All that is known of teams is asked for again after a change, also after a refusal. One change
 * waits for that of the one before: it is made on what is seen then.
 */
function useChange<Variables, Data>(change: (variables: Variables) => Promise<Data>) {
  const client = useQueryClient();
  return useMutation({
    scope: { id: "teams" },
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: ["teams"] }),
  });
}

export function useCreateTeam() {
  const once = useOnce();
  return useChange(async (name: string) => {
    const body = { name };
    const params = { header: once.headers(body) };
    const team = await unwrap(api.POST("/api/teams", { params, body }));
    once.made();
    return team;
  });
}

export const useRenameTeam = (id: string) =>
  useChange((name: string) =>
    unwrap(
      api.PATCH("/api/teams/{id}", {
        params: { path: { id }, header: onWhatWasSeen(id) },
        body: { name },
      }),
    ),
  );

export const useDeleteTeam = (id: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/teams/{id}", { params: { path: { id } } })),
    onSuccess: () => leave(client, id),
  });
};

/** The new owner; you become an admin. */
export const useTransferTeam = (id: string) =>
  useChange((userId: string) =>
    unwrap(api.POST("/api/teams/{id}/transfer", { params: { path: { id } }, body: { userId } })),
  );

export const useSetRole = (id: string) =>
  useChange(({ userId, role }: { userId: string; role: Role }) =>
    unwrap(
      api.PATCH("/api/teams/{id}/members/{userId}", {
        params: { path: { id, userId }, header: onWhatWasSeen(id) },
        body: { role },
      }),
    ),
  );

export const useRemoveMember = (id: string) =>
  useChange((userId: string) =>
    unwrap(api.DELETE("/api/teams/{id}/members/{userId}", { params: { path: { id, userId } } })),
  );

/** Out of the team yourself: nothing of it is yours to see any more. */
export function useLeaveTeam(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (userId: string) =>
      unwrap(api.DELETE("/api/teams/{id}/members/{userId}", { params: { path: { id, userId } } })),
    onSuccess: () => leave(client, id),
  });
}

async function leave(client: ReturnType<typeof useQueryClient>, id: string) {
  client.removeQueries({ queryKey: teamQuery(id).queryKey });
  await Promise.all([
    client.invalidateQueries({ queryKey: teamsQuery.queryKey }),
    client.invalidateQueries({ queryKey: ["projects"] }),
  ]);
}

/** The answer holds the link, this once. */
export function useInvite(id: string) {
  const once = useOnce();
  return useChange(async (body: { email: string; role: Role }) => {
    const params = { path: { id }, header: once.headers(body) };
    const invitation = await unwrap(api.POST("/api/teams/{id}/invitations", { params, body }));
    once.made();
    return invitation;
  });
}

export const useRevokeInvitation = (id: string) =>
  useChange((invitationId: string) =>
    unwrap(
      api.DELETE("/api/teams/{id}/invitations/{invitationId}", {
        params: { path: { id, invitationId } },
      }),
    ),
  );

/** What an invitation is to. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) =>
      unwrap(api.POST("/api/invitations/preview", { body: { token }, signal })),
    retry: false,
  });

export function useAcceptInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => unwrap(api.POST("/api/invitations/accept", { body: { token } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["projects"] }),
    onSettled: () => client.invalidateQueries({ queryKey: ["teams"] }),
  });
}
