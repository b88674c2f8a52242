/** What this server is, and which API it calls. */

import type { AuthScheme, Service, UpstreamServer } from "./tool.js";

export const service: Service = {
  name: "petstore",
  title: "Petstore",
  version: "1.4.0",
  instructions:
    "This server has 12 tools, which are not listed one by one: search_tools finds them, describe_tool gives their input schemas, call_read_tool and call_write_tool call them.\n\nPets of a store, and the places where they live.",
  websiteUrl: "https://pets.example.com/docs",
};

/** Base URLs of the API; the first is used unless API_BASE_URL is set. */
export const servers: readonly UpstreamServer[] = [
  {
    url: "https://{region}.pets.example.com/v1",
    variables: [
      {
        name: "region",
        env: "PETSTORE_REGION",
        default: "eu",
        allowed: ["eu", "us"],
      },
    ],
  },
];

/** Ways to authenticate. Secrets are named, never written here. */
export const schemes: Readonly<Record<string, AuthScheme>> = {
  api_key: {
    type: "apiKey",
    in: "header",
    name: "X-Api-Key",
    secrets: ["PETSTORE_API_KEY"],
  },
  token: {
    type: "bearer",
    secrets: ["PETSTORE_TOKEN"],
    client: {
      tokenUrl: "https://login.example.com/oauth/token",
      secrets: ["PETSTORE_CLIENT_ID", "PETSTORE_CLIENT_SECRET"],
      scopes: ["pets:read", "pets:write"],
    },
  },
  user: { type: "basic", secrets: ["PETSTORE_USERNAME", "PETSTORE_PASSWORD"] },
  mtls: { type: "unsupported", reason: "mutual TLS" },
};
