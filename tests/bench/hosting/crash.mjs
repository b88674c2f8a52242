// Fifty kills in the midst of deployments and calls, see tests/lib/crash.mjs.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { crash } from "../../lib/crash.mjs";
import { load, verdict } from "./rig.mjs";

const ROUNDS = 50;

export async function measure() {
  console.log(`\n6. ${ROUNDS} rounds of SIGKILL during deployments and calls, ${load()}`);
  const folder = await mkdtemp(path.join(tmpdir(), "mcpengine-crash-"));
  let last = "";
  try {
    const done = await crash({
      rounds: ROUNDS,
      state: path.join(folder, "state"),
      seed: Date.now(),
      told: (round, { acknowledged }) => {
        last = `round ${round}, ${acknowledged.length} deployments acknowledged`;
      },
    });
    console.log(
      `   ${done.acknowledged} deployments acknowledged, none lost; ${done.calls} calls, ` +
        `${done.cutOff} requests cut off, ${done.interrupted} jobs interrupted  ${verdict(true)}`,
    );
  } catch (error) {
    console.log(`   after ${last}: ${error.message}  ${verdict(false)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
