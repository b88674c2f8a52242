// Dynamic mode, end to end: a project that is generated in it lists four tools,
// which find, describe and call the others, in both eras of the protocol.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { legacyClient, modernClient, modernRpc } from "../lib/mcp.mjs";
import { stage } from "../lib/stage.mjs";
import { call } from "../lib/upstream.mjs";
import { OPERATIONS, SECRETS } from "./operations.mjs";

const FOUR = ["search_tools", "describe_tool", "call_read_tool", "call_write_tool"];
/** Tools of the upstream document whose operations are GET: they are its readers. */
const isRead = ({ requests }) => requests[0].method === "GET";

let projectId;
let live;

const on = stage(async (on) => {
  ({ projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl }));
  await on.studio.generate(projectId, { mode: "dynamic" });
  ({ live } = await on.studio.deploy(projectId, { access: "public", secrets: SECRETS }));
});
beforeEach(() => on.upstream.reset());

const analysisMode = async () => (await on.studio.get(`/api/projects/${projectId}/analysis`)).mode;
const pathsOf = ({ files }) => files.map(({ path }) => path);

for (const [era, connect] of [
  ["2026-07-28", modernClient],
  ["2025-11-25", legacyClient],
]) {
  describe(`in the era of ${era}`, () => {
    let client;
    const ask = (name, args) => client.callTool({ name, arguments: args });
    before(async () => {
      client = await connect(live.endpoint);
    });
    after(() => client?.close());

    test("four tools are listed", async () => {
      assert.equal(live.tools, 4);
      const { tools } = await client.listTools();
      assert.deepEqual(
        tools.map(({ name, annotations }) => [
          name,
          annotations.readOnlyHint,
          annotations.destructiveHint,
        ]),
        [
          [FOUR[0], true, false],
          [FOUR[1], true, false],
          [FOUR[2], true, false],
          [FOUR[3], false, true],
        ],
      );
      assert.match(client.getInstructions(), /search_tools finds them/);
    });

    test("tools are found by words, and described", async () => {
      const found = await ask("search_tools", { query: "register a new ship", limit: 3 });
      const [best] = found.structuredContent.tools;
      assert.deepEqual(best, {
        name: "create_ship",
        title: "Register a ship",
        description: best.description,
        group: "ships",
        kind: "write",
      });
      const described = await ask("describe_tool", { name: "create_ship" });
      const [tool] = described.structuredContent.tools;
      const { tools } = await on.studio.get(`/api/projects/${projectId}/tools`);
      const defined = tools.find(({ name }) => name === "create_ship");
      assert.deepEqual(
        [tool.callWith, tool.description, tool.inputSchema, tool.annotations],
        ["call_write_tool", defined.description, defined.inputSchema, defined.annotations],
      );
      const all = await ask("search_tools", { query: "", limit: 50 });
      assert.deepEqual(
        all.structuredContent.tools.map(({ name }) => name).sort(),
        OPERATIONS.map((operation) => operation.tool).sort(),
      );
    });

    for (const operation of OPERATIONS.filter(({ multipart }) => !multipart)) {
      const { tool, args, requests } = operation;
      const [takes, refuses] = isRead(operation) ? [FOUR[2], FOUR[3]] : [FOUR[3], FOUR[2]];
      test(`${tool} is called through ${takes} only`, async () => {
        const refused = await ask(refuses, { name: tool, arguments: args });
        assert.equal(refused.isError, true);
        assert.match(refused.content[0].text, new RegExp(`: call ${takes} with the same name`));
        assert.deepEqual(await on.upstream.requests(), []);

        await ask(takes, { name: tool, arguments: args });
        const sent = await on.upstream.requests();
        assert.deepEqual(sent.map(call), requests);
      });
    }

    test("errors of the API and wrong arguments are told", async () => {
      const missing = await ask("call_read_tool", { name: "get_missing" });
      assert.equal(missing.isError, true);
      assert.match(missing.content[0].text, /404[^]*No such ship/);
      await on.upstream.reset();

      const wrong = await ask("call_read_tool", { name: "get_ship", arguments: { ship: "s1" } });
      assert.equal(wrong.isError, true);
      assert.match(wrong.content[0].text, /Missing: shipId\nNot known: ship\n/);
      const unknown = await ask("call_read_tool", { name: "get_ships" });
      assert.match(unknown.content[0].text, /There is no tool "get_ships"\. .*get_ship/);
      const direct = await ask("get_ship", { shipId: "s1" });
      assert.match(direct.content[0].text, /^get_ship is not called by its own name/);
      await assert.rejects(client.callTool({ name: "no_such_tool", arguments: {} }), /no_such_tool/);
      assert.deepEqual(await on.upstream.requests(), []);
    });
  });
}

describe("the mode of a project", () => {
  test("stays until another is asked for", async () => {
    assert.equal(await analysisMode(), "dynamic");
    const again = await on.studio.generate(projectId);
    assert.ok(pathsOf(again.bundle).includes("src/dynamic.ts"));

    const direct = await on.studio.generate(projectId, { mode: "direct" });
    assert.ok(!pathsOf(direct.bundle).includes("src/dynamic.ts"));
    assert.equal(await analysisMode(), "direct");
    const redeployed = await on.studio.deploy(projectId, { access: "public" });
    assert.equal(redeployed.live.tools, OPERATIONS.length);
    const { message } = await modernRpc(redeployed.live.endpoint, "tools/list");
    assert.equal(message.result.tools.length, OPERATIONS.length);
  });

  test("survives a second import", async () => {
    const { projectId: id } = await on.studio.analyze({ specUrl: on.upstream.documentUrl });
    await on.studio.generate(id, { mode: "dynamic" });
    const again = await on.studio.analyze({ specUrl: on.upstream.documentUrl, projectId: id });
    assert.equal(again.result.mode, "dynamic");
    const { bundle } = await on.studio.generate(id);
    assert.ok(pathsOf(bundle).includes("src/dynamic/tools.ts"));
  });

  test("is one of two", async () => {
    for (const mode of ["both", "", 7]) {
      const { status } = await on.studio.api("POST", "/api/generate", { projectId, mode });
      assert.equal(status, 400, JSON.stringify(mode));
    }
    const edits = [{ key: "", path: ["mode"], value: "both", prev: await analysisMode() }];
    const { status, body } = await on.studio.api("PATCH", `/api/projects/${projectId}`, { edits });
    assert.deepEqual([status, body.error.code], [409, "edit_conflict"]);
  });
});
