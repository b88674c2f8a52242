// What an isolate is made of: the whole object that the Worker Loader gets.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { callTool } from "../lib/mcp.mjs";
import { root } from "../lib/paths.mjs";
import { startStudio } from "../lib/studio.mjs";
import { startUpstream } from "../lib/upstream.mjs";
import { SECRETS } from "./operations.mjs";

let studio;
let upstream;
before(async () => {
  upstream = await startUpstream();
  studio = await startStudio({ main: "tests/e2e/loader-entry.mjs" });
});
after(() => Promise.all([studio?.close(), upstream?.close()]));

test("the loader gets the version's modules, strings, limits and our outbound, no more", async () => {
  const document = await upstream.document();
  document.servers = [
    {
      url: `${upstream.origin}/{edition}`,
      variables: { edition: { default: "v1", enum: ["v1", "v2"] } },
    },
  ];
  const { projectId, result } = await studio.analyze({ specFile: JSON.stringify(document) });
  await studio.generate(projectId);
  const variables = { HARBOUR_EDITION: "v2" };
  const { live } = await studio.deploy(projectId, {
    access: "public",
    variables,
    secrets: SECRETS,
  });
  const echoed = await callTool(live.endpoint, "echo_value", { value: "x" });
  assert.deepEqual(echoed.structuredContent, { value: "x" });

  const { deploymentId } = live;
  const stored = JSON.parse(
    await studio.object(`bundles/${projectId}/${deploymentId}/modules.json`),
  );
  const runtime = await readFile(path.join(root, "runtime/dist/runtime.js"), "utf8");
  const sources = { ...stored.modules, "runtime.js": runtime };
  assert.ok(Object.keys(sources).length > 10);
  const loads = await studio.get("/__loads");
  const { schemes } = loads[0].code.globalOutbound.props;
  // Loaded once: the health check's isolate answers the calls.
  assert.deepEqual(loads, [
    {
      name: `${deploymentId}:0`,
      code: {
        compatibilityDate: "2026-11-01",
        compatibilityFlags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
        mainModule: "worker.js",
        modules: Object.fromEntries(Object.entries(sources).map(([name, js]) => [name, { js }])),
        env: { API_BASE_URL: `${upstream.origin}/v2`, MCPENGINE_HOSTED: "1", ...variables },
        limits: { cpuMs: 10_000, subRequests: 50 },
        globalOutbound: {
          props: { projectId, deploymentId, hosts: [upstream.host], schemes },
        },
      },
    },
  ]);
  assert.deepEqual(
    schemes.map(({ id }) => id),
    result.authFlow.schemes.map(({ id }) => id),
  );
  const text = JSON.stringify(loads);
  for (const secret of Object.values(SECRETS)) assert.ok(!text.includes(secret));
});
