/** What a client needs to know of a server. */
export interface ServerAddress {
  /** `[a-z0-9-]+`: the server's name in client configurations. */
  readonly slug: string;
  readonly endpoint: string;
  /** Null where the server is public. */
  readonly token: string | null;
}

export interface ClientConfig {
  readonly id: string;
  readonly label: string;
  /** Where the text goes, or what is to be done with it. */
  readonly hint: string;
  readonly code: string;
}

/** Stands where the user has to put the token, once it is not on screen any more. */
export const TOKEN_PLACEHOLDER = "YOUR_TOKEN";

/** Ready-to-paste configuration for the clients that people use. */
export function clientConfigs(server: ServerAddress): ClientConfig[] {
  return [
    claudeCode(server),
    claudeDesktop(server),
    cursor(server),
    vsCode(server),
    chatGpt(server),
    curl(server),
    inspector(server),
  ];
}

function claudeCode({ slug, endpoint, token }: ServerAddress): ClientConfig {
  const header = token ? ` \\\n  --header ${shell(`Authorization: Bearer ${token}`)}` : "";
  return {
    id: "claude-code",
    label: "Claude Code",
    hint: "Run in a terminal, in the folder of your project.",
    code: `claude mcp add --transport http ${slug} ${shell(endpoint)}${header}`,
  };
}

function claudeDesktop({ slug, endpoint, token }: ServerAddress): ClientConfig {
  // The header goes through a variable: arguments with spaces are cut on Windows.
  const args = ["-y", "mcp-remote", endpoint, "--transport", "http-only"];
  const server = token
    ? {
        command: "npx",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: mcp-remote puts the variable in.
        args: [...args, "--header", "Authorization:${AUTH_HEADER}"],
        env: { AUTH_HEADER: `Bearer ${token}` },
      }
    : { command: "npx", args };
  return {
    id: "claude-desktop",
    label: "Claude Desktop",
    hint: "Settings → Developer → Edit Config, then restart. Needs Node.js.",
    code: json({ mcpServers: { [slug]: server } }),
  };
}

function cursor(server: ServerAddress): ClientConfig {
  return {
    id: "cursor",
    label: "Cursor",
    hint: "Put into .cursor/mcp.json of your project, or ~/.cursor/mcp.json.",
    code: json({ mcpServers: { [server.slug]: { url: server.endpoint, ...headers(server) } } }),
  };
}

function vsCode(server: ServerAddress): ClientConfig {
  return {
    id: "vs-code",
    label: "VS Code",
    hint: "Put into .vscode/mcp.json of your workspace.",
    code: json({
      servers: { [server.slug]: { type: "http", url: server.endpoint, ...headers(server) } },
    }),
  };
}

function chatGpt({ slug, endpoint, token }: ServerAddress): ClientConfig {
  const local = !endpoint.startsWith("https://");
  const authorization = token ? { authorization: token } : {};
  return {
    id: "chatgpt",
    label: "ChatGPT",
    hint: local
      ? "ChatGPT connects over the internet, so it cannot reach this local address. Once the server has an https address, use it in the Responses API:"
      : token
        ? "The app's connectors (Settings → Apps, developer mode) take OAuth or no authentication. With a token, use the Responses API:"
        : "Settings → Apps → Advanced → developer mode → Create app, with this address and no authentication. Or in the Responses API:",
    code: json({
      tools: [
        {
          type: "mcp",
          server_label: slug.replaceAll("-", "_"),
          server_url: endpoint,
          ...authorization,
        },
      ],
    }),
  };
}

function curl({ endpoint, token }: ServerAddress): ClientConfig {
  const body = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/list",
    params: {
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    },
  };
  const lines = [
    `curl ${shell(endpoint)}`,
    ...(token ? [`-H ${shell(`authorization: Bearer ${token}`)}`] : []),
    "-H 'content-type: application/json'",
    "-H 'accept: application/json, text/event-stream'",
    "-H 'mcp-protocol-version: 2026-07-28'",
    "-H 'mcp-method: tools/list'",
    `-d ${shell(JSON.stringify(body))}`,
  ];
  return {
    id: "curl",
    label: "curl",
    hint: "Lists the tools, with the 2026-07-28 protocol.",
    code: lines.join(" \\\n  "),
  };
}

function inspector({ endpoint, token }: ServerAddress): ClientConfig {
  const header = token ? ` \\\n  --header ${shell(`Authorization: Bearer ${token}`)}` : "";
  return {
    id: "inspector",
    label: "MCP Inspector",
    hint: "Lists the tools. Needs Node.js 22.19 or newer; --protocol-era legacy tries the older protocol.",
    code: `npx @modelcontextprotocol/inspector --cli ${shell(endpoint)} --transport http \\\n  --protocol-era modern --method tools/list${header}`,
  };
}

function headers({ token }: ServerAddress): { headers?: Record<string, string> } {
  return token ? { headers: { Authorization: `Bearer ${token}` } } : {};
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** One word for a POSIX shell. */
export function shell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
