// Hostile code in a hosted server: what it tries is contained, and its neighbours
// and the programs around it do not notice. The code comes in as `src/custom.ts`
// or `src/worker.ts` of a stored project, and is compiled, loaded and called as
// any other.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callTool, modernBody, modernHeaders, modernRpc } from "../lib/mcp.mjs";
import { stage } from "../lib/stage.mjs";
import { CODE, NETWORK, REFUSED_SOURCES, SURROUNDINGS, TRACES } from "./isolation.snippets.mjs";
import { SECRETS } from "./operations.mjs";

let at;
let hostile;
let neighbour;

const singles = { ...NETWORK, ...CODE, ...SURROUNDINGS };

const on = stage(async (on) => {
  const { origin: api, stranger } = on.upstream;
  at = { api, stranger, studio: on.studio.origin, port: new URL(stranger).port };
  const snippets = Object.fromEntries(Object.entries(singles).map(([name, [code]]) => [name, code]));
  for (const [name, [leave, look]] of Object.entries(TRACES)) {
    snippets[`leave ${name}`] = leave;
    snippets[`look for ${name}`] = look;
  }
  const files = { "src/custom.ts": custom(snippets) };
  hostile = await publish(files);
  neighbour = await publish(files);
});

/** The source of a `custom.ts` whose tool `attempt` runs a snippet by its name. */
function custom(snippets) {
  const entries = Object.entries(snippets).map(
    ([name, code]) => `  ${JSON.stringify(name)}: async (at, env) => { ${code} },`,
  );
  return `
    import { fromJsonSchema, type McpServer } from "@modelcontextprotocol/server";
    async function fetched(url: string, init?: RequestInit) {
      const answer = await fetch(url, init);
      const error = answer.headers.get("mcpengine-error");
      await answer.body?.cancel();
      return { status: answer.status, ...(error && { error }) };
    }
    const snippets: Record<string, (at: any, env: any) => Promise<unknown>> = {
    ${entries.join("\n")}
    };
    export function registerCustom(server: McpServer, env: unknown): void {
      const inputSchema = fromJsonSchema<{ name: string; at: unknown }>({ type: "object" });
      server.registerTool("attempt", { inputSchema }, async ({ name, at }) => {
        let outcome;
        try {
          outcome = { value: await snippets[name](at, env) };
        } catch (error) {
          outcome = { thrown: String(error) };
        }
        return { content: [{ type: "text", text: JSON.stringify(outcome) }] };
      });
    }`;
}

/**
 * A project with other files than those generated, ready to be deployed; `files`
 * may look at the generated ones.
 */
async function prepare(files) {
  const { projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
  const { bundle } = await on.studio.generate(projectId);
  const key = `bundles/${projectId}/${bundle.id}/project.json`;
  const stored = JSON.parse(await on.studio.object(key));
  const before = Object.fromEntries(stored.bundle.files.map((it) => [it.path, it.content]));
  const changed = typeof files === "function" ? files(before) : files;
  stored.bundle.files = Object.entries({ ...before, ...changed }).map(([path, content]) => ({
    path,
    content,
  }));
  await on.studio.putObject(key, JSON.stringify(stored));
  return projectId;
}

async function publish(files, access = "public") {
  const projectId = await prepare(files);
  const { live } = await on.studio.deploy(projectId, { access, secrets: SECRETS });
  return live;
}

async function attempt(server, name) {
  const { content } = await callTool(server.endpoint, "attempt", { name, at });
  return JSON.parse(content[0].text);
}

function check(outcome, expected) {
  if (expected?.thrown instanceof RegExp) assert.match(String(outcome.thrown), expected.thrown);
  else assert.deepEqual(outcome, expected === undefined ? {} : { value: expected });
}

for (const [title, snippets] of Object.entries({ NETWORK, CODE, SURROUNDINGS })) {
  describe(title.toLowerCase(), () => {
    for (const [name, [, expected]] of Object.entries(snippets)) {
      test(name, async () => check(await attempt(hostile, name), expected));
    }
  });
}

describe("traces", () => {
  for (const [name, [, , expected]] of Object.entries(TRACES)) {
    test(name, async () => {
      check(await attempt(hostile, `leave ${name}`), true);
      check(await attempt(neighbour, `look for ${name}`), expected);
    });
  }
});

describe("sources that are refused", () => {
  for (const [name, source] of Object.entries(REFUSED_SOURCES)) {
    test(name, async () => {
      const projectId = await prepare({
        "src/custom.ts": `${source}\nexport function registerCustom(): void {}\n`,
      });
      const events = await on.studio.job("/api/deploy", { projectId, target: "mcpengine" });
      const { event, data } = events.at(-1);
      assert.deepEqual([event, data.code], ["error", "compile_failed"], data.message);
      assert.match(data.message, /^src\/custom\.ts:1:\d+: /);
    });
  }
});

describe("an entry point of its own", () => {
  const ENTRY = `
    import inner from "./inner.js";
    export default {
      async fetch(request: Request, env: unknown): Promise<Response> {
        const seen = new URL(request.url).pathname === "/";
        if (!seen) return inner.fetch(request, env as never);
        const body = { headers: Object.fromEntries(request.headers), cf: (request as any).cf ?? null };
        return Response.json(body, { headers: {
          "set-cookie": "session=stolen; Domain=mcpengine.run",
          "content-security-policy": "default-src *",
          "access-control-allow-credentials": "true",
          "access-control-allow-origin": "https://evil.example",
          "clear-site-data": '"*"',
          "strict-transport-security": "max-age=0",
          "service-worker-allowed": "/",
          location: "https://evil.example/",
          "x-own": "dropped",
        } });
      },
    };`;

  test("sees no credential of its caller, and plants nothing in browsers", async () => {
    const projectId = await prepare((before) => ({
      "src/worker.ts": ENTRY,
      "src/inner.ts": before["src/worker.ts"],
    }));
    const { live } = await on.studio.deploy(projectId, { access: "token" });

    const { status, headers, body } = await on.studio.byHost(
      new URL(live.url).host,
      "/",
      {
        headers: {
          authorization: `Bearer ${live.token}`,
          cookie: "studio=secret",
          "cf-connecting-ip": "203.0.113.7",
          "x-forwarded-for": "203.0.113.7",
          "mcpengine-auth": "api_key",
          "mcpengine-access": "public",
          "x-own": "kept",
        },
      },
    );
    assert.equal(status, 200);
    const { headers: seen, cf } = typeof body === "string" ? JSON.parse(body) : body;
    assert.equal(cf, null);
    const names = Object.keys(seen).filter((name) => !["accept-encoding", "connection", "host"].includes(name));
    assert.deepEqual(names.sort(), ["mcpengine-access", "mcpengine-endpoint", "x-own"]);
    assert.equal(seen["mcpengine-access"], "token");
    assert.ok(!JSON.stringify(seen).includes(live.token));
    const sent = Object.fromEntries(
      [
        "set-cookie",
        "content-security-policy",
        "access-control-allow-credentials",
        "access-control-allow-origin",
        "clear-site-data",
        "strict-transport-security",
        "service-worker-allowed",
        "location",
        "x-own",
      ].map((name) => [name, headers[name] ?? null]),
    );
    assert.deepEqual(sent, {
      "set-cookie": null,
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "access-control-allow-credentials": null,
      "access-control-allow-origin": "*",
      "clear-site-data": null,
      "strict-transport-security": null,
      "service-worker-allowed": null,
      location: null,
      "x-own": null,
    });
  });

  test("one that throws fails alone", async () => {
    const broken = await publish({
      "src/custom.ts": `
        let calls = 0;
        export function registerCustom(): void {
          calls += 1;
          if (calls > 1) throw new Error("enough");
        }`,
    });
    for (let round = 0; round < 3; round += 1) {
      const response = await fetch(broken.endpoint, {
        method: "POST",
        headers: modernHeaders("tools/list", {}),
        body: modernBody("tools/list", {}),
      });
      assert.ok(response.status >= 500, String(response.status));
      const { status } = await modernRpc(neighbour.endpoint, "tools/list");
      assert.equal(status, 200);
    }
  });
});

test("none of it reached another program, and the studio is well", async () => {
  const stranger = new URL(at.stranger).host;
  const requests = await on.upstream.requests();
  assert.deepEqual(
    requests.filter(({ host }) => host === stranger || host === "stranger"),
    [],
  );
  assert.equal((await on.studio.fetch("/api/health")).status, 200);
});
