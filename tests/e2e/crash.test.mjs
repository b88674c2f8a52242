// Killed with SIGKILL in the midst of deployments and calls: what was acknowledged
// is there, no name points to a version that is not complete, and what was under way
// is taken up and ends: after the last kill by the clock, within a minute. The
// benchmark `hosting` does the same fifty times.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { crash } from "../lib/crash.mjs";

test("ten kills lose nothing that was acknowledged", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "mcpengine-crash-"));
  try {
    const done = await crash({ rounds: 10, state: path.join(folder, "state"), seed: Date.now() });
    assert.equal(done.rounds, 10);
    // Otherwise nothing was under way when it was killed.
    assert.ok(done.acknowledged >= 10 && done.calls >= 10 && done.cutOff >= 10, JSON.stringify(done));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
