/** Places */

import type { Tool } from "../tool.js";

export const searchPlaces: Tool = {
  name: "search_places",
  title: "Search places",
  description: "Finds places by label, matrix and reserved paths.",
  inputSchema: {
    type: "object",
    properties: {
      kind: {
        type: "array",
        items: { type: "string" },
      },
      area: { type: "object" },
      name: { type: "string" },
      path: { type: "string" },
      ids: { type: "array" },
      cols: { type: "array" },
      sort: { type: "object" },
    },
    required: ["kind", "area", "name", "path"],
    additionalProperties: false,
  },
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
  request: {
    method: "GET",
    path: "/places{kind}{area}/{name}/at/{path}",
    parameters: [
      { name: "kind", in: "path", style: "label", explode: true },
      { name: "area", in: "path", style: "matrix", explode: true },
      { name: "name", in: "path" },
      { name: "path", in: "path", allowReserved: true },
      { name: "ids", in: "query", style: "spaceDelimited" },
      { name: "cols", in: "query", style: "tabDelimited" },
      { name: "sort", in: "query" },
    ],
    accept: "application/json",
  },
  response: { kind: "json" },
  auth: [],
};

export const tools: readonly Tool[] = [searchPlaces];
