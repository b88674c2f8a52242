/** How this server introduces itself to those who look for servers (SEP-2127). */

import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/server";
import { service } from "./config.js";
import { hosted } from "./http/auth.js";
import { type Env, setting } from "./settings.js";

const CARD_TYPE = "application/mcp-server-card+json";
const SCHEMA =
  "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json";
const MAX_DESCRIPTION_CHARS = 100;

/** At /mcp/server-card. It does not list tools: they are for those let in. */
export function serverCard(request: Request, env: Env): Promise<Response> {
  const { name, title, version, websiteUrl } = service;
  const token = {
    name: "Authorization",
    description: "Bearer and the access token of this server",
    isRequired: true,
    isSecret: true,
  };
  const description = `MCP server for ${title}`;
  return described(request, CARD_TYPE, {
    $schema: SCHEMA,
    // The same as in server.json.
    name: `run.mcpengine/${name}`,
    title,
    description: [...description].slice(0, MAX_DESCRIPTION_CHARS).join(""),
    version,
    ...(websiteUrl !== undefined && { websiteUrl }),
    remotes: [
      {
        type: "streamable-http",
        url: endpointUrl(request, env).href,
        supportedProtocolVersions: [
          "2026-07-28",
          ...SUPPORTED_PROTOCOL_VERSIONS,
        ],
        ...(!isPublic(request, env) && { headers: [token] }),
      },
    ],
  });
}

/** At /.well-known/ai-catalog.json: where the card is. */
export function catalogue(request: Request, env: Env): Promise<Response> {
  const endpoint = endpointUrl(request, env);
  const card = {
    identifier: `urn:air:${endpoint.hostname}:mcp:${service.name}`,
    type: CARD_TYPE,
    url: `${endpoint.href}/server-card`,
  };
  return described(request, "application/ai-catalog+json", {
    specVersion: "1.0",
    entries: [card],
  });
}

/** The address that clients know this server by. */
function endpointUrl({ url, headers }: Request, env: Env): URL {
  const known = behindGateway(env)
    ? headers.get("mcpengine-endpoint")
    : setting(env, "MCP_URL");
  if (known && URL.canParse(known)) return new URL(known);
  const endpoint = new URL("/mcp", url);
  const host = headers.get("host");
  if (host !== null && URL.canParse(`http://${host}`)) endpoint.host = host;
  return endpoint;
}

function isPublic({ headers }: Request, env: Env): boolean {
  return behindGateway(env)
    ? headers.get("mcpengine-access") === "public"
    : setting(env, "MCP_ACCESS_TOKEN") === undefined;
}

/** Whether the platform answers for this server, and so knows both. */
function behindGateway(env: Env): boolean {
  return hosted(env) || setting(env, "MCPENGINE_GATEWAY") !== undefined;
}

async function described(
  request: Request,
  type: string,
  value: unknown,
): Promise<Response> {
  const body = JSON.stringify(value);
  const bytes = new TextEncoder().encode(body);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const tag = [...digest.subarray(0, 16)].map((it) =>
    it.toString(16).padStart(2, "0"),
  );
  const headers = {
    "content-type": type,
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=3600",
    etag: `"${tag.join("")}"`,
  };
  return request.headers.get("if-none-match") === headers.etag
    ? new Response(null, { status: 304, headers })
    : new Response(body, { headers });
}
