// Generated servers as they are, of both modes, pass what any server can be asked.
import { after, before, describe, test } from "node:test";
import { buildProject } from "../generated/project.mjs";
import { runner } from "../generated/run.mjs";
import { startUpstream } from "../generated/upstream.mjs";
import { assertConforms, baseline } from "./judge.mjs";
import { outputFolder, runRequirements, runScenarios } from "./runner.mjs";
import { ANY_LEGACY as LEGACY, ANY_MODERN as MODERN, SKILLS } from "./scenarios.mjs";

let upstream;
const cleanups = [];
const settings = () => ({ API_BASE_URL: upstream.url, PETSTORE_API_KEY: "key-1" });
const { startHttp, startWorker } = runner(cleanups, settings);

before(async () => {
  upstream = await startUpstream();
});
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
  await upstream.close();
});

const SERVERS = {
  "all tools listed, on workerd": async () => {
    const access = { MCP_PUBLIC: "1", MCP_ALLOWED_HOSTS: "127.0.0.1, localhost" };
    return startWorker(await buildProject("conformance-plain"), { ...settings(), ...access });
  },
  "four tools for all, on Node": async () => {
    const over = { over: "petstore-dynamic" };
    return startHttp(await buildProject("conformance-dynamic", undefined, over));
  },
};

for (const [name, start] of Object.entries(SERVERS)) {
  describe(name, () => {
    let url;
    before(async () => {
      url = await start();
    });

    // The whole set, most of which needs named tools, is one process for all.
    test(`2026-07-28: ${MODERN.length} scenarios`, async () => {
      const folder = await outputFolder(`${name} modern`);
      const { checks } = await runRequirements(url, "2026-07-28", folder);
      assertConforms(checks, MODERN, baseline.plain["2026-07-28"]);
    });

    test(`2025-11-25: ${LEGACY.length} scenarios`, async () => {
      const folder = await outputFolder(`${name} legacy`);
      const options = ["--spec-version", "2025-11-25"];
      const checks = await runScenarios(url, LEGACY, folder, options);
      assertConforms(checks, LEGACY, baseline.plain["2025-11-25"]);
    });

    test(`skills: ${SKILLS.length} scenarios`, async () => {
      const folder = await outputFolder(`${name} skills`);
      const checks = await runScenarios(url, SKILLS, folder);
      assertConforms(checks, SKILLS, baseline.plain.skills);
    });
  });
}
