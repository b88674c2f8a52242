// Who is meant by a Host, who may come in, and what a hosted server answers to
// anything but MCP.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { modernBody, modernHeaders, modernRpc, parseMessage } from "../lib/mcp.mjs";
import { stage } from "../lib/stage.mjs";

let open;
let guarded;
let slug;

const on = stage(async (on) => {
  open = await on.studio.publish({ specUrl: on.upstream.documentUrl }, { access: "public" });
  guarded = await on.studio.publish({ specUrl: on.upstream.documentUrl }, { access: "token" });
  [slug] = new URL(open.url).hostname.split(".");
});

const list = (host, path = "/mcp", headers = {}) =>
  on.studio.byHost(host, path, {
    method: "POST",
    headers: { ...modernHeaders("tools/list", {}), ...headers },
    body: modernBody("tools/list", {}),
  });

const toolCount = (answer) => parseMessage(stringify(answer.body)).result.tools.length;
const stringify = (body) => (typeof body === "string" ? body : JSON.stringify(body));

describe("hosts", () => {
  test("addresses are those of the studio's own host", () => {
    assert.deepEqual(
      { url: open.url, endpoint: open.endpoint, slug },
      {
        url: `http://harbour.localhost:${on.studio.port}`,
        endpoint: `${on.studio.origin}/s/harbour/mcp`,
        slug: "harbour",
      },
    );
  });

  test("every form of a server's host leads to it", async () => {
    for (const [host, path] of [
      [`${slug}.localhost:${on.studio.port}`, "/mcp"],
      [`${slug}.localhost`, "/mcp"],
      [`${slug.toUpperCase()}.LOCALHOST.`, "/mcp"],
      [`${slug}.mcpengine.run`, "/mcp"],
      [`${slug}.mcpengine.run:443`, "/mcp"],
      ["localhost", `/s/${slug}/mcp`],
      ["127.0.0.1", `/s/${slug}/mcp`],
      ["[::1]:1234", `/s/${slug}/mcp`],
    ]) {
      const answer = await list(host, path);
      assert.equal(answer.status, 200, `${host} ${path}: ${stringify(answer.body)}`);
      assert.equal(toolCount(answer), open.tools, host);
    }
  });

  test("a Host of nobody's gets 421, never the front end", async () => {
    for (const host of [
      "example.com",
      "mcpengine.run",
      "a.b.mcpengine.run",
      ".mcpengine.run",
      "mcpengine.com",
      `${slug}.mcpengine.run.example.com`,
      "127.0.0.2",
      "localhost.example.com",
    ]) {
      for (const path of ["/", "/api/projects", `/s/${slug}/mcp`]) {
        const { status, body, headers } = await on.studio.byHost(host, path);
        assert.equal(status, 421, `${host}${path}`);
        assert.equal(body.error.code, "misdirected_request");
        assert.equal(headers["set-cookie"], undefined);
      }
    }
  });

  test("the API is at the studio's hosts only", async () => {
    const { status, body } = await on.studio.byHost(`${slug}.localhost`, "/api/projects");
    assert.deepEqual([status, body.error.code], [404, "no_such_path"]);
  });

  test("a slug without a server gets 404", async () => {
    for (const [host, path] of [
      ["nothing.localhost", "/mcp"],
      ["nothing.mcpengine.run", "/mcp"],
      ["localhost", "/s/nothing/mcp"],
      ["localhost", "/s//mcp"],
    ]) {
      const { status, body } = await list(host, path);
      assert.deepEqual([status, body.error.code], [404, "server_not_found"], `${host}${path}`);
    }
  });

  test("errors carry the request's id", async () => {
    const { headers, body } = await list("nothing.localhost");
    assert.match(headers["x-request-id"], /^[0-9a-f-]{36}$/);
    assert.equal(body.error.requestId, headers["x-request-id"]);
  });
});

describe("access", () => {
  test("without a valid token there is 401, and the way in is named", async () => {
    const other = await on.studio.publish(
      { specUrl: on.upstream.documentUrl },
      { access: "token" },
    );
    for (const authorization of [
      undefined,
      "",
      "Bearer",
      "Bearer mcpe_nonsense",
      `Bearer ${guarded.token}x`,
      `Bearer ${guarded.token.slice(0, -1)}`,
      `Basic ${Buffer.from(`x:${guarded.token}`).toString("base64")}`,
      `Bearer ${other.token}`,
    ]) {
      const { status, headers, message } = await modernRpc(
        guarded.endpoint,
        "tools/list",
        {},
        {
          headers: authorization === undefined ? {} : { authorization },
        },
      );
      assert.deepEqual([status, message.error.code], [401, "invalid_token"], `${authorization}`);
      assert.match(
        headers.get("www-authenticate"),
        /^Bearer realm="[a-z0-9-]+", error="invalid_token"$/,
      );
      assert.equal(headers.get("access-control-allow-origin"), "*");
    }
  });

  test("a valid token lets in, as does a second one", async () => {
    const { body } = await on.studio.api("POST", `/api/projects/${guarded.projectId}/tokens`);
    assert.equal(body.last4, body.token.slice(-4));
    for (const token of [guarded.token, body.token]) {
      const { status, message } = await modernRpc(guarded.endpoint, "tools/list", {}, { token });
      assert.equal(status, 200);
      assert.equal(message.result.tools.length, guarded.tools);
    }
  });

  test("a public server takes everybody", async () => {
    assert.equal(open.token, null);
    const { status } = await modernRpc(open.endpoint, "tools/list", {}, { token: "anything" });
    assert.equal(status, 200);
  });
});

describe("methods and paths", () => {
  test("a preflight is answered for any page, before the token", async () => {
    const response = await fetch(guarded.endpoint, {
      method: "OPTIONS",
      headers: {
        origin: "https://inspector.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,mcp-method,Mcp-Param-Region,x-other,*",
      },
    });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.equal(response.headers.get("access-control-allow-credentials"), null);
    assert.match(response.headers.get("access-control-allow-methods"), /POST/);
    const allowed = response.headers.get("access-control-allow-headers").split(/,\s*/);
    for (const name of [
      "authorization",
      "content-type",
      "accept",
      "mcp-protocol-version",
      "mcp-method",
      "mcp-name",
      "mcp-param-region",
    ]) {
      assert.ok(allowed.includes(name), name);
    }
    assert.ok(!allowed.includes("x-other") && !allowed.includes("*"), allowed.join());
  });

  test("answers can be read by any page and hold nothing that a browser keeps", async () => {
    const { headers } = await modernRpc(
      open.endpoint,
      "tools/list",
      {},
      {
        headers: { origin: "https://inspector.example" },
      },
    );
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(headers.get("set-cookie"), null);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(
      headers.get("content-security-policy"),
      "default-src 'none'; frame-ancestors 'none'",
    );
  });

  test("/ says what is here", async () => {
    const { status, body } = await on.studio.byHost(`${slug}.localhost`, "/");
    assert.deepEqual(
      [status, body],
      [200, { name: "harbour", version: "2.1.0", tools: open.tools, endpoint: "/mcp" }],
    );
  });

  test("/sse points to what replaced it", async () => {
    const { status, body } = await on.studio.byHost(`${slug}.localhost`, "/sse");
    assert.deepEqual([status, body.error.code], [410, "transport_gone"]);
    assert.match(body.error.message, /\/mcp/);
  });

  test("a server introduces itself to anybody, and lists no tools", async () => {
    const [name] = new URL(guarded.url).hostname.split(".");
    const forged = { "mcpengine-endpoint": "https://evil.example/mcp", "mcpengine-access": "public" };
    for (const [host, before, address] of [
      [`${name}.mcpengine.run`, "", `http://${name}.mcpengine.run/mcp`],
      [`localhost:${on.studio.port}`, `/s/${name}`, `http://localhost:${on.studio.port}/s/${name}/mcp`],
    ]) {
      const read = (path) => on.studio.byHost(host, before + path, { headers: forged });
      const card = await read("/mcp/server-card");
      assert.equal(card.status, 200, stringify(card.body));
      assert.equal(card.headers["content-type"], "application/mcp-server-card+json");
      const { remotes, ...about } = JSON.parse(stringify(card.body));
      assert.deepEqual(about, {
        $schema: "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
        name: "run.mcpengine/harbour",
        title: "Harbour",
        description: "MCP server for Harbour",
        version: "2.1.0",
      });
      assert.deepEqual(remotes.map((it) => [it.url, it.headers?.[0].name]), [
        [address, "Authorization"],
      ]);
      const catalogue = await read("/.well-known/ai-catalog.json");
      const { entries } = JSON.parse(stringify(catalogue.body));
      assert.deepEqual(entries.map((it) => it.url), [`${address}/server-card`]);
    }
    const card = await on.studio.byHost(`${slug}.mcpengine.run`, "/mcp/server-card");
    assert.equal(JSON.parse(stringify(card.body)).remotes[0].headers, undefined);
  });

  test("any other path is 404 and names /mcp", async () => {
    for (const path of ["/mcp/", "/MCP", "/mcp/x", "/favicon.ico", "/../mcp/x"]) {
      const { status, body } = await on.studio.byHost(`${slug}.localhost`, path);
      assert.deepEqual([status, body.error.code], [404, "no_such_path"], path);
      assert.match(body.error.message, /\/mcp/);
    }
  });

  test("GET, PUT and DELETE are no MCP requests", async () => {
    for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
      const response = await fetch(open.endpoint, {
        method,
        headers: { accept: "text/event-stream", "mcp-protocol-version": "2025-11-25" },
      });
      assert.equal(response.status, 405, method);
      await response.body?.cancel();
    }
  });

  test("what is not JSON-RPC is refused by the protocol's rules", async () => {
    const send = async (body, headers = {}) => {
      const response = await fetch(open.endpoint, {
        method: "POST",
        headers: { ...modernHeaders("tools/list", {}), ...headers },
        body,
      });
      return [response.status, parseMessage(await response.text()).error?.code];
    };
    assert.deepEqual(await send("{"), [400, -32700]);
    assert.deepEqual(
      await send(modernBody("tools/list", {}), { "mcp-method": "tools/call" }),
      [400, -32020],
    );
    assert.deepEqual(
      await send(modernBody("no/such", {}), { "mcp-method": "no/such" }),
      [404, -32601],
    );
    assert.deepEqual(
      await send(modernBody("tools/list", {}).replaceAll("2026-07-28", "2031-01-01"), {
        "mcp-protocol-version": "2031-01-01",
      }),
      [400, -32022],
    );
  });

  test("a body over the limit is refused", async () => {
    const args = { name: "write_log", arguments: { shipId: "s1" } };
    const { status } = await on.studio.byHost(`${slug}.localhost`, "/mcp", {
      method: "POST",
      headers: { ...modernHeaders("tools/call", args), "content-length": String(5 << 20) },
      unfinished: true,
    });
    assert.equal(status, 413);
  });
});
