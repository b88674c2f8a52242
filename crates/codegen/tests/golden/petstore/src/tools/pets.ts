/** Pets: Everything about pets. */

import type { Tool } from "../tool.js";

export const listPets: Tool = {
  name: "list_pets",
  title: "List pets",
  description:
    "Lists pets, newest first.\n\nPass `cursor` of the previous page to get the next one.",
  inputSchema: {
    type: "object",
    properties: {
      limit: {
        type: "integer",
        minimum: 1,
        maximum: 100,
        default: 20,
        description: "Pets on a page.",
      },
      tags: {
        type: "array",
        items: { type: "string" },
      },
      status: {
        type: "array",
        items: { type: "string", enum: ["available", "pending", "sold"] },
      },
      filter: {
        type: "object",
        properties: {
          age: {
            type: "object",
            properties: {
              gte: { type: "integer" },
              lt: { type: "integer" },
            },
          },
          colours: {
            type: "array",
            items: { type: "string" },
          },
        },
      },
      near: {
        type: "array",
        items: { type: "number" },
      },
      cursor: { type: "string" },
      x_request_tag: { type: "string" },
      session: { type: "string" },
      where: { type: "object" },
    },
    additionalProperties: false,
  },
  outputSchema: {
    type: "object",
    properties: {
      items: {
        type: "array",
        items: { $ref: "#/$defs/Pet" },
      },
    },
    required: ["items"],
    $defs: {
      Pet: {
        type: "object",
        properties: {
          id: { type: "integer" },
          name: { type: "string" },
          tag: { type: "string" },
        },
        required: ["id", "name"],
      },
    },
  },
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
  request: {
    method: "GET",
    path: "/pets",
    parameters: [
      { name: "limit", in: "query" },
      { name: "tags", in: "query", explode: false },
      { name: "status", in: "query" },
      { name: "filter", in: "query", style: "deepObject", explode: true },
      { name: "near", in: "query", style: "pipeDelimited" },
      { name: "cursor", in: "query", allowReserved: true },
      { name: "X-Request-Tag", in: "header", property: "x_request_tag" },
      { name: "session", in: "cookie" },
      { name: "where", in: "query", json: true },
    ],
    accept: "application/json",
  },
  response: { kind: "json", wrap: true },
  pagination: { style: "link", position: "cursor", size: "limit", items: [] },
  auth: [[], ["api_key"]],
};

export const getPet: Tool = {
  name: "get_pet",
  title: "Get a pet",
  description: "Returns one pet.",
  inputSchema: {
    type: "object",
    properties: {
      pet_id: { type: "string", description: "Id of the pet." },
    },
    required: ["pet_id"],
    additionalProperties: false,
  },
  outputSchema: {
    type: "object",
    properties: {
      id: { type: "integer" },
      name: { type: "string" },
      tag: { type: "string" },
    },
    required: ["id", "name"],
  },
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
  request: {
    method: "GET",
    path: "/pets/{petId}",
    parameters: [{ name: "petId", in: "path", property: "pet_id" }],
    accept: "application/json",
  },
  response: { kind: "json" },
  auth: [["api_key"]],
};

export const createPet: Tool = {
  name: "create_pet",
  title: "Create a pet",
  description: "Adds a pet to the store.",
  inputSchema: {
    type: "object",
    properties: {
      name: { type: "string" },
      tag: { type: ["string", "null"] },
    },
    required: ["name"],
    additionalProperties: false,
  },
  outputSchema: {
    type: "object",
    properties: {
      id: { type: "integer" },
      name: { type: "string" },
      tag: { type: "string" },
    },
    required: ["id", "name"],
  },
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: true,
  },
  request: {
    method: "POST",
    path: "/pets",
    body: {
      mediaType: "application/json",
      encoding: "json",
      required: true,
      properties: [{ name: "name" }, { name: "tag" }],
    },
    accept: "application/json",
  },
  response: { kind: "json" },
  auth: [["token"], ["user", "api_key"]],
};

export const deletePet: Tool = {
  name: "delete_pet",
  title: "Delete a pet",
  description: "Removes a pet.",
  inputSchema: {
    type: "object",
    properties: {
      pet_id: { type: "string" },
    },
    required: ["pet_id"],
    additionalProperties: false,
  },
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: true,
  },
  request: {
    method: "DELETE",
    path: "/pets/{petId}",
    parameters: [{ name: "petId", in: "path", property: "pet_id" }],
    accept: "application/json",
  },
  response: { kind: "empty" },
  auth: [["api_key"]],
};

export const uploadPhoto: Tool = {
  name: "upload_photo",
  title: "Upload a photo",
  description: "Adds a photo of a pet.",
  inputSchema: {
    type: "object",
    properties: {
      pet_id: { type: "string" },
      caption: { type: "string" },
      meta: { type: "object" },
      photo: {
        type: "object",
        properties: {
          filename: { type: "string" },
          contentType: { type: "string" },
          data: { type: "string", contentEncoding: "base64" },
        },
        required: ["data"],
      },
    },
    required: ["pet_id", "photo"],
    additionalProperties: false,
  },
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: true,
  },
  request: {
    method: "POST",
    path: "/pets/{petId}/photos",
    parameters: [{ name: "petId", in: "path", property: "pet_id" }],
    body: {
      mediaType: "multipart/form-data",
      encoding: "multipart",
      required: true,
      properties: [
        { name: "caption" },
        { name: "meta", contentType: "application/json" },
        { name: "photo", file: true },
      ],
    },
    accept: "application/json",
  },
  response: { kind: "empty" },
  auth: [["api_key"]],
};

export const getPhoto: Tool = {
  name: "get_photo",
  title: "Get a photo",
  description: "Returns a photo of a pet.",
  inputSchema: {
    type: "object",
    properties: {
      pet_id: { type: "string" },
      photo: { type: "string" },
    },
    required: ["pet_id", "photo"],
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
    path: "/pets/{petId}/photos/{photo}",
    parameters: [
      { name: "petId", in: "path", property: "pet_id" },
      { name: "photo", in: "path" },
    ],
    accept: "image/png, image/*",
  },
  response: { kind: "binary" },
  auth: [["api_key"]],
};

export const tools: readonly Tool[] = [
  listPets,
  getPet,
  createPet,
  deletePet,
  uploadPhoto,
  getPhoto,
];
