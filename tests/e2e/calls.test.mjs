// The main job, end to end: a description in, a live server out, and each of
// its tools sends exactly the right request, in both eras of the protocol.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { legacyClient, modernClient } from "../lib/mcp.mjs";
import { stage } from "../lib/stage.mjs";
import { call } from "../lib/upstream.mjs";
import { OPERATIONS, SECRETS } from "./operations.mjs";

let server;

const on = stage(async (on) => {
  server = await on.studio.publish(
    { specUrl: on.upstream.documentUrl },
    { access: "public", secrets: SECRETS },
  );
});
beforeEach(() => on.upstream.reset());

test("the upstream document has a tool for each operation", () => {
  const operations = server.result.endpoints.map(({ tool }) => tool);
  assert.deepEqual(
    operations,
    OPERATIONS.map(({ tool }) => tool),
  );
  assert.deepEqual(server.result.diagnostics, []);
  assert.equal(server.tools, OPERATIONS.length);
});

for (const [era, connect] of [
  ["2026-07-28", modernClient],
  ["2025-11-25", legacyClient],
]) {
  describe(`in the era of ${era}`, () => {
    let client;
    before(async () => {
      client = await connect(server.endpoint);
    });
    after(() => client?.close());

    test("the server says who it is and lists its tools", async () => {
      const { name, title, version } = client.getServerVersion();
      assert.deepEqual(
        { name, title, version },
        { name: "harbour", title: "Harbour", version: "2.1.0" },
      );
      const { tools } = await client.listTools();
      const defined = await on.studio.get(`/api/projects/${server.projectId}/tools`);
      assert.deepEqual(
        tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => ({
          name,
          title,
          description,
          inputSchema,
          outputSchema: outputSchema ?? null,
          annotations,
        })),
        defined.tools.map(
          ({ name, title, description, inputSchema, outputSchema, annotations }) => ({
            name,
            title,
            description,
            inputSchema,
            outputSchema,
            annotations,
          }),
        ),
      );
    });

    for (const { tool, args, requests, result, multipart } of OPERATIONS) {
      test(`${tool} sends what its description says`, async () => {
        const { content, structuredContent, isError } = await client.callTool({
          name: tool,
          arguments: args,
        });
        const sent = await on.upstream.requests();
        const seen = sent.map(call);
        if (multipart) {
          assert.deepEqual(await parts(sent[0]), multipart);
          delete seen[0].headers["content-type"];
          seen[0].body = "";
        }
        assert.deepEqual(seen, requests);
        assert.deepEqual(new Set(sent.map(({ host }) => host)), new Set(["api"]));
        const expected = typeof result === "function" ? result(on.upstream) : result;
        assert.deepEqual(defined({ content, structuredContent, isError }), expected);
      });
    }

    test("arguments that do not fit never reach the API", async () => {
      for (const [name, args, problem] of [
        ["get_ship", {}, /shipId/],
        ["get_ship", { shipId: 7 }, /shipId/],
        ["create_ship", { name: "" }, /name/],
        ["list_ships", { limit: 1_000 }, /limit/],
        ["echo_value", { value: ".." }, /path/],
      ]) {
        const result = await client.callTool({ name, arguments: args });
        assert.equal(result.isError, true, `${name} ${JSON.stringify(args)}`);
        assert.match(result.content[0].text, problem);
      }
      await assert.rejects(
        client.callTool({ name: "no_such_tool", arguments: {} }),
        /no_such_tool/,
      );
      assert.deepEqual(await on.upstream.requests(), []);
    });
  });
}

test("requests say who sends them, and bodies how long they are", async () => {
  const client = await modernClient(server.endpoint);
  await client.callTool({ name: "write_log", arguments: { shipId: "s1", body: "½" } });
  await client.close();
  const [{ headers }] = await on.upstream.requests();
  assert.deepEqual(
    {
      host: headers.host,
      "user-agent": headers["user-agent"],
      "content-length": headers["content-length"],
      "transfer-encoding": headers["transfer-encoding"],
    },
    {
      host: on.upstream.host,
      "user-agent": "harbour-mcp/2.1.0",
      "content-length": "2",
      "transfer-encoding": undefined,
    },
  );
});

/** The parts of a multipart body, read by the platform's own parser. */
async function parts({ headers, body }) {
  const form = await new Response(body, {
    headers: { "content-type": headers["content-type"] },
  }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === "string"
        ? { name, value }
        : {
            name,
            filename: value.name,
            type: value.type,
            base64: Buffer.from(await value.arrayBuffer()).toString("base64"),
          },
    ),
  );
}

/** Without the fields that are not there. */
function defined(value) {
  return Object.fromEntries(Object.entries(value).filter(([, it]) => it !== undefined));
}
