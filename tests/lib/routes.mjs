// The routes of the API, as its document lists them, and bodies that they take.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { root } from "./paths.mjs";

/**
 * `{id, method, pattern, needs}` of every operation; `needs` is `nothing`, `any`, `session`
 * or the scope that a personal access token has to have.
 */
export async function operations() {
  const document = JSON.parse(await readFile(path.join(root, "docs/openapi.json"), "utf8"));
  const all = Object.entries(document.paths).flatMap(([pattern, item]) =>
    Object.entries(item).map(([method, { operationId, security }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      pattern,
      needs: security === undefined ? "any" : (security[0].bearer?.[0] ?? "nothing"),
    })),
  );
  assert.ok(all.length >= 46, `only ${all.length} routes`);
  return all;
}

/** Bodies that are taken, by operation, where `{}` is not; `ids` are of what there is. */
const BODIES = {
  delete_me: () => ({ confirm: "delete my account" }),
  update_project: () => ({ name: "Mine" }),
  create_personal_token: () => ({ name: "t", scopes: ["projects:read"] }),
  create_project: () => ({ name: "Made" }),
  create_team: () => ({ name: "Made" }),
  update_team: () => ({ name: "Mine" }),
  transfer_team: ({ userId }) => ({ userId }),
  update_member: () => ({ role: "viewer" }),
  create_invitation: () => ({ email: "new@example.com", role: "viewer" }),
  preview_invitation: () => ({ token: "mcpi_none" }),
  accept_invitation: () => ({ token: "mcpi_none" }),
  transfer_project: () => ({ teamId: null }),
  analyze: ({ projects, document }) => ({ projectId: projects, specFile: document ?? "{}" }),
  generate: ({ projects }) => ({ projectId: projects }),
  deploy: ({ projects }) => ({ projectId: projects, target: "mcpengine", config: {} }),
};

/** The body of a request to this operation; none of one that takes none. */
export function bodyOf({ id, method }, ids) {
  if (id in BODIES) return BODIES[id](ids);
  return method === "POST" || method === "PATCH" ? {} : undefined;
}

/**
 * The path with ids in it: `ids` has that of each first word (`projects`, `teams`, …), and of
 * what is in it (`tokenId`, `userId`, `invitationId`, `name`).
 */
export function filled({ pattern }, ids) {
  const first = pattern.split("/")[2];
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const id = name === "id" ? ids[first] : ids[name];
    assert.ok(id, `say whose id ${pattern} takes`);
    return id;
  });
}
