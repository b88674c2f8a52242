/** All tools of the API, in the order in which they are listed. */

import type { Tool } from "../tool.js";
import { tools as petsTools } from "./pets.js";
import { tools as placesTools } from "./places.js";
import { tools as accountTools } from "./account.js";

export const tools: readonly Tool[] = [
  ...petsTools,
  ...placesTools,
  ...accountTools,
];
