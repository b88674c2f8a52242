/** Account */

import type { Tool } from "../tool.js";

export const signIn: Tool = {
  name: "sign_in",
  title: "Sign in",
  description: "Sends a form.",
  inputSchema: {
    type: "object",
    properties: {
      user: { type: "string" },
      scopes: {
        type: "array",
        items: { type: "string" },
      },
      extra: { type: "object" },
    },
    required: ["user"],
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
    path: "/session",
    body: {
      mediaType: "application/x-www-form-urlencoded",
      encoding: "form",
      required: true,
      properties: [
        { name: "user" },
        { name: "scopes", style: "spaceDelimited", explode: false },
        { name: "extra", contentType: "application/json" },
      ],
    },
    accept: "application/json",
  },
  response: { kind: "json" },
  auth: [],
};

export const putNote: Tool = {
  name: "put_note",
  title: "Write a note",
  description: "Stores a text.",
  inputSchema: {
    type: "object",
    properties: {
      body: { type: "string" },
    },
    required: ["body"],
    additionalProperties: false,
  },
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: true,
  },
  request: {
    method: "PUT",
    path: "/note",
    body: {
      mediaType: "text/plain",
      encoding: "text",
      required: true,
      property: "body",
    },
    accept: "text/plain",
  },
  response: { kind: "text" },
  auth: [["user"]],
};

export const putFile: Tool = {
  name: "put_file",
  title: "Write a file",
  description: "Stores bytes.",
  inputSchema: {
    type: "object",
    properties: {
      data: { type: "string", contentEncoding: "base64" },
    },
    required: ["data"],
    additionalProperties: false,
  },
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: true,
  },
  request: {
    method: "PUT",
    path: "/file",
    body: {
      mediaType: "application/octet-stream",
      encoding: "binary",
      required: true,
      property: "data",
    },
    accept: "application/json",
  },
  response: { kind: "empty" },
  auth: [],
};

export const getStatus: Tool = {
  name: "get_status",
  title: "Get the status",
  description: "Reports the state of the service, from a host of its own.",
  inputSchema: { type: "object", properties: {}, additionalProperties: false },
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
  request: {
    method: "GET",
    path: "/status",
    server: { url: "/ops" },
    accept: "application/json",
  },
  response: { kind: "json" },
  auth: [["mtls"], []],
};

export const signWithCertificate: Tool = {
  name: "sign_with_certificate",
  title: "Sign with a certificate",
  description: "Needs mutual TLS.",
  inputSchema: { type: "object", properties: {}, additionalProperties: false },
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
  request: { method: "GET", path: "/certificate", accept: "application/json" },
  response: { kind: "json" },
  auth: [["mtls"]],
};

export const tools: readonly Tool[] = [
  signIn,
  putNote,
  putFile,
  getStatus,
  signWithCertificate,
];
