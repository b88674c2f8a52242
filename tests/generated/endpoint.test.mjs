// What a generated server answers over HTTP besides MCP itself, the same on Node
// and on workerd; and the checks that the project brings along.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { request as send } from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { modernBody, modernHeaders, parseMessage } from "../lib/mcp.mjs";
import { buildProject } from "./project.mjs";
import { runner } from "./run.mjs";

const run = promisify(execFile);
const TOKEN = "a-token-of-this-server";
const cleanups = [];
const { startHttp, startWorker } = runner(cleanups, () => ({}));
const servers = {};
let folder;

before(async () => {
  folder = await buildProject("endpoint");
  const settings = {
    MCP_ACCESS_TOKEN: TOKEN,
    MCP_ALLOWED_HOSTS: "localhost,127.0.0.1",
    MCP_ALLOWED_ORIGINS: "app.example",
  };
  servers.node = await startHttp(folder, ["--host", "0.0.0.0"], settings);
  servers.workerd = await startWorker(folder, settings);
  servers.local = await startHttp(folder);
});
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
});

/**
 * A request with any Host, which fetch does not let through. `unfinished`, its body
 * goes on: who answers that has not waited for its end.
 */
function ask(name, path, { method = "GET", headers = {}, body, unfinished = false } = {}) {
  const url = new URL(path, servers[name]);
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const parsed = () => (text === "" ? undefined : JSON.parse(text));
      resolve({ status: response.statusCode, headers: response.headers, text, json: parsed });
      if (unfinished) outgoing.destroy();
    });
    outgoing.on("error", reject);
    if (unfinished) outgoing.write(body);
    else outgoing.end(body);
  });
}

const list = (name, headers = {}, params = {}) =>
  ask(name, "/mcp", {
    method: "POST",
    headers: {
      ...modernHeaders("tools/list", params),
      authorization: `Bearer ${TOKEN}`,
      ...headers,
    },
    body: modernBody("tools/list", params),
  });

for (const name of ["node", "workerd"]) {
  describe(`on ${name}`, () => {
    test("the card introduces the server to anybody", async () => {
      const { origin, host, hostname } = new URL(servers[name]);
      const card = await ask(name, "/mcp/server-card");
      assert.deepEqual(card.json(), {
        $schema: "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
        name: "run.mcpengine/petstore",
        title: "Petstore",
        description: "MCP server for Petstore",
        version: "1.4.0",
        websiteUrl: "https://pets.example.com/docs",
        remotes: [
          {
            type: "streamable-http",
            url: `${origin}/mcp`,
            supportedProtocolVersions: [
              "2026-07-28",
              "2025-11-25",
              "2025-06-18",
              "2025-03-26",
              "2024-11-05",
              "2024-10-07",
            ],
            headers: [
              {
                name: "Authorization",
                description: "Bearer and the access token of this server",
                isRequired: true,
                isSecret: true,
              },
            ],
          },
        ],
      });
      const { "content-type": type, etag } = card.headers;
      assert.equal(type, "application/mcp-server-card+json");
      assert.equal(card.headers["access-control-allow-origin"], "*");
      assert.equal(card.headers["cache-control"], "public, max-age=3600");
      const again = await ask(name, "/mcp/server-card", { headers: { "if-none-match": etag } });
      assert.deepEqual([again.status, again.text], [304, ""]);
      const catalogue = await ask(name, "/.well-known/ai-catalog.json");
      assert.deepEqual(catalogue.json(), {
        specVersion: "1.0",
        entries: [
          {
            identifier: `urn:air:${hostname}:mcp:petstore`,
            type: "application/mcp-server-card+json",
            url: `http://${host}/mcp/server-card`,
          },
        ],
      });
    });

    test("paths and methods that are not served say what is", async () => {
      const root = await ask(name, "/");
      assert.deepEqual(root.json(), {
        name: "petstore",
        version: "1.4.0",
        tools: 12,
        endpoint: "/mcp",
      });
      for (const [path, method, status, words] of [
        ["/sse", "GET", 410, /connect to \/mcp with Streamable HTTP/],
        ["/messages", "POST", 410, /connect to \/mcp/],
        ["/other", "GET", 404, /the MCP endpoint is \/mcp/],
        ["/", "POST", 405, /only read: GET, HEAD, OPTIONS/],
        ["/mcp/server-card", "DELETE", 405, /only read/],
      ]) {
        const answer = await ask(name, path, { method });
        assert.equal(answer.status, status, `${method} ${path}`);
        assert.match(answer.json().error, words);
        const allow = status === 405 ? "GET, HEAD, OPTIONS" : undefined;
        assert.equal(answer.headers.allow, allow);
      }
      const head = await ask(name, "/", { method: "HEAD" });
      assert.deepEqual([head.status, head.text], [200, ""]);
      const authorization = `Bearer ${TOKEN}`;
      const get = await ask(name, "/mcp", { headers: { authorization } });
      assert.equal(get.status, 405);
    });

    test("strange hosts and origins are turned away, known ones may read", async () => {
      assert.equal((await list(name)).status, 200);
      assert.equal((await list(name, { host: "evil.example" })).status, 403);
      for (const origin of ["https://evil.example", "null", "https://app.example.evil.example"]) {
        const answer = await list(name, { origin });
        assert.equal(answer.status, 403, origin);
        assert.equal(answer.headers["access-control-allow-origin"], undefined);
      }
      for (const origin of ["https://app.example", "http://127.0.0.1:6274"]) {
        const answer = await list(name, { origin });
        assert.equal(answer.status, 200, origin);
        assert.equal(answer.headers["access-control-allow-origin"], origin);
        assert.equal(answer.headers.vary, "Origin");
      }
      const preflight = await ask(name, "/mcp", {
        method: "OPTIONS",
        headers: {
          origin: "https://app.example",
          "access-control-request-method": "POST",
          "access-control-request-headers": "mcp-method,Mcp-Param-Region,x-other",
        },
      });
      assert.equal(preflight.status, 204);
      assert.equal(
        preflight.headers["access-control-allow-headers"],
        "accept, authorization, content-type, last-event-id, mcp-method, mcp-name, " +
          "mcp-protocol-version, mcp-session-id, mcp-param-region",
      );
    });

    test("a token is asked for, in words and with a challenge", async () => {
      for (const authorization of ["", "Bearer wrong", `Basic ${TOKEN}`]) {
        const answer = await list(name, { authorization });
        assert.equal(answer.status, 401, authorization);
        assert.equal(answer.headers["www-authenticate"], "Bearer");
      }
    });

    test("a request that is too long is refused before it is read", async () => {
      const answer = await ask(name, "/mcp", {
        method: "POST",
        headers: {
          ...modernHeaders("tools/list", {}),
          authorization: `Bearer ${TOKEN}`,
          "content-length": String(5 << 20),
        },
        body: "{",
        unfinished: true,
      });
      assert.equal(answer.status, 413);
    });

    test("what it has none of is an empty list", async () => {
      const results = {};
      for (const method of ["resources/list", "resources/templates/list", "prompts/list"]) {
        const answer = await ask(name, "/mcp", {
          method: "POST",
          headers: { ...modernHeaders(method, {}), authorization: `Bearer ${TOKEN}` },
          body: modernBody(method, {}),
        });
        const { result } = parseMessage(answer.text);
        const { resources, resourceTemplates, prompts, ttlMs, cacheScope } = result;
        results[method] = [resources ?? resourceTemplates ?? prompts, ttlMs, cacheScope];
      }
      const empty = [[], 300_000, "private"];
      assert.deepEqual(results, {
        "resources/list": empty,
        "resources/templates/list": empty,
        "prompts/list": empty,
      });
    });
  });
}

test("a server on this machine answers to no other name, with no token", async () => {
  const authorization = "";
  assert.equal((await list("local", { authorization })).status, 200);
  assert.equal((await list("local", { authorization, host: "evil.example" })).status, 403);
  const origin = "http://evil.example";
  assert.equal((await list("local", { authorization, origin })).status, 403);
  const card = (await ask("local", "/mcp/server-card")).json();
  assert.equal(card.remotes[0].headers, undefined);
});

// A tool without arguments and one with, in place of tools of the API.
const REPLACED = `
import type { McpServer } from "@modelcontextprotocol/server";
import type { Env } from "./settings.js";

export function registerCustom(server: McpServer, _env: Env): void {
  for (const name of ["get_status", "get_pet", "search_tools"]) {
    server.registerTool(name, { description: "Mine." }, () => ({ content: [] }));
  }
}
`;
const write = (made, text) => writeFile(path.join(made, "src/custom.ts"), text);

for (const [mode, over] of [["direct"], ["dynamic", "petstore-dynamic"]]) {
  for (const [whose, change] of [
    ["a project", async () => {}],
    ["a project with tools of its own", (made) => write(made, REPLACED)],
  ]) {
    test(`the checks of ${whose} in ${mode} mode pass`, async () => {
      const name = `checked-${mode}-${whose.length}`;
      const project = await buildProject(name, change, { over });
      const check = ["--test", "--test-reporter=tap", "test/server.test.js"];
      // Without what tells the runner that it runs inside another.
      const { stdout } = await run("node", check, {
        cwd: project,
        env: { PATH: process.env.PATH },
      });
      assert.match(stdout, /# pass 4\n# fail 0/);
    });
  }
}
