/** The tools that clients are shown; src/dynamic.ts is what they do. */

import type { ListedTool } from "../tool.js";

export const dynamicTools: readonly ListedTool[] = [
  {
    name: "search_tools",
    title: "Search tools",
    description:
      "Searches the 12 tools of Petstore by words, such as `create user`, best match first. Each match has its name, what it does, its group and its kind: call_read_tool takes those of kind `read`, call_write_tool those of kind `write`.",
    inputSchema: {
      type: "object",
      properties: {
        query: {
          type: "string",
          description:
            "What is to be done, in a few words; empty for all tools.",
        },
        group: {
          type: "string",
          enum: ["pets", "places", "account"],
          description: "Only tools of this group.",
        },
        limit: {
          type: "integer",
          minimum: 1,
          maximum: 50,
          default: 10,
          description: "How many matches at most.",
        },
        offset: {
          type: "integer",
          minimum: 0,
          default: 0,
          description: "How many matches to leave out, to read on.",
        },
      },
      required: ["query"],
      additionalProperties: false,
    },
    outputSchema: {
      type: "object",
      properties: {
        total: {
          type: "integer",
          description:
            "How many tools match, those that are not given included.",
        },
        tools: {
          type: "array",
          items: {
            type: "object",
            properties: {
              name: { type: "string" },
              title: { type: "string" },
              description: { type: "string" },
              group: { type: "string" },
              kind: { type: "string", enum: ["read", "write"] },
            },
            required: ["name", "title", "description", "group", "kind"],
          },
        },
        groups: {
          type: "array",
          items: { type: "string" },
          description: "The groups there are, where nothing matches.",
        },
      },
      required: ["total", "tools"],
    },
    annotations: {
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
  },
  {
    name: "describe_tool",
    title: "Describe a tool",
    description:
      "Gives the full description of a tool of Petstore, or of up to 5: what it does, the JSON Schema of its arguments, its annotations, and which tool calls it.",
    inputSchema: {
      type: "object",
      properties: {
        name: {
          type: "string",
          description: "Name of a tool, as search_tools gives it.",
        },
        names: {
          type: "array",
          items: { type: "string" },
          minItems: 1,
          maxItems: 5,
          description: "In place of `name`: several names.",
        },
      },
      additionalProperties: false,
    },
    outputSchema: {
      type: "object",
      properties: {
        tools: {
          type: "array",
          items: {
            type: "object",
            properties: {
              name: { type: "string" },
              title: { type: "string" },
              description: { type: "string" },
              group: { type: "string" },
              kind: { type: "string", enum: ["read", "write"] },
              callWith: {
                type: "string",
                description: "The tool that calls it.",
              },
              inputSchema: { type: "object" },
              annotations: { type: "object" },
            },
            required: [
              "name",
              "title",
              "description",
              "group",
              "kind",
              "callWith",
              "inputSchema",
              "annotations",
            ],
          },
        },
        unknown: {
          type: "array",
          items: {
            type: "object",
            properties: {
              name: { type: "string" },
              similar: {
                type: "array",
                items: { type: "string" },
              },
            },
            required: ["name", "similar"],
          },
          description: "Names that no tool has, with names that are like them.",
        },
      },
      required: ["tools"],
    },
    annotations: {
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
  },
  {
    name: "call_read_tool",
    title: "Call a tool that reads",
    description:
      "Calls a tool of Petstore of kind `read`: it gets data and changes nothing. The arguments have to fit the tool's input schema, which describe_tool gives.",
    inputSchema: {
      type: "object",
      properties: {
        name: { type: "string", description: "Name of a tool of kind `read`." },
        arguments: {
          type: "object",
          description: "The tool's arguments.",
          additionalProperties: true,
        },
      },
      required: ["name"],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true,
    },
  },
  {
    name: "call_write_tool",
    title: "Call a tool that writes",
    description:
      "Calls a tool of Petstore of kind `write`: it creates, changes or deletes data. The arguments have to fit the tool's input schema, which describe_tool gives.",
    inputSchema: {
      type: "object",
      properties: {
        name: {
          type: "string",
          description: "Name of a tool of kind `write`.",
        },
        arguments: {
          type: "object",
          description: "The tool's arguments.",
          additionalProperties: true,
        },
      },
      required: ["name"],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    },
  },
];
