// The MCP Inspector's command line against a hosted server, in both eras.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { stage } from "../lib/stage.mjs";

const run = promisify(execFile);

let server;
const on = stage(async (on) => {
  server = await on.studio.publish({ specUrl: on.upstream.documentUrl }, { access: "token" });
});

/** Runs the Inspector's own binary; its JSON output. */
async function inspect(...args) {
  const manifest = createRequire(import.meta.url).resolve(
    "@modelcontextprotocol/inspector/package.json",
  );
  const { bin } = JSON.parse(await readFile(manifest, "utf8"));
  const main = path.join(path.dirname(manifest), bin["mcp-inspector"]);
  const { stdout } = await run(process.execPath, [main, "--cli", server.endpoint, ...args], {
    env: { ...process.env, MCP_INSPECTOR_SECRET_STORE: "memory" },
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

const common = (era) => [
  ...["--transport", "http", "--protocol-era", era, "--format", "json"],
  ...["--header", `Authorization: Bearer ${server.token}`],
];

for (const era of ["modern", "legacy"]) {
  describe(`in the ${era} era`, () => {
    test("tools/list gives every tool", async () => {
      const listed = await inspect(...common(era), "--method", "tools/list");
      const { tools } = await on.studio.get(`/api/projects/${server.projectId}/tools`);
      const names = (listed.result ?? listed).tools.map(({ name }) => name);
      assert.deepEqual(
        names,
        tools.map(({ name }) => name),
      );
    });

    test("tools/call gives the API's answer", async () => {
      const value = `from the ${era} era`;
      const called = await inspect(
        ...common(era),
        ...["--method", "tools/call", "--tool-name", "echo_value"],
        ...["--tool-args-json", JSON.stringify({ value })],
      );
      const { content, structuredContent } = called.result ?? called;
      assert.deepEqual(
        { content, structuredContent },
        {
          content: [{ type: "text", text: JSON.stringify({ value }) }],
          structuredContent: { value },
        },
      );
    });
  });
}

test("its schema check finds nothing that clients would refuse", async () => {
  await inspect(...common("modern"), "--method", "tools/list", "--strict");
});
