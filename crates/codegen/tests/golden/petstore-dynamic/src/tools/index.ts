/** All tools of the API by group: what src/dynamic.ts searches. */

import type { Tool, ToolGroup } from "../tool.js";
import { tools as petsTools } from "./pets.js";
import { tools as placesTools } from "./places.js";
import { tools as accountTools } from "./account.js";

export const groups: readonly ToolGroup[] = [
  {
    id: "pets",
    title: "Pets",
    tools: petsTools,
  },
  {
    id: "places",
    title: "Places",
    tools: placesTools,
  },
  {
    id: "account",
    title: "Account",
    tools: accountTools,
  },
];

export const tools: readonly Tool[] = groups.flatMap((group) => group.tools);
