import type { Role } from "@/api/types";

const ORDER: readonly Role[] = ["viewer", "editor", "admin", "owner"];

/** Whether a role can do what `needs` can. */
export function can(role: Role, needs: Role): boolean {
  return ORDER.indexOf(role) >= ORDER.indexOf(needs);
}

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  viewer: "Viewer",
  editor: "Editor",
  admin: "Admin",
  owner: "Owner",
};

/** What each role adds to those before it. */
export const ROLE_HINTS: Readonly<Record<Role, string>> = {
  viewer: "sees projects, their files, versions and calls",
  editor: "makes, changes and deploys projects, and holds their tokens and credentials",
  admin: "deletes and moves projects, invites and removes people",
  owner: "deletes the team, hands it on, and pays for it",
};
