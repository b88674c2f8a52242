import type { TokenScope } from "@/api/types";

/** What tokens may be allowed, in the order in which it is shown. */
export const SCOPES: readonly { scope: TokenScope; title: string; hint: string }[] = [
  {
    scope: "projects:read",
    title: "See projects",
    hint: "Their tools, files, versions and calls.",
  },
  {
    scope: "projects:write",
    title: "Change projects",
    hint: "Import descriptions, edit tools, generate servers, delete projects.",
  },
  {
    scope: "servers:deploy",
    title: "Run servers",
    hint: "Put them live, stop and start them, make and revoke their access tokens.",
  },
];
