import { describe, expect, it } from "vitest";
import { clientConfigs, shell } from "./client-configs";

const endpoint = "http://localhost:8787/s/pocket-library/mcp";
const code = (id: string, token: string | null = "t0p", address = endpoint) =>
  clientConfigs({ slug: "pocket-library", endpoint: address, token }).find(
    (config) => config.id === id,
  )?.code ?? "";

describe("clientConfigs", () => {
  it("has every client, each with the address and the token", () => {
    const configs = clientConfigs({ slug: "pocket-library", endpoint, token: "t0p" });
    expect(configs.map(({ label }) => label)).toEqual([
      "Claude Code",
      "Claude Desktop",
      "Cursor",
      "VS Code",
      "ChatGPT",
      "curl",
      "MCP Inspector",
    ]);
    for (const config of configs) {
      expect(config.code, config.label).toContain(endpoint);
      expect(config.code, config.label).toContain("t0p");
    }
  });

  it("sends no token to a public server", () => {
    for (const { code: text, label } of clientConfigs({ slug: "a", endpoint, token: null })) {
      expect(text, label).not.toMatch(/authorization|bearer/i);
    }
  });

  it("is what the clients read", () => {
    expect(code("claude-code")).toBe(
      `claude mcp add --transport http pocket-library ${endpoint} \\\n  --header 'Authorization: Bearer t0p'`,
    );
    expect(JSON.parse(code("cursor"))).toEqual({
      mcpServers: {
        "pocket-library": { url: endpoint, headers: { Authorization: "Bearer t0p" } },
      },
    });
    expect(JSON.parse(code("vs-code"))).toEqual({
      servers: {
        "pocket-library": {
          type: "http",
          url: endpoint,
          headers: { Authorization: "Bearer t0p" },
        },
      },
    });
    expect(JSON.parse(code("claude-desktop"))).toEqual({
      mcpServers: {
        "pocket-library": {
          command: "npx",
          args: [
            "-y",
            "mcp-remote",
            endpoint,
            "--transport",
            "http-only",
            "--header",
            // biome-ignore lint/suspicious/noTemplateCurlyInString: mcp-remote puts the variable in.
            "Authorization:${AUTH_HEADER}",
          ],
          env: { AUTH_HEADER: "Bearer t0p" },
        },
      },
    });
    expect(JSON.parse(code("chatgpt", null, "https://a.mcpengine.run/mcp"))).toEqual({
      tools: [
        { type: "mcp", server_label: "pocket_library", server_url: "https://a.mcpengine.run/mcp" },
      ],
    });
  });
});

it("shell makes one word of anything", () => {
  expect(shell("https://a.example/mcp")).toBe("https://a.example/mcp");
  expect(shell("a b")).toBe("'a b'");
  expect(shell("it's $(x)")).toBe(`'it'\\''s $(x)'`);
});
